"""``GET …/history/``: changes with person, time, origin and reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.core import audit
from secondsource.core.api import fields
from secondsource.core.api.history_entries import KINDS, history_entry, with_rows
from secondsource.core.api.serializers import PersonShape
from secondsource.core.api.views import Resource
from secondsource.core.api.visibility import hidden_names


class FieldChange(serializers.Serializer[Any]):
    """A change of a field."""

    field = fields.Text()
    before = serializers.JSONField()
    after = serializers.JSONField()

    def get_fields(self) -> dict[str, Any]:
        """Adds ``from``, which cannot be a name in Python, and ``to``."""
        found = super().get_fields()
        return {"field": found["field"], "from": found["before"], "to": found["after"]}


class HistoryShape(serializers.Serializer[Any]):
    """A change of an object; ``by`` is null for jobs and erased people."""

    at = fields.Moment()
    by = PersonShape(allow_null=True)
    origin = fields.Text()
    reason = fields.Text()
    kind = serializers.ChoiceField(choices=list(KINDS.values()))
    version = fields.Whole()
    changes = FieldChange(many=True)


class History(Resource):
    """History of the resource's objects, newest first."""

    @extend_schema(responses=HistoryShape(many=True), filters=False)
    @action(
        detail=True, sparse=False, filterset_class=None, listing=True,
        orderings={"at": "history_id"}, ordering=("-at",),
    )  # fmt: skip
    def history(self, request: Request, **kwargs: Any) -> Response:
        """The history of the object, newest first."""
        obj = self.get_object()
        entries = list(self.paginate_queryset(obj.history.all()))
        return self.get_paginated_response(self.get_history(obj, entries))

    def get_history(self, obj: Any, entries: list[Any]) -> list[dict[str, Any]]:
        """The entries, with the changes of rows that belong to the object."""
        return with_rows(obj, entries, self.describe(obj, entries), self.actor)

    def describe(self, obj: Any, entries: list[Any]) -> list[dict[str, Any]]:
        """The entries of the object itself."""
        return describe(obj, entries, self.actor)


def describe(obj: Any, entries: list[Any], actor: Any) -> list[dict[str, Any]]:
    """The entries of history rows of one object, newest first and without gaps."""
    if not entries:
        return []
    older = obj.history.filter(history_id__lt=entries[-1].history_id).order_by("-history_id")
    previous = [*entries[1:], older.first()]
    hidden = [*hidden_names(actor, audit.label(obj)), "id", "public_id"]
    people = get_user_model().objects.in_bulk({e.history_user_id for e in entries} - {None})
    shown = [
        _entry(entry, audit.changed_fields(entry, before, hidden=_known(obj, hidden)), people)
        for entry, before in zip(entries, previous, strict=True)
    ]
    _name_references(type(obj), shown)
    return shown


def _known(obj: Any, names: Iterable[str]) -> list[str]:
    own = {field.name for field in obj._meta.concrete_fields}
    return [name for name in names if name in own]


def _entry(row: Any, changes: list[dict[str, Any]], people: dict[int, Any]) -> dict[str, Any]:
    return history_entry(
        at=row.history_date, by=people.get(row.history_user_id), origin=row.history_origin,
        reason=row.history_change_reason, kind=KINDS[row.history_type], version=row.version,
        changes=changes,
    )  # fmt: skip


def _name_references(model: type[models.Model], shown: list[dict[str, Any]]) -> None:
    """Replace ids of other rows by natural keys, with one query a model."""
    foreign = {f.name: f.related_model for f in model._meta.concrete_fields if f.is_relation}
    changes = [c for entry in shown for c in entry["changes"] if c["field"] in foreign]
    wanted: dict[Any, set[Any]] = {}
    for change in changes:
        wanted.setdefault(foreign[change["field"]], set()).update((change["from"], change["to"]))
    rows = {m: m._default_manager.in_bulk(ids - {None}) for m, ids in wanted.items()}
    for change in changes:
        found = rows[foreign[change["field"]]]
        for side in ("from", "to"):
            row = found.get(change[side])
            change[side] = str(getattr(row, "key", row)) if row is not None else None
