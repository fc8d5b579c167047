"""Dossiers of cases: everything behind an approval in one PDF."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from qualification.models.cases import Case
from qualification.querysets import DossierQuerySet
from secondsource.core.models import Attachment, Job, Record, change_history


class Dossier(Record):
    """A dossier, made by a job for the rights of the person who asked.

    ``scopes`` are those of the token that asked, null for none. ``groups`` are the groups of hidden
    fields that the person saw: only readers who see all of them may read the file. ``case_version``
    is the version of the case that it shows.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="dossiers")
    number = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossiers")
    scopes = models.JSONField(null=True, blank=True)
    groups = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    job = models.OneToOneField(Job, models.PROTECT, related_name="dossier")
    case_version = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    file = models.OneToOneField(
        Attachment, models.PROTECT, null=True, blank=True, related_name="dossier"
    )
    history = change_history()

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="dossier_number_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, pages__isnull=True, case_version__isnull=True)
                | Q(file__isnull=False, pages__isnull=False, case_version__isnull=False),
                name="dossier_written_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Dossier {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("case_dossier", args=[self.case.number, self.public_id])
