"""The executive page."""

from __future__ import annotations

from typing import Any

from parts.querysets import scope_of
from secondsource.core.models import Outbox
from secondsource.core.views import Page
from secondsource.workspace import aggregates, executive, kpis


class Dashboard(Page):
    """Four figures, the roadmap, decisions, spend by source state; print gives a page A4."""

    permission_required = "workspace.view_dashboard"
    template_name = "workspace/dashboard.html"
    page_title = "Second-source overview"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        prices = self.sees("prices")
        row = aggregates.figures_for(sees_prices=prices)
        user = self.request.user
        roadmap, open_cases = executive.roadmap(user)
        context |= {
            "figures": row,
            "being_computed": Outbox.objects.filter(
                topic="company_figures", state=Outbox.State.WAITING
            ).exists(),
            "roadmap": roadmap,
            "open_cases": open_cases,
            "roadmap_rows": executive.ROADMAP_ROWS,
            "decisions": executive.decisions(user),
            "alarms": executive.alarms(user),
            "scoped": scope_of(user) is not None,
        }
        if row is not None:
            exposure = self.sees("exposure") and (
                prices or not aggregates.tells_one(row.by_category)
            )
            context |= {"sees_exposure": exposure, "by_spend": prices}
            context["spend_withheld"] = self.sees("exposure") and not exposure
            context["counts"] = kpis.counts(row)
            context["kpis"] = kpis.kpis(
                row, sees_exposure=exposure, sees_prices=prices,
                sees_savings=self.actor.may("incentives.view_kpi"),
            )  # fmt: skip
            if exposure:
                context["spend_chart"] = executive.spend_by_state(row, sees_prices=prices)
                hidden = [] if prices else aggregates.hidden(row.by_category)
                context["withheld"] = len([item for item in hidden if item["known"]])
        return super().get_context_data(**context)
