"""An upload on its way into the data."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from parts.models import BomRevision, Product
from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.models import Job, Record, change_history, words_known
from secondsource.exchange.querysets import ImportQuerySet


def upload_path(upload: Import, filename: str) -> str:
    """By opaque id, so that a name never decides where bytes lie."""
    return f"imports/{upload.public_id}"


def rejected_path(upload: Import, filename: str) -> str:
    """Beside the upload itself."""
    return f"imports/{upload.public_id}-rejected"


@words_known
class Import(Record):
    """A file, how it is read, what it would do, and what it did.

    ``kind`` is one of ``exchange.bulk.kinds.KINDS``.
    ``choices`` is what the person said of a BOM on confirming: ``phase`` and ``monthly_volume`` of
    a new product, ``categories`` of new parts by group (``exchange.boms.categories``).
    ``companies``: names that may mean a company on record, with answers
    (``exchange.company_questions``). ``mapping`` is what was guessed and corrected; ``totals`` and
    ``warnings`` belong to it.
    ``errors`` are the first rows of bulk data that need a person, ``rejected`` the file with all of
    them; ``partial``: somebody asked for the good rows alone.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        PREVIEWED = "previewed"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"

    kind = models.CharField(max_length=20, default="bom")
    state = models.CharField(max_length=9, choices=State, default=State.UPLOADED)
    file = models.FileField(upload_to=upload_path)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    product_code = models.CharField(max_length=40, blank=True, default="")
    product_name = models.CharField(max_length=200, blank=True, default="")
    choices = models.JSONField(default=dict, blank=True, db_default={})
    mapping = models.JSONField(default=dict, blank=True)
    companies = models.JSONField(default=dict, blank=True, db_default={})
    totals = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    errors = models.JSONField(default=list, blank=True)
    rejected = models.FileField(upload_to=rejected_path, blank=True, default="")
    partial = models.BooleanField(default=False)
    problem = models.JSONField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    revision = models.ForeignKey(
        BomRevision, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    history = change_history()
    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["uploaded_by", "-id"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("import_detail", args=[self.public_id])


class ImportedRow(models.Model):
    """A row that an import made or changed, and what undo needs to know of it.

    ``version`` is what the import left; ``before`` is null for a new row, else the row as it was
    and, by table, the rows that hung on it.
    """

    untraced = "what undo needs to know, gone with it"

    imported = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_column="import_id")
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    before = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["imported", "model", "object_id"], name="imported_row_once"
            )
        ]
        indexes = [models.Index(fields=["model", "object_id"])]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class RememberedMapping(models.Model):
    """How a person last corrected the columns of a file of this shape."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shape = models.CharField(max_length=64)
    mapping = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "shape"], name="mapping_once_per_shape")
        ]

    def __str__(self) -> str:
        return self.shape

    @classmethod
    def of(cls, user: User | None, shape: str) -> dict[str, Any]:
        """What the person said last time; empty when nothing."""
        row = cls.objects.filter(user=user, shape=shape).first()
        return row.mapping if row else {}

    @classmethod
    def keep(cls, user: User | None, shape: str, mapping: dict[str, Any]) -> None:
        """For the next file of this shape."""
        if user is not None:
            values = {"mapping": mapping, "updated_at": clock.now()}
            cls.objects.update_or_create(user=user, shape=shape, defaults=values)
