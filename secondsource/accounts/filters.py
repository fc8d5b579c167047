"""Filters of plants, product lines, teams, people and tokens."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from secondsource.accounts.models import ApiToken, Plant, ProductLine, Team, User
from secondsource.accounts.rights import Role
from secondsource.core import clock
from secondsource.core.filtersets import RecordFilterSet, actor_behind
from secondsource.core.widgets import MOST_SUGGESTED, SuggestInput


def suggest_people(reader: Any, text: str) -> Any:
    """Active people whose name or email address contains the text."""
    found = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text), is_active=True)
    return found.order_by("name", "email").values_list("email", "name")[:MOST_SUGGESTED]


class NamedPersonField(forms.CharField):
    """A person by email address or whole name; ``me`` is the reader."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=SuggestInput("people"), **options)

    def clean(self, value: Any) -> User | str | None:
        """Raises ``ValidationError`` when no person or several people match."""
        text = super().clean(value)
        if text in ("", "me"):
            return text or None
        found = User.objects.filter(Q(email__iexact=text) | Q(name__iexact=text))[:2]
        if len(found) != 1:
            many = f"Several people are called {text}. Give the email address."
            raise ValidationError(many if found else f"There is no person {text}.", "unknown")
        return found[0]


class NamedPersonFilter(django_filters.Filter):
    """Rows of one person."""

    field_class = NamedPersonField

    def filter(self, qs: Any, value: Any) -> QuerySet[Any]:
        """Filter by the person; ``me`` matches nobody for anonymous requests."""
        if value == "me":
            actor = actor_behind(self.parent.request)
            value = actor.user if actor else None
            return super().filter(qs, value) if value else qs.none()
        return super().filter(qs, value)


class CodedFilter(RecordFilterSet):
    """Code or name contains the text."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Code or name")

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The code or the name contains the text."""
        text = value.strip()
        return queryset.filter(Q(code__icontains=text) | Q(name__icontains=text))


class PlantFilter(CodedFilter):
    """Plants, also by country."""

    country = django_filters.CharFilter(lookup_expr="iexact", label="Country")

    class Meta:
        model = Plant
        fields: ClassVar[list[str]] = []


class ProductLineFilter(CodedFilter):
    """Product lines."""

    class Meta:
        model = ProductLine
        fields: ClassVar[list[str]] = []


class TeamFilter(CodedFilter):
    """Teams, also by a member's address."""

    member = django_filters.CharFilter(field_name="members__email", label="Member")

    class Meta:
        model = Team
        fields: ClassVar[list[str]] = []


class PersonFilter(RecordFilterSet):
    """People by name or address, role, state."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Name or email address")
    email = django_filters.CharFilter(lookup_expr="iexact", label="Email address")
    role = django_filters.ChoiceFilter(
        field_name="roles", choices=Role, method="by_role", label="Role", empty_label="Any"
    )  # fmt: skip
    active = django_filters.ChoiceFilter(
        field_name="is_active", choices=[("true", "Active"), ("false", "Deactivated")],
        method="by_state", label="State", empty_label="Any",
    )  # fmt: skip

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The name or the address contains the text."""
        text = value.strip()
        return queryset.filter(Q(name__icontains=text) | Q(email__icontains=text))

    def by_role(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """People with this role, among others."""
        return queryset.filter(roles__contains=[value])

    def by_state(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """People who may sign in, or not."""
        return queryset.filter(is_active=value == "true")


class TokenFilter(RecordFilterSet):
    """Tokens by person and state."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Name, person or beginning")
    person = django_filters.CharFilter(
        field_name="user__email", lookup_expr="iexact", label="Email address"
    )
    state = django_filters.ChoiceFilter(
        choices=[("valid", "Valid"), ("expired", "Expired"), ("revoked", "Revoked")],
        method="by_state", label="State", empty_label="Any",
    )  # fmt: skip

    class Meta:
        model = ApiToken
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The token's name, its beginning, or its person."""
        text = value.strip()
        person = Q(user__name__icontains=text) | Q(user__email__icontains=text)
        return queryset.filter(Q(name__icontains=text) | Q(prefix__startswith=text) | person)

    def by_state(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Valid, expired or revoked tokens."""
        if value == "revoked":
            return queryset.filter(revoked_at__isnull=False)
        ends = "expires_at__gt" if value == "valid" else "expires_at__lte"
        return queryset.filter(revoked_at=None, **{ends: clock.now()})
