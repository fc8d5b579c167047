"""The page of one part: a head and tabs, each with its own address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse

from parts.counts import word_of
from parts.views import chips
from parts.views.currency import InCompanyCurrency
from parts.views.part_forms import OfPart
from qualification import survival
from qualification.models import Case
from qualification.models.cases import OPEN_STATES
from secondsource.core import attachments, discussion, watches
from secondsource.core.row_counts import capped_counts
from secondsource.core.views import DetailPage
from secondsource.core.views.history import MOST
from secondsource.workspace.parts import cells, queries, survival_card, timeline
from suppliers import price_facts


class PartPage(InCompanyCurrency, OfPart, DetailPage):
    """The head of every tab: IPN, sources in words, incumbent, owner, actions."""

    permission_required = "parts.view_part"
    tab: ClassVar[str] = ""

    @property
    def sources(self) -> queries.PartSources:
        """The part's sources, read once a request."""
        if not hasattr(self, "_sources"):
            self._sources = queries.PartSources(
                self.object, cases=self.cases, currency=self.currency
            )
        return self._sources

    @property
    def cases(self) -> list[Case]:
        """Cases on the part that the reader may see, newest first."""
        if not hasattr(self, "_cases"):
            found = Case.objects.visible_to(self.request.user).filter(part=self.object)
            self._cases = list(found.with_list_columns().order_by("-number"))
        return self._cases

    @cached_property
    def uses(self) -> list[queries.Use]:
        """Products that take the part, those that the reader may see."""
        return queries.uses(self.object, self.request.user)

    @cached_property
    def small_counts(self) -> dict[str, int]:
        """Files on the part, and whether the reader watches it, in one statement."""
        return capped_counts(
            {
                "files": attachments.of(self.object),
                "watched": watches.watchers(self.object).filter(user=self.request.user),
            },
            cap=1_000,
        )

    def get_tabs(self) -> list[Mapping[str, Any]]:
        """The tabs with their counts."""
        counts = {
            "part_detail": len(self.sources.rows),
            "part_where_used": len(self.uses),
            "part_cases": len(self.cases),
            "part_files": self.small_counts["files"],
        }
        return [
            {
                "label": label,
                "url": reverse(name, args=[self.object.ipn]),
                "count": counts.get(name),
                "current": name == self.tab,
            }
            for name, label in _TABS.items()
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the head's words and what the reader may do."""
        part, rows = self.object, self.sources.rows
        figures = getattr(part, "figures", None)
        open_case = next((case for case in self.cases if case.state in _OPEN), None)
        may_open = self.request.user.has_perm("qualification.open_case")
        to_qualify = self.sources.to_qualify if may_open else []
        return super().get_context_data(
            lifecycle=chips.lifecycle(part.lifecycle),
            pips=chips.pips(figures) if figures else "",
            sources_said=chips.sources_in_words(figures) if figures else "",
            count=chips.count(word_of(figures)) if figures else None,
            incumbent=rows[0] if self.sources.incumbent == 0 else None,
            figures=figures,
            open_case=open_case,
            to_qualify=to_qualify,
            adds_source=not open_case and not to_qualify,
            watched=bool(self.small_counts["watched"]),
            **context,
        )


_OPEN = {str(state) for state in OPEN_STATES}

_TABS = {
    "part_detail": "Sources and spec",
    "part_where_used": "Where used",
    "part_cases": "Qualifications",
    "part_files": "Files",
    "part_history": "History",
}


class SourcesTab(PartPage):
    """Sources and specification side by side."""

    template_name = "workspace/parts/part_sources.html"
    tab = "part_detail"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds columns, the comparison, the side cards and the discussion."""
        differences_first = self.request.GET.get("order") != "listed"
        sheet = self.sources.sheet
        uses = self.uses
        lasting = survival.of(self.object, self.sources.columns)
        return super().get_context_data(
            columns=self.sources.columns,
            sheet=sheet,
            groups=sheet.groups(differences_first=differences_first),
            deviating=sheet.count("deviation"),
            blocking=sheet.count("blocks"),
            unknown=sheet.count("unknown"),
            differences_first=differences_first,
            quantity=price_facts.QUANTITY,
            uses=uses[:6],
            uses_count=len(uses),
            per_month=queries.total_per_month(uses),
            survival=survival_card.card(lasting) if lasting else None,
            comments=list(discussion.of(self.object)),
            **context,
        )


class WhereUsedTab(PartPage):
    """Every way up through the bills of material."""

    template_name = "workspace/parts/part_where_used.html"
    tab = "part_where_used"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the paths and the sums by product."""
        uses = self.uses
        return super().get_context_data(
            paths=queries.paths(self.object, self.request.user),
            uses=uses,
            per_month=queries.total_per_month(uses),
            **context,
        )


class CasesTab(PartPage):
    """Qualification cases of the part."""

    template_name = "workspace/parts/part_cases.html"
    tab = "part_cases"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the cases with their rail."""
        rows = [(case, cells.rail(case, cells.stage(case.state), self)) for case in self.cases]
        return super().get_context_data(cases=rows, **context)


class FilesTab(PartPage):
    """Files on the part."""

    template_name = "workspace/parts/part_files.html"
    tab = "part_files"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the files."""
        context.setdefault("problem", "")
        return super().get_context_data(files=list(attachments.of(self.object)), **context)


class HistoryTab(PartPage):
    """Who did what, when and why."""

    template_name = "workspace/parts/part_history.html"
    tab = "part_history"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the newest entries."""
        return super().get_context_data(
            entries=timeline.of_part(self.object, self.actor), most=MOST, **context
        )
