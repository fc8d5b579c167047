"""The page of a case's pilot build."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from qualification.models import PilotBuild, PilotPlan
from qualification.models.cases import OPEN_STATES, State
from qualification.pilot_parameters import life_tests_of, parameters_of
from qualification.pilot_verdicts import (
    PilotResults,
    defects_of,
    draft_plan,
    results_of,
)
from qualification.reopened import before_rollback
from qualification.services.pilot_plans import reasons_against_locking
from qualification.views import pilot_panels as panels
from qualification.views.base import OnCase
from qualification.workflow import CASE_FLOW
from secondsource.core.formats import percent
from secondsource.core.views import DetailPage
from secondsource.core.workflow import OfferedMove


class PilotPage(OnCase, DetailPage):
    """Plan, verdict, yields and results of a pilot build; ``?plan=`` shows an earlier version."""

    permission_required = "qualification.view_case"
    template_name = "qualification/pilot.html"

    def get_page_title(self) -> str:
        """The alternate's number."""
        return f"Pilot build, {self.case.source.manufacturer_part.mpn}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the plans and the results of the one that is shown."""
        locked = list(
            self.case.pilot_plans.filter(locked_at__isnull=False)
            .select_related("drafted_by", "locked_by")
            .order_by("-number")
        )
        plan = self._shown(locked)
        draft = draft_plan(self.case)
        return super().get_context_data(
            plan=plan,
            newest=locked[0] if locked else None,
            next_number=locked[0].number + 1 if locked else 1,
            earlier=locked[1:],
            draft=draft,
            draft_models=list(draft.models.select_related("product")) if draft else [],
            draft_reasons=list(reasons_against_locking(draft, self.actor)) if draft else [],
            **self._rights(draft),
            release=self._release(),
            **(self._results(results_of(plan)) if plan else {}),
            **context,
        )

    def _shown(self, locked: list[PilotPlan]) -> PilotPlan | None:
        """The version in the query string, else the newest one."""
        wanted = self.request.GET.get("plan", "")
        if not wanted:
            return locked[0] if locked else None
        found = next((plan for plan in locked if str(plan.number) == wanted), None)
        if found is None:
            raise Http404("There is no such version of the plan.")
        return found

    def _rights(self, draft: PilotPlan | None) -> dict[str, bool]:
        case, may = self.case, self.actor.may
        works = may("qualification.write_case", case)
        ahead = case.state in (State.DRAFT, *_UP_TO_PILOT) and case.state in OPEN_STATES
        return {
            "may_plan": works and ahead,
            "may_lock": draft is not None
            and ahead
            and may("qualification.approve_pilotplan", case),
            "may_enter": works and case.state == State.PILOT_BUILD,
            "may_report": may("qualification.make_dossier", case),
        }

    def _release(self) -> OfferedMove | None:
        """The move to approval, with what is against it; None at other gates and for others."""
        if self.case.state != State.PILOT_BUILD:
            return None
        if not self.actor.may(CASE_FLOW.transitions["pass"].permission, self.case):
            return None
        return next(one for one in CASE_FLOW.offered(self.case, self.actor) if one.name == "pass")

    def _results(self, results: PilotResults) -> dict[str, Any]:
        plan = results.plan
        builds = (
            PilotBuild.objects.filter(plan__case=self.case)
            .annotate(before_rollback=before_rollback(self.case.pk, "created_at"))
            .select_related("product", "plan", "entered_by", "plant", "correction")
            .prefetch_related("defects")
            .order_by("-built_on", "-id")
        )
        failed = results.started - results.good
        return {
            "results": results,
            "planned_lots": [
                (lot, lot in results.lots_to_build)
                for lot in plan.planned_lots.select_related("site")
            ],
            "banner": panels.banner(results),
            "yields": panels.yields(results),
            "difference": panels.difference(results),
            "rows": panels.table(results),
            "pooled": panels.pooled_row(results),
            "failed": failed,
            "defects": panels.defects(defects_of(plan), failed),
            "builds": [one for one in builds if one.corrects_id is None],
            "parameters": panels.parameters(parameters_of(plan)),
            "life_tests": life_tests_of(self.case),
            "failing": results.of("fail"),
            "margin": panels.signed(-100 * float(plan.margin), 1),
            "margin_points": f"{100 * plan.margin:.1f}",
            "confidence": percent(plan.confidence),
            "lead_time": _lead_time(plan, [one for one in builds if one.plan_id == plan.pk]),
        }


def _lead_time(plan: PilotPlan, builds: list[PilotBuild]) -> str:
    """How long before its first unit the plan was locked."""
    first = min((one.built_on for one in builds), default=None)
    if first is None or plan.locked_on is None:
        return "No unit was built under it yet."
    days = (first - plan.locked_on).days
    if not days:
        return "Locked on the day of the first unit, before its result."
    return f"Locked {days} {'day' if days == 1 else 'days'} before the first unit."


_UP_TO_PILOT = (State.BUSINESS_CASE, State.SPEC_REVIEW, State.FMEA, State.PILOT_BUILD)
