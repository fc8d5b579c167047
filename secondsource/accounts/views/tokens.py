"""Pages of API tokens: one's own, and for administrators those of everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from secondsource.accounts import services
from secondsource.accounts.filters import TokenFilter
from secondsource.accounts.forms import TokenForm
from secondsource.accounts.models import ApiToken
from secondsource.core import clock
from secondsource.core.tables import Column
from secondsource.core.views import FormPage, ListPage, ObjectPage, go_to

MANAGE, OWN = "accounts.manage_people", "accounts.issue_own_token"


def state_of(token: ApiToken) -> str:
    """Valid, Expired or Revoked."""
    if token.revoked_at:
        return "Revoked"
    return "Valid" if token.expires_at > clock.now() else "Expired"


class TokenList(ListPage):
    """The list of everybody's tokens."""

    permission_required = MANAGE
    template_name = "accounts/token_list.html"
    page_title = "Tokens"
    noun = ("token", "tokens")
    filterset_class = TokenFilter
    search_field = "search"
    search_label = "Name, person or first letters"
    default_sort = "-issued"
    views: ClassVar[Mapping[str, str]] = {"Valid": "state=valid", "All": ""}
    create_name: ClassVar[str] = "token_create"
    columns: ClassVar[Sequence[Column]] = (
        Column("token", "Token", source=str, css="nw mono", mobile="title"),
        Column("person", "Person", order="user__name", source="user__name", css="nw",
               mobile="sub"),
        Column("name", "For", order="name", css="ell", mobile="sub"),
        Column("scopes", "Scopes", source=lambda row: ", ".join(row.scopes), css="nw"),
        Column("issued", "Issued", order="created_at", source="created_at", css="nw",
               template="accounts/cells/moment.html"),
        Column("used", "Last used", order="-last_used_at", source="last_used_at", css="nw",
               template="accounts/cells/moment.html"),
        Column("ends", "Ends", order="expires_at", source="expires_at", css="nw",
               template="accounts/cells/moment.html"),
        Column("state", "State", source=state_of, css="nw", mobile="end"),
        Column("act", "Revoke", source="pk", template="accounts/cells/revoke.html",
               label_hidden=True, mobile="end", export=False),
    )  # fmt: skip

    @property
    def first_use(self) -> Mapping[str, str]:  # type: ignore[override]
        """The text of an empty list."""
        return {
            "title": "No tokens yet",
            "text": "A program uses the API with the token of a person.",
            "url": reverse(self.create_name),
            "action": "Issue token",
        }

    def get_queryset(self) -> QuerySet[Any]:
        """All tokens."""
        return ApiToken.objects.select_related("user")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the address of the form for a new token."""
        return super().get_context_data(create_url=reverse(self.create_name), **context)


class OwnTokenList(TokenList):
    """The list of the reader's own tokens."""

    permission_required = OWN
    page_title = "API tokens"
    create_name = "own_token_create"
    columns = tuple(column for column in TokenList.columns if column.name != "person")

    def get_queryset(self) -> QuerySet[Any]:
        """The reader's own tokens."""
        return super().get_queryset().filter(user=self.request.user)


class OwnTokenCreate(FormPage):
    """Issue a token for oneself; the response shows the secret once."""

    permission_required = OWN
    page_title = "Issue a token"
    form_class = TokenForm
    submit_label = "Issue token"
    list_name: ClassVar[str] = "own_token_list"
    chooses: ClassVar[bool] = False

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose token it can be."""
        return super().get_form_kwargs() | {"chooses": self.chooses}

    def get_cancel_url(self) -> str:
        """Back to the list."""
        return reverse(self.list_name)

    def save(self, form: Any) -> HttpResponseBase:
        """Issue the token and show its secret."""
        values = dict(form.cleaned_data)
        person = values.pop("person", self.request.user)
        token, secret = services.issue_token(user=person, actor=self.actor, **values)
        self.template_name = "accounts/secret.html"
        return self.respond(
            self.get_context_data(
                form=form, page_title=f"Token {token}", secret=secret, back=self.get_cancel_url(),
                what=f"The token of {person.name}. Only its hash is kept.",
            )
        )  # fmt: skip


class TokenCreate(OwnTokenCreate):
    """Issue a token for any person."""

    permission_required = MANAGE
    list_name = "token_list"
    chooses = True


class TokenRevoke(ObjectPage):
    """Revoke a token: one's own, or as an administrator that of anybody."""

    permission_required = OWN
    http_method_names = ("post",)
    lookup: ClassVar[Mapping[str, str]] = {"token": "public_id"}

    def permission_object(self) -> Any:
        """The right is checked before the token is read."""
        return None

    def get_queryset(self) -> QuerySet[Any]:
        """Tokens that the reader may revoke."""
        tokens = ApiToken.objects.select_related("user")
        manages = self.request.user.has_perm(MANAGE)
        return tokens if manages else tokens.filter(user=self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Revoke the token and return to the list."""
        token = self.object
        services.revoke_token(token=token, actor=self.actor)
        messages.success(request, f"Revoked {token}.")
        name = "token_list" if request.user.has_perm(MANAGE) else "own_token_list"
        return go_to(request, reverse(name))
