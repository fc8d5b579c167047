"""Versioned house rules."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from secondsource.core.models.base import words_known


@words_known
class PolicyVersion(models.Model):
    """A version of a policy; a second person activates a draft."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    name = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    values = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    note = models.TextField(blank=True, default="")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="policy_number_once"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(state="active"), name="policy_one_active"
            ),
            models.CheckConstraint(
                condition=models.Q(activated_by__isnull=True)
                | ~models.Q(activated_by=models.F("drafted_by")),
                name="policy_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    def get_absolute_url(self) -> str:
        """The page of the version."""
        return reverse("policy_version", args=[self.name, self.number])

    @property
    def key(self) -> str:
        """The name of the version in events."""
        return f"{self.name}/{self.number}"
