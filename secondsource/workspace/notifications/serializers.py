"""Shapes of notifications, watches and the tasks of My work."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from parts.models import Part
from qualification.models import Case
from qualification.serializers import CaseKeyField
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, Shape
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import NotificationKind
from secondsource.core.notifications import Way

MOST_AT_ONCE = 500


class NotificationShape(Shape):
    """A notification of the caller; ``times`` is the number of changes in it."""

    id = fields.Text(source="pk", read_only=True)
    kind = fields.Word(choices=NotificationKind.choices, read_only=True)
    title = fields.Text(read_only=True)
    text = fields.Text(source="said", read_only=True)
    url = fields.Text(read_only=True)
    by = fields.Text(read_only=True, allow_null=True)
    times = fields.Whole(read_only=True)
    at = fields.Moment()
    read_at = fields.Moment(allow_null=True)


class NotificationChanges(Input):
    """Mark it as read."""

    read = fields.Flag()


class ReadInput(Input):
    """Which notifications are read: by ids, or every one."""

    ids = fields.Items(child=fields.Text(max_length=18), max_length=MOST_AT_ONCE, required=False)
    all = fields.Flag(required=False, default=False)


class ReadShape(Shape):
    """How many were unread before."""

    read = fields.Whole(read_only=True)


class ChoiceShape(Shape):
    """The channel of a kind of notification."""

    kind = fields.Word(choices=NotificationKind.choices, read_only=True)
    way = fields.Word(choices=Way.choices, read_only=True)


class ChoiceInput(Input):
    """A way for one kind."""

    kind = fields.Word(choices=NotificationKind.choices)
    way = fields.Word(choices=Way.choices)


def _parts(user: Any) -> QuerySet[Part]:
    seen: QuerySet[Part] = Part.objects.visible_to(user)
    return seen


def _cases(user: Any) -> QuerySet[Case]:
    seen: QuerySet[Case] = Case.objects.visible_to(user)
    return seen


class WatchShape(Shape):
    """A watched or muted part or case."""

    id = fields.Text(source="pk", read_only=True)
    part = fields.Text(read_only=True, allow_null=True)
    case = fields.Text(read_only=True, allow_null=True)
    muted = fields.Flag(read_only=True)


class WatchInput(Input):
    """What to watch; ``muted`` ends notifications of a case that the caller works in."""

    part = fields.Key(_parts, "ipn", required=False)
    case = CaseKeyField(_cases, "number", required=False)
    muted = fields.Flag(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one subject."""
        if ("part" in attrs) == ("case" in attrs):
            raise ValuesRefused.one("/part", "one_subject", "Name a part or a case.")
        return attrs


class TaskShape(Shape):
    """A task of the caller (``snoozed`` when put aside), or one of others that they wait for."""

    key = fields.Text(read_only=True)
    kind = fields.Text(read_only=True)
    group = fields.Text(read_only=True)
    title = fields.Text(read_only=True)
    note = fields.Text(read_only=True)
    case = serializers.CharField(source="case.key", read_only=True, allow_null=True)
    url = fields.Text(read_only=True)
    due = fields.Day(allow_null=True)
    late = fields.Flag(source="is_late", read_only=True)


class TaskList(serializers.Serializer[Any]):
    """Every task; there are no further pages."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = TaskShape(many=True)
