"""Conflicts of edits: the fields changed by somebody else, with both values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.api.visibility import hides
from secondsource.core.errors import RuleRefused

_NOTHING = (None, "")


def posted_version(data: Mapping[str, str], name: str = "expected") -> int | None:
    """The version on which the form was filled in; None if the form posts none.

    Raises ``RuleRefused`` for an invalid version.
    """
    text = data.get(name)
    if text is None:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise RuleRefused.one(
        "version_unreadable",
        "The form has no valid version of the record.",
        "Reload the page and try again.",
    )


def conflict(
    record: Any,
    seen: int,
    *,
    actor: Actor,
    typed: Mapping[str, Any] | None = None,
    beside: str = "Something other than the fields of this form.",
) -> dict[str, Any] | None:
    """The changes of ``record`` since its version ``seen``, as far as the actor may see them.

    None if nobody changed it, because there never was a version ``seen``. Fields that were changed
    and typed have both values; ``beside`` is the text for changes that are not fields.
    """
    rows = list(record.history.filter(version__gte=seen).order_by("version", "history_id"))
    if not rows:
        return None
    first, last = rows[0], rows[-1]
    who = get_user_model().objects.filter(pk=last.history_user_id).first()
    changes = [*audit.changed_fields(last, first), *_changed_beside(record, first.history_date)]
    told = [
        _said(record, change, typed or {})
        for change in changes
        if not hides(actor, type(record), change["field"])
    ]
    return {
        "who": str(who) if who else "Somebody",
        "at": last.history_date,
        "what": "; ".join(told) or beside,
    }


def _changed_beside(record: Any, since: Any) -> list[dict[str, Any]]:
    """Changes of rows that belong to the record, by its events (``data.changes``)."""
    events = audit.events_of(record).filter(at__gt=since, data__has_key="changes").order_by("id")
    return [change for event in events for change in event.data["changes"]]


def _said(record: Any, change: Mapping[str, Any], typed: Mapping[str, Any]) -> str:
    name, saved = change["field"], shown(change["to"])
    mine = typed.get(name)
    if name in typed and shown(getattr(mine, "pk", mine)) != saved:
        return f"{label(record, name)}: you have {shown(mine)}, saved is {saved}"
    return f"{label(record, name)}: {shown(change['from'])} → {saved}"


def label(record: Any, name: str) -> str:
    """The label of a field."""
    try:
        text = str(record._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        text = name
    return str(capfirst(text.replace("_", " ")))


def shown(value: Any) -> str:
    """A value in one line; a dash if empty."""
    return "–" if value in _NOTHING else str(value)
