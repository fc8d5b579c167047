"""Base classes of filters for pages, API and exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django_filters.fields import ModelChoiceField

from secondsource.core.actors import Actor
from secondsource.core.api.visibility import hides
from secondsource.core.form_fields import IsoDateField, capitalized


class RecordFilterSet(django_filters.FilterSet):
    """Filters of a model without those whose field is hidden from the reader.

    ``reads``: filter name → ORM paths, for filters with a method. Labels of choices begin with a
    capital, and multiple choices are checkboxes.
    """

    reads: ClassVar[dict[str, tuple[str, ...]]] = {}

    def __init__(self, data: Any = None, queryset: Any = None, **options: Any) -> None:
        super().__init__(data, queryset, **options)
        for name in self.hidden_filters(actor_behind(options.get("request"))):
            del self.filters[name]

    @classmethod
    def get_filters(cls) -> Any:
        """The filters, with capital letters and checkboxes."""
        found = super().get_filters()
        for one in found.values():
            if "choices" in one.extra:
                one.extra["choices"] = _capitals(one.extra["choices"])
            if isinstance(one, django_filters.MultipleChoiceFilter):
                one.extra.setdefault("widget", forms.CheckboxSelectMultiple)
        return found

    @classmethod
    def hidden_filters(cls, actor: Actor | None) -> set[str]:
        """Names of the filters that this reader must not use."""
        model = cls._meta.model
        if model is None:
            return set()
        return {
            name
            for name, given in cls.base_filters.items()
            for path in cls.reads.get(name, (given.field_name,))
            if path and hides(actor, model, path)
        }


class DayFilter(django_filters.DateFilter):
    """A day in any usual spelling, or from a calendar."""

    field_class = IsoDateField


def _capitals(choices: Any) -> Any:
    """Choices whose labels begin with a capital; lazy choices are unchanged."""
    if callable(choices) and not hasattr(choices, "choices"):
        return choices
    return capitalized(choices)


class YesNoField(forms.NullBooleanField):
    """Any, Yes or No; in URLs ``true`` and ``false``."""

    _VALUES: ClassVar[dict[str, bool | None]] = {"": None, "true": True, "false": False}

    def __init__(self, **options: Any) -> None:
        words = [("", "Any"), ("true", "Yes"), ("false", "No")]
        super().__init__(widget=forms.Select(choices=words), **options)

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        """Raises ``ValidationError`` for unknown words."""
        text = str("" if value is None else value).strip().lower()
        if text not in self._VALUES:
            raise ValidationError(f"{text} is not true or false.", code="invalid_choice")
        return self._VALUES[text]


class YesNoFilter(django_filters.BooleanFilter):
    """Rows with or without a property."""

    field_class = YesNoField


class _PlainChoices(ModelChoiceIterator):
    """Choices of keys and labels by one query, without instances of the model."""

    field: Any

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list(self.field.to_field_name, self.field.label_path)


class _PlainChoiceField(ModelChoiceField):
    iterator = _PlainChoices

    def __init__(self, *args: Any, label_path: str, **options: Any) -> None:
        self.label_path = label_path
        super().__init__(*args, **options)


class KeyChoiceFilter(django_filters.ModelChoiceFilter):
    """A record by its natural key; ``label_path`` is the column of its label."""

    field_class = _PlainChoiceField


def actor_behind(request: Any) -> Actor | None:
    """The API's actor, or the person behind a page."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor):
        return actor
    user = getattr(request, "user", None)
    return Actor(user=user) if user is not None and user.is_authenticated else None
