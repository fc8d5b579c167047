"""What pages of requests for quotation are about: a request, or a supplier that it asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from secondsource.core.errors import PermissionRefused, Refused
from secondsource.core.views import ObjectPage
from suppliers.models import Rfq, RfqInvitation

WRITE = "suppliers.write_rfq"


class OfRfq(ObjectPage):
    """A page about one request."""

    permission_required = "suppliers.view_rfq"
    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "rfq"

    def get_queryset(self) -> QuerySet[Any]:
        """Requests of which the reader sees every part."""
        rows: QuerySet[Any] = Rfq.objects.visible_to(self.actor.user)
        return rows.select_related("buyer")


class OfInvitation(ObjectPage):
    """A page about a supplier of one request."""

    lookup: ClassVar[Mapping[str, str]] = {"id": "rfq__public_id", "invitation": "public_id"}
    context_name = "invitation"

    def get_queryset(self) -> QuerySet[Any]:
        """Invitations of requests that the reader sees."""
        seen: Any = Rfq.objects.visible_to(self.actor.user)
        rows = RfqInvitation.objects.filter(rfq__in=seen)
        return rows.select_related("rfq", "supplier")

    def act(self, call: Any) -> Any:
        """Call a service; a refusal is shown on the page of the request. Returns its result."""
        try:
            return call()
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(self.request, f"{reason.detail} {reason.fix}".strip())
            return None
