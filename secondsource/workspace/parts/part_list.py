"""The list of parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet, Sum

from parts.counts import COUNTS, word_of
from parts.filters import LIFECYCLE_GROUPS, PartFilter
from parts.models import Part, PartFigures
from parts.querysets import scope_of
from parts.views import cells as part_cells
from parts.views import chips
from parts.views.currency import InCompanyCurrency
from secondsource.core import formats
from secondsource.core.chips import StateChip
from secondsource.core.row_counts import capped_counts
from secondsource.core.tables import Column
from secondsource.core.views import ListPage
from secondsource.workspace.parts import cells

#: Above this many rows a view's count is not exact.
MOST_COUNTED = 10_000


def _count(row: Any) -> StateChip:
    return chips.count(word_of(row.figures))


def _manufacturer_and_words(row: Any) -> str:
    return ", ".join(filter(None, [row.figures.incumbent_manufacturer, row.description]))


def _case_in_words(row: Any) -> str:
    return " ".join(filter(None, [row.figures.case_key, cells.stage(row.figures.case_state).text]))


def _views(user: Any) -> dict[str, QuerySet[Any]]:
    """The parts of each view."""
    seen = Part.objects.visible_to(user)
    figures = PartFigures.objects.all()
    if scope_of(user) is not None:
        figures = figures.filter(part__in=seen.values("pk"))
    return {
        "All parts": seen,
        "No approved source": figures.filter(COUNTS["none"].condition),
        "Single source": figures.filter(COUNTS["single"].condition),
        "In qualification": figures.filter(COUNTS["underway"].condition),
        "Two or more": figures.filter(COUNTS["multiple"].condition),
        "Life ending": seen.filter(lifecycle__in=LIFECYCLE_GROUPS["ending"][1]),
        "My parts": seen.filter(owner=user),
    }


class PartList(InCompanyCurrency, ListPage):
    """All parts that the reader may see, narrowed by views, filters and search."""

    permission_required = "parts.view_part"
    template_name = "workspace/parts/part_list.html"
    page_title = "Parts"
    noun = ("part", "parts")
    filterset_class = PartFilter
    search_field = "search"
    search_label = "Part, MPN, manufacturer"
    export_stem = "parts"
    bulk_template = "workspace/parts/bulk.html"
    most_summed = 2_000
    columns: ClassVar[Sequence[Column]] = (
        Column("ipn", "Part", order="ipn", draw=part_cells.part_link, css="nw", mobile="title"),
        Column(
            "incumbent", "Incumbent", order="figures__incumbent_mpn",
            source="figures__incumbent_mpn", draw=part_cells.mpn, css="nw",
        ),
        Column(
            "description", "Manufacturer, description", source=_manufacturer_and_words,
            css="ell", mobile="sub",
        ),
        Column(
            "lifecycle", "Lifecycle", source=lambda row: chips.lifecycle(row.lifecycle),
            draw=cells.lifecycle, css="nw",
            export=lambda row: row.get_lifecycle_display(),
        ),
        Column(
            "sources", "Sources", order="figures__counted_sources",
            source=lambda row: row.figures, draw=cells.sources, css="nw", mobile="end",
            export=lambda row: chips.sources_in_words(row.figures),
        ),
        Column(
            "count", "Counts as", source=_count, draw=cells.count, css="nw",
            title="Sources that are approved and not nominal",
            export=lambda row: _count(row).text,
        ),
        Column(
            "spend", "Spend", order="-figures__spend_12m", source="figures__spend_12m",
            draw=cells.spend, align="r", hidden_field="prices",
            title="Over 12 months; hover a figure for its basis",
        ),
        Column(
            "cover", "Cover / lead", order="figures__cover_wk", source="figures__cover_wk",
            draw=cells.cover, align="r", css="nw",
            title="Weeks on hand / lead time in weeks",
        ),
        Column(
            "qualification", "Qualification", draw=cells.rail,
            source=lambda row: cells.stage(row.figures.case_state), css="nw", export=_case_in_words,
        ),
        Column(
            "owner", "Owner", source=lambda row: row.owner, draw=cells.owner,
            align="c", export=lambda row: row.owner.name if row.owner else "",
        ),
    )  # fmt: skip
    views: ClassVar[Mapping[str, str]] = {
        "All parts": "",
        "No approved source": "sources=none",
        "Single source": "sources=single",
        "In qualification": "sources=underway",
        "Two or more": "sources=multiple",
        "Life ending": "lifecycle=ending",
        "My parts": "owner=me",
    }
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No parts yet",
        "text": "Engineers import a bill of material, and each line becomes a part.",
    }
    first_action = ("exchange.import_data", "import_create", "Import a file")

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        """By spend for those who see it."""
        return "-spend" if self.sees("prices") else "ipn"

    def get_queryset(self) -> QuerySet[Any]:
        """Parts of the reader's scope with what the columns read; each has its figures."""
        seen = Part.objects.visible_to(self.request.user).with_figures()
        return seen.select_related("owner").defer("figures__search_text")

    def view_counts(self) -> Mapping[str, int | str]:
        """All views in one statement whose cost is bounded; beyond the cap ``10,000+``."""
        user = self.request.user
        counts = capped_counts(
            lambda: _views(user),
            cap=MOST_COUNTED,
            remember=True,
            same=("views of parts", user.reads_as),
        )
        return {
            label: formats.number(count) if count <= MOST_COUNTED else f"{MOST_COUNTED:,}+"
            for label, count in counts.items()
        }

    def get_totals(self, queryset: QuerySet[Any]) -> Sequence[tuple[str, str]]:
        """The year's spend of the shown parts, for those who see prices."""
        if not self.sees("prices"):
            return ()
        known = queryset.aggregate(spend=Sum("figures__spend_12m"))
        if known["spend"] is None:
            return ()
        return (("a year", formats.money_short(known["spend"], self.currency)),)
