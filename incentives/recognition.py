"""What a year achieved, without amounts: conversions with their people, exposure removed, lessons.

Anyone may read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, QuerySet

from parts.models import PartFigures, PartUsage
from qualification import credit
from qualification.models import Case, Lesson
from secondsource.accounts.models import User
from secondsource.core import clock

#: The most lessons on the page.
SHOWN = 12


@dataclass(frozen=True)
class Conversion:
    """A source that was brought in, by whom, and how many products hold its part."""

    case: Case
    people: str
    products: int
    independent: bool


@dataclass(frozen=True)
class Recognised:
    """The conversions of a year with what they removed, and its lessons."""

    conversions: Sequence[Conversion]
    parts: int
    products: int
    lessons: Sequence[Lesson]


def of_year(reader: User | None, year: int) -> Recognised:
    """The year as this reader sees it."""
    cases = list(_converted(reader, year))
    parts = {case.part_id for case in cases}
    used = PartUsage.objects.filter(part__in=parts)
    products = dict(used.order_by().values_list("part").annotate(n=Count("product")))
    credits = credit.of_sources([case.source_id for case in cases])
    secured = PartFigures.objects.filter(part__in=parts, supply=PartFigures.Supply.SEVERAL)
    several = set(secured.values_list("part", flat=True))
    lessons = Lesson.objects.visible_to(reader).filter(
        created_at__gte=clock.year_begins(year), created_at__lt=clock.year_begins(year + 1)
    )
    return Recognised(
        conversions=[
            Conversion(
                case=case,
                people=_people(credits.get(case.source_id)),
                products=products.get(case.part_id, 0),
                independent=case.part_id in several,
            )
            for case in cases
        ],
        parts=len(several),
        products=used.filter(part__in=several).values("product").distinct().count(),
        lessons=list(lessons.select_related("case", "author")[:SHOWN]),
    )


def years(reader: User | None) -> list[int]:
    """Years in which a case was closed."""
    closed = Case.objects.visible_to(reader).filter(closed_at__isnull=False)
    zone = settings.COMPANY_TIME_ZONE
    return [day.year for day in closed.datetimes("closed_at", "year", tzinfo=zone)]


def _converted(reader: User | None, year: int) -> QuerySet[Case]:
    found: QuerySet[Case] = Case.objects.visible_to(reader).converted(year).with_list_columns()
    return found.order_by("-closed_at", "-pk")


def _people(found: credit.Credit | None) -> str:
    if found is None:
        return ""
    return ", ".join(f"{one.name} ({one.in_words})" for one in found.people)
