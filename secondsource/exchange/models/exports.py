"""A large list on its way out."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from secondsource.core.models import Job


def export_path(export: Export, filename: str) -> str:
    """By opaque id; the name of the download is made when it is asked for."""
    return f"exports/{export.public_id}"


class Export(models.Model):
    """All rows of a list, written to a file by a job for one person and kept for a few days.

    ``list_name`` is the URL name of the list's page and ``query`` its address's query. ``scopes``
    are those of the token that asked, null for none. ``columns`` names what the file holds, and
    ``rights`` is a digest of what the person was allowed when it was written.
    """

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, models.CASCADE, related_name="export")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    list_name = models.CharField(max_length=60)
    query = models.TextField(blank=True, default="")
    format = models.CharField(max_length=4, choices=Format)
    scopes = models.JSONField(null=True, blank=True)
    columns = models.JSONField(default=list, blank=True)
    rights = models.CharField(max_length=64, blank=True, default="")
    rows = models.PositiveIntegerField(null=True, blank=True)
    file = models.FileField(upload_to=export_path, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"]), models.Index(fields=["created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(format__in=("csv", "xlsx")), name="export_format_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.list_name} {self.format}"

    def get_absolute_url(self) -> str:
        return reverse("export_detail", args=[self.public_id])
