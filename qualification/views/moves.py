"""Pages that confirm the moves of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from qualification import consequences
from qualification.models import Case
from qualification.models.cases import State, gates_before
from qualification.views.base import OnCase
from qualification.views.blockers import by_step
from qualification.workflow import CASE_FLOW
from secondsource.core.errors import Refused, Stale
from secondsource.core.views import MovePage
from secondsource.core.views.conflicts import conflict


class CaseMovePage(OnCase, MovePage):
    """Confirm a move and choose the gate of a send-back or reopening.

    Everybody who may see the case can open the page; ``CASE_FLOW`` checks the right to move.
    """

    permission_required = "qualification.view_case"
    template_name = "qualification/case_move.html"
    workflow = CASE_FLOW

    def get_page_title(self) -> str:
        """``Put SSQ-0001 on hold``."""
        return consequences.act(self.case, self.move)

    @property
    def danger(self) -> bool:  # type: ignore[override]
        """Whether the move ends or undoes something."""
        return self.move in consequences.GRAVE

    def get_choices(self) -> list[tuple[str, str]]:
        """Gates that a send-back or reopening can lead to, the nearest first."""
        state = State(self.case.state)
        gates: tuple[State, ...] = ()
        if self.move == "send_back":
            gates = gates_before(state)[::-1]
        elif self.move == "reopen" and state == State.ROLLED_BACK:
            gates = (State.PILOT_BUILD, State.SPEC_REVIEW)
        return [(str(gate), consequences.in_words(gate)) for gate in gates]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the preview of the move; a step counts as one reason."""
        context["reasons"] = by_step(self.case, context.get("reasons", []))
        choices = self.get_choices()
        asked = self.request.POST.get("to") or self.request.GET.get("to") or ""
        to = asked if asked in dict(choices) else next(iter(dict(choices)), "")
        return super().get_context_data(
            choices=choices,
            to=to,
            asks_hours=self.move == "roll_back",
            hours=self.request.POST.get("hours", ""),
            **self._effect(to),
            **context,
        )

    def _effect(self, to: str) -> Mapping[str, Any]:
        transition = self.workflow.transitions.get(self.move)
        if transition is None or self.case.state not in transition.sources:
            return {}
        if self.move == "send_back" and not to:
            return {}
        case = self.case
        given = case.sign_offs.filter(voided_at=None).select_related("signed_by")
        return {
            "changes": consequences.changes(case, case.source, self.move, to),
            "voided": consequences.voided(case, given, self.move, to),
            "seen_by": consequences.seen_by(case, self.actor),
            "way_back": consequences.way_back(self.move),
        }

    def refuse(self, refusal: Refused, **context: Any) -> HttpResponse:
        """Adds the changes of somebody else if they are the reason."""
        if isinstance(refusal, Stale):
            context["conflict"] = conflict(self.case, refusal.expected, actor=self.actor)
        return super().refuse(refusal, **context)

    def get_success_url(self) -> str:
        """The case's page."""
        return self.case.get_absolute_url()

    def get_success_message(self, moved: Case) -> str:  # type: ignore[override]
        """The new state of the case."""
        return f"{moved.key}: {consequences.in_words(moved.state)}."
