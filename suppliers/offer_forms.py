"""Forms of offers: plain fields, and a table of price breaks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from secondsource.core.form_fields import (
    CurrencyField,
    FormWithoutHidden,
    IsoDateField,
    PriceField,
    QuantityField,
    WholeField,
    capitalized,
)
from suppliers.forms import delivering_company
from suppliers.models import ManufacturerPart, Offer
from suppliers.names import normal_mpn
from suppliers.services import breaks_of, find_manufacturer

#: Least lines of the table of prices; a saved offer gets two empty lines.
LEAST_LINES, MORE_LINES, MOST_LINES = 5, 2, 50
_MOST = 2_000_000_000


class OfferVersionForm(FormWithoutHidden):
    """A new version of an offer."""

    hides = "suppliers.offer"

    sku = forms.CharField(label="Supplier part number", max_length=120, required=False)
    currency = CurrencyField()
    break_type = forms.ChoiceField(
        label="A price holds for", choices=[("all_units", "All units of an order"),
                                            ("incremental", "The units above its quantity")],
    )  # fmt: skip
    moq = WholeField(label="MOQ", min_value=1, max_value=_MOST, initial=1)
    multiple = WholeField(
        label="Multiple",
        min_value=1,
        max_value=_MOST,
        initial=1,
        help_text="Orders are multiples of it, such as a full reel.",
    )
    lead_time_days_min = WholeField(
        label="Lead time from, days", min_value=0, max_value=3650, required=False
    )
    lead_time_days_max = WholeField(
        label="Lead time to, days", min_value=0, max_value=3650, required=False
    )
    channel = forms.ChoiceField(choices=capitalized(Offer.Channel))
    valid_from = IsoDateField(label="Valid from")
    valid_to = IsoDateField(label="Valid to", required=False)
    capacity_wk = QuantityField(label="Capacity a week", min_value=0, required=False)
    stock = QuantityField(label="In stock", min_value=0, required=False)

    def __init__(self, *args: Any, offer: Offer | None = None, **options: Any) -> None:
        breaks = [] if offer is None else breaks_of(offer)
        if offer is not None:
            options["initial"] = {
                name: getattr(offer, name) for name in self.base_fields if hasattr(offer, name)
            }
        super().__init__(*args, **options)
        self.lines = min(MOST_LINES, max(LEAST_LINES, len(breaks) + MORE_LINES, self._posted()))
        if "currency" not in self.fields:  # without prices for readers who do not see them
            self.lines = 0
        for place in range(self.lines):
            quantity, price = breaks[place] if place < len(breaks) else (None, None)
            self.fields[f"quantity_{place}"] = WholeField(
                label=f"From quantity, line {place + 1}", min_value=1, max_value=_MOST,
                required=False, initial=quantity,
            )  # fmt: skip
            self.fields[f"price_{place}"] = PriceField(
                label=f"Unit price, line {place + 1}", required=False, initial=price
            )

    def _posted(self) -> int:
        places = [name.removeprefix("price_") for name in self.data if name.startswith("price_")]
        found = [int(one) for one in places if one.isascii() and one.isdecimal() and len(one) < 4]
        return max(found, default=-1) + 1

    @property
    def plain(self) -> list[Any]:
        """The fields beside the table."""
        return [self[name] for name in self.fields if not name.startswith(("quantity_", "price_"))]

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The lines of the table: quantity and price."""
        return [(self[f"quantity_{n}"], self[f"price_{n}"]) for n in range(self.lines)]

    def add_error(self, field: str | None, error: Any) -> None:
        """Show refusals of price breaks above the table."""
        known = field is None or field in self.fields
        super().add_error(field if known else None, error)

    def clean(self) -> dict[str, Any]:
        """Require both values in each line, each quantity once, and at least one line."""
        values: dict[str, Any] = super().clean() or {}
        seen: dict[int, int] = {}
        for place in range(self.lines):
            quantity, price = values.get(f"quantity_{place}"), values.get(f"price_{place}")
            self._check_line(place, quantity, price)
            if quantity in seen:
                self.add_error(f"quantity_{place}", f"Line {seen[quantity] + 1} has it already.")
            elif quantity is not None:
                seen[quantity] = place
        if not seen and not self.errors:
            self.add_error("price_0" if self.lines else None, "Give at least one price.")
        low, high = values.get("lead_time_days_min"), values.get("lead_time_days_max")
        if low is not None and high is not None and low > high:
            self.add_error("lead_time_days_max", "Below the minimum.")
        return values

    def _check_line(self, place: int, quantity: int | None, price: Decimal | None) -> None:
        names = (f"quantity_{place}", f"price_{place}")
        if any(name in self.errors for name in names):
            return
        if price is not None and quantity is None:
            self.add_error(names[0], "From which quantity?")
        if quantity is not None and price is None:
            self.add_error(names[1], "Give the unit price.")

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        values = {
            name: value for name, value in self.cleaned_data.items()
            if not name.startswith(("quantity_", "price_"))
        }  # fmt: skip
        lines = [
            (self.cleaned_data[f"quantity_{n}"], self.cleaned_data[f"price_{n}"])
            for n in range(self.lines)
        ]
        breaks = sorted((quantity, price) for quantity, price in lines if quantity is not None)
        return values | {"price_breaks": breaks}


class OfferForm(OfferVersionForm):
    """A new offer of an existing manufacturer part."""

    manufacturer = forms.CharField(
        max_length=200, help_text="Any of its names on record.",
        widget=forms.TextInput(attrs={"list": "manufacturers", "autocomplete": "off"}),
    )  # fmt: skip
    mpn = forms.CharField(label="MPN", max_length=200)
    supplier = delivering_company()
    field_order = ("manufacturer", "mpn", "supplier")

    def clean(self) -> dict[str, Any]:
        """Find the manufacturer part."""
        values = super().clean()
        name, number = values.pop("manufacturer", ""), values.pop("mpn", "")
        if not name or not number:
            return values
        company = find_manufacturer(name)
        if company is None:
            self.add_error("manufacturer", "No manufacturer goes by this name.")
            return values
        found = ManufacturerPart.objects.filter(
            manufacturer=company, mpn_normal=normal_mpn(number)
        ).first()
        if found is None:
            self.add_error("mpn", f"{company.name} has no such MPN here. Add it as a source first.")
            return values
        values["manufacturer_part"] = found
        values["supplier"] = values.get("supplier") or company
        return values
