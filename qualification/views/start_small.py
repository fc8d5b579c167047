"""Start small: the proposals, and one click that opens a case with what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from qualification import services, start_small
from qualification.suggested_team import suggested_team
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core.errors import PermissionRefused, Refused, ValuesRefused
from secondsource.core.views import ObjectPage, Page, go_to
from suppliers.models import Source


class StartSmallPage(Page):
    """The next low-risk parts, each figure with how it came about."""

    permission_required = "qualification.view_startsmall"
    template_name = "qualification/start_small.html"
    page_title = "Start small"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the proposals and why other parts are left out."""
        found = start_small.propose(self.actor)
        return super().get_context_data(
            found=found,
            lead=_lead(found),
            may_open=self.actor.may("qualification.open_case"),
            **context,
        )


def _lead(found: start_small.StartSmall) -> str:
    shown, eligible = len(found.proposals), found.eligible
    if not shown:
        return "No part is eligible now."
    rest = f", the best {shown} of {eligible:,}" if eligible > shown else ""
    return (
        "Low-risk parts with an active life cycle and a candidate that blocks nothing, by"
        f" expected saving and exposure for each day of effort{rest}."
    )


class OpenAtOnce(ObjectPage):
    """Open a case on a candidate with the proposed lead, team and risk class."""

    permission_required = "qualification.open_case"
    http_method_names = ("post",)
    lookup: ClassVar[Mapping[str, str]] = {"source": "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Sources of the reader's scope."""
        seen = Source.objects.visible_to(self.request.user).with_manufacturers()  # type: ignore[arg-type]
        return seen.select_related("part__category", "part__figures")

    def permission_object(self) -> None:
        """The right is on cases as such."""
        return

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open it and go there; a refusal is shown on the previous page."""
        source: Source = self.object
        user: Any = self.actor.user
        try:
            case = services.open_case(source=source, actor=self.actor, **proposed(source, user))
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except (Refused, ValuesRefused) as refusal:
            told = refusal.reasons if isinstance(refusal, Refused) else refusal.problems
            messages.error(request, " ".join(one.detail for one in told))
            return go_to(request, self._back())
        messages.success(request, f"{case.key} is open. Complete its team and plan, then submit.")
        return go_to(request, case.get_absolute_url())

    def _back(self) -> str:
        wanted = self.request.POST.get("next", "")
        own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return wanted if own and wanted else reverse("start_small")


def proposed(source: Source, opener: User) -> dict[str, Any]:
    """What the form of a new case proposes: lead, team and sponsor."""
    people = suggested_team(source.part, opener)
    lead, sponsor = people.pop("lead", None), people.pop(Function.SPONSOR, None)
    return {
        "lead": lead,
        "sponsor": sponsor,
        "team": [(person, what) for what, person in people.items()],
    }
