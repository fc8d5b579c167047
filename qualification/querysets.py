"""Querysets of cases: scope, states, search and columns of lists."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from qualification import case_key
from secondsource.core import clock

if TYPE_CHECKING:
    from secondsource.accounts.models import User


@lru_cache(maxsize=1)
def _blocked_sql(today: dt.date) -> tuple[str, tuple[Any, ...]]:
    """The SQL of all blocked cases, cached because its compilation takes longer than the query."""
    from qualification import task_counts  # it reads the models, which import this module
    from qualification.models import Case

    found: tuple[str, tuple[Any, ...]] = (
        task_counts.blocked(Case.objects.all(), today).values("pk").query.sql_with_params()
    )
    return found


@lru_cache(maxsize=1)
def _ready_to_sign_sql() -> tuple[str, tuple[Any, ...]]:
    """The SQL of all cases that can be signed, cached as that of blocked ones."""
    from qualification import task_counts
    from qualification.models import Case

    found: tuple[str, tuple[Any, ...]] = (
        task_counts.ready_to_sign(Case.objects.all()).values("pk").query.sql_with_params()
    )
    return found


class CaseQuerySet(models.QuerySet[Any]):
    """Cases by scope, state and search."""

    def visible_to(self, user: User | None) -> CaseQuerySet:
        """Cases on parts in the person's scope, and cases with the person in the team."""
        from parts.models import Part  # the models import this module
        from parts.querysets import scope_of

        if scope_of(user) is None or user is None:
            return self
        team = Q(lead=user) | Q(sponsor=user) | Exists(_memberships(user))
        return self.filter(Q(part__in=Part.objects.visible_to(user)) | team)

    def open(self) -> CaseQuerySet:
        """Open cases, including those on hold."""
        from qualification.models.cases import OPEN_STATES

        return self.filter(state__in=OPEN_STATES)

    def led_by(self, user: User) -> CaseQuerySet:
        """Cases in which the person is lead, sponsor or member of the team."""
        return self.filter(Q(lead=user) | Q(sponsor=user) | Exists(_memberships(user)))

    def blocked(self) -> CaseQuerySet:
        """Open cases on hold, or with a blocker that can be removed today."""
        return self.filter(pk__in=RawSQL(*_blocked_sql(clock.business_day())))

    def ready_to_sign(self) -> CaseQuerySet:
        """Cases whose gate is done and lacks a signature."""
        return self.filter(pk__in=RawSQL(*_ready_to_sign_sql()))

    def search(self, text: str) -> CaseQuerySet:
        """Cases whose key, part or MPN contains the text."""
        if not (wanted := text.strip().upper()):
            return self
        in_part = Q(part__figures__search_text__contains=wanted)
        return self.filter(in_part | case_key.matches(wanted))

    def with_plan(self) -> CaseQuerySet:
        """Adds ``planned_pilot``, the pilot's quantity, and ``planned_share``, the ramp's end."""
        from qualification.models import Pilot, RampStep

        pilots = Pilot.objects.filter(case=OuterRef("pk")).order_by("-pk")
        ramp = RampStep.objects.filter(transition__case=OuterRef("pk"))
        last = ramp.order_by("-transition__run", "-month")
        return self.annotate(
            planned_pilot=Subquery(pilots.values("quantity")[:1]),
            planned_share=Subquery(last.values("share")[:1]),
        )

    def converted(self, year: int | None = None) -> CaseQuerySet:
        """Closed cases (in a year) with at least one production receipt since their transition."""
        return self._closed(year).filter(_has_receipt())

    def awaiting_receipt(self, year: int | None = None) -> CaseQuerySet:
        """Closed cases (in a year) without a production receipt of their source."""
        return self._closed(year).filter(~_has_receipt())

    def _closed(self, year: int | None) -> CaseQuerySet:
        from qualification.models.cases import State

        found = self.filter(state=State.CLOSED)
        if year is None:
            return found
        since, until = clock.year_begins(year), clock.year_begins(year + 1)
        return found.filter(closed_at__gte=since, closed_at__lt=until)

    def with_list_columns(self) -> CaseQuerySet:
        """Cases with all columns of a list, in one query."""
        return self.select_related(
            "part", "part__figures", "source__manufacturer_part__manufacturer", "lead", "sponsor"
        )

    def with_columns_apart(self) -> CaseQuerySet:
        """The columns of ``with_list_columns`` for a page, in three queries, and some more.

        With a limit, to plan a join of so many tables takes ten times its execution.
        """
        from parts.models import Part
        from suppliers.models import Source

        parts = Part.objects.select_related("figures", "category")
        sources = Source.objects.select_related("manufacturer_part__manufacturer", "approval")
        return self.select_related("lead", "sponsor").prefetch_related(
            Prefetch("part", parts), Prefetch("source", sources)
        )


