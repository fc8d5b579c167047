"""``/notifications/``, ``/watches/`` and ``/my-work/``: the caller's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.accounts.models import User
from secondsource.core import notifications, watches
from secondsource.core.api.pagination import WholeList, envelope
from secondsource.core.api.permissions import SIGNED_IN, SIGNED_IN_WRITE
from secondsource.core.api.serializers import Shape
from secondsource.core.api.views import Endpoint, Readable
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Notification, Watch
from secondsource.workspace.my_work import every_task
from secondsource.workspace.notifications import sentences, serializers
from secondsource.workspace.notifications.pages import NotificationFilter
from secondsource.workspace.notifications.subjects import CASE, PART, find, visible_to
from secondsource.workspace.notifications.watch_list import watches_of

OWN = {"read": SIGNED_IN, "write": SIGNED_IN_WRITE}


def in_words(rows: Sequence[Notification]) -> Sequence[Notification]:
    """Fill in sentences, and the mail address of the person who caused each."""
    sentences.fill(rows)
    people = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    for row in rows:
        person = people.get(row.actor_id or 0)
        row.by = person.email if person else None
    return rows


class NotificationResource(Readable):
    """The caller's notifications."""

    permission = OWN
    queryset = Notification.objects.none()
    shape = serializers.NotificationShape
    changes_class = serializers.NotificationChanges
    filterset_class = NotificationFilter
    lookup_field = "pk"
    lookup_url_kwarg = "notification"
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {"at": "at"}
    ordering = ("-at",)
    honours_if_match = False

    def rows(self) -> QuerySet[Notification]:
        """Those whose subject the caller may see."""
        return visible_to(self.actor.user)

    def list_of(self, queryset: QuerySet[Any], shape: type[Shape]) -> Response:
        """A page of them in words."""
        reader = self.shape_for_reader(shape)
        rows = in_words(self.paginate_queryset(queryset) or [])
        return self.get_paginated_response([reader.to_representation(row) for row in rows])

    def show(self, obj: Any, status: int = 200, **headers: str) -> Response:
        """One in words."""
        return super().show(in_words([obj])[0], status, **headers)

    @extend_schema(request=serializers.NotificationChanges, responses=serializers.NotificationShape)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mark it as read; it cannot become unread again."""
        row = self.get_object()
        if not self.take(serializers.NotificationChanges)["read"]:
            raise ValuesRefused.one("/read", "only_true", "What is read stays read.")
        notifications.read(Notification.objects.filter(pk=row.pk))
        return self.show(self.get_object())

    @extend_schema(request=serializers.ReadInput, responses=serializers.ReadShape)
    @action(detail=False, methods=["post"], sparse=False)
    def read(self, request: Request, **kwargs: Any) -> Response:
        """Mark these, or all, as read."""
        values = self.take(serializers.ReadInput)
        rows = Notification.objects.filter(reader=self.actor.user)
        if not values["all"]:
            ids = [
                int(text) for text in values.get("ids", []) if text.isascii() and text.isdecimal()
            ]
            rows = rows.filter(pk__in=ids)
        return Response({"read": notifications.read(rows)})

    @extend_schema(methods=["GET"], responses=serializers.ChoiceShape(many=True), filters=False)
    @extend_schema(
        methods=["PATCH"],
        request=serializers.ChoiceInput,
        responses=serializers.ChoiceShape,
    )
    @action(
        detail=False, methods=["get", "patch"], sparse=False, filterset_class=None,
        pagination_class=WholeList,
    )  # fmt: skip
    def choices(self, request: Request, **kwargs: Any) -> Response:
        """The channel of each kind; a post changes one."""
        if request.method == "PATCH":
            chosen = self.take(serializers.ChoiceInput)
            notifications.choose(user=self.actor.user, ways={chosen["kind"]: chosen["way"]})
            return Response(chosen)
        ways = notifications.ways_of(self.actor.user)
        return self.whole_list([{"kind": kind, "way": way} for kind, way in ways.items()])


class WatchResource(Readable):
    """The parts and cases that the caller watches or has muted."""

    permission = OWN
    queryset = Watch.objects.none()
    shape = serializers.WatchShape
    input_class = serializers.WatchInput
    lookup_field = "pk"
    lookup_url_kwarg = "watch"
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {"id": "pk"}
    ordering = ("-id",)
    honours_if_match = False

    def rows(self) -> QuerySet[Watch]:
        """The caller's own."""
        return watches_of(self.actor.user)

    def list_of(self, queryset: QuerySet[Any], shape: type[Shape]) -> Response:
        """A page of them with the keys of their subjects."""
        reader = self.shape_for_reader(shape)
        rows = _with_keys(self.paginate_queryset(queryset) or [])
        return self.get_paginated_response([reader.to_representation(row) for row in rows])

    def show(self, obj: Any, status: int = 200, **headers: str) -> Response:
        """One with the key of its subject."""
        return super().show(_with_keys([obj])[0], status, **headers)

    @extend_schema(request=serializers.WatchInput, responses={201: serializers.WatchShape})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Watch a part or case, or mute a case."""
        values = self.take(serializers.WatchInput)
        subject = values.get("part") or values["case"]
        if values["muted"]:
            watches.unwatch(subject=subject, actor=self.actor, notified_anyway=True)
        else:
            watches.watch(subject=subject, actor=self.actor)
        row = self.rows().get(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        return self.show(row, 201, Location=self.location(row))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stop watching, or end a mute."""
        self.get_object().delete()
        return Response(status=204)


def _with_keys(rows: Sequence[Any]) -> Sequence[Any]:
    for name, kind in (("part", PART), ("case", CASE)):
        found = find(kind, [row.subject_id for row in rows if row.subject_type == kind])
        for row in rows:
            subject = found.get(row.subject_id) if row.subject_type == kind else None
            setattr(row, name, subject.key if subject else None)
    return rows


class MyWork(Endpoint):
    """What waits for the caller in their cases, in savings and in bonus pools."""

    permission = "workspace.view_my_work"

    @extend_schema(operation_id="my_work_list", responses=serializers.TaskList)
    def get(self, request: Request) -> Response:
        """Every task, as the page shows them: what blocks others first, what is snoozed last."""
        user: Any = self.actor.user
        tasks = every_task(user)
        shape = serializers.TaskShape(tasks, many=True, context=self.shape_context())
        return Response(envelope(shape.data))
