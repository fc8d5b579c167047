"""Forms of pools and shares. Services check the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from incentives.models import BonusPool
from incentives.pool_guards import INTRODUCED
from incentives.pool_words import in_percent
from qualification.models import Case
from secondsource.core.shares import ShareField

_OPEN = ("draft", "in_agreement", "released", "held")


class CaseField(forms.ModelChoiceField):
    """A choice of cases by key and manufacturer part."""

    def label_from_instance(self, obj: Any) -> str:
        """``SSQ-0106, NSI1050-DDBR``."""
        return f"{obj.key}, {obj.source.manufacturer_part.mpn}"


class PoolForm(forms.Form):
    """A pool of a case that is introduced and has no open one."""

    case = CaseField(queryset=Case.objects.none(), empty_label="Choose a case")
    rate = ShareField(label="Rate")

    def __init__(
        self, *args: Any, user: Any, rates: tuple[Decimal, Decimal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        seen = Case.objects.visible_to(user).filter(state__in=INTRODUCED)
        free = seen.exclude(bonus_pools__state__in=_OPEN)
        chosen: Any = self.fields["case"]
        chosen.queryset = free.select_related("source__manufacturer_part").order_by("number")
        self.fields["rate"].help_text = _range(rates)


class RateForm(forms.Form):
    """The rate of a pool."""

    rate = ShareField(label="Rate")

    def __init__(self, *args: Any, rates: tuple[Decimal, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rate"].help_text = _range(rates)


class SharesForm(forms.Form):
    """The share of each person, and why they change."""

    def __init__(self, *args: Any, pool: BonusPool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(pool.allocations.select_related("person"))
        for row in self.rows:
            self.fields[f"share-{row.pk}"] = ShareField(
                label=f"{row.person.name}, {row.get_function_display().lower()}",
                initial=row.share, help_text=f"Proposed: {in_percent(row.proposed_share)}",
            )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label="Reason", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Everybody whose share changes sees it and is asked again.",
        )  # fmt: skip

    @property
    def shares(self) -> dict[int, Decimal]:
        """Person → fraction."""
        return {row.person_id: self.cleaned_data[f"share-{row.pk}"] for row in self.rows}


def _range(rates: tuple[Decimal, Decimal]) -> str:
    low, high = (in_percent(rate) for rate in rates)
    return f"The policy allows {low} to {high}."
