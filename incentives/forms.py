"""Forms of negotiations and splits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from incentives.bidding import Pair
from incentives.models import Negotiation, NegotiationRound, RoundPrice
from incentives.quoted import Quoted
from incentives.services import NewPrice, NewShare
from incentives.workflow import NewAward
from parts.models import Part
from qualification.case_key import number_of
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.core import formats
from secondsource.core.form_fields import (
    CurrencyField,
    IsoDateField,
    PointDecimalField,
    PriceField,
    QuantityField,
    WholeField,
)
from secondsource.core.widgets import SuggestInput
from suppliers.models import Offer, QuoteLine

_MOST = 2_000_000_000


class TermsForm(forms.Form):
    """What every price of a negotiation is compared at."""

    quantity = WholeField(
        label="Quantity of an order", min_value=1, max_value=_MOST,
        help_text="All prices of the rounds are of a unit in an order of this size.",
    )  # fmt: skip
    currency = CurrencyField(help_text="All prices of the rounds are in it.")
    terms = forms.CharField(
        max_length=120, required=False, help_text="Such as “DDP Tallinn, 60 days net”."
    )


class NegotiationForm(TermsForm):
    """A new negotiation."""

    part = forms.CharField(max_length=40, widget=SuggestInput("parts"))
    case = forms.CharField(
        max_length=20, required=False,
        help_text="The case whose gates are our leverage, such as SSQ-0106.",
    )  # fmt: skip
    field_order = ("part", "case", "quantity", "currency", "terms")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)

    def clean_part(self) -> Part:
        """The part with this number."""
        typed = str(self.cleaned_data["part"]).strip().upper()
        found: Part | None = Part.objects.visible_to(self.user).filter(ipn=typed).first()
        if found is None:
            raise ValidationError(f"There is no part {typed}.", code="does_not_exist")
        return found

    def clean_case(self) -> Case | None:
        """The case with this key."""
        typed = str(self.cleaned_data["case"]).strip().upper()
        if not typed:
            return None
        digits = typed.removeprefix("SSQ-")
        if digits.isascii() and digits.isdecimal() and len(digits) <= 8:
            seen = Case.objects.visible_to(self.user)
            found: Case | None = seen.filter(number=number_of(f"SSQ-{digits}")).first()
            if found is not None:
                return found
        raise ValidationError(f"There is no case {typed}.", code="does_not_exist")


class RoundForm(forms.Form):
    """A round with a price field for each supplier of each source."""

    sent_on = IsoDateField(label="Sent on")
    answer_by = IsoDateField(label="Answers by", required=False)
    put_on_table = forms.CharField(
        label="What we put on the table", max_length=300,
        help_text="Everybody with the case reads it: write no price here.",
    )  # fmt: skip
    note = forms.CharField(
        max_length=300, required=False, help_text="What came of it, without prices."
    )
    target_price = PriceField(label="Target price", required=False)
    should_cost = forms.CharField(
        label="Should-cost notes", required=False, max_length=4000, widget=forms.Textarea,
        help_text="Why a unit should cost no more. Shown to readers with prices only.",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        negotiation: Negotiation,
        pairs: Sequence[Pair],
        round_: NegotiationRound | None = None,
        **options: Any,
    ) -> None:
        self.negotiation, self.pairs = negotiation, pairs
        self.before: dict[tuple[int, int], RoundPrice] = {}
        if round_ is not None:
            names = ("sent_on", "answer_by", "put_on_table", "note", "target_price", "should_cost")
            options["initial"] = {name: getattr(round_, name) for name in names}
            prices = round_.prices.select_related(
                "offer", "quote_line__quote__invitation__supplier"
            ).prefetch_related("quote_line__breaks")
            self.before = {(p.source_id, p.supplier_id): p for p in prices}
        super().__init__(*args, **options)
        for pair in pairs:
            given = self.before.get(pair.key)
            self.fields[pair.field("price")] = PriceField(
                label=f"Price of {pair.name}", required=False,
                initial=given.price if given else None,
            )  # fmt: skip
            self.fields[pair.field("from")] = IsoDateField(
                label=f"Price of {pair.name} holds from", required=False,
                initial=given.valid_from if given else None,
            )  # fmt: skip

    @property
    def plain(self) -> list[Any]:
        """The fields beside the table of prices."""
        return [self[name] for name in self.fields if not name.startswith(("price_", "from_"))]

    @property
    def rows(self) -> list[tuple[Pair, Any, Any]]:
        """The lines of the table: supplier, price and the day from which it holds."""
        return [(pair, self[pair.field("price")], self[pair.field("from")]) for pair in self.pairs]

    def add_error(self, field: str | None, error: Any) -> None:
        """Show refusals of prices above the form."""
        known = field is None or field in self.fields
        super().add_error(field if known else None, error)

    def values(self) -> dict[str, Any]:
        """The round's own fields."""
        return {name: self.cleaned_data[name] for name in RoundForm.base_fields}

    def prices(self) -> list[NewPrice]:
        """The prices that were typed. An unchanged one keeps what it cites."""
        found = []
        for pair in self.pairs:
            price = self.cleaned_data.get(pair.field("price"))
            if price is not None:
                since, before = self.cleaned_data[pair.field("from")], self.before.get(pair.key)
                if before is not None and before.price == price:
                    offer, line = before.offer, before.quote_line
                else:
                    offer, line = self._offer_at(pair, price), self._quote_at(pair, price)
                found.append(NewPrice(pair.source, pair.supplier, price, since, offer, line))
        return found

    def _offer_at(self, pair: Pair, price: Decimal) -> Offer | None:
        return pair.offer_at(price, self.negotiation.quantity, self.negotiation.currency)

    def _quote_at(self, pair: Pair, price: Decimal) -> QuoteLine | None:
        """The supplier's newest quote, when it has this price."""
        quoted = pair.quoted
        return quoted.line if quoted and not quoted.why and quoted.price == price else None


