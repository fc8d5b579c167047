"""API tokens, hashed at rest."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now

from secondsource.accounts.models.users import User

SCOPES = ("read", "write", "approve", "admin", "prices", "margins")


class ApiToken(models.Model):
    """A bearer token of one person; only its hash is kept, so it is shown once."""

    untraced_columns = ("digest", "last_used_at")

    public_id = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True, default="")
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    scopes = ArrayField(models.CharField(max_length=10))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=list(SCOPES)) & ~models.Q(scopes=[]),
                name="token_scopes_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @classmethod
    def living(cls, digest: str, now: dt.datetime) -> ApiToken | None:
        """The valid token with this digest, with its active person and the person's places.

        One query, because every request to the API runs it.
        """
        valid = cls.objects.filter(digest=digest, revoked_at=None, expires_at__gt=now)
        token: Any = (
            valid.filter(user__is_active=True)
            .select_related("user")
            .annotate(plant_ids=_ids("plants", "plant"))
            .annotate(line_ids=_ids("product_lines", "productline"))
            .first()
        )
        if token is None:
            return None
        token.user.places = token.plant_ids, token.line_ids
        living: ApiToken = token
        return living

    @staticmethod
    def new_secret() -> str:
        """A new secret: 256 random bits after a recognisable prefix."""
        return "ss_" + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        """SHA-256; the secret is random, so no slow hash is needed."""
        return hashlib.sha256(secret.encode()).hexdigest()


def _ids(relation: str, name: str) -> ArraySubquery:
    links = getattr(User, relation).through.objects.filter(user=models.OuterRef("user"))
    return ArraySubquery(links.values(f"{name}_id"))
