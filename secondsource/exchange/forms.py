"""Forms of imports; the rules are the services'."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any

from django import forms

from parts.models import Category, Product
from secondsource.accounts.models import User
from secondsource.core.form_fields import WholeField, capitalized
from secondsource.exchange.bom import Mapping, Role, Table
from secondsource.exchange.bom.mapping import NUMBERED
from secondsource.exchange.boms import categories
from secondsource.exchange.bulk.mapping import BulkMapping

#: Codes offered while typing; any other may be typed.
MOST_OFFERED = 200

ROLE_WORDS = {
    Role.DESIGNATORS: "Designators",
    Role.QUANTITY: "Quantity",
    Role.MPN: "MPN",
    Role.MANUFACTURER: "Manufacturer",
    Role.MANUFACTURER_MPN: "Manufacturer and MPN",
    Role.ALTERNATIVE: "Alternatives",
    Role.REMARKS: "Remarks",
    Role.DESCRIPTION: "Description",
    Role.VALUE: "Value",
    Role.FOOTPRINT: "Footprint",
    Role.DNP: "Not fitted mark",
    Role.FITTED: "Fitted mark",
    Role.IPN: "IPN",
    Role.SUPPLIER: "Distributor",
    Role.SKU: "Distributor's number",
    Role.ITEM: "Item number",
    Role.LEVEL: "Level",
    Role.PREFERENCE: "Preferred source",
    Role.IGNORE: "Not used",
}


class ProductFields(forms.Form):
    """Where the lines go: an existing product's code, or a new one with its name."""

    needed = {"product": "to import the lines"}

    product = forms.CharField(
        label="Product code", max_length=40, required=False,
        help_text="An existing code gets a new revision; a new code makes a product.",
        widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off"}),
    )  # fmt: skip
    product_name = forms.CharField(label="Product name", max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Product.objects.visible_to(user).order_by("code")
        self.offered = list(rows.values_list("code", "name")[:MOST_OFFERED])
        self.fields["product"].widget.attrs["class"] = "inp mono"
        self.fields["product_name"].widget.attrs["class"] = "inp"

    def clean_product(self) -> str:
        """Codes are written in capitals, without blanks."""
        return "-".join(str(self.cleaned_data["product"]).upper().split())


class ConfirmForm(ProductFields):
    """What a BOM does not say: of a new product its phase and volume, of new parts the category.

    ``groups`` counts the new parts by group, see :mod:`secondsource.exchange.boms.categories`.
    """

    phase = forms.ChoiceField(
        label="Phase", required=False, choices=[("", "Choose"), *capitalized(Product.Phase)],
        help_text="After design freeze a qualification case needs a reason.",
    )  # fmt: skip
    monthly_volume = WholeField(
        label="Pieces a month", required=False, min_value=0, max_value=2_000_000_000,
        help_text="Demand, cover and time to survive follow from it.",
    )  # fmt: skip

    def __init__(self, *args: Any, groups: AnyMapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {key: count for key, count in groups.items() if key}
        self.unplaced = groups.get("", 0)
        guessed = categories.suggestions(self.groups)
        offered = list(Category.objects.order_by("path").values_list("path", "name"))
        for key, count in self.groups.items():
            group = categories.BY_KEY[key]
            parts = "1 new part" if count == 1 else f"{count:,} new parts"
            new = [(categories.NEW, f"New category {group.name}")]
            field = forms.ChoiceField(
                label=f"{group.name}: {parts}", required=False, initial=guessed[key],
                choices=[*(new if guessed[key] == categories.NEW else ()), *offered,
                         (categories.UNSORTED, "Leave unsorted")],
            )  # fmt: skip
            self.fields[f"category_{key}"] = field

    @property
    def category_fields(self) -> list[forms.BoundField]:
        """A field for each group of new parts."""
        return [self[f"category_{key}"] for key in self.groups]

    def clean(self) -> dict[str, Any]:
        """A new product needs a phase."""
        values = super().clean() or {}
        code = values.get("product")
        if code and not values.get("phase") and not Product.objects.filter(code=code).exists():
            self.add_error("phase", f"{code} is a new product: choose its phase.")
        return values

    def choices(self) -> dict[str, Any]:
        """What ``Import.choices`` keeps."""
        values = self.cleaned_data
        chosen = {
            key: values[f"category_{key}"] for key in self.groups if f"category_{key}" in values
        }
        kept = {name: values.get(name) for name in ("phase", "monthly_volume")}
        return {name: value for name, value in kept.items() if value not in ("", None)} | {
            "categories": chosen
        }


class UploadForm(ProductFields):
    """A file, and where its lines go. ``kept``: the id of a file that is here already."""

    file = forms.FileField(
        label="BOM file", required=False, allow_empty_file=True, max_length=255,
        error_messages={"max_length": "The file's name is too long (255 characters at most)."},
    )  # fmt: skip
    kept = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Without a kept file a new one is needed."""
        values = super().clean() or {}
        if not values.get("file") and not values.get("kept") and "file" not in self.errors:
            self.add_error("file", "Choose a file.")
        return values


class BulkUploadForm(forms.Form):
    """A file of bulk data."""

    file = forms.FileField(
        label="File", required=True, allow_empty_file=True, max_length=255,
        error_messages={
            "required": "Choose a file.",
            "max_length": "The file's name is too long (255 characters at most).",
        },
    )  # fmt: skip


class BulkMappingForm:
    """The posted corrections of a bulk file's columns: ``c3`` what it holds, ``f3`` how it is
    written, ``u3`` in which unit, ``q3`` from which quantity on."""

    def __init__(self, mapping: BulkMapping, data: Any) -> None:
        self.mapping, self.data = mapping, data

    def corrections(self) -> list[dict[str, Any]]:
        """Every column as it was sent. Raises ``ValueError`` for a broken number."""
        found = []
        for column in self.mapping.columns:
            wanted = self.data.get(f"c{column.index}")
            if wanted is None:
                continue
            role, _, number = wanted.partition(":")
            said: dict[str, Any] = {
                "index": column.index, "role": role, "number": int(number or 1),
            }  # fmt: skip
            for prefix, name in (("f", "form"), ("u", "unit"), ("q", "at")):
                text = self.data.get(f"{prefix}{column.index}")
                if text is not None and role == column.role:
                    said[name] = int(text or 0) if name == "at" else text
            found.append(said)
        return found


class MappingForm:
    """The posted corrections of a mapping: which tables are taken, what each column holds."""

    def __init__(self, mapping: Mapping, data: Any) -> None:
        self.mapping, self.data = mapping, data

    def corrections(self) -> dict[str, Any]:
        """What the person changed and answered. Raises ``ValueError`` for a broken number."""
        tables: list[dict[str, Any]] = []
        columns: list[dict[str, Any]] = []
        for position, table in enumerate(self.mapping.tables):
            tables += self._of_table(position, table)
            for column in table.columns:
                wanted = self.data.get(f"t{position}c{column.index}")
                if wanted is not None and wanted != role_key(column.role, column.number):
                    role, _, number = wanted.partition(":")
                    columns.append(
                        {"table": position, "index": column.index, "role": role,
                         "number": int(number or 1)}
                    )  # fmt: skip
        return {"tables": tables, "columns": columns, "answered": self.answered()}

    def answered(self) -> list[str]:
        """The keys of the questions to which the person says: as it is read."""
        return list(self.data.getlist("answered"))

    def _of_table(self, position: int, table: Table) -> list[dict[str, Any]]:
        use, not_fitted = f"t{position}use" in self.data, f"t{position}nf" in self.data
        changed: dict[str, Any] = {}
        if use != table.use:
            changed["use"] = use
        if not_fitted != table.not_fitted:
            changed["not_fitted"] = not_fitted
        if (sign := self.data.get(f"t{position}decimal", "")) and sign != table.decimal:
            changed["decimal"] = sign
        return [{"table": position, **changed}] if changed else []


def role_key(role: Role, number: int) -> str:
    """``mpn:2`` for the first alternate's part number; other roles have no number."""
    return f"{role}:{number}" if role in NUMBERED else str(role)


def role_choices(mapping: Mapping) -> list[tuple[str, str]]:
    """Every role by its key and words, alternates up to two more than the file has."""
    used = [column.number for table in mapping.tables for column in table.columns]
    most = max([2, *used]) + 1
    found = []
    for role, words in ROLE_WORDS.items():
        if role not in NUMBERED:
            found.append((str(role), words))
            continue
        found.append((role_key(role, 1), words))
        found += [
            (role_key(role, number), f"{words} of alternate {number - 1}")
            for number in range(2, most + 1)
        ]
    return found
