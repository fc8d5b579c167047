"""Serializers of plants, product lines, teams, people and tokens."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db.models import QuerySet
from rest_framework import serializers

from secondsource.accounts.models import Plant, ProductLine, User
from secondsource.accounts.models.tokens import SCOPES
from secondsource.accounts.rights import Role
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, PersonShape, RecordShape, Shape


def _people(user: User | None) -> QuerySet[User]:
    return User.objects.all()


class PlantShape(RecordShape):
    """A site of ours."""

    code = fields.Text()
    name = fields.Text()
    country = fields.Text()
    time_zone = fields.Text()


class PlaceChanges(Input):
    """What of a plant, product line or team can be changed."""

    name = fields.Text(max_length=200)


class PlaceInput(PlaceChanges):
    """A new product line; ``code`` stays as it is."""

    code = fields.Text(max_length=40)


class PlantChanges(PlaceChanges):
    """Changes of a plant."""

    country = fields.Text(
        required=False,
        allow_blank=True,
        validators=[RegexValidator("^[A-Z]{2}$", "Two capital letters, such as DE.")],
    )


class PlantInput(PlantChanges, PlaceInput):
    """A new plant."""


class TeamChanges(PlaceChanges):
    """Changes of a team; ``members`` are their addresses."""

    members = fields.Items(child=fields.Key(_people, "email"), required=False, max_length=500)


class TeamInput(TeamChanges, PlaceInput):
    """A new team."""


class ProductLineShape(RecordShape):
    """A family of products."""

    code = fields.Text()
    name = fields.Text()


class TeamShape(RecordShape):
    """People with the same targets."""

    code = fields.Text()
    name = fields.Text()
    members = PersonShape(many=True)


def _plants(user: User | None) -> QuerySet[Plant]:
    return Plant.objects.all()


def _product_lines(user: User | None) -> QuerySet[ProductLine]:
    return ProductLine.objects.all()


class AccountShape(Shape):
    """A person as an administrator sees them; without plants and lines they see all."""

    id = fields.PublicId()
    version = fields.Whole(read_only=True)
    email = fields.Text()
    name = fields.Text()
    roles = fields.Texts()
    plants = fields.Codes()
    product_lines = fields.Codes()
    active = fields.Flag(source="is_active")
    created_at = fields.Moment(source="date_joined")
    last_login = fields.Moment()


class AccountChanges(Input):
    """The fields of a person that an administrator can change."""

    name = fields.Text(max_length=120)
    email = fields.Text(max_length=254)
    roles = fields.Items(child=fields.Word(choices=Role.choices), max_length=len(Role))
    plants = fields.Items(child=fields.Key(_plants), required=False, max_length=200)
    product_lines = fields.Items(child=fields.Key(_product_lines), required=False, max_length=200)
    active = fields.Flag(required=False)


class AccountInput(AccountChanges):
    """A new person; ``send_link`` mails a link to set the password."""

    send_link = fields.Flag(required=False, default=True)
    active = None  # type: ignore[assignment]


class PasswordLinkInput(Input):
    """``mail`` sends the link to the person, ``show`` returns it."""

    how = fields.Word(choices=[("mail", "mail"), ("show", "show")], default="mail")


class PasswordLinkShape(serializers.Serializer[Any]):
    """The link, null where it was mailed."""

    link = fields.Text(allow_null=True)


class TokenShape(Shape):
    """A token without its secret."""

    id = fields.PublicId()
    person = fields.Text(source="user.email")
    name = fields.Text()
    prefix = fields.Text()
    scopes = fields.Texts()
    created_at = fields.Moment()
    expires_at = fields.Moment()
    last_used_at = fields.Moment(allow_null=True)
    revoked_at = fields.Moment(allow_null=True)


class IssuedTokenShape(TokenShape):
    """A new token with its secret, which is shown only once."""

    secret = fields.Text(allow_null=True)


class TokenInput(Input):
    """A new token; without ``person`` it belongs to the caller."""

    person = fields.Key(_people, "email", required=False)
    name = fields.Text(required=False, default="", allow_blank=True, max_length=80)
    scopes = fields.Items(child=fields.Word(choices=[(s, s) for s in SCOPES]), max_length=10)
    days = fields.Whole(required=False, default=90, min_value=1, max_value=730)
