"""``GET`` and ``POST …/moves/``: changes of state."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.core.api import fields
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.permissions import SIGNED_IN_WRITE, permission_named
from secondsource.core.api.serializers import Input, ReasonShape
from secondsource.core.api.views import Resource
from secondsource.core.workflow import Workflow

_MOST_NAMES = 100


class MoveOffer(serializers.Serializer[Any]):
    """A move, whether it is allowed now, and all reasons against it."""

    name = fields.Text()
    label = fields.Text(source="*")
    allowed = fields.Flag()
    needs_note = fields.Flag()
    reasons = ReasonShape(many=True)


class MoveData(serializers.DictField):
    """The data of a move; at most 100 names."""

    default_error_messages = {"too_many": "A move has at most 100 names of data."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > _MOST_NAMES:
            self.fail("too_many")
        return super().to_internal_value(data)


class MoveInput(Input):
    """A move; ``expected`` is the version that the caller read, ``data`` the fields of the move."""

    name = fields.Text(max_length=40)
    note = fields.Text(required=False, default="", allow_blank=True, max_length=10_000)
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)
    data = MoveData(required=False, default=dict)


class Moves(Resource):
    """Moves of ``workflow`` on the resource's objects."""

    workflow: ClassVar[Workflow[Any]]

    def check_permissions(self, request: Request) -> None:
        """Allow moves for everybody who reads the object; the workflow checks the right to move."""
        if self.action == "move":
            self.permission = permission_named(self.permission, "GET")
            super().check_permissions(request)
            self.permission = SIGNED_IN_WRITE
        super().check_permissions(request)

    @extend_schema(responses=MoveOffer(many=True))
    @action(detail=True, methods=["get"], sparse=False, pagination_class=None)
    def moves(self, request: Request, **kwargs: Any) -> Response:
        """The moves of the object's state, with all reasons against each."""
        offers = self.workflow.offered(self.get_object(), self.actor)
        return Response([offer.as_json() for offer in offers])

    @extend_schema(request=MoveInput)
    @moves.mapping.post
    def move(self, request: Request, **kwargs: Any) -> Response:
        """Do a move, or return all reasons against it (422)."""
        obj = self.get_object()
        seen = check_if_match(request, obj)
        wanted = self.take(MoveInput)
        moved = self.workflow.fire(
            obj.pk,
            wanted["name"],
            actor=self.actor,
            note=wanted["note"],
            data=wanted["data"],
            expected=wanted["expected"] if wanted["expected"] is not None else seen,
        )
        return self.show(self.fresh(moved))
