"""Lists of pilot builds and of the measurements of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db.models import Case as When_
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString

from qualification.models import Case, ChecklistItem, Measurement, PilotBuild, PilotPlan
from qualification.models.cases import OPEN_STATES
from qualification.pilot_parameters import counted_measurements
from qualification.pilot_verdicts import locked_plan
from qualification.views.base import OnCase
from secondsource.core import clock
from secondsource.core.filtersets import RecordFilterSet
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import ListPage

#: Where a pilot stands: value of the filter and words, in the order of the list.
STANDINGS = {"open": "No verdict", "planned": "No results", "passed": "Pass", "over": "Over"}
_TONES = {"No verdict": ("warn", "triangle-alert"), "Pass": ("good", "circle-check")}


def _verdict(case: Any, words: str, view: Any) -> SafeString:
    tone, mark = _TONES.get(words, ("out", ""))
    return chip(words, tone, icon=mark)


class PilotFilterSet(RecordFilterSet):
    """Cases with a pilot by key or part, and by the state of the pilot."""

    q = django_filters.CharFilter(label="Search", method="search")
    standing = django_filters.MultipleChoiceFilter(
        choices=list(STANDINGS.items()), label="Verdict", method="by_standing"
    )

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"q": ("part__ipn",)}

    class Meta:
        model = Case
        fields: ClassVar[list[str]] = []

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By a part of the key, the part's number or an MPN."""
        return queryset.search(value)

    def by_standing(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Cases in one of these states; all if none is given."""
        places = [number for number, word in enumerate(STANDINGS) if word in value]
        return queryset.filter(rank__in=places) if places else queryset


class PilotListPage(ListPage):
    """Pilot builds: those without a verdict first."""

    permission_required = "qualification.view_case"
    page_title = "Pilot builds"
    noun = ("pilot build", "pilot builds")
    filterset_class = PilotFilterSet
    search_field = "q"
    search_label = "Key, part or MPN"
    default_sort = "standing"
    export_stem = "pilot-builds"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "No verdict": "standing=open", "Pass": "standing=passed",
    }  # fmt: skip
    columns = (
        Column("key", "Case", order="number", css="nw mono", mobile="sub",
               template="qualification/cells/pilot.html"),
        Column("alternate", "Alternate", css="ell mono", mobile="title",
               order="source__manufacturer_part__mpn",
               source="source__manufacturer_part__mpn"),
        Column("part", "Part", order="part__ipn", css="nw mono", source="part__ipn"),
        Column("standing", "Verdict", order=("rank", "number"), css="nw", mobile="end",
               draw=_verdict,
               source=lambda case: list(STANDINGS.values())[case.rank]),
        Column("good", "Good", source="good_units", order="good_units", align="r"),
        Column("started", "Started", source="started_units", order="started_units", align="r"),
        Column("plan", "Plan", source=lambda case: f"v{case.plan_number}", css="nw"),
        Column("locked", "Locked", order="plan_locked", css="nw", align="r",
               source=lambda case: clock.day_of(case.plan_locked)),
        Column("lead", "Lead", order="lead__name", css="nw", source="lead__name"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No pilot plan is locked yet",
        "text": "A pilot build begins with a plan on the page of its case, tab “Pilot build”.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """Cases with a locked plan, and where their pilots stand."""
        locked = PilotPlan.objects.filter(case=OuterRef("pk"), locked_at__isnull=False)
        newest = locked.order_by("-number")
        passed = Exists(
            ChecklistItem.objects.filter(
                case=OuterRef("pk"), link=ChecklistItem.Link.PILOT_RESULTS, met_at__isnull=False
            )
        )
        cases = Case.objects.visible_to(self.request.user).with_columns_apart()
        cases = cases.annotate(
            plan_number=Subquery(newest.values("number")[:1]),
            plan_locked=Subquery(newest.values("locked_at")[:1]),
            good_units=_units("good"),
            started_units=_units("started"),
        ).filter(plan_number__isnull=False)
        place = {word: Value(number) for number, word in enumerate(STANDINGS)}
        rank = When_(
            When(passed, then=place["passed"]),
            When(~Q(state__in=OPEN_STATES), then=place["over"]),
            When(~Exists(locked.filter(builds__isnull=False)), then=place["planned"]),
            default=place["open"],
        )
        return cases.annotate(rank=rank)


def _units(column: str) -> Subquery:
    """Units of all standing builds of a case, under any version of its plan."""
    builds = PilotBuild.objects.standing().filter(plan__case=OuterRef("pk")).order_by()
    return Subquery(builds.values("plan__case").annotate(n=Sum(column)).values("n"))


class MeasurementFilterSet(RecordFilterSet):
    """Measurements by parameter, arm and lot."""

    parameter = django_filters.CharFilter(label="Parameter")
    arm = django_filters.ChoiceFilter(choices=Measurement.Arm, label="Source")
    lot = django_filters.CharFilter(label="Lot")

    class Meta:
        model = Measurement
        fields: ClassVar[list[str]] = []


class MeasurementListPage(OnCase, ListPage):
    """The measured values that count for the newest plan, one by one."""

    permission_required = "qualification.view_case"
    page_title = "Measurements of {self.case.key}"
    noun = ("measurement", "measurements")
    filterset_class = MeasurementFilterSet
    default_sort = "id"
    export_stem = "measurements"
    template_name = "qualification/pilot/measurements.html"
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No measurement counts yet",
        "text": "Values come by file, from the page of the pilot build, under its locked plan.",
    }
    columns = (
        Column("parameter", "Parameter", order="parameter", mobile="title"),
        Column("arm", "Source", order="arm", source=lambda one: one.get_arm_display()),
        Column("lot", "Lot", order="lot", css="mono"),
        Column("serial", "Serial number", order="serial", css="mono", mobile="sub"),
        Column("value", "Value", order="value", align="r", mobile="end"),
        Column("file", "From", source="batch__origin"),
        Column("id", "Row", order="id", align="r"),
    )

    def get_object(self) -> Case:
        """The case in the URL."""
        seen = OnCase.get_queryset(self)
        found: Case = get_object_or_404(seen, number=self.kwargs["number"])
        return found

    def get_queryset(self) -> QuerySet[Any]:
        """Measurements of the newest locked plan."""
        plan = locked_plan(self.case)
        if plan is None:
            return Measurement.objects.none()
        return counted_measurements(plan).select_related("batch")
