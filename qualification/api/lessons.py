"""``/lessons/``: what cases taught."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qualification import lesson_serializers as shapes
from qualification import services
from qualification.filters import LessonFilter
from qualification.models import Lesson
from secondsource.core.api.history import History
from secondsource.core.api.views import Addable, ById, Changeable, Readable


class LessonResource(ById, Readable, Addable, Changeable, History):
    """Lessons of cases in the caller's scope; with ``step`` one is proposed for the SOP."""

    permission = {"read": "qualification.view_lesson", "write": "qualification.write_lesson"}
    shape = shapes.LessonShape
    input_class = shapes.LessonInput
    changes_class = shapes.LessonChanges
    filterset_class = LessonFilter
    orderings = {"created_at": "id"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Lesson]:
        """Lessons of cases that the caller sees."""
        seen = Lesson.objects.visible_to(self.actor.user)
        return seen.select_related("case", "category", "author").prefetch_related("steps__sop")

    def add(self, values: dict[str, Any]) -> Lesson:
        """Write a lesson."""
        return services.write_lesson(**values, actor=self.actor)

    def change(self, obj: Lesson, values: dict[str, Any], expected: int | None) -> Lesson:
        """Change text or gate; by who wrote it or quality."""
        return services.change_lesson(
            lesson=obj, values=values, actor=self.actor, expected=expected
        )
