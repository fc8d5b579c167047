"""Services that open and change cases and give interim approvals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from parts.models import Part, PartFigures
from qualification import clearance, effects, facts, figures, fmea_sheet, linked_work
from qualification.approval import terms_of
from qualification.approved_scope import approved_plants, approved_products
from qualification.gate_plan import plan_gates
from qualification.gate_requirements import rank
from qualification.guards import gate_of, require_open
from qualification.house_rules import InterimPolicy
from qualification.models import Case, ChecklistItem, Interim
from qualification.models.cases import GATES, OPEN_STATES, State
from qualification.services.business_case import propose_costs
from qualification.services.checklists import take_over
from qualification.services.plan import (
    PLAN_FIELDS,
    ROLLBACK_FIELDS,
    SIGNED_PLAN,
    plan_problems,
    write_plan,
)
from qualification.services.rollback_plan import propose_triggers
from qualification.services.scope import SCOPE_FIELDS, change_scope
from qualification.services.team import (
    lead_problems,
    name_sponsor,
    sponsor_problems,
    team_problems,
    write_team,
)
from qualification.signals import case_opened
from qualification.sops import sop_for
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import audit, clock, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.formats import day
from secondsource.core.models import Counter
from secondsource.core.records import change, create
from secondsource.core.workflow import Move
from suppliers import services as sourcing
from suppliers.models import Approval, Source

CASE_FIELDS = frozenset({"summary", "start_reason", "due_date", "risk_class"})


@transaction.atomic
def open_case(
    *,
    source: Source,
    actor: Actor,
    lead: User | None = None,
    kind: str = Case.Kind.SECOND_SOURCE,
    risk_class: str = "",
    team: Sequence[tuple[User, str]] = (),
    **fields: Any,
) -> Case:
    """Open a case on an alternate, as a draft with its team and the steps of its SOP.

    Raises ``Duplicate`` if another open case works on the source, ``RuleRefused`` for an incumbent.
    """
    actor.require("qualification.open_case")
    sources = Source.objects.select_related("part__category", "manufacturer_part__manufacturer")
    PartFigures.objects.lock([source.part_id])
    source = sources.get(pk=source.pk)
    _may_be_qualified(source, kind)
    lead = lead or actor.user
    risk_class = risk_class or source.part.category.risk_class
    planned = {name: fields.pop(name) for name in PLAN_FIELDS & set(fields)}
    scope = {name: fields.pop(name) for name in SCOPE_FIELDS if name in fields}
    problems = [*lead_problems(lead), *plan_problems(planned)]
    problems += sponsor_problems(fields.get("sponsor"))
    problems += team_problems(team)
    problems += _class_problems(source.part, risk_class)
    if lead is None or problems:
        raise ValuesRefused(problems)
    sop = sop_for(source.part.category, risk_class)
    case = create(
        Case(
            sop=sop,
            number=Counter.take("case")[0],
            part=source.part,
            source=source,
            lead=lead,
            kind=kind,
            risk_class=risk_class,
            opened_at=clock.now(),
            **fields,
        ),
        actor,
        duplicate="A case works on this source already.",
    )
    change_scope(case=case, values={"products": source.scope.all()} | scope, actor=actor)
    write_plan(case, planned, actor)
    propose_costs(case, actor)
    propose_triggers(case, actor)
    take_over(case, sop, actor)
    plan_gates(case, actor)
    audit.record("qualification.case.opened", case, actor)
    if team:
        write_team(case, team, actor)
    facts.resolve_source(case, actor)
    figures.refresh_case_columns([case.part_id])
    case_opened.send(sender=Case, case=case, actor=actor)
    return case


def _may_be_qualified(source: Source, kind: str) -> None:
    running = Case.objects.filter(source=source, state__in=OPEN_STATES).first()
    if running is not None:
        raise Duplicate(f"{running.key} works on this source already.")
    reasons = []
    if kind == Case.Kind.SECOND_SOURCE and source.role == Source.Role.INCUMBENT:
        detail = "The incumbent needs no second-source case."
        fix = "Choose an alternate, or open a requalification."
        reasons.append(Reason("incumbent", detail, fix))
    if source.manufacturer_part.manufacturer.placeholder:
        detail = f"The manufacturer of {source.manufacturer_part.mpn} is not named."
        reasons.append(Reason("manufacturer_not_named", detail, "Name it on the part's page."))
    if reasons:
        raise RuleRefused(reasons)


def _class_problems(part: Part, risk_class: str) -> list[FieldProblem]:
    """Refuse a risk class below that of the part's category."""
    least = part.category.risk_class
    if rank(risk_class) >= rank(least):
        return []
    detail = f"{part.category.name} is of risk class {least}: a case on it cannot be below."
    return [FieldProblem("/risk_class", "below_category", detail)]


