"""Services that draft a version of an SOP and write its steps; ``SOP_FLOW`` moves it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from parts.models import Category
from parts.models.catalogue import RiskClass
from qualification import linked_work
from qualification.families import Family
from qualification.models import Sop, SopItem
from qualification.models.cases import GATES
from qualification.services.items import step_problems
from qualification.sops import sop_for
from secondsource.accounts.rights import Function
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    FieldProblem,
    RuleRefused,
    refuse_values,
)
from secondsource.core.records import create

OPEN = (Sop.State.DRAFT, Sop.State.PROPOSED)
#: Fields of a step that can be written; its code is given once.
ITEM_FIELDS = frozenset(SopItem.FROZEN) - {"code"} | {"gate", "position"}
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CODE = 40


@transaction.atomic
def draft_sop(
    *,
    risk_class: str,
    reason: str,
    actor: Actor,
    category: Category | None = None,
    family: str = "",
) -> Sop:
    """The next version for a category, a family of parts or all parts, as a draft.

    It begins with the steps in force for these parts, which for a category without an SOP of its
    own are those of its family. Raises ``Duplicate`` where a draft or proposal exists already.
    """
    actor.require("qualification.write_sop")
    refuse_values(_scope_problems(category, family, risk_class, reason))
    sop = Sop(category=category, family=family, risk_class=risk_class, reason=reason.strip())
    siblings = list(sop.siblings().select_for_update(of=("self",)).order_by("number"))
    waiting = next((row for row in siblings if row.state in OPEN), None)
    if waiting is not None:
        raise Duplicate(f"{waiting} is {waiting.state} already.")
    sop.number = siblings[-1].number + 1 if siblings else 1
    sop.derived_from = next((row for row in siblings if row.state == Sop.State.ACTIVE), None)
    if sop.derived_from is None and category is not None:
        sop.derived_from = sop_for(category, risk_class)
    sop.drafted_by = actor.user
    sop = create(sop, actor, reason=sop.reason, duplicate="Somebody drafted a version just now.")
    if sop.derived_from is not None:
        rows = [_copy(item, sop) for item in sop.derived_from.items.all()]
        audit.bulk_create_as(SopItem, rows, actor, sop.reason)
    audit.record("qualification.sop.drafted", sop, actor, note=sop.reason)
    return sop


def _scope_problems(
    category: Category | None, family: str, risk_class: str, reason: str
) -> list[FieldProblem]:
    problems = []
    if not reason.strip():
        problems.append(FieldProblem("/reason", "required", "Say why."))
    if risk_class not in RiskClass.values:
        problems.append(FieldProblem("/risk_class", "unknown", "Choose low, medium or high."))
    if family and family not in Family.values:
        problems.append(FieldProblem("/family", "unknown", "There is no such family."))
    if family and category is not None:
        detail = "Choose a category or a family, not both."
        problems.append(FieldProblem("/family", "beside_category", detail))
    return problems


def _copy(item: SopItem, sop: Sop) -> SopItem:
    taken = {name: getattr(item, name) for name in SopItem.FROZEN}
    return SopItem(sop=sop, gate=item.gate, position=item.position, **taken)


def _locked_draft(sop: Sop, actor: Actor, expected: int | None = None) -> Sop:
    """The draft under its lock. Raises ``RuleRefused`` for a version in another state."""
    row = Sop.objects.select_for_update(of=("self",)).get(pk=sop.pk)
    audit.check_version(row, expected)
    actor.require("qualification.write_sop", row)
    if row.state != Sop.State.DRAFT:
        fix = "Return it to draft." if row.state == Sop.State.PROPOSED else "Draft the next one."
        raise RuleRefused.one("not_a_draft", f"{row} is {row.get_state_display().lower()}.", fix)
    return row


@transaction.atomic
def add_sop_item(
    *, sop: Sop, gate: str, text: str, actor: Actor, code: str = "", position: int | None = None,
    expected: int | None = None, **fields: Any,
) -> SopItem:  # fmt: skip
    """Add a step to a draft, at a place of its gate or at its end.

    Without a code it gets one from its text. ``expected`` is the version of the SOP.
    """
    sop = _locked_draft(sop, actor, expected)
    code = code.strip() or slugify(text)[:_LONGEST_CODE].strip("-")
    values = {"gate": gate, "text": text.strip(), "position": position, **fields}
    problems = _item_problems(values)
    if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
        detail = "Small letters, digits and hyphens, at most 40."
        problems.append(FieldProblem("/code", "invalid", detail))
    elif sop.items.filter(code=code).exists():
        detail = f"The step {code} exists already."
        problems.append(FieldProblem("/code", "duplicate", detail))
    refuse_values(problems)
    item = SopItem(sop=sop, code=code, **values)
    _place(item, actor)
    item = create(item, actor, duplicate="This code is taken.")
    _say(sop, "step_added", item, actor)
    return item


@transaction.atomic
def change_sop_item(
    *, item: SopItem, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> SopItem:
    """Change a step of a draft (``ITEM_FIELDS``). ``expected`` is the version of the step."""
    if unknown := set(values) - ITEM_FIELDS:
        raise KeyError(f"not changeable: {sorted(unknown)}")
    sop = _locked_draft(item.sop, actor)
    item = SopItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    audit.check_version(item, expected)
    given = {name: value for name, value in values.items() if getattr(item, name) != value}
    if not given or given == {"position": None}:
        return item
    refuse_values(_item_problems({n: getattr(item, n) for n in ITEM_FIELDS} | given))
    for name, value in given.items():
        setattr(item, name, value)
    if {"gate", "position"} & set(given):
        _place(item, actor)
    audit.save_as(item, actor, "step changed")
    _say(sop, "step_changed", item, actor)
    return item


@transaction.atomic
def remove_sop_item(*, item: SopItem, actor: Actor, expected: int | None = None) -> None:
    """Remove a step from a draft; its history stays."""
    sop = _locked_draft(item.sop, actor)
    item = SopItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    audit.check_version(item, expected)
    _say(sop, "step_removed", item, actor)
    audit.delete_as(item, actor, "step removed")


def _item_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    problems = step_problems(values)
    if values.get("gate") not in GATES:
        problems.append(FieldProblem("/gate", "unknown_gate", "Choose a gate."))
    if not values.get("text"):
        problems.append(FieldProblem("/text", "required", "Describe what is to be done."))
    if values.get("link") and values["link"] not in linked_work.known():
        problems.append(FieldProblem("/link", "unknown_link", "There is no such work."))
    elif values.get("link") and values.get("kind", "tick") != "tick":
        detail = "A step with a link is done with that work alone."
        problems.append(FieldProblem("/link", "beside_kind", detail))
    if set(values.get("functions") or ()) - set(Function.values):
        problems.append(FieldProblem("/functions", "unknown_function", "Choose functions."))
    return problems


def _place(item: SopItem, actor: Actor) -> None:
    """Put a step at its place of the gate and move those behind it; the end by default."""
    others = item.sop.items.filter(gate=item.gate).exclude(pk=item.pk)
    last = others.order_by("-position").first()
    end = last.position + 1 if last else 1
    wanted = item.position or end
    item.position = max(1, min(wanted, end))
    behind = others.filter(position__gte=item.position)
    if behind.filter(position=item.position).exists():
        traces.attribute(actor, "another place")
        behind.update(position=F("position") + 1)


def _say(sop: Sop, act: str, item: SopItem, actor: Actor) -> None:
    """An event, and a new version of the SOP, so that nobody proposes what they did not see."""
    audit.save_as(sop, actor, f"{act.replace('_', ' ')}: {item.text}")
    audit.record(
        f"qualification.sop.{act}", sop, actor, note=item.text,
        data={"code": item.code, "gate": item.gate},
    )  # fmt: skip
