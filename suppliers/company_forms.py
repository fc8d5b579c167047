"""Forms of suppliers, their sites and manufacturer parts."""

from __future__ import annotations

from typing import Any

from django import forms

from secondsource.core.form_fields import IsoDateField, PointFloatField, capitalized
from suppliers.models import ManufacturerPart, Site, Supplier

_COUNTRY: dict[str, Any] = {
    "max_length": 2,
    "help_text": "Two capital letters, such as DE.",
    "error_messages": {"invalid": "Two capital letters, such as DE."},
}
_MOST_ALIASES, _LONGEST_ALIAS = 100, 200


class SupplierForm(forms.Form):
    """A company and the spellings of its name."""

    name = forms.CharField(max_length=200)
    code = forms.CharField(
        max_length=40, required=False, help_text="Empty: a code is made from the name."
    )
    kinds = forms.MultipleChoiceField(
        choices=Supplier.Kind.choices,
        initial=[Supplier.Kind.MANUFACTURER],
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.RegexField("^[A-Z]{2}$", required=False, label="Country", **_COUNTRY)
    group = forms.ModelChoiceField(
        queryset=Supplier.objects.companies().order_by("name"),
        required=False,
        empty_label="No group",
        label="Head company of its group",
    )
    aliases = forms.CharField(
        label="Other spellings",
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="One a line. Files may use any of them for this supplier.",
    )

    def __init__(self, *args: Any, supplier: Supplier | None = None, **options: Any) -> None:
        if supplier is not None:
            names = ("name", "kinds", "country", "group")
            options["initial"] = {name: getattr(supplier, name) for name in names}
            texts = supplier.aliases.exclude(text=supplier.name).order_by("text")
            options["initial"]["aliases"] = "\n".join(texts.values_list("text", flat=True))
        super().__init__(*args, **options)
        if supplier is not None:
            del self.fields["code"]
            group: Any = self.fields["group"]
            group.queryset = group.queryset.exclude(pk=supplier.pk)

    def clean_code(self) -> str:
        """Codes are written in capitals."""
        return str(self.cleaned_data["code"]).strip().upper()

    def clean_aliases(self) -> list[str]:
        """The lines that are not empty, at most 100 of at most 200 letters."""
        lines = str(self.cleaned_data["aliases"]).splitlines()
        if len(lines) > _MOST_ALIASES:
            raise forms.ValidationError(f"At most {_MOST_ALIASES} lines.", "too_many")
        if any(len(line) > _LONGEST_ALIAS for line in lines):
            raise forms.ValidationError(f"A line has at most {_LONGEST_ALIAS} letters.", "too_long")
        return [line.strip() for line in lines if line.strip()]


class StandingForm(forms.Form):
    """A standing and its reason."""

    standing = forms.ChoiceField(
        choices=[
            (value, label)
            for value, label in capitalized(Supplier.Standing)
            if value != Supplier.Standing.NOT_ASSESSED
        ]
    )
    reason = forms.CharField(max_length=2_000, widget=forms.Textarea(attrs={"rows": "3"}))


class MergeForm(forms.Form):
    """The merger of two companies."""

    reason = forms.CharField(
        max_length=2_000,
        label="How you know that they are one",
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


class SiteForm(forms.Form):
    """A site of a supplier."""

    name = forms.CharField(max_length=120, label="Place")
    activity = forms.ChoiceField(choices=Site.Activity.choices)
    country = forms.RegexField("^[A-Z]{2}$", **_COUNTRY)
    recovery_days = forms.IntegerField(
        label="Days to recover",
        min_value=0,
        max_value=10_000,
        required=False,
        help_text="After a complete stop, as the supplier states it.",
    )
    latitude = PointFloatField(min_value=-90, max_value=90, required=False)
    longitude = PointFloatField(min_value=-180, max_value=180, required=False)

    def __init__(self, *args: Any, site: Site | None = None, **options: Any) -> None:
        if site is not None:
            options["initial"] = {name: getattr(site, name) for name in self.base_fields}
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        """Both coordinates or none."""
        values: dict[str, Any] = super().clean() or {}
        for mine, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if values.get(mine) is None and values.get(other) is not None:
                self.add_error(mine, "Give both coordinates or none.")
        return values


class NameManufacturerForm(forms.Form):
    """The manufacturer of a part without one."""

    manufacturer = forms.CharField(
        max_length=200,
        help_text="Any of its names on record, or its code.",
        widget=forms.TextInput(attrs={"list": "manufacturers", "autocomplete": "off"}),
    )


class ManufacturerPartForm(forms.Form):
    """A manufacturer part and its sites."""

    description = forms.CharField(max_length=300, required=False)
    lifecycle = forms.ChoiceField(
        choices=ManufacturerPart._meta.get_field("lifecycle").choices or ()
    )
    lifecycle_as_of = IsoDateField(label="Lifecycle as of", required=False)
    lifecycle_source = forms.CharField(
        label="Source of the lifecycle", max_length=120, required=False
    )
    datasheet_url = forms.URLField(
        label="Datasheet", max_length=500, required=False, assume_scheme="https",
        help_text="Its address at the manufacturer.",
    )  # fmt: skip
    die = forms.CharField(
        max_length=80, required=False, help_text="Two parts with one die are not independent."
    )
    sites = forms.ModelMultipleChoiceField(
        queryset=Site.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Made, tested and stored at",
        help_text="The sites of its manufacturer and those already on record.",
    )

    def __init__(self, *args: Any, part: ManufacturerPart, **options: Any) -> None:
        names = [name for name in self.base_fields if name != "sites"]
        made_at = list(part.part_sites.values_list("site_id", flat=True))
        options["initial"] = {name: getattr(part, name) for name in names} | {"sites": made_at}
        super().__init__(*args, **options)
        own = Site.objects.filter(supplier=part.manufacturer_id)
        field: Any = self.fields["sites"]
        field.queryset = (own | Site.objects.filter(pk__in=made_at)).order_by("name", "activity")
        field.label_from_instance = site_in_words


def site_in_words(site: Any) -> str:
    """``Cedar 12, TW (fab)``."""
    return f"{site} ({site.get_activity_display().lower()})"
