"""Forms of people and tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from secondsource.accounts.models import Plant, ProductLine, User
from secondsource.accounts.models.plants import validate_code
from secondsource.accounts.models.tokens import SCOPES
from secondsource.accounts.rights import Role

_NONE_MEANS_ALL = "None chosen: everything."
#: Scope → what it permits, as the form shows it.
SCOPE_WORDS = {
    "read": "read: lists and objects",
    "write": "write: add and change",
    "approve": "approve: sign, confirm, judge",
    "admin": "admin: people and jobs",
    "prices": "prices: unit prices and costs",
    "margins": "margins: revenue and margin",
}


class PersonForm(forms.Form):
    """The form of a person; ``person`` is None when a person is added."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(
        label="Email address", help_text="The person signs in with it and gets mail there."
    )
    roles = forms.MultipleChoiceField(choices=Role, widget=forms.CheckboxSelectMultiple)
    plants = forms.ModelMultipleChoiceField(
        Plant.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_NONE_MEANS_ALL,
    )  # fmt: skip
    product_lines = forms.ModelMultipleChoiceField(
        ProductLine.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_NONE_MEANS_ALL,
    )  # fmt: skip
    send_link = forms.BooleanField(
        label="Mail a link with which the person sets a password", required=False, initial=True
    )

    def __init__(self, *args: Any, person: User | None = None, **options: Any) -> None:
        if person is not None:
            options["initial"] = {
                "name": person.name,
                "email": person.email,
                "roles": person.roles,
                "plants": person.plants.all(),
                "product_lines": person.product_lines.all(),
            }
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["plants"].queryset = Plant.objects.order_by("name")
        fields["product_lines"].queryset = ProductLine.objects.order_by("name")
        if person is not None:
            del fields["send_link"]


class PlaceForm(forms.Form):
    """Code and name of a plant, product line or team; a code that exists stays."""

    code = forms.CharField(
        max_length=40, validators=[validate_code],
        help_text="Capital letters and digits, such as BRNO. It cannot be changed later.",
    )  # fmt: skip
    name = forms.CharField(max_length=200)

    def __init__(self, *args: Any, place: Any = None, **options: Any) -> None:
        if place is not None:
            options["initial"] = self.values_of(place)
        super().__init__(*args, **options)
        if place is not None:
            del self.fields["code"]

    def values_of(self, place: Any) -> dict[str, Any]:
        """What the form shows of one that exists."""
        return {"name": place.name}


class PlantForm(PlaceForm):
    """A plant."""

    country = forms.RegexField(
        "^[A-Z]{2}$", required=False, help_text="Two capital letters, such as DE.",
        error_messages={"invalid": "Two capital letters, such as DE."},
    )  # fmt: skip

    def values_of(self, place: Any) -> dict[str, Any]:
        """Also its country."""
        return {"country": place.country, **super().values_of(place)}


class TeamForm(PlaceForm):
    """A team."""

    members = forms.ModelMultipleChoiceField(
        User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["members"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")

    def values_of(self, place: Any) -> dict[str, Any]:
        """Also its members."""
        return {"members": place.members.all(), **super().values_of(place)}


class TokenForm(forms.Form):
    """The form of a new token, with a field for its person where the reader may choose one."""

    person = forms.ModelChoiceField(
        User.objects.none(), to_field_name="email", empty_label="Choose a person", label="Person"
    )
    name = forms.CharField(
        max_length=80, required=False, help_text="What it is for, such as ERP or test bench."
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple, initial=["read"],
        help_text="A token never does more than its person may.",
    )  # fmt: skip
    days = forms.IntegerField(
        min_value=1,
        max_value=730,
        initial=90,
        label="Valid for, days",
        help_text="1 to 730. Then the token ends.",
    )

    def __init__(self, *args: Any, chooses: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        if not chooses:
            del fields["person"]
            return
        active = Q(is_active=True)
        fields["person"].queryset = User.objects.filter(active).order_by("name", "pk")
        fields["person"].label_from_instance = lambda person: f"{person.name}, {person.email}"
