"""Error messages of form fields and validators, set once at start.

A message describes what is wrong with the value and what to write. Django keeps these texts on its
classes; a field can override them (``error_messages``, ``form_fields``).
"""

from __future__ import annotations

from django import forms
from django.core import validators
from django.db import models

#: Field class → code → text. Subclasses inherit unless they have their own entry.
MESSAGES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Fill this in."},
    forms.IntegerField: {"invalid": "Write a whole number, 1200 for example."},
    forms.FloatField: {"invalid": "Write a number, 0.98 for example."},
    forms.DecimalField: {"invalid": "Write a number, 0.98 for example."},
    forms.BooleanField: {"required": "Tick this to go on."},
    forms.DateField: {
        "required": "Give a day, 2026-08-21 for example.",
        "invalid": "Write the date as year-month-day, 2026-08-21.",
    },
    forms.DateTimeField: {"invalid": "Write day and time as 2026-08-21 09:40."},
    forms.ChoiceField: {
        "required": "Choose one.",
        "invalid_choice": "%(value)s is not one of the choices. Choose one of the list.",
    },
    forms.MultipleChoiceField: {
        "required": "Choose at least one.",
        "invalid_choice": "%(value)s is not one of the choices.",
        "invalid_list": "Choose from the list.",
    },
    forms.ModelChoiceField: {
        "required": "Choose one.",
        "invalid_choice": "This choice does not exist any more. Choose one of the list.",
    },
    forms.ModelMultipleChoiceField: {
        "required": "Choose at least one.",
        "invalid_list": "Choose from the list.",
        "invalid_choice": "%(value)s is gone. Choose from the list.",
        "invalid_pk_value": "%(pk)s is not one of the choices.",
    },
    forms.FileField: {
        "required": "Choose a file.",
        "invalid": "No file arrived. Choose it again.",
        "missing": "No file arrived. Choose it again.",
        "empty": "This file is empty.",
        "max_length": "The name of the file has %(length)d characters, the limit is %(max)d.",
    },
    forms.UUIDField: {"invalid": "This is not an identifier."},
}

#: Validator class → its text.
LIMITS: dict[type[validators.BaseValidator], str] = {
    validators.MaxValueValidator: "%(show_value)s is above %(limit_value)s, the most possible.",
    validators.MinValueValidator: "%(show_value)s is below %(limit_value)s, the least possible.",
    validators.MaxLengthValidator: (
        "This has %(show_value)d characters, the limit is %(limit_value)d."
    ),
    validators.MinLengthValidator: (
        "This has %(show_value)d characters, at least %(limit_value)d are needed."
    ),
}
DIGITS = {
    "invalid": "Write a number, 0.98 for example.",
    "max_digits": "This number has more than %(max)s digits.",
    "max_decimal_places": "At most %(max)s digits after the point.",
    "max_whole_digits": "At most %(max)s digits before the point.",
}


def speak() -> None:
    """Give Django's classes these texts."""
    for field, texts in MESSAGES.items():
        field.default_error_messages = {
            **field.__dict__.get("default_error_messages", {}),
            **texts,
        }
    for limit, text in LIMITS.items():
        limit.message = text
    validators.DecimalValidator.messages = DIGITS
    models.UUIDField.default_error_messages = {"invalid": "“%(value)s” is not on record."}
    validators.EmailValidator.message = "This is not an email address: name@company.example."
    validators.validate_email.message = validators.EmailValidator.message
    models.Field.default_error_messages = {
        **models.Field.default_error_messages,
        "blank": "Fill this in.",
        "null": "Fill this in.",
        "unique": "%(field_label)s is taken already.",
    }
