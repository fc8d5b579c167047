"""The form of a quote, which a buyer and a supplier's link share; a sheet is read through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from secondsource.core.errors import ValuesRefused
from secondsource.core.form_fields import (
    CurrencyField,
    IsoDateField,
    PointDecimalField,
    PriceField,
    QuantityField,
    WholeField,
    capitalized,
)
from secondsource.core.shares import ShareField
from suppliers.models import Offer, Quote, QuoteLine, RfqInvitation, RfqLine, Source

#: Price breaks of a line that a form or a sheet takes.
BREAKS = 6
#: An RFQ with more lines is quoted by sheet.
MOST_LINES_ON_FORM = 60
_MOST = 2_000_000_000
_STATED = [("", "Not stated"), ("yes", "Yes"), ("no", "No")]
_FLAGS = {"": None, "yes": True, "no": False}


class QuoteHeadForm(forms.Form):
    """What holds for every line of a quote."""

    currency = CurrencyField()
    incoterm = forms.ChoiceField(
        label="Incoterm", choices=[("", "Not stated"), *Offer.Incoterm.choices], required=False
    )
    place = forms.CharField(label="Named place", max_length=120, required=False)
    valid_to = IsoDateField(label="Valid to")
    reference = forms.CharField(label="Quote number", max_length=80, required=False)
    esg_kind = forms.ChoiceField(
        label="ESG evidence", choices=[("", "None stated"), *Quote.Esg.choices], required=False
    )
    esg_result = forms.CharField(label="Its result", max_length=40, required=False)
    esg_valid_to = IsoDateField(label="It is valid to", required=False)
    note = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "3"})
    )


class QuotedLineForm(forms.Form):
    """What is quoted for one line."""

    declined = forms.BooleanField(label="Not quoted", required=False)
    manufacturer = forms.CharField(max_length=200, required=False)
    mpn = forms.CharField(label="MPN", max_length=200, required=False)
    break_type = forms.ChoiceField(
        label="A price holds for", required=False,
        choices=[("all_units", "All units of an order"),
                 ("incremental", "The units above its quantity")],
    )  # fmt: skip
    moq = WholeField(label="MOQ", min_value=1, max_value=_MOST, required=False)
    multiple = WholeField(label="Multiple", min_value=1, max_value=_MOST, required=False)
    lead_time_days_min = WholeField(
        label="Lead time from, days", min_value=0, max_value=3650, required=False
    )
    lead_time_days_max = WholeField(
        label="Lead time to, days", min_value=0, max_value=3650, required=False
    )
    capacity_wk = QuantityField(label="Capacity a week", min_value=0, required=False)
    ncnr = forms.ChoiceField(
        label="Not cancellable, not returnable", choices=_STATED, required=False
    )
    freight = PriceField(label="Freight of a unit", required=False)
    tariff_rate = ShareField(
        label="Duty and tariffs", decimal_places=6, required=False, help_text="In %; 0 for none."
    )
    nre = PointDecimalField(
        label="NRE, once", max_digits=18, decimal_places=4, min_value=0, required=False
    )
    tooling = PointDecimalField(
        label="Tooling, once", max_digits=18, decimal_places=4, min_value=0, required=False
    )
    tooling_owner = forms.ChoiceField(
        label="The tools are then", required=False,
        choices=[("", "Not stated"), *capitalized(QuoteLine.Owner)],
    )  # fmt: skip
    note = forms.CharField(label="Remark", max_length=300, required=False)

    def __init__(self, *args: Any, line: RfqLine, **options: Any) -> None:
        super().__init__(*args, **options)
        self.line = line
        capacity: Any = self.fields["capacity_wk"]
        capacity.unit, capacity.divisible = line.part.unit, line.part.unit != "pcs"
        for place in range(BREAKS):
            self.fields[f"quantity_{place}"] = WholeField(
                label=f"From quantity, price {place + 1}", min_value=1, max_value=_MOST,
                required=False,
            )  # fmt: skip
            self.fields[f"price_{place}"] = PriceField(
                label=f"Unit price, price {place + 1}", required=False
            )

    @property
    def plain(self) -> list[Any]:
        """The fields beside the prices."""
        return [self[name] for name in self.fields if not name.startswith(("quantity_", "price_"))]

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The prices: quantity and price."""
        return [(self[f"quantity_{n}"], self[f"price_{n}"]) for n in range(BREAKS)]

    def clean(self) -> dict[str, Any]:
        """A price needs its quantity, and each quantity comes once."""
        values: dict[str, Any] = super().clean() or {}
        seen: set[int] = set()
        for place in range(BREAKS):
            quantity, price = values.get(f"quantity_{place}"), values.get(f"price_{place}")
            names = (f"quantity_{place}", f"price_{place}")
            if price is not None and quantity is None and names[0] not in self.errors:
                self.add_error(names[0], "From which quantity?")
            elif price is not None and quantity in seen:
                self.add_error(names[0], "This quantity has a price already.")
            elif price is not None and quantity is not None:
                seen.add(quantity)
        return values

    @property
    def is_empty(self) -> bool:
        """Whether no price was given and the line was not declined."""
        values = self.cleaned_data
        prices = [values.get(f"price_{place}") for place in range(BREAKS)]
        return not values.get("declined") and prices == [None] * BREAKS

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        given = self.cleaned_data
        found = {name: given[name] for name in QuotedLineForm.base_fields}
        found |= {
            "line": self.line,
            "ncnr": _FLAGS[given["ncnr"]],
            "break_type": given["break_type"] or "all_units",
            "moq": given["moq"] or 1,
            "multiple": given["multiple"] or 1,
            "price_breaks": sorted(
                (given[f"quantity_{n}"], given[f"price_{n}"])
                for n in range(BREAKS)
                if given[f"price_{n}"] is not None
            ),
        }
        if found["declined"]:
            found["price_breaks"] = []
        return found


