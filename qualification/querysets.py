"""Which cases a person sees, and what lists and pages add to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from secondsource.accounts.models import User


class CaseQuerySet(models.QuerySet[Any]):
    """Cases by scope and by state."""

    def visible_to(self, user: User | None) -> CaseQuerySet:
        """Cases on parts that the person sees, or with the person in the team."""
        from parts.models import Part  # models import this module
        from parts.querysets import scope_of

        if scope_of(user) is None or user is None:
            return self
        team = Q(lead=user) | Q(sponsor=user) | Exists(_memberships(user))
        return self.filter(Q(part__in=Part.objects.visible_to(user)) | team)

    def open(self) -> CaseQuerySet:
        """Cases under way, held ones among them."""
        from qualification.models.cases import OPEN_STATES

        return self.filter(state__in=OPEN_STATES)

    def with_list_columns(self) -> CaseQuerySet:
        """What lists and headers show, in one query."""
        return self.select_related(
            "part", "part__figures", "source__manufacturer_part__manufacturer", "lead", "sponsor"
        )


def _memberships(user: User) -> models.QuerySet[Any]:
    from qualification.models import TeamMember

    return TeamMember.objects.filter(case=OuterRef("pk"), user=user)
