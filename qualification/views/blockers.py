"""Blockers of the next move of a case by kind, each with the action that removes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from qualification import linked_work
from qualification.consequences import in_words
from qualification.figures import counts_as_conversion
from qualification.gate_requirements import PERSONS
from qualification.models import Case
from qualification.models.cases import State
from qualification.next_move import after_next, liftable, next_state
from secondsource.accounts.rights import Function
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason


@dataclass(frozen=True)
class BlockerCard:
    """A blocker: its text, its remedy, and the link to it.

    ``parts``: every reason why the linked work of a step is not done. It is one blocker, as in the
    list of cases, which reads no work.
    """

    title: str
    note: str = ""
    tone: str = "warn"
    icon: str = "triangle-alert"
    url: str = ""
    action: str = ""
    parts: list[Reason] = field(default_factory=list)


@dataclass
class BlockerGroup:
    """Blockers of one kind: ``Team 4``."""

    label: str
    items: list[BlockerCard] = field(default_factory=list)


#: reason code → heading; in the order of the page.
HEADINGS = {
    "late_start": "Start",
    "no_sponsor": "Team",
    "function_missing": "Team",
    "item_open": "Steps",
    "no_pilot_quantity": "Plan",
    "rollback_not_rehearsed": "Plan",
    "rollback_not_planned": "Plan",
    "no_ramp": "Plan",
    "no_hold_points": "Hold points",
    "trigger_breached": "Rollback triggers",
    "hold_point_failed": "Hold points",
    "hold_point_open": "Hold points",
    "hold_point_ahead": "Hold points",
    "not_signed": "Signatures",
}

#: reason code → (page, anchor, label, permission) of the action that removes it.
_ACTS = {
    "no_sponsor": ("case_sponsor", "", "Name sponsor", "qualification.name_sponsor"),
    "late_start": ("case_edit", "#id_start_reason", "Give the reason", "qualification.write_case"),
    "function_missing": ("case_team", "", "Add {person}", "qualification.staff_case"),
    "no_pilot_quantity": ("case_pilot", "", "Plan pilot", "qualification.write_case"),
    "no_ramp": ("case_edit", "#id_transition_share", "Set share", "qualification.write_case"),
    "rollback_not_rehearsed": (
        "case_rollback", "#rehearsals", "Rehearse", "qualification.write_case",
    ),
    "rollback_not_planned": (
        "case_rollback", "#stock", "Plan rollback", "qualification.write_case",
    ),
    "trigger_breached": (
        "case_rollback", "#breaches", "Decide", "qualification.judge_holdpoint",
    ),
    "item_open": ("case_detail", "#step-{about}", "Show step", "qualification.write_case"),
    "hold_point_open": ("case_detail", "#hold-points", "Show", "qualification.judge_holdpoint"),
}  # fmt: skip
_HARD = frozenset(
    {"trigger_breached", "hold_point_failed", "no_sponsor", "function_missing", "no_hold_points"}
)
_ICONS = {
    "not_signed": "stamp",
    "hold_point_open": "hourglass",
    "hold_point_ahead": "calendar",
    "item_open": "circle",
}


def chip(case: Case, reasons: list[Reason]) -> dict[str, Any]:
    """What the chip of a case says: how many blockers somebody can lift, as in the list of cases.

    ``waits``: only for a hold point ahead. ``counts``: closed and counted as a conversion.
    """
    lifted = liftable(reasons)
    return {
        "blocker_count": len(lifted),
        "waits": bool(reasons) and not lifted,
        "counts": case.state == State.CLOSED and counts_as_conversion(case),
    }


def groups(case: Case, reasons: Iterable[Reason], actor: Actor) -> list[BlockerGroup]:
    """The reasons by heading, unknown ones last."""
    order = dict.fromkeys([*HEADINGS.values(), "Other"])
    found = {label: BlockerGroup(label) for label in order}
    steps = {str(item.pk): item for item in case.checklist.all()}
    for reason in reasons:
        label = HEADINGS.get(reason.code, "Other")
        item = steps.get(reason.about) if reason.code == "item_open" else None
        if item and item.link:
            found[label].items.append(_open_work(case, item))
        else:
            found[label].items.append(_blocker(case, reason, actor, steps))
    return [group for group in found.values() if group.items]


def _blocker(case: Case, reason: Reason, actor: Actor, steps: dict[str, Any]) -> BlockerCard:
    title, note = reason.detail, reason.fix
    if reason.code == "item_open":
        item = steps[reason.about]
        title, note = item.text, _step_note(item)
    elif reason.code == "not_signed":
        title = Function(reason.about).label
    elif reason.code in ("no_sponsor", "function_missing"):
        note = ""  # the button has the same text
    url, action = _act(case, reason, actor)
    hard = reason.code in _HARD
    icon = _ICONS.get(reason.code, "octagon-x" if hard else "triangle-alert")
    return BlockerCard(title, note, "bad" if hard else "warn", icon, url, action)


def _open_work(case: Case, item: Any) -> BlockerCard:
    """The card of a linked step, with every reason why its work is not done."""
    url = reverse(linked_work.of(item.link).url_name, args=[case.number])
    read = vars(item).get("lacks")  # with the steps of the page
    parts = linked_work.missing(case, item.link) if read is None else read
    return BlockerCard(item.text, parts=parts, icon=_ICONS["item_open"], url=url, action="Open")


@dataclass(frozen=True)
class StepReason:
    """A step that refuses a move, with the reasons of its linked work, as a ``Reason``."""

    detail: str
    about: str
    parts: list[Reason] = field(default_factory=list)
    fix: str = ""


def by_step(case: Case, reasons: Iterable[Reason]) -> list[Reason | StepReason]:
    """The reasons against a move, those of one step together, so that it counts once."""
    found: dict[str, Reason | StepReason] = {}
    steps = {str(item.pk): item for item in case.checklist.all()}
    for number, reason in enumerate(reasons):
        item = steps.get(reason.about) if reason.code == "work_open" else None
        if item is None:
            found[str(-number)] = reason
            continue
        url = reverse(linked_work.of(item.link).url_name, args=[case.number])
        step = found.setdefault(reason.about, StepReason(f"“{item.text}” is not done.", url))
        if isinstance(step, StepReason):
            step.parts.append(reason)
    return list(found.values())


def _step_note(item: Any) -> str:
    lacks = "Needs a file as evidence." if item.evidence_required and not item.has_evidence else ""
    return " ".join(filter(None, [f"{item.owner.name}." if item.owner else "", lacks]))


def _act(case: Case, reason: Reason, actor: Actor) -> tuple[str, str]:
    """The link and label that remove a reason, for readers with the right."""
    act = _ACTS.get(reason.code)
    if act is None or not actor.may(act[3], case):
        return "", ""
    page, anchor, words, _ = act
    person = PERSONS.get(Function(reason.about), "") if reason.code == "function_missing" else ""
    url = reverse(page, args=[case.number]) + anchor.format(about=reason.about)
    return url, words.format(person=person)


def summary(found: Iterable[BlockerGroup]) -> str:
    """``Team 4 · Steps 3 · Signatures 4``."""
    return " · ".join(f"{group.label} {len(group.items)}" for group in found)


def text_without_any(case: Case) -> str:
    """The text of the card without blockers."""
    if case.state == State.ON_HOLD:
        return "Nothing. Ready to resume."
    if case.state != State.DRAFT:
        return f"Nothing. Ready for {_plain(next_state(case))}."
    needs = Counter(HEADINGS.get(reason.code, "Other") for reason in after_next(case))
    parts = [
        f"{count} {noun if count == 1 else many}"
        for label, noun, many in _COUNTED
        if (count := needs[label])
    ]
    return f"Nothing. Ready to submit. Business case then needs {_listed(parts)}."


_COUNTED = (
    ("Team", "more person in the team", "more people in the team"),
    ("Steps", "step", "steps"),
    ("Signatures", "signature", "signatures"),
)


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _plain(state: str) -> str:
    label = in_words(state)
    return label if label.isupper() else label.lower()