class ImportForm(forms.Form):
    """The quotes to take into a round, and into which."""

    quotes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    into = forms.ChoiceField(label="Into", widget=forms.RadioSelect)
    sent_on = IsoDateField(label="Sent on", required=False, help_text="Of a new round.")
    put_on_table = forms.CharField(
        label="What we put on the table", max_length=300, required=False,
        help_text="Of a new round. Everybody with the case reads it: write no price here.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, quoted: Sequence[Quoted], last: NegotiationRound | None, **options: Any
    ) -> None:
        """``last`` is the newest round; without one the quotes begin the first."""
        super().__init__(*args, **options)
        self.quoted = quoted
        usable = [one for one in quoted if not one.why]
        lines: Any = self.fields["quotes"]
        lines.choices = [(one.line.key, one.reference) for one in usable]
        lines.initial = [one.line.key for one in usable]
        into: Any = self.fields["into"]
        into.choices = [("new", f"A new round, R{last.number + 1 if last else 1}")]
        into.initial = "new"
        if last is not None:
            into.choices = [(last.key, f"{last}, sent {formats.day(last.sent_on)}"), *into.choices]
            into.initial = last.key

    def clean(self) -> dict[str, Any]:
        """A new round says what was put on the table."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("into") == "new" and not values.get("put_on_table"):
            self.add_error("put_on_table", "Say what the suppliers were asked.")
        return values

    def lines(self) -> list[QuoteLine]:
        """The chosen lines."""
        chosen = set(self.cleaned_data["quotes"])
        return [one.line for one in self.quoted if one.line.key in chosen]


class ShareField(PointDecimalField):
    """A share in per cent; its value is a fraction."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=0, max_value=100, max_digits=6, decimal_places=2, required=False, **options
        )

    def clean(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        found = super().clean(value)
        return None if found is None else found / 100


class AwardForm(forms.Form):
    """The share of each supplier, and why."""

    def __init__(self, *args: Any, pairs: Sequence[Pair], **options: Any) -> None:
        super().__init__(*args, **options)
        self.pairs = pairs
        for pair in pairs:
            self.fields[pair.field("share")] = ShareField(label=f"{pair.name}, % of the volume")
        self.fields["reason"] = forms.CharField(
            max_length=4000, widget=forms.Textarea,
            help_text="Why these suppliers and shares, above all where the price is not the least.",
        )  # fmt: skip

    def add_error(self, field: str | None, error: Any) -> None:
        """Show refusals of lines above the form."""
        known = field is None or field in self.fields
        super().add_error(field if known else None, error)

    def lines(self) -> list[NewAward]:
        """The shares above 0."""
        return [
            NewAward(pair.source, pair.supplier, share)
            for pair in self.pairs
            if (share := self.cleaned_data.get(pair.field("share")))
        ]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(max_length=4000, widget=forms.Textarea)


class NoteForm(forms.Form):
    """A note that may be empty."""

    note = forms.CharField(max_length=4000, widget=forms.Textarea, required=False)


class SplitQueryForm(forms.Form):
    """What a split is calculated for; read from the address."""

    demand = QuantityField(label="Demand a year", required=False, min_value=1)
    warm = ShareField(label="Warm share of the second source, %")


class SplitForm(forms.Form):
    """The chosen share of each source, and why."""

    def __init__(self, *args: Any, sources: Sequence[Any], **options: Any) -> None:
        """``sources``: rows with ``source`` and ``name``, as ``SourceTerms``."""
        super().__init__(*args, **options)
        self.sources = sources
        for one in sources:
            self.fields[f"share_{one.source.pk}"] = ShareField(label=f"{one.name}, %")
        self.fields["reason"] = forms.CharField(
            max_length=4000, widget=forms.Textarea, help_text="Procurement reads it."
        )

    def add_error(self, field: str | None, error: Any) -> None:
        """Show refusals of shares above the form."""
        known = field is None or field in self.fields
        super().add_error(field if known else None, error)

    def shares(self) -> list[NewShare]:
        """The share of each source; empty is 0."""
        return [
            NewShare(one.source, self.cleaned_data.get(f"share_{one.source.pk}") or Decimal(0))
            for one in self.sources
        ]
