"""Fields refuse in the product's voice, those of libraries too."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.forms import LoginForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from secondsource.core.form_fields import PointFloatField


def told(field: forms.Field, value: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        field.clean(value)
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (forms.CharField(), "", "Fill this in."),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Choose one."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "b is not one of the choices."),
        (forms.TypedChoiceField(choices=[("a", "A")]), "", "Choose one."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [], "Choose at least one."),
        (forms.BooleanField(), "", "Tick this to go on."),
        (forms.FileField(), None, "Choose a file."),
        (forms.DateField(), "", "Give a day"),
        (forms.IntegerField(), "1.5", "Write a whole number"),
        (forms.DecimalField(), "x", "Write a number"),
        (PointFloatField(), "3,3", "Use a point: 3.3"),
        (forms.IntegerField(max_value=10), "11", "11 is above 10"),
        (forms.IntegerField(min_value=1), "0", "0 is below 1"),
        (forms.CharField(max_length=3), "abcd", "This has 4 characters, the limit is 3."),
        (forms.DecimalField(decimal_places=2), "1.234", "At most 2 digits after the point."),
        (forms.EmailField(), "nobody", "This is not an email address"),
    ],
)
def test_it_says_what_to_write(field: forms.Field, value: Any, text: str) -> None:
    assert told(field, value).startswith(text)


def test_an_address_outside_a_form_is_told_the_same() -> None:
    with pytest.raises(ValidationError, match="This is not an email address"):
        validate_email("nobody")


def test_the_sign_in_speaks_the_same() -> None:
    form = LoginForm(data={"login": "", "password": ""})
    assert form.errors["login"] == ["Fill this in."]


def test_a_field_that_knows_better_says_it_itself() -> None:
    field = forms.CharField(error_messages={"required": "Name the lot."})
    assert told(field, "") == "Name the lot."
