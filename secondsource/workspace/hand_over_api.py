"""``/my-work/held/`` and ``/my-work/hand-over/``: what the caller holds, and handing it over."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import services
from qualification.held_work import held_by
from secondsource.accounts.models import User
from secondsource.core.api import fields
from secondsource.core.api.pagination import envelope
from secondsource.core.api.serializers import Input, Shape
from secondsource.core.api.views import Endpoint

_MOST = 2_000


def _people(user: Any) -> Any:
    return User.objects.filter(is_active=True)


class HeldShape(Shape):
    """A lead, function, step, action or sponsorship of the caller."""

    key = fields.Text()
    kind = fields.Text()
    title = fields.Text()
    case = fields.Text(source="case.key")


class HeldList(serializers.Serializer[Any]):
    """All of it; there are no further pages."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = HeldShape(many=True)


class HandOverInput(Input):
    """To whom, why and what; without ``keys`` all that the caller holds."""

    to = fields.Key(_people, "email")
    reason = fields.Text(max_length=2_000)
    keys = fields.Items(child=fields.Text(max_length=100), max_length=_MOST, required=False)


class HeldWork(Endpoint):
    """What the caller holds in open cases."""

    permission = "workspace.view_my_work"

    @extend_schema(operation_id="my_work_held", responses=HeldList)
    def get(self, request: Request) -> Response:
        """By case."""
        user: Any = self.actor.user
        return Response(envelope(HeldShape(held_by(user), many=True).data))


class HandOver(Endpoint):
    """Hand the caller's work over to another person."""

    permission = "qualification.hand_over"

    @extend_schema(
        operation_id="my_work_hand_over", request=HandOverInput, responses={200: HeldList}
    )
    def post(self, request: Request) -> Response:
        """All of it or nothing. Answers what was handed over."""
        values = self.take(HandOverInput)
        handed = services.hand_over(
            to=values["to"], reason=values["reason"], keys=values.get("keys"), actor=self.actor
        )
        return Response(envelope(HeldShape(handed, many=True).data))
