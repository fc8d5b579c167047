"""A person who signs in by email address."""

from __future__ import annotations

import uuid
from collections.abc import Hashable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.functional import cached_property
from rules.permissions import has_perm as rule_allows

from secondsource.accounts.models.plants import Plant, ProductLine
from secondsource.accounts.rights import HOLDERS, Function, Role
from secondsource.core.models.base import words_known


class UserManager(BaseUserManager["User"]):
    """The manager of people; email addresses are compared regardless of case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with a hashed password. Without one nobody can sign in until it is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with the role ``admin``, for Django's ``createsuperuser``."""
        fields.setdefault("roles", [Role.ADMIN])
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


@words_known
class User(AbstractBaseUser):
    """A person: the roles define what they may do, the plants and product lines what they see.

    People are never deleted, only deactivated; records name them by id. ``version`` rises with
    what an administrator changes, not with the person's own preferences.
    """

    untraced_columns = ("password", "last_login")

    class Theme(models.TextChoices):
        LIGHT = "light"
        DARK = "dark"
        AUTO = "auto"

    public_id = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=12, choices=Role), default=list)
    plants = models.ManyToManyField(Plant, blank=True, related_name="people")
    product_lines = models.ManyToManyField(ProductLine, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    time_zone = models.CharField(max_length=40, default="UTC")
    shortcuts_enabled = models.BooleanField(default=True)
    date_joined = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    #: Whether the person acts by a browser's session, not by a token or a job.
    in_browser = False

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def key(self) -> str:
        return self.email

    def get_absolute_url(self) -> str:
        """The page by which an administrator manages the person."""
        return reverse("person_detail", args=[self.public_id])

    @cached_property
    def places(self) -> tuple[list[int], list[int]]:
        """Ids of the person's plants and of their product lines."""
        found = list(_ids(self.plants, "plant").union(_ids(self.product_lines, "line")))
        plants, lines = ([pk for kind, pk in found if kind == one] for one in ("plant", "line"))
        return plants, lines

    @property
    def reads_as(self) -> Hashable:
        """Everything that decides which rows the person sees."""
        plants, lines = self.places
        return self.pk, self.is_active, tuple(self.roles), tuple(plants), tuple(lines)

    def has_role(self, *roles: str) -> bool:
        """Whether the person has one of the roles."""
        return any(role in self.roles for role in roles)

    def may_hold(self, function: str) -> bool:
        """Whether one of the person's roles permits the function in a case."""
        return self.has_role(*HOLDERS[Function(function)])

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Whether the predicate registered under this name is true; unknown names are false."""
        return bool(self.is_active and rule_allows(permission, self, obj))


def _ids(rows: Any, kind: str) -> models.QuerySet[Any]:
    found: models.QuerySet[Any] = rows.order_by().annotate(kind=models.Value(kind))
    return found.values_list("kind", "pk")
