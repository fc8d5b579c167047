"""Tasks of My work that a person put aside."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SnoozedTask(models.Model):
    """A task, by its key, that its person put aside until a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="snoozed_once")]

    def __str__(self) -> str:
        return f"{self.key} until {self.until}"
