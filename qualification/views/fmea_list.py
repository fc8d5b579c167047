"""The list of FMEAs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db.models import Case as When_
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from qualification.consequences import in_words
from qualification.models import Case, Fmea, FmeaAction, FmeaRow
from qualification.models.cases import OPEN_STATES
from qualification.models.fmea import OPEN_HIGH, PENDING
from qualification.views.fmea import status_chip
from secondsource.core.filtersets import RecordFilterSet, YesNoFilter
from secondsource.core.tables import Column
from secondsource.core.views import ListPage


class FmeaFilterSet(RecordFilterSet):
    """FMEAs by case, part or MPN, status, open AP-High."""

    q = django_filters.CharFilter(label="Search", method="search")
    status = django_filters.ChoiceFilter(choices=Fmea.Status, label="State")
    high = YesNoFilter(label="AP-High open", method="only_high")
    open = YesNoFilter(label="Case open", method="only_open")

    class Meta:
        model = Fmea
        fields: ClassVar[list[str]] = []

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By a part of the key, the part's number or an MPN."""
        return queryset.filter(case__in=Case.objects.all().search(value))

    def only_high(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """FMEAs with an open AP-High, or without one."""
        return queryset.filter(high_open__gt=0) if value else queryset.filter(high_open=0)

    def only_open(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """FMEAs of open cases, or of cases that are over."""
        is_open = Q(case__state__in=OPEN_STATES)
        return queryset.filter(is_open if value else ~is_open)


class FmeaListPage(ListPage):
    """FMEAs of the cases that the reader sees, reopened ones and open AP-High first."""

    permission_required = "qualification.view_case"
    page_title = "FMEA"
    noun = ("FMEA", "FMEAs")
    filterset_class = FmeaFilterSet
    search_field = "q"
    search_label = "Key, part or MPN"
    default_sort = "state"
    export_stem = "fmeas"
    views: ClassVar[Mapping[str, str]] = {
        "Open cases": "open=true",
        "AP-High open": "high=true",
        "Reopened": "status=reopened",
        "All": "view=all",
    }
    opens_with = "open=true"
    columns = (
        Column("key", "Case", order="case__number", source=lambda row: row.case.key, link=True,
               css="nw mono", mobile="sub"),
        Column("alternate", "Alternate", css="ell mono", mobile="title",
               source="case__source__manufacturer_part__mpn",
               order="case__source__manufacturer_part__mpn"),
        Column("part", "Part", order="case__part__ipn", source="case__part__ipn", css="nw mono"),
        Column("gate", "Gate", css="nw", source=lambda row: in_words(row.case.state)),
        Column("state", "State", order=("rank", "-high_open"), css="nw", mobile="sub",
               source=lambda row: status_chip(row)[0]),
        Column("row_count", "Rows", order="-row_count", align="r"),
        Column("high_open", "AP-High open", order="-high_open", align="r", mobile="named"),
        Column("high_accepted", "Accepted", order="-high_accepted", align="r"),
        Column("pending", "Actions open", order="-pending", align="r"),
        Column("next_due", "Next due", order="next_due", css="nw", align="r",
               template="qualification/cells/next_due.html"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No FMEA yet",
        "text": "A case's FMEA begins with its first failure mode, on the tab FMEA of the case.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """FMEAs with their figures."""
        seen = Case.objects.visible_to(self.request.user)
        rank = When_(When(status=Fmea.Status.REOPENED, then=Value(0)), default=Value(1))
        actions = FmeaAction.objects.filter(row__fmea=OuterRef("pk"), status__in=PENDING)
        return (
            Fmea.objects.filter(case__in=seen)
            .select_related("case__part", "case__source__manufacturer_part__manufacturer")
            .annotate(
                rank=rank,
                row_count=_number(FmeaRow.objects.filter(fmea=OuterRef("pk")), "fmea"),
                high_open=_number(FmeaRow.objects.filter(OPEN_HIGH, fmea=OuterRef("pk")), "fmea"),
                high_accepted=_number(
                    FmeaRow.objects.filter(fmea=OuterRef("pk"), accepted_by__isnull=False), "fmea"
                ),
                pending=_number(actions, "row__fmea"),
                next_due=Subquery(
                    actions.order_by().values("row__fmea").annotate(d=Min("due_date")).values("d")
                ),
            )
        )


def _number(rows: QuerySet[Any], of: str) -> Coalesce:
    counted = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
