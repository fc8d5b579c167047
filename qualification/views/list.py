"""The list of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import Case as When_
from django.db.models import IntegerField, QuerySet, Value, When
from django.urls import reverse

from qualification.filters import CaseFilterSet
from qualification.models import Case
from qualification.models.cases import OPEN_STATES, State
from qualification.next_move import Steps, blockers, with_work
from qualification.overdue import overdue
from secondsource.core import clock
from secondsource.core.row_counts import capped_counts
from secondsource.core.tables import Column
from secondsource.core.views import ListPage

#: Above this many rows a tab's count is not exact.
MOST_COUNTED = 10_000
RANK = {str(state): rank for rank, state in enumerate(State)}


def due_while_open(case: Case) -> dt.date | None:
    """The due date of an open case; empty for cases that are over."""
    return case.due_date if case.state in OPEN_STATES else None


def _views(user: Any) -> dict[str, QuerySet[Any]]:
    """The cases of each tab."""
    seen = Case.objects.visible_to(user)
    return {
        "Open": seen.open(),
        "Mine": seen.led_by(user).open(),
        "Blocked": seen.blocked(),
        "Overdue": overdue(seen),
        "In transition": seen.filter(state=State.TRANSITION),
        "Closed": seen.filter(state=State.CLOSED),
        "All": seen,
    }


@lru_cache(maxsize=1)
def _rows() -> Any:
    """The cases with what a row shows, kept unread because to build them takes 5 ms."""
    rank = When_(
        *(When(state=state, then=Value(rank)) for state, rank in RANK.items()),
        output_field=IntegerField(),
    )
    over = When_(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1))
    cases = with_work(Case.objects.with_columns_apart(), steps=Steps.COUNTED)
    return cases.annotate(rank=rank, over=over)


class CaseListPage(ListPage):
    """The list of cases, in the order of due dates."""

    permission_required = "qualification.view_case"
    template_name = "qualification/case_list.html"
    page_title = "Qualifications"
    noun = ("case", "cases")
    page_size = 20  # the blockers of each row are judged
    filterset_class = CaseFilterSet
    search_field = "q"
    search_label = "Key, part or MPN"
    default_sort = "due"
    export_stem = "cases"
    views: ClassVar[Mapping[str, str]] = {
        "Open": "open=true",
        "Mine": "open=true&mine=true",
        "Blocked": "blocked=true",
        "Overdue": "overdue=true",
        "In transition": "state=transition",
        "Closed": "state=closed",
        "All": "view=all",
    }
    opens_with = "open=true"
    columns = (
        Column("key", "Case", order="number", link=True, css="nw mono", mobile="sub"),
        Column(
            "incumbent", "Incumbent → alternate", order="part__figures__incumbent_mpn",
            template="qualification/cells/sources.html", css="ell", mobile="title",
            source="source__manufacturer_part__mpn",
            export=lambda case: f"{incumbent(case)} → {case.source.manufacturer_part.mpn}",
        ),
        Column("part", "Part", order="part__ipn", css="nw mono", source="part__ipn"),
        Column(
            "state", "Gate", order="rank", template="qualification/cells/gate.html",
            css="nw", mobile="sub", export=lambda case: case.get_state_display(),
        ),
        Column(
            "blockers", "Blockers", template="qualification/cells/blockers.html", align="r",
            css="nw",
            source=blockers, mobile="end",
            title="What somebody can lift today",
        ),
        Column("lead", "Lead", order="lead__name", css="nw", source="lead__name"),
        Column(
            "sponsor", "Sponsor", order="sponsor__name", css="nw", source="sponsor__name",
        ),
        Column(
            "due", "Due", order=("over", "due_date"), source=due_while_open, css="nw", align="r",
            template="qualification/cells/due.html",
        ),
        Column(
            "opened", "Opened", order="-opened_at", css="nw", align="r",
            source=lambda case: clock.day_of(case.opened_at),
        ),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No case yet",
        "text": "A case takes an alternate through six gates until it may be bought.",
    }
    first_action = ("qualification.open_case", "case_create", "Open a case")

    def get_queryset(self) -> QuerySet[Any]:
        """Cases with the columns of the list and the keys of its order."""
        seen: QuerySet[Any] = _rows().visible_to(self.request.user)
        return seen

    def view_counts(self) -> Mapping[str, int | str]:
        """Counts of the tabs in one query."""
        user = self.request.user
        counts = capped_counts(
            lambda: _views(user),
            cap=MOST_COUNTED,
            same=("views of cases", user.reads_as, clock.business_day()),
        )
        return {
            label: count if count <= MOST_COUNTED else f"{MOST_COUNTED:,}+"
            for label, count in counts.items()
        }

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the button for readers who may open a case."""
        may = self.actor.may("qualification.open_case")
        add = {"add_url": reverse("case_create"), "add_label": "Open a case"} if may else {}
        return super().get_context_data(**add, **context)


def incumbent(case: Case) -> str:
    """The MPN that is used today, or a dash."""
    figures = getattr(case.part, "figures", None)
    return figures.incumbent_mpn if figures and figures.incumbent_mpn else "–"
