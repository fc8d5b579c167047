"""The history of a case as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from qualification.consequences import in_words
from qualification.models import Case, CostKind
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import audit
from secondsource.core.formats import day, number, percent
from secondsource.core.inputs import day as as_day
from secondsource.core.models import Event

Names = dict[int, str]
SHOWN, MOST = 20, 500

_ICONS = {
    "pass": ("check", "good"),
    "submit": ("send", "info"),
    "close": ("circle-check", "good"),
    "send_back": ("undo-2", "warn"),
    "hold": ("pause", "warn"),
    "resume": ("play", "info"),
    "reject": ("ban", "bad"),
    "withdraw": ("x", "bad"),
    "roll_back": ("rotate-ccw", "bad"),
    "reopen": ("refresh-cw", "info"),
    "signed": ("stamp", "good"),
    "judged": ("flask-conical", "info"),
    "interim_given": ("badge-check", "info"),
    "row_accepted": ("stamp", "info"),
    "action_completed": ("check", "good"),
    "reopened": ("rotate-ccw", "warn"),
    "passed": ("circle-check", "good"),
    "decided": ("clipboard-check", "info"),
    "confirmed": ("shield-check", "good"),
    "done": ("check", ""),
    "added": ("plus", ""),
    "removed": ("minus", "warn"),
    "staffed": ("users", ""),
    "sponsored": ("user", "info"),
    "signatures_voided": ("stamp", "warn"),
    "handed_over": ("user", "info"),
    "work_handed_over": ("user", "info"),
    "opened": ("plus", "info"),
    "taught": ("history", "info"),
    "locked": ("lock", "good"),
    "recorded": ("flask-conical", "info"),
    "imported": ("upload", "info"),
    "waived": ("shield-alert", "warn"),
    "inspected": ("search", "info"),
}


def timeline(case: Case, *, most: int = SHOWN) -> list[dict[str, Any]]:
    """The newest events of the case, with the names of those who acted."""
    events = list(audit.events_of(case)[:most])
    events.sort(key=lambda event: (event.at, event.pk), reverse=True)
    names = names_of(events)
    return [
        {
            "at": event.at,
            "verb": _verb(event),
            "who": names.get(event.actor_id or 0, "") or event.job or "Somebody",
            "what": in_a_sentence(event, names),
            "why": _why(event),
            "icon": _ICONS.get(_verb(event), ("pencil", ""))[0],
            "tone": _ICONS.get(_verb(event), ("", ""))[1],
        }
        for event in events
    ]


def names_of(events: Iterable[Event]) -> Names:
    """The names of the people in these events, by id."""
    ids = {event.actor_id for event in events if event.actor_id}
    for event in events:
        ids |= {entry["person"] for entry in event.data.get("team", [])}
        ids |= {entry["person"] for entry in event.data.get("signed", [])}
        for role in ("lead", "sponsor", "receiver"):
            ids |= {pk for pk in event.data.get(role, {}).values() if pk}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def _verb(event: Event) -> str:
    return event.action.rpartition(".")[2]


def _why(event: Event) -> str:
    """The note, unless the sentence contains it."""
    return "" if event.action in _TELLS_NOTE else event.note


def in_a_sentence(event: Event, names: Names) -> str:
    """The event as the end of a sentence that begins with the actor."""
    words = _WORDS.get(event.action)
    if words:
        return words(event, names)
    if "from" in event.data and "to" in event.data:
        return _move(event)
    return _plainly(event.action)


def _plainly(action: str) -> str:
    """``changed the planned cost`` of ``qualification.planned_cost.changed``."""
    _, thing, verb = action.rsplit(".", 2)
    return f"{verb} the {thing}".replace("_", " ")


def _move(event: Event) -> str:
    done = {
        "submit": "submitted the case",
        "pass": f"passed {in_words(event.data['from'])}",
        "close": "closed the case",
        "send_back": f"sent it back to {in_words(event.data['to'])}",
        "hold": f"put it on hold at {in_words(event.data['from'])}",
        "resume": f"resumed at {in_words(event.data['to'])}",
        "reject": "rejected the case",
        "withdraw": "withdrew the case",
        "roll_back": "rolled back to the incumbent",
        "reopen": f"reopened at {in_words(event.data['to'])}",
    }
    return done.get(_verb(event), _verb(event).replace("_", " "))


#: Field → its name in a sentence.
_FIELD_WORDS = {"rollback_rehearsed_on": "day of the rollback rehearsal", "due_date": "due day"}


def _changed(event: Event, names: Names) -> str:
    fields = (_FIELD_WORDS.get(f, f.replace("_", " ")) for f in event.data.get("fields", []))
    return f"changed {', '.join(fields)}"


def _planned(event: Event, names: Names) -> str:
    changes = [_planned_field(**change) for change in map(_of_change, event.data["changes"])]
    return f"planned {', '.join(changes)}"


def _of_change(change: dict[str, Any]) -> dict[str, Any]:
    return {"name": change["field"], "before": change["from"], "after": change["to"]}


def _planned_field(name: str, before: str | None, after: str | None) -> str:
    """``pilot quantity 500``, ``transition share 20 % → 40 %``, ``rollback stock removed``."""
    label = _FIELD_WORDS.get(name, name.replace("_", " "))
    if after is None:
        return f"{label} removed"
    values = [_shown(name, value) for value in (before, after) if value is not None]
    return f"{label} {' → '.join(values)}"


def _shown(name: str, value: str) -> str:
    if name == "transition_share":
        return percent(Decimal(value))
    if name == "rollback_rehearsed_on":
        return day(as_day("day", value))
    return value if name in ("ramp", "planned_gates") else number(Decimal(value))


def _staffed(event: Event, names: Names) -> str:
    team = [
        f"{names.get(entry['person'], 'somebody')} ({entry['function']})"
        for entry in event.data.get("team", [])
    ]
    return f"set the team: {', '.join(team) or 'nobody'}"


def _handed_over(event: Event, names: Names) -> str:
    before, after = (names.get(event.data["lead"][key], "somebody") for key in ("before", "after"))
    return f"handed the lead over from {before} to {after}"


def _work_handed_over(event: Event, names: Names) -> str:
    person = names.get(event.data["receiver"]["after"], "somebody")
    return f"handed over to {person}: {'; '.join(event.data['what'])}"


def _sponsored(event: Event, names: Names) -> str:
    person = names.get(event.data["sponsor"]["after"] or 0, "nobody")
    return f"named {person} as sponsor"


def _voided(event: Event, names: Names) -> str:
    signed = [
        f"{names.get(entry['person'], 'somebody')}"
        f" ({in_words(entry['gate'])}, {Function(entry['function']).label.lower()})"
        for entry in event.data["signed"]
    ]
    return f"made signatures void: {', '.join(signed)}"


def _signed(event: Event, names: Names) -> str:
    return f"signed {in_words(event.data['gate'])} for {Function(event.data['function']).label}"


def _interim(event: Event, names: Names) -> str:
    until = day(as_day("until", event.data["until"]))
    return f"gave an interim approval: {number(event.data['quantity'])} units until {until}"


def _judged(event: Event, names: Names) -> str:
    due = day(as_day("due", event.data["due"]))
    return f"{'passed' if event.data['verdict'] == 'pass' else 'failed'} the hold point of {due}"


def _measured(event: Event, names: Names) -> str:
    value = event.data["value"]
    return (
        f"entered {value} for “{event.note}”" if value else f"removed the value of “{event.note}”"
    )


def _ppap_level(event: Event, names: Names) -> str:
    return f"set the PPAP level to {event.data['level']}"


def _ppap_elements(event: Event, names: Names) -> str:
    by_status: dict[str, list[str]] = {}
    for element, status in event.data["elements"].items():
        by_status.setdefault(status.replace("_", " "), []).append(element)
    parts = [f"{', '.join(sorted(n, key=int))} {status}" for status, n in by_status.items()]
    return f"set PPAP elements {'; '.join(parts)}"


def _ppap_decided(event: Event, names: Names) -> str:
    words = {"approved": "approved", "rejected": "rejected", "interim": "gave interim approval to"}
    return f"{words[event.data['disposition']]} the warrant"


def _decided(event: Event, names: Names) -> str:
    done = {"accept": "accepted", "accept_with_condition": "accepted with a condition"}
    return f"{done.get(event.data['decision'], 'rejected')}: {event.data['lines']}"


def _risk_signed(event: Event, names: Names) -> str:
    function = Function(event.data["function"]).label.lower()
    return f"signed the accepted risk “{event.note}” for {function}"


def _scoped(event: Event, names: Names) -> str:
    changes = [f"{one['field'].replace('_', ' ')} to {one['to']}" for one in event.data["changes"]]
    return f"set {', '.join(changes)}"


def _costed(words: str) -> Callable[[Event, Names], str]:
    return lambda event, names: f"{words} “{CostKind(event.data['kind']).label}”"


def _noted(words: str) -> Callable[[Event, Names], str]:
    return lambda event, names: f"{words} “{event.note}”"


_WORDS: dict[str, Callable[[Event, Names], str]] = {
    "qualification.case.opened": lambda event, names: "opened the case",
    "qualification.case.changed": _changed,
    "qualification.case.planned": _planned,
    "qualification.case.scoped": _scoped,
    "qualification.case.staffed": _staffed,
    "qualification.case.handed_over": _handed_over,
    "qualification.case.work_handed_over": _work_handed_over,
    "qualification.case.sponsored": _sponsored,
    "qualification.case.signatures_voided": _voided,
    "qualification.case.signed": _signed,
    "qualification.case.interim_given": _interim,
    "qualification.holdpoint.judged": _judged,
    "qualification.deviation.decided": _decided,
    "qualification.deviation.confirmed": lambda event, names: (
        f"confirmed the decision on {event.data['lines']}"
    ),
    "qualification.business_case.changed": lambda event, names: "changed the business case",
    "qualification.planned_cost.added": _costed("added the planned cost"),
    "qualification.planned_cost.changed": _costed("changed the planned cost"),
    "qualification.planned_cost.removed": _costed("removed the planned cost"),
    "qualification.cost.logged": _costed("logged the cost"),
    "qualification.cost.corrected": _costed("corrected the cost"),
    "qualification.cost.evidence_added": _noted("attached to a cost"),
    "qualification.case.taught": _noted("wrote the lesson"),
    "qualification.case.lesson_changed": _noted("changed the lesson to"),
    "qualification.clearance.added": _noted("recorded the search"),
    "qualification.clearance.changed": _noted("changed the search"),
    "qualification.item.added": _noted("added the step"),
    "qualification.item.measured": _measured,
    "qualification.item.done": _noted("completed the step"),
    "qualification.item.opened": _noted("opened again"),
    "qualification.fmea.row_added": _noted("added to the FMEA:"),
    "qualification.fmea.row_removed": _noted("removed from the FMEA:"),
    "qualification.fmea.row_accepted": _noted("accepted at AP-High:"),
    "qualification.fmea.action_added": _noted("added an action to the FMEA:"),
    "qualification.fmea.action_changed": _noted("changed an action of the FMEA:"),
    "qualification.fmea.action_completed": _noted("completed an action of the FMEA:"),
    "qualification.fmea.action_removed": _noted("removed an action of the FMEA:"),
    "qualification.fmea.imported": _noted("imported the FMEA:"),
    "qualification.fmea.passed": lambda event, names: (
        f"passed FMEA version {event.data['version']}"
    ),
    "qualification.fmea.reopened": lambda event, names: "reopened the FMEA",
    "qualification.fmea.reviewed": lambda event, names: "reviewed the FMEA",
    "qualification.evidence.added": _noted("added"),
    "qualification.evidence.removed": _noted("removed"),
    "qualification.pilot_plan.drafted": _noted("drafted the pilot plan"),
    "qualification.pilot_plan.locked": _noted("locked the pilot plan"),
    "qualification.pilot_build.recorded": _noted("entered the pilot result"),
    "qualification.pilot_build.corrected": _noted("corrected the pilot result"),
    "qualification.pilot_reliability.recorded": _noted("entered the reliability test"),
    "qualification.pilot_results.imported": _noted("imported pilot results from"),
    "qualification.measurements.imported": _noted("imported measurements from"),
    "qualification.measurements.taken_back": _noted("took back the measurements of"),
    "qualification.tests.proposed": _noted("listed the component tests of"),
    "qualification.test.added": _noted("added the component test"),
    "qualification.test.recorded": _noted("entered data of the component test"),
    "qualification.test.waived": _noted("waived the component test"),
    "qualification.test.removed": _noted("removed the component test"),
    "qualification.sample.received": _noted("received the sample"),
    "qualification.sample.changed": _noted("changed the sample"),
    "qualification.sample.removed": _noted("removed the sample"),
    "qualification.lot.inspected": _noted("inspected"),
    "qualification.lot.decided": _noted("decided on"),
    "qualification.lot.voided": _noted("voided the inspection of"),
    "qualification.lot.withdrawn": _noted("withdrew the lot"),
    "qualification.ppap.level": _ppap_level,
    "qualification.ppap.elements": _ppap_elements,
    "qualification.ppap.decided": _ppap_decided,
    "qualification.risk.recorded": _noted("recorded the accepted risk"),
    "qualification.risk.reworded": _noted("changed the accepted risk"),
    "qualification.risk.withdrawn": _noted("withdrew the accepted risk"),
    "qualification.risk.signed": _risk_signed,
    "qualification.risk.none_stated": _noted("stated that no risk is accepted:"),
    "qualification.customer.added": _noted("added to the customers' approvals"),
    "qualification.customer.changed": _noted("changed the customer's approval"),
    "qualification.customer.answered": _noted("recorded the answer of"),
    "qualification.customer.withdrawn": _noted("withdrew the customer's approval"),
    "qualification.file.added": _noted("added the regulatory file"),
    "qualification.file.changed": _noted("changed the regulatory file"),
    "qualification.file.withdrawn": _noted("withdrew the regulatory file"),
    "qualification.holdpoint.outdated": _noted("changed the figures behind the judged"),
    "qualification.trigger.breached": _noted("recorded a breach of the trigger"),
    "qualification.trigger.cleared": lambda event, names: (
        f"cleared the breach “{event.note}”: {event.data['reason']}"
    ),
    "qualification.introduction.planned": _noted("planned the introduction:"),
    "qualification.rollback.decided": lambda event, names: (
        f"decided the rollback; {event.data.get('units') or 0:,} units on record hold the source"
    ),
    "qualification.rollback.done": lambda event, names: (
        f"finished the rollback in {event.data['hours']} h"
    ),
    "qualification.rollback.planned": lambda event, names: f"{event.data['what']} {event.note}",
    "qualification.dossier.started": _noted("asked for"),
    "qualification.dossier.made": _noted("made the dossier"),
    "incentives.baseline.frozen": lambda event, names: "froze the baseline",
    "incentives.baseline.entered": lambda event, names: "entered the baseline",
    "incentives.saving.entered": lambda event, names: "entered a saving",
    "incentives.saving.withdrawn": lambda event, names: "withdrew a saving",
    "incentives.saving.validated": lambda event, names: "validated savings",
    "incentives.saving.reversed": lambda event, names: "reversed savings",
}
#: Changes of a case that its history tells, beside its moves.
ACTIONS = frozenset(_WORDS)
_TOLD_BY_NOTE = (
    "clearance",
    "item",
    "evidence",
    "taught",
    "pilot",
    "measurements",
    ".test",
    ".sample",
    ".lot",
    "fmea.row",
    "fmea.action",
    ".risk",
    ".customer",
    ".file",
    ".dossier",
    "cost.evidence",
)
_TELLS_NOTE = frozenset(
    action for action in _WORDS if any(word in action for word in _TOLD_BY_NOTE)
)
