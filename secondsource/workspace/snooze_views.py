"""Snooze: a button and a key on My work, and ``/my-work/snooze/``."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qualification.case_task import Task
from secondsource.core.api import fields
from secondsource.core.api.permissions import SIGNED_IN_WRITE
from secondsource.core.api.serializers import Input, Shape
from secondsource.core.api.views import Endpoint
from secondsource.core.errors import RuleRefused
from secondsource.core.formats import day
from secondsource.core.toasts import say_with_undo
from secondsource.core.views import Page, go_to
from secondsource.workspace import snoozed
from secondsource.workspace.my_work import every_task


def _task(user: Any, key: str) -> Task:
    found = next((one for one in every_task(user) if one.key == key), None)
    if found is None:
        raise Http404("You have no such task.")
    return found


class SnoozePage(Page):
    """Put a task of the reader aside, or take it up again with 0 days."""

    permission_required = "workspace.view_my_work"
    http_method_names = ("post",)

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Back to the list, where the next task is shown."""
        task = _task(request.user, request.POST.get("item", "")[:100])
        typed = request.POST.get("days", "")
        days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else -1
        try:
            back = snoozed.snooze(task=task, days=days, actor=self.actor)
        except RuleRefused as refusal:
            messages.error(request, " ".join(one.detail for one in refusal.reasons))
        else:
            if days:
                said = f"“{task.title}” is back {day(back)}."
                say_with_undo(request, said, request.path, item=task.key, days=0)
            else:
                messages.success(request, f"“{task.title}” is back.")
        return go_to(request, reverse("my_work"))


class SnoozeInput(Input):
    """The key of a task, and for how many days; 0 takes it up again."""

    task = fields.Text(max_length=100)
    days = fields.Whole(min_value=0, max_value=snoozed.MOST_DAYS)


class SnoozeShape(Shape):
    """The task and the day on which it is back."""

    task = fields.Text()
    until = fields.Day()


class Snooze(Endpoint):
    """Put a task of the caller aside."""

    permission = SIGNED_IN_WRITE

    @extend_schema(operation_id="my_work_snooze", request=SnoozeInput, responses={200: SnoozeShape})
    @transaction.atomic
    def post(self, request: Request) -> Response:
        """404 for what is no task of the caller."""
        values = self.take(SnoozeInput)
        task = _task(self.actor.user, values["task"])
        until = snoozed.snooze(task=task, days=values["days"], actor=self.actor)
        shape = SnoozeShape({"task": task.key, "until": until}, context=self.shape_context())
        return Response(shape.data)
