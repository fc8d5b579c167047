"""Serializers that hide fields from the reader and refuse unknown ones."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import cache
from typing import Any, ClassVar

from django.utils.datastructures import MultiValueDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from secondsource.core.api import fields
from secondsource.core.api.problems import MOST_ERRORS, QueryRefused
from secondsource.core.api.visibility import hidden_names
from secondsource.core.errors import FieldProblem, ValuesRefused


class Shape(serializers.Serializer[Any]):
    """The representation of an object; read-only.

    ``hides``: the model label whose hidden fields are left out, by the name of the field or the
    first step of its source. ``context["only"]`` keeps only these fields (``?fields=``).
    ``knows_reader``: the fields depend on the reader beyond hidden ones.
    """

    hides: ClassVar[str] = ""
    knows_reader: ClassVar[bool] = False

    @classmethod
    def for_reader(cls, context: Mapping[str, Any]) -> Shape:
        """The shape for the reader in ``context``.

        Copying the declared fields costs more than serializing an object, so readers with the same
        hidden fields share one; requests with ``?fields=`` get their own.
        """
        if cls.knows_reader or context.get("only"):
            return cls(context=context)
        hidden = tuple(
            (label, frozenset(hidden_names(context.get("actor"), label))) for label in _labels(cls)
        )
        return _shared(cls, hidden)

    def get_fields(self) -> dict[str, Any]:
        """The fields for this reader."""
        found: dict[str, Any] = super().get_fields()
        hidden = self._hidden_names()
        shown = {n: f for n, f in found.items() if not hidden & {n, (f.source or n).split(".")[0]}}
        only = self.context.get("only") if self.parent is None or self._is_row else None
        if not only:
            return shown
        if unknown := [name for name in only if name not in shown]:
            raise QueryRefused.one("fields", "unknown_field", f"There is no field {unknown[0]!r}.")
        return {name: field for name, field in shown.items() if name in only}

    def _hidden_names(self) -> Set[str]:
        known: Mapping[str, frozenset[str]] | None = self.context.get("hidden")
        if known is not None:
            return known[self.hides] if self.hides else frozenset()
        return hidden_names(self.context.get("actor"), self.hides)

    @property
    def _is_row(self) -> bool:
        return isinstance(self.parent, serializers.ListSerializer) and self.parent.parent is None


@cache
def _shared(shape: type[Shape], hidden: tuple[tuple[str, frozenset[str]], ...]) -> Shape:
    return shape(context={"hidden": dict(hidden)})


@cache
def _labels(shape: type[Shape]) -> tuple[str, ...]:
    """Labels whose hidden fields the shape or its inner shapes leave out."""
    inner = (getattr(field, "child", field) for field in shape._declared_fields.values())
    found = {label for one in inner if isinstance(one, Shape) for label in _labels(type(one))}
    return tuple(sorted(found | ({shape.hides} if shape.hides else set())))


class RecordShape(Shape):
    """The fields of every record: opaque id, version and times."""

    id = fields.PublicId()
    version = fields.Whole(read_only=True)
    created_at = fields.Moment()
    updated_at = fields.Moment()


class PersonShape(serializers.Serializer[Any]):
    """A person by email address and name."""

    email = fields.Text()
    name = fields.Text()


class ReasonShape(serializers.Serializer[Any]):
    """An unmet condition and its remedy."""

    code = fields.Text()
    detail = fields.Text()
    fix = fields.Text()


class InputList(serializers.ListSerializer[Any]):
    """A list of inputs; the rows of their keys are read by one query a field."""

    default_error_messages: ClassVar[dict[str, str]] = {"not_a_list": "This must be a list."}

    def to_internal_value(self, data: Any) -> Any:
        """The values. DRF checks the length before the elements."""
        if isinstance(data, list) and len(data) <= (self.max_length or 0):
            for name, field in self.child.fields.items():
                if isinstance(field, fields.Key):
                    field.read_ahead(row.get(name) for row in data if isinstance(row, Mapping))
        return super().to_internal_value(data)


class Input(serializers.Serializer[Any]):
    """The accepted fields of a body; other names are refused.

    ``hides``: the model label whose hidden fields may only be written by callers who see them.
    """

    hides: ClassVar[str] = ""
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "This must be an object with named fields."
    }

    class Meta:
        list_serializer_class = InputList

    def to_internal_value(self, data: Any) -> Any:
        """The values. Raises DRF's ``ValidationError`` with a place for each."""
        if isinstance(data, Mapping):
            self._refuse(data, set(data) - set(self.fields), _UNKNOWN)
            self._refuse(data, self.hidden_fields() & set(data), _HIDDEN)
            self._refuse(data, self._repeated(data), _REPEATED)
        return super().to_internal_value(data)

    def hidden_fields(self) -> set[str]:
        """Names of the fields that are hidden from this caller."""
        hidden = hidden_names(self.context.get("actor"), self.hides)
        return {name for name, field in self.fields.items() if hidden & written_names(field)}

    def _repeated(self, data: Mapping[str, Any]) -> set[str]:
        """Names of fields that a form holds several times and that take one value."""
        if not isinstance(data, MultiValueDict):
            return set()
        single = {n for n, f in self.fields.items() if not isinstance(f, serializers.ListField)}
        return {name for name in single & set(data) if len(data.getlist(name)) > 1}

    def _refuse(self, data: Mapping[str, Any], names: Set[str], refusal: tuple[str, str]) -> None:
        detail, code = refusal
        if names:
            raise ValidationError({n: [detail] for n in data if n in names}, code=code)


_UNKNOWN = ("There is no such field.", "unknown_field")
_REPEATED = ("Give this field only once.", "repeated")
_HIDDEN = ("You may not fill this field.", "hidden_field")


def written_names(field: Any) -> set[str]:
    """The name of an input's field and of the attributes that it writes."""
    return {field.field_name, field.source.split(".")[0], *getattr(field, "attributes", ())}


def _refuse_many(data: Mapping[str, Any], serializer: Input) -> None:
    """Refuse many unknown names without an error object for each."""
    unknown = [name for name in data if name not in serializer.fields]
    if len(unknown) > MOST_ERRORS:
        detail, code = _UNKNOWN
        shown = [FieldProblem(f"/{name}", code, detail) for name in unknown[:MOST_ERRORS]]
        raise ValuesRefused(shown, total=len(unknown))


def take(input_class: type[Input], data: Any, *, partial: bool, context: Mapping[str, Any]) -> Any:
    """The checked values of a body.

    Raises DRF's ``ValidationError``, ``ValuesRefused``. With ``partial`` the body's own fields are
    optional. Fields of objects within it are not, unlike with DRF's ``partial``.
    """
    serializer = input_class(data=data, context=dict(context))
    if isinstance(data, Mapping):
        _refuse_many(data, serializer)
    if partial and isinstance(data, Mapping):
        for name in set(serializer.fields) - set(data):
            del serializer.fields[name]
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
