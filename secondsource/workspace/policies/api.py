"""``/policies/``: house rules, their versions, and the moves of a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.core import policies
from secondsource.core.api import fields
from secondsource.core.api.moves import MoveInput, MoveOffer
from secondsource.core.api.pagination import envelope, envelope_schema
from secondsource.core.api.permissions import SIGNED_IN_WRITE
from secondsource.core.api.serializers import Input, PersonShape
from secondsource.core.api.views import Endpoint
from secondsource.core.errors import Reason, TransitionRefused
from secondsource.core.models import PolicyVersion
from secondsource.workspace.calculators.declaration import plain
from secondsource.workspace.policies import services
from secondsource.workspace.policies.registry import POLICIES, Policy

VIEW = "accounts.view_policy"
NAME = OpenApiParameter("name", str, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)
_MOST_VALUES = 200


class ValueShape(serializers.Serializer[Any]):
    """One value of a policy."""

    name = fields.Text()
    label = fields.Text()
    unit = fields.Text()
    value = serializers.JSONField()
    default = serializers.JSONField()


class PolicyShape(serializers.Serializer[Any]):
    """A house rule; ``version`` 0 are the defaults."""

    name = fields.Text()
    title = fields.Text()
    about = fields.Text()
    area = fields.Text()
    version = fields.Whole()
    values = ValueShape(many=True)
    drafts = serializers.ListField(child=serializers.IntegerField())


class VersionShape(serializers.Serializer[Any]):
    """One version of a policy."""

    policy = fields.Text()
    number = fields.Whole()
    state = fields.Text()
    values = serializers.JSONField()
    note = fields.Text()
    drafted_by = PersonShape(allow_null=True)
    activated_by = PersonShape(allow_null=True)
    created_at = fields.Moment()
    activated_at = fields.Moment(allow_null=True)


class ValuesField(serializers.DictField):
    """Values by name; their number is checked first."""

    default_error_messages = {"too_many": "A policy has at most 200 values."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > _MOST_VALUES:
            self.fail("too_many")
        return super().to_internal_value(data)


class VersionInput(Input):
    """The values that differ from those in force, and why."""

    values = ValuesField()
    note = fields.Text(max_length=2000)


class VersionMoveInput(MoveInput):
    """A move; ``expected`` is the version in force that the caller read, 0 for the defaults."""

    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=0)


def _policy(name: str) -> Policy:
    found = POLICIES.get(name)
    if found is None:
        raise Http404
    return found


def _version(name: str, number: int) -> PolicyVersion:
    rows = PolicyVersion.objects.select_related("drafted_by", "activated_by")
    found = rows.filter(name=_policy(name).name, number=number).first()
    if found is None:
        raise Http404
    return found


def _shown(policy: Policy) -> dict[str, Any]:
    values, number = policies.active(policy.rule)
    drafts = PolicyVersion.objects.filter(name=policy.name, state=PolicyVersion.State.DRAFT)
    return {
        "name": policy.name,
        "title": policy.title,
        "about": policy.about,
        "area": policy.area,
        "version": number,
        "values": [
            {
                "name": value.name,
                "label": value.label,
                "unit": value.unit,
                "value": plain(getattr(values, value.name)),
                "default": plain(value.default),
            }
            for value in policy.values
        ],
        "drafts": list(drafts.order_by("number").values_list("number", flat=True)),
    }


def _shown_version(version: PolicyVersion) -> dict[str, Any]:
    return VersionShape(
        {
            "policy": version.name, "number": version.number, "state": version.state,
            "values": version.values, "note": version.note, "drafted_by": version.drafted_by,
            "activated_by": version.activated_by, "created_at": version.created_at,
            "activated_at": version.activated_at,
        }
    ).data  # fmt: skip


class PolicyIndex(Endpoint):
    """Every house rule."""

    permission = VIEW

    @extend_schema(
        operation_id="policies_list",
        responses={200: envelope_schema({"type": "array", "items": {"type": "object"}})},
    )
    def get(self, request: Request) -> Response:
        """Values in force and by default of each."""
        return Response(envelope([_shown(policy) for policy in POLICIES.values()]))


class PolicyEndpoint(Endpoint):
    """One house rule."""

    permission = VIEW

    @extend_schema(operation_id="policies_read", parameters=[NAME], responses={200: PolicyShape})
    def get(self, request: Request, name: str) -> Response:
        """Values in force and by default."""
        return Response(_shown(_policy(name)))


class VersionList(Endpoint):
    """Versions of a house rule."""

    permission = {"read": VIEW, "write": SIGNED_IN_WRITE}

    @extend_schema(
        operation_id="policy_versions_list",
        parameters=[NAME],
        responses={200: envelope_schema({"type": "array", "items": {"type": "object"}})},
    )
    def get(self, request: Request, name: str) -> Response:
        """All versions, the newest first."""
        rows = PolicyVersion.objects.filter(name=_policy(name).name).order_by("-number")
        rows = rows.select_related("drafted_by", "activated_by")
        return Response(envelope([_shown_version(row) for row in rows]))

    @extend_schema(
        operation_id="policy_versions_draft",
        parameters=[NAME],
        request=VersionInput,
        responses={201: VersionShape},
    )
    def post(self, request: Request, name: str) -> Response:
        """Draft a version; a second person activates it."""
        policy = _policy(name)
        self.actor.require(policy.draft_right)
        values = self.take(VersionInput)
        version = services.draft_version(policy=policy, actor=self.actor, **values)
        address = request.build_absolute_uri(f"{request.path}{version.number}/")
        return Response(_shown_version(version), status=201, headers={"Location": address})


class VersionEndpoint(Endpoint):
    """One version."""

    permission = VIEW

    @extend_schema(
        operation_id="policy_versions_read",
        parameters=[NAME, NUMBER],
        responses={200: VersionShape},
    )
    def get(self, request: Request, name: str, number: int) -> Response:
        """Its values, and who drafted and activated it."""
        return Response(_shown_version(_version(name, number)))


class VersionMoves(Endpoint):
    """``activate`` and ``discard`` of a version."""

    permission = {"read": VIEW, "write": SIGNED_IN_WRITE}

    @extend_schema(
        operation_id="policy_versions_moves",
        parameters=[NAME, NUMBER],
        responses={200: MoveOffer(many=True)},
    )
    def get(self, request: Request, name: str, number: int) -> Response:
        """The moves of a draft, each with what blocks the caller."""
        policy, version = _policy(name), _version(name, number)
        if version.state != PolicyVersion.State.DRAFT:
            return Response([])
        reasons = services.hindrances(policy, version, self.actor)
        reasons += self._missing(policy.activate_right)
        discarded_with = services.right_to_discard(version, self.actor)
        return Response(
            [_offer("activate", reasons), _offer("discard", self._missing(discarded_with))]
        )

    def _missing(self, right: str) -> list[Reason]:
        if self.actor.may(right):
            return []
        return [Reason("not_permitted", "You may not do this.", self.actor.way_to(right))]

    @extend_schema(
        operation_id="policy_versions_move",
        parameters=[NAME, NUMBER],
        request=VersionMoveInput,
        responses={200: PolicyShape},
    )
    def post(self, request: Request, name: str, number: int) -> Response:
        """Do a move; ``expected`` is the number of the version in force."""
        version, wanted = _version(name, number), self.take(VersionMoveInput)
        moves: dict[str, Callable[[], Any]] = {
            "activate": lambda: services.activate_version(
                version=version, actor=self.actor, expected=wanted["expected"]
            ),
            "discard": lambda: services.discard_version(version=version, actor=self.actor),
        }
        if wanted["name"] not in moves:
            detail = f"There is no move {wanted['name']!r}."
            raise TransitionRefused([Reason("unknown_move", detail)])
        moves[wanted["name"]]()
        return Response(_shown(_policy(name)))


def _offer(name: str, reasons: list[Reason]) -> dict[str, Any]:
    return {
        "name": name,
        "label": name.capitalize(),
        "allowed": not reasons,
        "needs_note": False,
        "reasons": [reason.as_json() for reason in reasons],
    }
