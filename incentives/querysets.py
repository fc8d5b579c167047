"""Querysets of negotiations, splits and savings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from parts.querysets import scope_of

if TYPE_CHECKING:
    from secondsource.accounts.models import User

#: Validated lines, and reversals of lines that were validated.
COUNTED = Q(stage="validated") | Q(stage="reversed", corrects__stage="validated")
#: Rebates that were lost, and the reversals of such lines.
REBATE = Q(origin="rebate") | Q(origin="reversal", corrects__origin="rebate")
#: Kinds that reach the profit and loss account.
HARD = Q(kind__in=("negotiated", "volume_shift"))
#: What receipts show, validated or not.
REALISED = Q(stage__in=("realised", "validated", "reversed"))
FORESEEN = Q(stage__in=("idea", "committed"))
CONTRACTED = Q(stage="contracted")


class SavingLineQuerySet(models.QuerySet[Any]):
    """Lines by scope."""

    def visible_to(self, user: User | None) -> SavingLineQuerySet:
        """Lines of cases that the person sees."""
        from qualification.models import Case  # the models import this module

        if scope_of(user) is None or user is None:
            return self
        return self.filter(case__in=Case.objects.visible_to(user))

    def listed(self) -> SavingLineQuerySet:
        """Lines with what a list shows of them."""
        return self.select_related(
            "case__part", "source__manufacturer_part__manufacturer", "validated_by"
        )

    def search(self, text: str) -> SavingLineQuerySet:
        """Lines of cases with this key, part or MPN."""
        from qualification.models import Case  # the models import this module

        return self.filter(case__in=Case.objects.search(text)) if text.strip() else self


class OfPartQuerySet(models.QuerySet[Any]):
    """Rows about a part."""

    def visible_to(self, user: User | None) -> OfPartQuerySet:
        """Rows about the parts that the person sees."""
        from parts.models import Part  # the models import this module

        if scope_of(user) is None:
            return self
        return self.filter(part__in=Part.objects.visible_to(user))
