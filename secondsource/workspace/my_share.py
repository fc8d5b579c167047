"""Your share: the reader's part of the pools of this year, and the target of their teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from incentives import own_share, team_kpi
from incentives.team_kpi import TeamKpi
from secondsource.core import clock
from secondsource.core.formats import apart, number, percent
from secondsource.core.views import Page


class MySharePage(Page):
    """A card of My work, which fetches it after the page; nobody sees the share of another."""

    permission_required = "incentives.view_pool"
    template_name = "workspace/my_share.html"
    page_title = "Your share"
    fragments: ClassVar[Mapping[str, str]] = {"share": "workspace/my_share_card.html"}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Sums by currency, and the attainment of the reader's teams."""
        person: Any = self.request.user
        year = clock.business_day().year
        teams = list(person.teams.order_by("name"))
        return super().get_context_data(
            year=year,
            shares=own_share.of_year(person, year),
            teams=[(one, _bars(one)) for one in team_kpi.of_year(year, teams)] if teams else [],
            **context,
        )


def _bars(one: TeamKpi) -> list[dict[str, Any]]:
    parts = (
        (f"Conversions, {one.conversions} of {one.conversions_target}", one.attained.conversions),
        (f"Cost reduction, {number(one.pct)} of {number(one.pct_target)} %", one.attained.cost),
    )
    return [
        {"label": label, "value": apart(part, 1, percent, 1)[0], "width": f"{100 * part:.1f}%"}
        for label, part in parts
    ]
