"""The list of approvals that wait for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Count, Prefetch, Q, QuerySet

from qualification.approvals import waiting
from qualification.filters import ApprovalFilterSet
from qualification.guards import items_open_now
from qualification.models import Case
from qualification.overdue import with_gate_day
from qualification.views.list import incumbent
from secondsource.accounts.rights import Function
from secondsource.core.tables import Column
from secondsource.core.views import ListPage


def unsigned_in_words(case: Any) -> str:
    """``Quality, Sponsor``: the functions that the gate still needs."""
    return ", ".join(Function(function).label for function in case.unsigned)


def open_points(case: Any) -> str:
    """What else prevents the approval: overdue customers, unsigned risks."""
    points = ["Customer overdue" if case.late else "", "Risk not signed" if case.open_risks else ""]
    return ", ".join(filter(None, points))


class ApprovalListPage(ListPage):
    """Cases at the approval gate and signatures that can be given, in the order of due dates."""

    permission_required = "qualification.view_case"
    page_title = "Approvals"
    noun = ("case", "cases")
    filterset_class = ApprovalFilterSet
    search_field = "q"
    search_label = "Key, part or MPN"
    default_sort = "due"
    export_stem = "approvals"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "To sign": "to_sign=true",
        "Mine": "mine=true",
        "Interims": "interim=true",
        "Customers overdue": "late=true",
    }
    columns = (
        Column("key", "Case", order="number", css="nw mono", mobile="sub"),
        Column(
            "source", "Incumbent → alternate", order="part__figures__incumbent_mpn",
            template="qualification/cells/approval.html", css="ell", mobile="title",
            source="source__manufacturer_part__mpn",
            export=lambda case: f"{incumbent(case)} → {case.source.manufacturer_part.mpn}",
        ),
        Column("gate", "Gate", template="qualification/cells/gate.html", css="nw", mobile="sub",
               source=lambda case: case.get_state_display()),
        Column("unsigned", "Not signed", source=unsigned_in_words,
               template="qualification/cells/unsigned.html", css="nw s", mobile="sub"),
        Column("open", "Also open", source=open_points, css="nw s"),
        Column("interim", "Interim to", order="interim_end", source="interim_end", css="nw",
               align="r", mobile="named"),
        Column("lead", "Lead", order="lead__name", source="lead__name", align="c",
               template="qualification/cells/lead.html"),
        Column("due", "Due", order="due_date", source="due_date", css="nw", align="r",
               template="qualification/cells/due.html"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "Nothing waits for an approval",
        "text": "Cases come here at the approval gate, and when the work of another gate is done.",
    }

    @cached_property
    def ready(self) -> list[int]:
        """The ids of all cases that can be signed."""
        return list(Case.objects.ready_to_sign().values_list("pk", flat=True))

    def get_queryset(self) -> QuerySet[Any]:
        """Waiting cases with the columns of the list."""
        cases = Case.objects.visible_to(self.request.user).with_columns_apart()
        rows: QuerySet[Any] = waiting(with_gate_day(cases), self.ready).prefetch_related(
            Prefetch("checklist", items_open_now()), "runs__hold_points"
        )
        return rows

    def view_counts(self) -> Mapping[str, int | str]:
        """Counts of the tabs in one query."""
        user: Any = self.request.user
        mine = Q(pk__in=Case.objects.led_by(user).values("pk"))
        counts = waiting(Case.objects.visible_to(user), self.ready).aggregate(
            all=Count("pk"),
            ready=Count("pk", Q(to_sign=True)),
            mine=Count("pk", mine),
            interims=Count("pk", Q(interim_end__isnull=False)),
            overdue=Count("pk", Q(late=True)),
        )
        return dict(zip(self.views, counts.values(), strict=True))
