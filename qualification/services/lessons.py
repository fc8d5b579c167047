"""Services that write and change lessons, and propose steps of an SOP because of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import transaction

from qualification.models import Case, Lesson, Sop, SopItem
from qualification.models.cases import ASIDE_STATES, GATES, State
from qualification.services.sops import OPEN, add_sop_item, draft_sop
from qualification.services.work import locked_case
from qualification.sops import sop_for
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, PermissionRefused, RuleRefused, refuse_values
from secondsource.core.records import change, create

#: States in which a case has something to teach: the transition and all in which it is over.
TEACHING = frozenset({State.TRANSITION, State.CLOSED, *ASIDE_STATES} - {State.ON_HOLD})
LESSON_FIELDS = frozenset({"gate", "text"})
_LONGEST = 2000


@transaction.atomic
def write_lesson(*, case: Case, gate: str, text: str, actor: Actor, step: str = "") -> Lesson:
    """Write a lesson of a case in transition or over.

    With ``step`` the text of a step is proposed for the next version of the SOP, see
    :func:`propose_step`. Raises ``RuleRefused``, ``ValuesRefused``, ``PermissionRefused``.
    """
    case = locked_case(case)
    actor.require("qualification.write_lesson", case)
    if actor.user is None:
        raise PermissionRefused("Only a person writes a lesson.")
    if case.state not in TEACHING:
        raise RuleRefused.one(
            "too_early",
            f"{case.key} is at {case.get_state_display()}: it has not taught anything yet.",
            "Write it in transition or when the case is over.",
        )
    refuse_values(_problems(gate, text))
    lesson = create(
        Lesson(
            case=case, category=case.part.category, gate=gate, text=text.strip(),
            author=actor.user,
        ),
        actor,
        duplicate="This lesson exists already.",
    )  # fmt: skip
    audit.record(
        "qualification.case.taught", case, actor, note=lesson.text, data={"gate": str(gate)}
    )
    if step.strip():
        propose_step(lesson=lesson, text=step, actor=actor)
    return lesson


def _problems(gate: str, text: str) -> Iterator[FieldProblem]:
    if gate not in GATES:
        yield FieldProblem("/gate", "unknown_gate", "Choose a gate.")
    if not text.strip():
        yield FieldProblem("/text", "required", "Say what the case taught.")
    if len(text.strip()) > _LONGEST:
        yield FieldProblem("/text", "max_length", f"At most {_LONGEST} characters.")


@transaction.atomic
def change_lesson(
    *, lesson: Lesson, values: Mapping[str, str], actor: Actor, expected: int | None = None
) -> Lesson:
    """Change text or gate of a lesson, by who wrote it or quality; the history keeps the former.

    A step that was proposed because of it keeps its guidance. Raises ``PermissionRefused``,
    ``ValuesRefused``, ``Stale``.
    """
    actor.require("qualification.change_lesson", lesson)
    given = {name: value.strip() for name, value in values.items()}
    refuse_values(_problems(given.get("gate", lesson.gate), given.get("text", lesson.text)))
    row = change(lesson, given, actor, allowed=LESSON_FIELDS, expected=expected)
    if row.version != lesson.version:
        audit.record("qualification.case.lesson_changed", row.case, actor, note=row.text)
    return row


@transaction.atomic
def propose_step(*, lesson: Lesson, text: str, actor: Actor) -> SopItem:
    """Add a step to the draft of the SOP that cases like this one get, drafting it if need be.

    Its guidance is the lesson. Refused while a proposed version waits for quality.
    """
    in_force = sop_for(lesson.category, lesson.case.risk_class)
    waiting = in_force.siblings().filter(state__in=OPEN).first()
    if waiting is not None and waiting.state == Sop.State.PROPOSED:
        raise RuleRefused.one(
            "proposal_waits", f"{waiting} waits for quality.", "Propose the step after that."
        )
    draft = waiting or draft_sop(
        category=in_force.category, family=in_force.family, risk_class=in_force.risk_class,
        reason=f"Lesson of {lesson.case.key}: {lesson.text}", actor=actor,
    )  # fmt: skip
    return add_sop_item(
        sop=draft, gate=lesson.gate, text=text, guidance=lesson.text, lesson=lesson, actor=actor
    )
