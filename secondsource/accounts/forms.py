"""Forms of people and tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from secondsource.accounts.models import Plant, ProductLine, User
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
