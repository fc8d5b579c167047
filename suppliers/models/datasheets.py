"""Datasheets of manufacturer parts as files, and the lines that were read from them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from secondsource.core.models import Attachment, Job, Record, change_history, words_known
from suppliers.models.manufacturer_parts import ManufacturerPart


class Datasheet(Record):
    """A PDF of a manufacturer part, and the job that reads its tables.

    The numbers are null until it was read: pages, how many of them were read, and rows that were
    left out because they are not clear.
    """

    manufacturer_part = models.ForeignKey(
        ManufacturerPart, models.PROTECT, related_name="datasheets"
    )
    file = models.OneToOneField(
        Attachment, models.PROTECT, null=True, blank=True, related_name="datasheet"
    )
    job = models.OneToOneField(Job, models.PROTECT, null=True, blank=True, related_name="datasheet")
    pages = models.PositiveIntegerField(null=True, blank=True)
    pages_read = models.PositiveIntegerField(null=True, blank=True)
    left_out = models.PositiveIntegerField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pages__isnull=True, pages_read__isnull=True, left_out__isnull=True)
                | Q(pages__isnull=False, pages_read__isnull=False, left_out__isnull=False),
                name="datasheet_read_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.file.name if self.file else "datasheet"


@words_known
class DatasheetLine(Record):
    """A line as it was read, with its page and the words there; it counts once it is taken."""

    class State(models.TextChoices):
        OFFERED = "offered"
        TAKEN = "taken"
        DISMISSED = "dismissed"

    datasheet = models.ForeignKey(  # the constraint datasheet_line_once has an index
        Datasheet, models.PROTECT, related_name="lines", db_index=False
    )
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    minimum = models.FloatField(null=True, blank=True)
    typical = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=20)
    condition = models.CharField(max_length=120, blank=True, default="")
    page = models.PositiveIntegerField()
    snippet = models.CharField(max_length=300)
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["datasheet", "position"], name="datasheet_line_once"),
            models.CheckConstraint(
                condition=Q(state="offered", decided_by__isnull=True)
                | ~Q(state="offered") & Q(decided_by__isnull=False),
                name="datasheet_line_decided_by",
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=False)
                | Q(typical__isnull=False)
                | Q(maximum__isnull=False),
                name="datasheet_line_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        """Read lines have numbers alone; see :class:`suppliers.models.Parameter`."""
        return ""
