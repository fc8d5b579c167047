"""How plants, product lines and teams travel."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from secondsource.accounts.models import Team
from secondsource.core.api import fields
from secondsource.core.api.serializers import RecordShape


class PlantShape(RecordShape):
    """A site of ours."""

    code = fields.Text()
    name = fields.Text()
    country = fields.Text()
    time_zone = fields.Text()


class ProductLineShape(RecordShape):
    """A family of products."""

    code = fields.Text()
    name = fields.Text()


class PersonShape(serializers.Serializer[Any]):
    """A person, by the address that names them everywhere."""

    email = fields.Text()
    name = fields.Text()


class TeamShape(RecordShape):
    """People with the same targets."""

    code = fields.Text()
    name = fields.Text()
    members = serializers.SerializerMethodField()

    @extend_schema_field(PersonShape(many=True))
    def get_members(self, team: Team) -> list[dict[str, str]]:
        """Members by name."""
        people = sorted(team.members.all(), key=lambda user: (user.name, user.pk))
        return [{"email": user.email, "name": user.name} for user in people]
