"""Lessons of cases, for the next case on a part of the category."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse

from parts.models import Category
from qualification.models.cases import Case, State
from qualification.querysets import LessonQuerySet
from secondsource.core.models import Record, change_history, words_known


@words_known
class Lesson(Record):
    """What a case taught at a gate; ``category`` is that of its part when it was written."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="lessons")
    category = models.ForeignKey(Category, models.PROTECT, related_name="lessons")
    gate = models.CharField(max_length=14, choices=State)
    text = models.CharField(max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    history = change_history()
    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = [
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="lesson_text_trigram"),
            models.Index(fields=["category", "-id"], name="lesson_of_category"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{reverse('case_detail', args=[self.case.number])}#lessons"
