"""The page of a case: blockers, people and all work."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from qualification import credit, guards
from qualification.breaches import open_breaches
from qualification.consequences import GRAVE, in_words
from qualification.models.cases import ASIDE_STATES, GATES, OPEN_STATES, State
from qualification.next_move import Steps, next_move, next_state, with_work
from qualification.views import blockers, lessons, panels
from qualification.views.base import OnCase
from qualification.views.list import incumbent
from qualification.views.six_figures import promise
from qualification.views.timeline import MOST, SHOWN, timeline
from qualification.views.watch import is_notified
from qualification.workflow import CASE_FLOW
from secondsource.core import clock, discussion
from secondsource.core.views import DetailPage
from secondsource.core.workflow import OfferedMove
from suppliers.check import IntendedOrder, check_source

#: Moves after which a case is outside the gates.
ASIDE = (*GRAVE, "hold")


class CasePage(OnCase, DetailPage):
    """The page of a case. ``?gate=`` shows the checklist and signatures of another gate."""

    permission_required = "qualification.view_case"
    template_name = "qualification/case.html"

    def get_queryset(self) -> QuerySet[Any]:
        """Cases with the relations that the guards read."""
        return with_work(super().get_queryset(), steps=Steps.ALL).prefetch_related(
            "planned_gates",
            "runs__ramp",
            "runs__hold_points__judged_by",
            "runs__hold_points__figures",
        )

    def get_page_title(self) -> str:
        """The key; the heading shows the two parts."""
        return self.case.key

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the content of all panels."""
        case = self.case
        self.passages = list(case.passages.all())
        self.offers = CASE_FLOW.offered(case, self.actor)
        steps = self._steps()
        gate = self._gate()
        panels.tell_work(case, steps[gate])
        return super().get_context_data(
            incumbent=incumbent(case),
            scope=panels.scope_in_words(case),
            promise=promise(case, self.actor),
            gate=gate,
            gate_label=in_words(gate),
            gate_number=GATES.index(State(gate)) + 1,
            gate_tabs=self._gate_tabs(gate),
            steps=steps[gate],
            **self._progress(steps[gate]),
            **self._rights(gate),
            **self._next(steps),
            **self._signing(gate),
            **self._source(),
            comments=discussion.of(case),
            category=case.part.category,
            **lessons.card(case, self.actor),
            open_breaches=open_breaches(case),
            watched=is_notified(case, self.request.user),
            **self._history(),
            files=self._files(steps),
            **context,
        )

    def _steps(self) -> dict[str, list[Any]]:
        """The checklist by gate, each step with its files."""
        steps: dict[str, list[Any]] = {gate: [] for gate in GATES}
        for item in panels.with_files(list(self.case.checklist.all())):
            steps[str(item.gate)].append(item)
        return steps

    def _files(self, steps: dict[str, list[Any]]) -> list[Any]:
        """All evidence; files of the present gate can be removed before it is signed."""
        files = []
        signed = {s.gate for s in self.case.sign_offs.all() if s.voided_at is None}
        for item in (item for gate in GATES for item in steps[gate]):
            for file in item.files:
                file.removable = item.gate == self.case.state and item.gate not in signed
                files.append(file)
        return files

    def _history(self) -> dict[str, Any]:
        """The timeline, and the move that put the case aside."""
        whole = self.request.GET.get("history") == "all"
        events = timeline(self.case, most=MOST if whole else SHOWN)
        aside = [event for event in events if event["verb"] in ASIDE]
        more = not whole and len(events) == SHOWN
        return {
            "events": events,
            "is_aside": self.case.state in ASIDE_STATES,
            "aside_events": aside[:1],
            "more_events": more,
        }

    def _gate(self) -> str:
        """The gate in the query string, else the present gate, else the first."""
        wanted = self.request.GET.get("gate", "")
        here = panels.standing_at(self.case, self.passages)
        return wanted if wanted in GATES else here or str(GATES[0])

    def _gate_tabs(self, gate: str) -> list[Mapping[str, Any]]:
        url = self.case.get_absolute_url()
        return [
            {"label": in_words(one), "url": f"{url}?gate={one}#work", "current": one == gate}
            for one in GATES
        ]

    def _progress(self, steps: list[Any]) -> dict[str, Any]:
        required = [item for item in steps if item.required]
        done = sum(not item.open for item in required)
        width = round(120 * done / len(required)) if required else 0
        due = min((i.due_date for i in required if i.open and i.due_date), default=None)
        return {"done": done, "of": len(required), "bar": width, "gate_due": due}

    def _rights(self, gate: str) -> dict[str, bool]:
        case, may = self.case, self.actor.may
        current = case.state == gate
        is_open = case.state in OPEN_STATES
        writes = may("qualification.write_case", case)
        return {
            "may_work": writes and current,
            "may_add": writes and is_open and guards.is_ahead(case, gate),
            "may_edit": writes and is_open,
            "may_staff": may("qualification.staff_case", case) and is_open,
            "may_name_sponsor": may("qualification.name_sponsor", case) and is_open,
            "may_give_interim": self._may_give_interim(),
            "gate_is_passed": not guards.is_ahead(case, gate),
            "case_is_over": not is_open,
        }

    def _may_give_interim(self) -> bool:
        user = self.request.user
        return (
            self.case.state == State.APPROVAL
            and user.has_role("quality")
            and user.pk != self.case.lead_id
            and self.actor.may("qualification.sign_case", self.case)
            and self.case.source.status in ("in_qualification", "interim")
        )

    def _next(self, steps: dict[str, list[Any]]) -> dict[str, Any]:
        """The primary move with every unmet reason, and the other moves."""
        name = next_move(self.case)
        primary = next((o for o in self.offers if o.name == name), None)
        reasons = primary.reasons if primary else []
        facts = [reason for reason in reasons if reason.code != "not_permitted"]
        found = blockers.groups(self.case, facts, self.actor)
        state = next_state(self.case)
        others = [self._button(o) for o in self.offers if o is not primary and self._shows(o)]
        return {
            "primary": self._button(primary, state) if primary else None,
            "blockers": facts,
            "blocker_groups": found,
            **blockers.chip(self.case, facts),
            "blockers_summary": blockers.summary(found),
            "blockers_heading": f"What blocks {_doing(name, state)}" if name else "",
            "not_yours": "" if len(facts) == len(reasons) else f"{self.case.lead.name}, the lead",
            "blockers_empty": blockers.text_without_any(self.case) if name and not facts else "",
            "moves": [m for m in others if m["name"] not in GRAVE],
            "grave_moves": [m for m in others if m["name"] in GRAVE],
            "gates": panels.rail(self.case, self.passages, steps, self._is_stuck()),
            "way_back": panels.way_back(self.case, incumbent(self.case)),
        }

    def _shows(self, offer: OfferedMove) -> bool:
        """Whether a move is shown: not if the reader lacks the right."""
        return self.actor.may(CASE_FLOW.transitions[offer.name].permission, self.case) and not any(
            reason.code == "first_gate" for reason in offer.reasons
        )

    def _button(self, offer: OfferedMove, state: str = "") -> dict[str, Any]:
        label = offer.label
        if offer.name == "pass":
            label = f"Pass to {in_words(state)}"
        elif offer.name in ("close", "submit"):
            label = f"{offer.label} case"
        url = reverse("case_move", args=[self.case.number, offer.name])
        return {"name": offer.name, "label": label, "url": url, "allowed": offer.allowed}

    def _is_stuck(self) -> bool:
        """Whether the pad on the rail is red: on hold or failed."""
        if guards.gate_of(self.case) != State.TRANSITION:
            return self.case.state == State.ON_HOLD
        failed = any(point.verdict == "fail" for point in self.case.hold_points.all())
        breached = bool(vars(self.case).get("is_breached"))
        return self.case.state == State.ON_HOLD or failed or breached

    def _signing(self, gate: str) -> dict[str, Any]:
        case = self.case
        given, team = list(case.sign_offs.all()), list(case.team.all())
        rows = panels.signatures(case, gate, self.actor, team, given)
        return {
            "signatures": rows,
            "signed": sum("signed" in row for row in rows),
            "voided": [s for s in given if s.gate == gate and s.voided_at],
            "unfounded": [
                s for s in guards.standing_signatures(case, gate) if not guards.counts(s)
            ],
            "team": panels.by_person(case, team),
            "transition": panels.transition(case, self.actor),
        }

    def _source(self) -> dict[str, Any]:
        """The answer to an order of this source today, and whether the conversion counts."""
        case = self.case
        verdict = check_source(
            case.source, IntendedOrder(case.part, Decimal(1), clock.business_day())
        )
        return {
            "source": verdict.source or case.source,
            "verdict": verdict,
            "tone": {"allow": "good", "warn": "warn", "block": "bad"}[verdict.verdict],
            "credit": credit.of_source(case.source_id),
        }


def _doing(move: str, state: str) -> str:
    """The next state in ``What blocks approval``; for a draft its submission."""
    words = {"submit": "submission", "close": "closing", "resume": "resuming"}
    label = str(State(state).label)
    return words.get(move) or (label if label.isupper() else label.lower())