class DossierQuerySet(models.QuerySet[Any]):
    """Dossiers by the hidden fields that they show."""

    def readable_with(self, groups: list[str]) -> DossierQuerySet:
        """Dossiers that show no group of hidden fields beyond these."""
        return self.filter(groups__contained_by=groups)


class WithdrawableQuerySet(models.QuerySet[Any]):
    """Rows that can be withdrawn."""

    def standing(self) -> WithdrawableQuerySet:
        """Rows that are not withdrawn."""
        return self.filter(withdrawn_at=None)


class LessonQuerySet(models.QuerySet[Any]):
    """Lessons by scope, category and text."""

    def visible_to(self, user: User | None) -> LessonQuerySet:
        """Lessons of cases that the person sees."""
        from parts.querysets import scope_of
        from qualification.models import Case

        if scope_of(user) is None or user is None:
            return self
        return self.filter(case__in=Case.objects.visible_to(user))

    def search(self, text: str) -> LessonQuerySet:
        """Lessons whose text contains the words, or whose case has the key, part or MPN."""
        wanted = text.strip()
        if not wanted:
            return self
        from qualification.models import Case

        return self.filter(Q(text__icontains=wanted) | Q(case__in=Case.objects.search(wanted)))

    def about(self, category: Any) -> LessonQuerySet:
        """Lessons of cases on parts of this category, of those above and of those below it."""
        names = category.path.split("/")
        above = ["/".join(names[:length]) for length in range(1, len(names) + 1)]
        return self.filter(
            Q(category__path__in=above) | Q(category__path__startswith=f"{category.path}/")
        )


def _has_receipt() -> Exists:
    """A closed transition of the case with a production receipt since it began."""
    from qualification.models import Transition
    from suppliers.models import Receipt

    received = Receipt.objects.standing().filter(
        source=OuterRef("case__source"),
        purpose=Receipt.Purpose.PRODUCTION,
        received_qty__gt=0,
        received_date__gte=OuterRef("started_on"),
    )
    return Exists(
        Transition.objects.filter(
            Exists(received), case=OuterRef("pk"), outcome=Transition.Outcome.CLOSED
        )
    )


def _memberships(user: User) -> models.QuerySet[Any]:
    from qualification.models import TeamMember

    return TeamMember.objects.filter(case=OuterRef("pk"), user=user)


class CostEntryQuerySet(models.QuerySet[Any]):
    """Actual costs."""

    def visible_to(self, user: User | None, case: Any) -> CostEntryQuerySet:
        """The entries of a case, without the hours of other people unless the lead reads.

        Hours of other people are shown as a sum (effort by person).
        """
        found = self.filter(case=case)
        if user is not None and case.lead_id == user.pk:
            return found
        return found.exclude(Q(kind="hours") & ~Q(entered_by=user))

    def with_files(self) -> CostEntryQuerySet:
        """Entries with ``files``, the facts of their evidence."""
        from secondsource.core.models import Attachment

        files = Attachment.objects.filter(
            subject_type="qualification.costentry", subject_id=OuterRef("pk"), removed_at=None
        )
        facts = {name: name for name in ("public_id", "name", "size", "sha256")}
        told = files.order_by("id").values(told=JSONObject(**facts))
        return self.annotate(files=ArraySubquery(told))
