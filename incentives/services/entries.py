"""Services for lines that no receipt shows: avoidance, shortage avoidance, rebates lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from incentives.models import ClosedMonth, SavingLine
from incentives.services.baselines import LEDGER
from parts.house_rules import CompanyPolicy
from qualification.models import Case
from secondsource.core import audit, clock, jobs, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.formats import month_name
from secondsource.core.money import is_currency, minor_units, posted
from secondsource.core.records import create
from suppliers.models import Source

MOST_MONEY = Decimal("1e12")


@transaction.atomic
def enter_avoidance(
    *,
    case: Case,
    source: Source,
    month: dt.date,
    offered: Decimal,
    paid: Decimal,
    quantity: Decimal,
    currency: str,
    reason: str,
    evidence: str,
    actor: Actor,
) -> SavingLine:
    """Enter a cost that was avoided against a documented would-be price; never in a bonus.

    Raises ``ValuesRefused``, ``RuleRefused`` for a closed month.
    """
    problems = []
    if quantity <= 0:
        problems.append(FieldProblem("/quantity", "not_positive", "Above 0."))
    problems += [
        FieldProblem(f"/{name}", "negative", "0 or more.")
        for name, value in (("offered", offered), ("paid", paid))
        if value < 0
    ]
    if offered <= paid:
        told = "Not above the price paid, so nothing was avoided."
        problems.append(FieldProblem("/offered", "not_above_paid", told))
    refuse_values(problems)
    line = SavingLine(
        case=case, source=source, kind=SavingLine.Kind.AVOIDANCE, baseline_price=offered,
        paid_price=paid, quantity=quantity, amount=(offered - paid) * quantity,
    )  # fmt: skip
    return _enter(line, month, currency, reason, evidence, actor)


@transaction.atomic
def enter_shortage_avoidance(
    *,
    case: Case,
    month: dt.date,
    amount: Decimal,
    currency: str,
    reason: str,
    evidence: str,
    actor: Actor,
    source: Source | None = None,
) -> SavingLine:
    """Enter an expedite, premium or line stop that was avoided, with its evidence.

    Raises ``ValuesRefused``, ``RuleRefused`` for a closed month.
    """
    refuse_values(_amount_problems(amount, currency))
    kind = SavingLine.Kind.SHORTAGE_AVOIDANCE
    line = SavingLine(case=case, source=source, kind=kind, amount=amount)
    return _enter(line, month, currency, reason, evidence, actor)


@transaction.atomic
def enter_rebate_lost(
    *,
    case: Case,
    source: Source,
    month: dt.date,
    amount: Decimal,
    currency: str,
    reason: str,
    evidence: str,
    actor: Actor,
) -> SavingLine:
    """Enter a rebate that the shift of share cost; it is subtracted from the savings.

    ``amount`` is what was lost, above 0. Raises ``ValuesRefused``, ``RuleRefused``.
    """
    refuse_values(_amount_problems(amount, currency))
    line = SavingLine(
        case=case, source=source, kind=SavingLine.Kind.NEGOTIATED, amount=-amount,
        origin=SavingLine.Origin.REBATE,
    )  # fmt: skip
    return _enter(line, month, currency, reason, evidence, actor)


@transaction.atomic
def withdraw_entry(
    *, line: SavingLine, reason: str, actor: Actor, expected: int | None = None
) -> None:
    """Remove an entered line of an open month, with a reason; its history stays."""
    jobs.take_turns(LEDGER)
    actor.require("incentives.write_saving", line.case)
    row = SavingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    audit.check_version(row, expected)
    if row.origin not in (SavingLine.Origin.ENTERED, SavingLine.Origin.REBATE):
        raise RuleRefused.one("computed", "This line is computed from receipts.")
    _refuse_closed(row.month)
    if not reason.strip():
        refuse_values([FieldProblem("/reason", "required", "Say why it is removed.")])
    audit.record("incentives.saving.withdrawn", row.case, actor, note=reason.strip())
    audit.delete_as(row, actor, reason.strip())


def _enter(
    line: SavingLine, month: dt.date, currency: str, reason: str, evidence: str, actor: Actor
) -> SavingLine:
    jobs.take_turns(LEDGER)
    actor.require("incentives.write_saving", line.case)
    ours = policies.active(CompanyPolicy)[0].currency
    refuse_values(_problems(line, month, currency, ours, reason, evidence))
    _refuse_closed(month)
    line.month = line.earned_in = month
    line.stage = SavingLine.Stage.REALISED
    line.origin = line.origin or SavingLine.Origin.ENTERED
    line.amount = posted(line.amount, ours)
    line.currency, line.entered_by = ours, actor.user
    line.reason, line.evidence = reason.strip(), evidence.strip()
    made = create(line, actor, duplicate="This line is on record already.")
    audit.record("incentives.saving.entered", line.case, actor, note=made.reason)
    return made


def _problems(
    line: SavingLine, month: dt.date, currency: str, ours: str, reason: str, evidence: str
) -> list[FieldProblem]:
    found = []
    if month.day != 1:
        found.append(FieldProblem("/month", "not_first_day", "The first day of a month."))
    elif month > clock.business_day():
        found.append(FieldProblem("/month", "in_future", "Not a month to come."))
    elif month < (opened := _opened(line.case)):
        told = f"Not before {line.case.key} was opened in {month_name(opened)}."
        found.append(FieldProblem("/month", "before_opening", told))
    if currency != ours:
        told = f"The ledger is in {ours}. Convert the amount at the budget rate."
        found.append(FieldProblem("/currency", "other_currency", told))
    if abs(line.amount) >= MOST_MONEY:
        found.append(FieldProblem("/amount", "too_large", "Below 1,000,000,000,000."))
    if line.source is not None and line.source.part_id != line.case.part_id:
        found.append(FieldProblem("/source", "other_part", "Choose a source of the same part."))
    if not reason.strip():
        found.append(FieldProblem("/reason", "required", "Say what was saved."))
    if not evidence.strip():
        found.append(FieldProblem("/evidence", "required", "Name the document that shows it."))
    return found


def _amount_problems(amount: Decimal, currency: str) -> list[FieldProblem]:
    if amount <= 0:
        return [FieldProblem("/amount", "not_positive", "Above 0.")]
    if is_currency(currency) and amount != posted(amount, currency):
        told = f"At most {minor_units(currency)} digits after the point in {currency}."
        return [FieldProblem("/amount", "too_precise", told)]
    return []


def _opened(case: Case) -> dt.date:
    """The first day of the month in which a case was opened."""
    return clock.day_of(case.opened_at).replace(day=1)


def _refuse_closed(month: dt.date) -> None:
    if ClosedMonth.objects.filter(month=month).exists():
        raise RuleRefused.one(
            "month_closed", f"{month_name(month)} is closed.", "Enter it in the present month."
        )