class QuoteForm:
    """The head and a form for each line, handled as one form."""

    def __init__(
        self,
        invitation: RfqInvitation,
        lines: Sequence[RfqLine],
        data: Mapping[str, Any] | None = None,
        last: Quote | None = None,
        suggested: Mapping[int, tuple[str, str]] | None = None,
    ) -> None:
        """``last`` fills in the quote before; ``suggested``: manufacturer and MPN by line."""
        self.is_bound = data is not None
        start = initial_of(last) if last else {"currency": invitation.rfq.currency}
        self.head = QuoteHeadForm(data, prefix="q", initial=start)
        quoted = {one.line_id: one for one in last.lines.all()} if last else {}
        names = suggested or {}
        self.lines = [
            QuotedLineForm(
                data, prefix=f"l{line.position}", line=line,
                initial=line_initial(line, quoted.get(line.pk), names.get(line.pk, ("", ""))),
            )
            for line in lines
        ]  # fmt: skip
        self.problems: list[str] = []

    @property
    def errors(self) -> bool:
        """Whether anything is wrong."""
        forms_wrong = bool(self.head.errors) or any(form.errors for form in self.lines)
        return self.is_bound and (forms_wrong or bool(self.problems))

    def is_valid(self) -> bool:
        """Whether head and lines can be given to the service."""
        return self.is_bound and not self.errors

    def values(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Head and quoted lines for the service; lines without a price are left out."""
        return self.head.cleaned_data, [form.values() for form in self.filled]

    @property
    def filled(self) -> list[QuotedLineForm]:
        """The lines that are quoted or declined."""
        return [form for form in self.lines if not form.is_empty]

    def add_refusal(self, refusal: ValuesRefused) -> None:
        """Show each refused value at its field, others above the form."""
        filled = self.filled
        for problem in refusal.problems:
            steps = problem.pointer.strip("/").split("/")
            form: forms.Form | None = self.head
            name = steps[0]
            if steps[0] == "lines" and len(steps) > 2:
                form, name = filled[int(steps[1])], steps[2]
            if form is not None and name == "price_breaks":
                name = "price_0"
            if form is not None and name in form.fields:
                form.add_error(name, problem.detail)
            else:
                self.problems.append(problem.detail)


def initial_of(quote: Quote) -> dict[str, Any]:
    """The head of a quote for a form."""
    return {name: getattr(quote, name) for name in QuoteHeadForm.base_fields}


def line_initial(line: RfqLine, quoted: QuoteLine | None, named: tuple[str, str]) -> dict[str, Any]:
    """The values of a line for a form: those quoted before, else the volumes that are asked."""
    if quoted is None:
        asked = {f"quantity_{n}": volume for n, volume in enumerate(line.volumes)}
        return {"manufacturer": named[0], "mpn": named[1], "multiple": 1, **asked}
    found = {name: getattr(quoted, name) for name in QuotedLineForm.base_fields}
    found["ncnr"] = next(word for word, flag in _FLAGS.items() if flag == quoted.ncnr)
    for place, step in enumerate(list(quoted.breaks.all())[:BREAKS]):
        found |= {f"quantity_{place}": step.quantity, f"price_{place}": step.price}
    return found


def quote_form(
    invitation: RfqInvitation, data: Mapping[str, Any] | None = None
) -> tuple[QuoteForm, list[RfqLine]]:
    """The form of a supplier's next quote, filled in with its last one, and the asked lines."""
    lines = list(invitation.rfq.lines.select_related("part"))
    quotes = invitation.quotes.prefetch_related("lines__breaks")
    last = quotes.filter(revision=invitation.revision).first()
    named = {} if last else own_numbers(invitation, lines)
    return QuoteForm(invitation, lines, data, last, named), lines


def own_numbers(invitation: RfqInvitation, lines: Sequence[RfqLine]) -> dict[int, tuple[str, str]]:
    """Line → manufacturer and MPN of a source that the supplier makes, else has offered.

    Nothing else is shown to a supplier: another source of the part is a rival's.
    """
    supplier = invitation.supplier
    sources = Source.objects.filter(part__in=[line.part_id for line in lines]).select_related(
        "manufacturer_part__manufacturer"
    )
    offered = set(
        Offer.objects.filter(supplier=supplier).values_list("manufacturer_part", flat=True)
    )
    found: dict[int, tuple[str, str]] = {}
    for source in sorted(sources, key=lambda one: one.pk, reverse=True):
        number = source.manufacturer_part
        makes = number.manufacturer_id == supplier.pk
        if makes or (number.pk in offered and source.part_id not in found):
            found[source.part_id] = (number.manufacturer.name, number.mpn)
    return {line.pk: found[line.part_id] for line in lines if line.part_id in found}


class QuoteSheetForm(forms.Form):
    """A filled-in sheet."""

    file = forms.FileField(label="The filled-in sheet", help_text="The XLSX file of this supplier.")
