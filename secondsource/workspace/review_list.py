"""To review: approvals that came in without a case, with the open case on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString

from parts.views import cells as part_cells
from parts.views.currency import InCompanyCurrency
from qualification.case_key import case_key
from qualification.models import Case
from qualification.models.cases import OPEN_STATES
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import ListPage
from suppliers.filters import SourceReviewFilter
from suppliers.models import Source
from suppliers.views import cells, chips


def _open_case(row: Any) -> str:
    return case_key(row.open_case) if row.open_case else ""


def _kind(row: Any, value: Any, view: Any) -> SafeString:
    return chips.without_case(row)


def _due(row: Any, value: Any, view: Any) -> SafeString:
    return cells.day(row, value, view) if value else chip("Never reviewed", "warn")


class ReviewList(InCompanyCurrency, ListPage):
    """Legacy and taken-over approvals, by spend and age."""

    permission_required = "suppliers.view_source"
    template_name = "suppliers/reviews/review_list.html"
    page_title = "To review"
    noun = ("approval", "approvals")
    filterset_class = SourceReviewFilter
    search_field = "search"
    search_label = "Part or MPN"
    export_stem = "to-review"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "Due now": "review=due",
        "Legacy": "approval=legacy",
        "Taken over": "approval=takeover",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("part", "Part", order="part__ipn", source="part__ipn",
               draw=part_cells.part_link, css="nw", mobile="title"),
        Column("number", "Manufacturer part", source="manufacturer_part__mpn", css="ell mono",
               mobile="sub"),
        Column("manufacturer", "Manufacturer", source="manufacturer_part__manufacturer__name",
               css="ell", mobile="sub"),
        Column("kind", "Approval", source=lambda row: row.approval.get_kind_display(),
               draw=_kind, css="nw", mobile="end"),
        Column("evidence", "Evidence", source="approval__evidence_ref", css="ell",
               mobile="named"),
        Column("since", "Since", order="approval_id", source="approval__valid_from",
               draw=cells.day, css="nw", mobile="named"),
        # Computed for each row without an index, so no order; "Due now" filters by it.
        Column("due", "Review due", source="review_due",
               draw=_due, css="nw", mobile="named",
               export=lambda row: row.review_due),
        Column("spend", "Spend", order="-part__figures__spend_12m", align="r",
               source="part__figures__spend_12m", hidden_field="prices",
               draw=part_cells.spend, title="Of the part, over 12 months",
               mobile="named"),
        Column("case", "Case", source=_open_case, css="nw", mobile="named",
               template="suppliers/reviews/case_cell.html"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "Nothing to review",
        "text": "Approvals that came in without a case, legacy or taken over, are listed here until"
        " a case approves the source.",
    }

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        """By spend for those who see it, else by age."""
        return "-spend" if self.sees("prices") else "since"

    @property
    def bulk_template(self) -> str:  # type: ignore[override]
        """Boxes for who may review."""
        may = self.actor.may("suppliers.review_approval")
        return "suppliers/reviews/review_bulk.html" if may else ""

    @cached_property
    def may_open_case(self) -> bool:
        """Whether the reader opens qualification cases."""
        return self.actor.may("qualification.open_case")

    def get_queryset(self) -> QuerySet[Any]:
        """Sources in the reader's scope, with the open case on each."""
        seen = Source.objects.visible_to(self.actor.user).to_review()
        open_one = Case.objects.filter(source=OuterRef("pk"), state__in=OPEN_STATES)
        seen = seen.filter(part__figures__isnull=False)  # an inner join: the order of its indexes
        rows = seen.select_related("part__figures", "approval", "manufacturer_part__manufacturer")
        return rows.annotate(open_case=Subquery(open_one.values("number")[:1]))
