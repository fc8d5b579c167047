"""Services for accepted risks: recorded by the team, signed by engineering and procurement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qualification import approval
from qualification.models import AcceptedRisk, Case, NoRiskStatement, RiskSignature
from qualification.models.approval import RISK_SIGNERS
from qualification.models.cases import State
from qualification.services.gates import functions_of
from qualification.services.work import case_for_work, work_changed
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    refuse_values,
)
from secondsource.core.records import change, create

GATE = State.APPROVAL
#: Fields whose change voids the signatures of a risk.
RISK_FIELDS = frozenset({"text", "severity", "mitigation"})


@transaction.atomic
def record_risk(
    *,
    case: Case,
    text: str,
    actor: Actor,
    severity: str = "",
    mitigation: str = "",
    origin: str = AcceptedRisk.Origin.FREE,
    reference: str = "",
) -> AcceptedRisk:
    """Record a risk that stays with the alternate; a statement that there is none ends.

    Raises ``ValuesRefused`` without a text, ``Duplicate`` for an origin that is recorded already.
    """
    case = case_for_work(case, GATE, actor)
    if actor.user is None:
        raise PermissionRefused("Only a person records a risk.")
    refuse_values(_text_problems({"text": text}))
    risk = create(
        AcceptedRisk(
            case=case, text=text.strip(), severity=severity.strip(), mitigation=mitigation.strip(),
            origin=origin, reference=reference, raised_by=actor.user,
        ),
        actor,
        duplicate="This risk is recorded already.",
    )  # fmt: skip
    statement = approval.statement_of(case)
    if statement is not None:
        _withdraw(statement, actor, "a risk was recorded")
    audit.record("qualification.risk.recorded", case, actor, note=risk.text)
    work_changed(case, GATE, actor, "an accepted risk was recorded")
    return risk


def _text_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    if "text" in values and not values["text"].strip():
        return [FieldProblem("/text", "required", "Describe the risk.")]
    return []


@transaction.atomic
def change_risk(
    *, risk: AcceptedRisk, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> AcceptedRisk:
    """Change the words of a risk (``RISK_FIELDS``). A change voids both signatures."""
    case = case_for_work(risk.case, GATE, actor)
    row = _standing(risk)
    given = {name: value.strip() for name, value in values.items()}
    refuse_values(_text_problems(given))
    changed = change(row, given, actor, allowed=RISK_FIELDS, expected=expected)
    if changed.version != row.version:
        _void(changed, actor, "the words of the risk were changed")
        audit.record("qualification.risk.reworded", case, actor, note=changed.text)
        work_changed(case, GATE, actor, "an accepted risk was changed")
    return changed


@transaction.atomic
def withdraw_risk(
    *, risk: AcceptedRisk, reason: str, actor: Actor, expected: int | None = None
) -> AcceptedRisk:
    """Take back a risk that is not accepted any more; it stays on record with the reason."""
    case = case_for_work(risk.case, GATE, actor)
    row = _standing(risk)
    audit.check_version(row, expected)
    refuse_values(reason_problems(reason))
    _void(row, actor, "the risk was withdrawn")
    _withdraw(row, actor, reason)
    audit.record("qualification.risk.withdrawn", case, actor, note=f"{row.text}: {reason}")
    work_changed(case, GATE, actor, "an accepted risk was withdrawn")
    return row


def reason_problems(reason: str) -> list[FieldProblem]:
    """The problem of an empty reason."""
    if reason.strip():
        return []
    return [FieldProblem("/reason", "required", "Give the reason.")]


@transaction.atomic
def sign_risk(
    *, risk: AcceptedRisk, function: str, actor: Actor, expected: int | None = None
) -> RiskSignature:
    """Sign a risk for engineering or procurement, on the version that was read.

    Two persons sign. Raises ``PermissionRefused``, ``RuleRefused`` with every reason, ``Stale``.
    """
    case = case_for_work(risk.case, GATE, actor, permission="qualification.sign_case")
    if actor.user is None:
        raise PermissionRefused("Only a person signs.")
    person = User.objects.get(pk=actor.user.pk)
    if function not in RISK_SIGNERS or function not in functions_of(case, person):
        raise PermissionRefused(
            f"You do not sign for {function} in this case.", "The case lead can change the team."
        )
    row = _standing(risk)
    audit.check_version(row, expected)
    if reasons := _against_signing(row, function, person):
        raise RuleRefused(reasons)
    _void(row, actor, "the signer has no role for the function any more", function)
    signature = create(
        RiskSignature(
            risk=row, function=function, signed_by=person, signed_at=clock.now(),
            risk_version=row.version,
        ),
        actor,
        duplicate=f"{Function(function).label} has signed already.",
    )  # fmt: skip
    audit.record(
        "qualification.risk.signed", case, actor, note=row.text, data={"function": function}
    )
    work_changed(case, GATE, actor, f"an accepted risk was signed for {function}")
    return signature


def _against_signing(risk: AcceptedRisk, function: str, person: User) -> list[Reason]:
    given = [one for one in risk.signatures.select_related("signed_by") if one.voided_at is None]
    if any(one.function == function and one.signed_by.may_hold(function) for one in given):
        return [Reason("signed", f"{Function(function).label} has signed already.")]
    if any(one.signed_by_id == person.pk and one.function != function for one in given):
        detail = "You have signed this risk for another function."
        return [Reason("four_eyes", detail, "Somebody else signs: the risk is shared by two.")]
    return []


@transaction.atomic
def state_no_risk(
    *, case: Case, reason: str, actor: Actor, expected: int | None = None
) -> NoRiskStatement:
    """State, as the lead, that no risk is accepted. Refused while one is recorded."""
    case = case_for_work(case, GATE, actor, permission="qualification.lead_case")
    audit.check_version(case, expected)
    if actor.user is None:
        raise PermissionRefused("Only a person states it.")
    refuse_values(reason_problems(reason))
    if approval.risks_of(case).exists():
        raise RuleRefused.one(
            "risks_recorded", "Risks are recorded for this case.", "Withdraw them first."
        )
    if reasons := approval.missing_risks(case, stated=True):
        raise RuleRefused(reasons)
    made = create(
        NoRiskStatement(
            case=case, reason=reason.strip(), stated_by=actor.user, stated_at=clock.now()
        ),
        actor,
        duplicate="It is stated already.",
    )
    audit.record("qualification.risk.none_stated", case, actor, note=reason.strip())
    work_changed(case, GATE, actor, "it was stated that no risk is accepted")
    return made


def _standing(risk: AcceptedRisk) -> AcceptedRisk:
    """The risk under a row lock. Raises ``RuleRefused`` for a withdrawn one."""
    row = AcceptedRisk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
    if row.withdrawn_at is not None:
        raise RuleRefused.one("withdrawn", "This risk is withdrawn.")
    return row


def _void(risk: AcceptedRisk, actor: Actor, why: str, function: str = "") -> None:
    given = risk.signatures.filter(voided_at=None)
    for signature in given.filter(function=function) if function else given:
        signature.voided_at, signature.void_reason = clock.now(), why
        audit.save_as(signature, actor, why)


def void_of_origin(*, case: Case, reference: str, actor: Actor, why: str) -> None:
    """Void the signatures of the risk that came from this work, which is another one now."""
    for risk in AcceptedRisk.objects.standing().filter(case=case, reference=reference):
        _void(risk, actor, why[:300])


def _withdraw(row: AcceptedRisk | NoRiskStatement, actor: Actor, reason: str) -> None:
    row.withdrawn_at, row.withdrawn_reason = clock.now(), reason.strip()[:300]
    audit.save_as(row, actor, reason)