def change_case(
    *, case: Case, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Case:
    """Change plain fields (``CASE_FIELDS``) and the plan (``PLAN_FIELDS``) of an open case.

    The first ``sponsor`` can be given too. A higher risk class adds its steps to the gates ahead; a
    lower one removes none. Raises ``Stale``, ``ValuesRefused``, ``RuleRefused`` for a case that is
    over.
    """
    actor.require("qualification.write_case", case)
    planned = {name: value for name, value in values.items() if name in PLAN_FIELDS}
    scope = {name: values[name] for name in SCOPE_FIELDS if name in values}
    own = {n: v for n, v in values.items() if n not in PLAN_FIELDS | {"sponsor", *SCOPE_FIELDS}}
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("part__category")
        before = locked.get(pk=case.pk)
        problems = plan_problems(planned)
        wanted = values.get("risk_class", before.risk_class)
        if wanted != before.risk_class:  # the category's class can be higher by now
            problems += _class_problems(before.part, wanted)
        if values.get("sponsor") != before.sponsor:
            problems += sponsor_problems(values.get("sponsor"))
        refuse_values(problems)
        require_open(before)
        row = change(before, own, actor, allowed=CASE_FIELDS, expected=expected)
        if "sponsor" in values:
            row = name_sponsor(case=row, sponsor=values["sponsor"], actor=actor)
        changed = {name for name in own if getattr(before, name) != getattr(row, name)}
        if "risk_class" in changed and rank(row.risk_class) > rank(before.risk_class):
            _ask_for_more(row, actor)
        planned_anew = write_plan(row, planned, actor)
        if planned_anew and row.version == before.version:
            audit.save_as(row, actor, "plan")  # the plan is part of the case's version
        changed |= planned_anew
        if changed & ROLLBACK_FIELDS:
            linked_work.refresh(row, actor, links=(ChecklistItem.Link.ROLLBACK_PLAN,))
        _void_what_was_signed_on(row, changed, actor)
        return change_scope(case=row, values=scope, actor=actor) if scope else row


def _ask_for_more(case: Case, actor: Actor) -> None:
    """Add the steps of the SOP of a raised risk class to the gates ahead.

    Signatures of the present gate become void if it got new steps.
    """
    gate = gate_of(case)
    case.sop = sop_for(case.part.category, case.risk_class)
    audit.save_as(case, actor, f"risk class {case.risk_class}", raise_version=False)
    if gate in take_over(case, case.sop, actor, raised=True):
        why = f"the risk class was raised to {case.risk_class}"
        effects.void_signatures(case, from_gate=gate, move=Move(actor), why=why)


def _void_what_was_signed_on(case: Case, changed: set[str], actor: Actor) -> None:
    """Void signatures that were given on a changed plan, also of a case on hold."""
    gate, move = gate_of(case), Move(actor)
    signed_on = changed & (SIGNED_PLAN.get(gate, set()) | {"risk_class"})
    if signed_on and gate in GATES:
        fields = ", ".join(sorted(signed_on)).replace("_", " ")
        why = f"the plan was changed after signing: {fields}"
        effects.void_signatures(case, from_gate=gate, move=move, why=why)


def latest_interim_day() -> dt.date:
    """The latest last day of an interim approval that is given today."""
    policy, _ = policies.active(InterimPolicy)
    return clock.business_day() + dt.timedelta(policy.days_at_most)


@transaction.atomic
def give_interim(
    *,
    case: Case,
    quantity: int,
    until: dt.date,
    actor: Actor,
    note: str,
    share: Decimal | None = None,
    expected: int | None = None,
) -> Case:
    """Approve the candidate up to a quantity and a last day, at the approval gate.

    ``share`` limits it further, to a fraction of a month's demand; orders above it are warned.

    Only quality gives an interim approval, and not the case's own lead.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    audit.check_version(case, expected)
    actor.require("qualification.sign_case", case)
    if actor.user is None or not actor.user.has_role(Role.QUALITY) or actor.user_id == case.lead_id:
        raise PermissionRefused("Quality gives an interim approval, and not the case's lead.")
    problems = []
    if quantity < 1:
        problems.append(FieldProblem("/quantity", "not_positive", "At least 1."))
    if share is not None and not 0 < share <= 1:
        problems.append(FieldProblem("/share", "out_of_range", "Above 0, at most 100 %."))
    latest = latest_interim_day()
    if until < clock.business_day():
        problems.append(FieldProblem("/until", "in_past", "The last day must be in the future."))
    if until > latest:
        detail = f"An interim approval ends on {day(latest)} at the latest."
        problems.append(FieldProblem("/until", "too_late", detail))
    refuse_values(problems)
    if case.state != State.APPROVAL:
        raise RuleRefused.one("wrong_state", "An interim is given at the approval gate only.")
    high = [one for one in fmea_sheet.missing(case) if one.code == "ap_high_open"]
    if conflicts := [*clearance.missing(case), *high]:
        raise RuleRefused(conflicts)
    PartFigures.objects.lock([case.part_id])
    source = Source.objects.get(pk=case.source_id)
    if source.was_approved:
        raise RuleRefused.one("approved_before", "The source keeps its status until transition.")
    approval = sourcing.write_approval(
        source=source,
        kind=Approval.Kind.INTERIM,
        evidence_ref=case.key,
        products=approved_products(case),
        plants=approved_plants(case),
        valid_to=until,
        quantity=Decimal(quantity),
        share=share,
        actor=actor,
        **terms_of(case),
    )
    Interim.objects.create(case=case, approval=approval, note=note, created_at=clock.now())
    audit.save_as(case, actor, note)
    audit.record(
        "qualification.case.interim_given", case, actor, note=note,
        data={
            "quantity": quantity, "until": until.isoformat(),
            "share": None if share is None else str(share),
        },
    )  # fmt: skip
    facts.resolve_source(case, actor)
    return case
