"""Endpoints of plants, product lines, teams, people and tokens."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.accounts import filters, serializers, services
from secondsource.accounts.history import changes_of, described
from secondsource.accounts.models import ApiToken, Plant, ProductLine, Team, User
from secondsource.accounts.models.plants import CODE_SEGMENT
from secondsource.core.api.history import History, HistoryShape
from secondsource.core.api.views import Addable, ById, Changeable, Readable
from secondsource.core.models import RowChange


class CodedResource(Readable, Addable, Changeable, History):
    """A resource addressed by code, for everybody who has a role; administrators write."""

    permission = {"read": "accounts.view_plant", "write": "accounts.manage_people"}
    input_class = serializers.PlaceInput
    changes_class = serializers.PlaceChanges
    lookup_field = "code"
    lookup_value_regex = CODE_SEGMENT
    orderings = {"code": "code", "name": "name"}
    ordering = ("code",)

    def add(self, values: dict[str, Any]) -> Any:
        """Add one."""
        return services.add_place(model=self.rows().model, values=values, actor=self.actor)

    def change(self, obj: Any, values: dict[str, Any], expected: int | None) -> Any:
        """Change one."""
        return services.change_place(row=obj, values=values, actor=self.actor, expected=expected)


class PlantResource(CodedResource):
    """Our plants."""

    shape = serializers.PlantShape
    input_class = serializers.PlantInput
    changes_class = serializers.PlantChanges
    filterset_class = filters.PlantFilter

    def rows(self) -> QuerySet[Any]:
        """All plants."""
        return Plant.objects.all()


class ProductLineResource(CodedResource):
    """Our product lines."""

    shape = serializers.ProductLineShape
    filterset_class = filters.ProductLineFilter

    def rows(self) -> QuerySet[Any]:
        """All product lines."""
        return ProductLine.objects.all()


class TeamResource(CodedResource):
    """Teams with their members."""

    shape = serializers.TeamShape
    input_class = serializers.TeamInput
    changes_class = serializers.TeamChanges
    filterset_class = filters.TeamFilter

    def rows(self) -> QuerySet[Any]:
        """All teams."""
        return Team.objects.prefetch_related(
            Prefetch("members", User.objects.order_by("name", "pk"))
        )


class PersonResource(ById, Readable, Addable, Changeable):
    """People, for administrators."""

    permission = "accounts.manage_people"
    shape = serializers.AccountShape
    input_class = serializers.AccountInput
    changes_class = serializers.AccountChanges
    filterset_class = filters.PersonFilter
    orderings = {"name": "name", "email": "email", "created_at": "date_joined"}
    ordering = ("name",)

    def rows(self) -> QuerySet[User]:
        """Everybody."""
        return User.objects.prefetch_related("plants", "product_lines")

    @transaction.atomic
    def add(self, values: dict[str, Any]) -> User:
        """Add a person, and mail the password link when it is wanted."""
        send = values.pop("send_link")
        user = services.add_person(**values, password=None, actor=self.actor)
        if send:
            services.mail_password_link(user=user, root=self._root(), actor=self.actor)
        return user

    @transaction.atomic
    def change(self, obj: User, values: dict[str, Any], expected: int | None) -> User:
        """Change fields, and whether the person may sign in."""
        active = values.pop("active", None)
        user = services.change_person(
            user=obj, values=values, actor=self.actor, expected=expected
        )  # fmt: skip
        if active is None:
            return user
        set_active = services.activate_person if active else services.deactivate_person
        return set_active(user=user, actor=self.actor)

    def _root(self) -> str:
        return self.request.build_absolute_uri("/")

    @extend_schema(request=serializers.PasswordLinkInput, responses=serializers.PasswordLinkShape)
    @action(detail=True, methods=["post"], url_path="password-link", sparse=False)
    def password_link(self, request: Request, **kwargs: Any) -> Response:
        """Mail a link with which the person sets a password, or return it once."""
        user = self.get_object()
        show = self.take(serializers.PasswordLinkInput)["how"] == "show"
        act = services.show_password_link if show else services.mail_password_link
        link = act(user=user, root=self._root(), actor=self.actor)
        response = Response({"link": link})
        response.shown_once = ("link",)  # type: ignore[attr-defined]
        return response

    @extend_schema(responses=HistoryShape(many=True), filters=False)
    @action(
        detail=True, sparse=False, filterset_class=None, listing=True,
        orderings={"at": "id"}, ordering=("-at",), ordered_model=RowChange,
    )  # fmt: skip
    def history(self, request: Request, **kwargs: Any) -> Response:
        """Changes of the account, its scope and its tokens."""
        user = self.get_object()
        rows = list(self.paginate_queryset(changes_of(user)))
        return self.get_paginated_response(described(user, rows))


class TokenResource(ById, Readable, Addable):
    """The caller's own tokens; for administrators the tokens of everybody."""

    permission = "accounts.issue_own_token"
    shape = serializers.TokenShape
    input_class = serializers.TokenInput
    filterset_class = filters.TokenFilter
    orderings = {"created_at": "created_at", "expires_at": "expires_at"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[ApiToken]:
        """Tokens that the caller may revoke."""
        tokens = ApiToken.objects.select_related("user")
        if self.actor.may("accounts.manage_people"):
            return tokens
        return tokens.filter(user=self.actor.user)

    @extend_schema(responses={201: serializers.IssuedTokenShape})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Issue a token; only this response contains its secret."""
        values = self.take(serializers.TokenInput)
        person = values.pop("person", self.actor.user)
        token, token.secret = services.issue_token(user=person, actor=self.actor, **values)
        shown = self.shape_for_reader(serializers.IssuedTokenShape).to_representation(token)
        response = Response(shown, status=201, headers={"Location": self.location(token)})
        response.shown_once = ("secret",)  # type: ignore[attr-defined]
        return response

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Revoke the token at once; it remains in the list."""
        services.revoke_token(token=self.get_object(), actor=self.actor)
        return Response(status=204)
