"""Lessons: the list over all cases, the card on a case, and the form that writes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from parts.models import Category
from qualification import services
from qualification.consequences import in_words
from qualification.filters import LessonFilter
from qualification.models import Case, Lesson
from qualification.services.lessons import TEACHING
from qualification.step_forms import LessonChangeForm, LessonForm
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from qualification.views.panels import standing_at
from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.tables import Column
from secondsource.core.views import ListPage

#: The most lessons of other cases on a card.
SHOWN = 5


class LessonList(ListPage):
    """The lessons of all cases, the newest first."""

    permission_required = "qualification.view_lesson"
    page_title = "Lessons"
    template_name = "qualification/lessons/list.html"
    noun = ("lesson", "lessons")
    filterset_class = LessonFilter
    search_field = "search"
    search_label = "Words, case, part or MPN"
    export_stem = "lessons"
    default_sort = "-written"
    columns: ClassVar[Sequence[Column]] = (
        Column("text", "Lesson", link=True, css="wrap", mobile="title"),
        Column("gate", "Gate", source=lambda row: in_words(row.gate), css="nw", mobile="sub"),
        Column("category", "Category", order="category__path", source="category__name", css="nw",
               mobile="sub"),
        Column("case", "Case", order="case__number", source=lambda row: row.case.key,
               css="nw mono", mobile="sub"),
        Column("author", "By", order="author__name", source="author__name", css="nw"),
        Column("written", "Written", order="created_at", css="nw", align="r", mobile="end",
               source=lambda row: clock.day_of(row.created_at)),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No lessons yet",
        "text": "A case in transition, or one that is over, says on its page what it taught.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """Lessons of cases that the reader sees."""
        return Lesson.objects.visible_to(self.actor.user).select_related(
            "case", "category", "author"
        )


def of_category(reader: User | None, category: Category, case: Case | None = None) -> list[Lesson]:
    """The newest lessons of other cases on parts of the category."""
    seen = Lesson.objects.visible_to(reader).about(category).select_related("case", "author")
    others = seen.exclude(case=case) if case is not None else seen
    return list(others[:SHOWN])


def card(case: Case, actor: Any) -> dict[str, Any]:
    """The lessons of a case, those of earlier ones, and whether the reader can write one."""
    teaches = case.state in TEACHING
    own = case.lessons.select_related("author").prefetch_related("steps__sop") if teaches else ()
    rows = list(own)
    return {
        "own_lessons": [(one, actor.may("qualification.change_lesson", one)) for one in rows],
        "earlier_lessons": of_category(actor.user, case.part.category, case),
        "may_teach": teaches and actor.may("qualification.write_lesson", case),
    }


class NewLessonPage(OnCase, CaseForm):
    """Write a lesson, and propose a step for the next version of the SOP."""

    permission_required = "qualification.write_lesson"
    form_class = LessonForm
    submit_label = "Write lesson"
    anchor = "#lessons"

    def get_page_title(self) -> str:
        """The case."""
        return f"Lesson of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present or last gate of the case."""
        gate = standing_at(self.case, self.case.passages.all())
        return {"initial": {"gate": gate}, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Write it; the toast names the draft that got the step."""
        lesson = services.write_lesson(case=self.case, actor=self.actor, **form.cleaned_data)
        step = lesson.steps.select_related("sop__category").first()
        self.success_message = f"Added to the draft of {step.sop}." if step else "Lesson written."
        return lesson.get_absolute_url()


class LessonPage(CaseForm, OnPartOfCase):
    """Change text or gate of a lesson, by who wrote it or quality."""

    part_of = Lesson
    argument = "lesson"
    permission_required = "qualification.change_lesson"
    form_class = LessonChangeForm
    submit_label = "Save lesson"
    success_message = "Lesson saved. The history keeps the former text."
    anchor = "#lessons"

    def permission_object(self) -> Any:
        """The lesson, whose author may change it."""
        return self.object

    def get_page_title(self) -> str:
        """The case."""
        return f"Change a lesson of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present values."""
        present = {"gate": self.object.gate, "text": self.object.text}
        return {"initial": present, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save it."""
        lesson = services.change_lesson(
            lesson=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return lesson.get_absolute_url()
