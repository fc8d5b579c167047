"""Services that create records and change their plain fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import Duplicate, FieldProblem, ValuesRefused
from secondsource.core.models import Record

R = TypeVar("R", bound=Record)


def checked(obj: R, *, exclude: Collection[str] = ()) -> R:
    """Run the model's validation without uniqueness, also without fields that did not change.

    Raises :class:`ValuesRefused` with a pointer per field.
    """
    try:
        known = {*exclude, *at_hand(obj)}
        obj.full_clean(exclude=known, validate_unique=False, validate_constraints=False)
        obj.validate_constraints(exclude=set(exclude))
    except ValidationError as error:
        raise ValuesRefused(problems_of(error)) from None
    return obj


def all_but(obj: models.Model, *names: str) -> set[str]:
    """The fields of ``obj`` besides these, to leave out of :func:`checked`."""
    return {field.name for field in obj._meta.fields} - set(names)


def at_hand(obj: models.Model) -> set[str]:
    """Keys whose object was read already: the database holds that it exists, no query asks."""
    return {
        field.name
        for field in obj._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.is_cached(obj)
        and field.get_cached_value(obj) is not None
    }


def problems_of(error: ValidationError) -> list[FieldProblem]:
    """Django's validation errors as field problems."""
    if not hasattr(error, "error_dict"):
        return [FieldProblem("", "invalid", message) for message in error.messages]
    return [
        FieldProblem(
            "" if name == "__all__" else f"/{name}", item.code or "invalid", " ".join(item.messages)
        )
        for name, items in error.error_dict.items()
        for item in items
    ]


def create(obj: R, actor: Actor, *, reason: str = "", duplicate: str) -> R:
    """Validate and insert. Raises :class:`Duplicate` with the message ``duplicate``."""
    try:
        with transaction.atomic():
            obj.clean_fields(exclude=at_hand(obj))
            return audit.save_as(obj, actor, reason)
    except ValidationError as error:
        raise ValuesRefused(problems_of(error)) from None
    except IntegrityError as error:
        raise refused_by_database(error, duplicate) from None


def refused_by_database(error: IntegrityError, duplicate: str) -> Exception:
    """The refusal for a violated constraint."""
    code = getattr(error.__cause__, "pgcode", "")
    if code == "23505":
        return Duplicate(duplicate)
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "constraint"
    return ValuesRefused.one("", name, f"The values break a rule of the data ({name}).")


def change(
    obj: R,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    allowed: frozenset[str],
    expected: int | None = None,
    reason: str = "",
) -> R:
    """Set plain fields of a record under its row lock; unchanged values write nothing.

    Raises ``Stale`` for an outdated ``expected`` version, ``ValuesRefused`` for invalid values,
    ``KeyError`` for fields that are not ``allowed`` (a programming error).
    """
    unknown = set(values) - allowed
    if unknown:
        raise KeyError(f"not changeable: {sorted(unknown)}")
    with transaction.atomic():
        row = type(obj)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
        audit.check_version(row, expected)
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return row
        for name, value in changed.items():
            setattr(row, name, value)
        try:
            with transaction.atomic():
                row.clean_fields(exclude=at_hand(row))
                audit.save_as(row, actor, reason)
        except ValidationError as error:
            raise ValuesRefused(problems_of(error)) from None
        except IntegrityError as error:
            raise refused_by_database(error, "This key is taken already.") from None
        audit.record(
            f"{audit.label(row)}.changed", row, actor, note=reason, data={"fields": sorted(changed)}
        )
    return row
