"""Services of finance: validate lines of closed months, take savings back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction

from incentives.models import ClosedMonth, Reversal, SavingLine
from incentives.services.baselines import LEDGER
from incentives.signals import savings_changed
from qualification.models import Case, Rollback
from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    refuse_values,
)
from secondsource.core.formats import month_name
from secondsource.core.records import create

#: Lines validated or reversed at once.
MOST_AT_ONCE = 1000


@transaction.atomic
def validate_lines(
    *,
    lines: Collection[SavingLine],
    actor: Actor,
    reason: str = "",
    expected: int | None = None,
) -> list[SavingLine]:
    """Validate realised lines of closed months, all or none; more than one needs a reason.

    Raises ``RuleRefused`` with every reason: a month that is open, a line that is validated or
    reversed, one's own line or case.
    """
    actor.require("incentives.validate_saving")
    found = _locked(lines, reason)
    if expected is not None:
        audit.check_version(found[0], expected)
    _refuse(found, actor, _not_validated)
    now = clock.now()
    for line in found:
        line.stage = SavingLine.Stage.VALIDATED
        line.validated_by, line.validated_at = actor.user, now
        line.validation_note = reason.strip()
        audit.save_as(line, actor, reason.strip() or "validated")
    _tell("incentives.saving.validated", found, actor, reason.strip())
    return found


@transaction.atomic
def reverse_lines(*, lines: Collection[SavingLine], reason: str, actor: Actor) -> list[SavingLine]:
    """Take lines of closed months back by opposite lines in the present month.

    What was reversed is not computed again. Raises ``RuleRefused`` with every reason.
    """
    actor.require("incentives.validate_saving")
    jobs.take_turns(LEDGER)
    found = _locked(lines, reason)
    if not reason.strip():
        refuse_values([FieldProblem("/reason", "required", "Say why the saving is taken back.")])
    _refuse(found, actor, _not_reversible)
    made = []
    for case_id in sorted({line.case_id for line in found}):
        own = [line for line in found if line.case_id == case_id]
        reversal = _reversal(own[0].case, own, reason.strip(), actor)
        made += _opposites(own, reversal, actor)
    _tell("incentives.saving.reversed", made, actor, reason.strip())
    return made


@transaction.atomic
def take_back_rollback(*, case: Case, rollback: Rollback, actor: Actor) -> Reversal:
    """Take back the savings of the months that a rollback ends, of all hard kinds.

    These are the months from the one in which its oldest breach was counted, or of the rollback
    when no trigger was breached, to the present one. Open lines vanish, closed ones are reversed.
    """
    jobs.take_turns(LEDGER)
    today = clock.business_day()
    breaches = rollback.transition.breaches.filter(ending="rolled_back")
    first = min([today, *breaches.values_list("counted_from", flat=True)])
    since, until = first.replace(day=1), today.replace(day=1)
    reversal = create(
        Reversal(
            case=case, rollback=rollback, since=since, until=until,
            reason=rollback.reason[:500], decided_by=rollback.decided_by,
            decided_at=rollback.decided_at,
        ),
        actor,
        duplicate="This rollback took its savings back already.",
    )  # fmt: skip
    rows = SavingLine.objects.select_for_update(of=("self",)).filter(
        case=case, kind__in=SavingLine.HARD, earned_in__gte=since, earned_in__lte=until,
        stage__in=(SavingLine.Stage.REALISED, SavingLine.Stage.VALIDATED),
        origin__in=(SavingLine.Origin.RECEIPTS, SavingLine.Origin.CORRECTION),
    )  # fmt: skip
    closed = set(ClosedMonth.objects.values_list("month", flat=True))
    taken = rows.exclude(corrections__origin=SavingLine.Origin.REVERSAL)
    settled = [line for line in taken.order_by("pk") if line.month in closed]
    made = _opposites(settled, reversal, actor)
    for line in rows.exclude(month__in=closed):
        audit.delete_as(line, actor, f"rolled back: {rollback.reason}")
    _tell("incentives.saving.reversed", made, actor, rollback.reason, cases=[case])
    return reversal


def _locked(lines: Collection[SavingLine], reason: str) -> list[SavingLine]:
    """The lines under their row locks, in one order."""
    keys = sorted({line.pk for line in lines})
    problems = []
    if not keys:
        problems.append(FieldProblem("/lines", "required", "Choose at least one line."))
    if len(keys) > MOST_AT_ONCE:
        told = f"At most {MOST_AT_ONCE:,} lines at once."
        problems.append(FieldProblem("/lines", "too_many", told))
    if len(keys) > 1 and not reason.strip():
        told = "Say why these lines belong together."
        problems.append(FieldProblem("/reason", "required", told))
    if len(reason) > 300:
        problems.append(FieldProblem("/reason", "too_long", "At most 300 characters."))
    refuse_values(problems)
    rows = SavingLine.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    rows = rows.select_related("case", "source__manufacturer_part")
    return list(
        rows.prefetch_related("case__team", "case__baselines", "corrections").order_by("pk")
    )


def _refuse(lines: Sequence[SavingLine], actor: Actor, check: object) -> None:
    """Raise every reason why these lines stay as they are."""
    assert callable(check)
    foreign = {
        line.case.key for line in lines if not actor.may("incentives.validate_saving", line.case)
    }
    if foreign:
        raise PermissionRefused(
            f"You are in the team of {', '.join(sorted(foreign))}.",
            "Somebody of finance outside the team validates these savings.",
            permission="incentives.validate_saving",
        )
    closed = set(ClosedMonth.objects.values_list("month", flat=True))
    reasons = [reason for line in lines for reason in check(line, closed, actor)]
    if reasons:
        raise RuleRefused(reasons)


def name_of(line: SavingLine) -> str:
    """``SSQ-0001, negotiated of Jun 2026``."""
    return f"{line.case.key}, {line.get_kind_display().lower()} of {month_name(line.earned_in)}"


def _not_validated(line: SavingLine, closed: set[dt.date], actor: Actor) -> list[Reason]:
    told, found = name_of(line), []
    if line.stage == SavingLine.Stage.VALIDATED:
        found.append(Reason("validated", f"{told}: somebody validated it already."))
    elif line.stage != SavingLine.Stage.REALISED:
        stage = line.get_stage_display().lower()
        found.append(Reason("not_realised", f"{told}: it is {stage}, not realised."))
    elif _is_reversed(line):
        found.append(Reason("reversed", f"{told}: it was taken back."))
    if line.month not in closed:
        detail = f"{told}: {month_name(line.month)} is open."
        found.append(Reason("month_open", detail, "Close the month first."))
    fix = "Somebody else of finance validates it."
    if line.entered_by_id is not None and line.entered_by_id == actor.user_id:
        found.append(Reason("own_line", f"{told}: you entered it yourself.", fix))
    if actor.user_id in {one.entered_by_id for one in line.case.baselines.all()} - {None}:
        found.append(Reason("own_baseline", f"{told}: you entered its baseline.", fix))
    return found


def _not_reversible(line: SavingLine, closed: set[dt.date], actor: Actor) -> list[Reason]:
    told = name_of(line)
    if line.stage not in (SavingLine.Stage.REALISED, SavingLine.Stage.VALIDATED):
        stage = line.get_stage_display().lower()
        return [Reason("not_realised", f"{told}: it is {stage}, not realised.")]
    if _is_reversed(line):
        return [Reason("reversed", f"{told}: it was taken back already.")]
    if line.month not in closed:
        detail = f"{told}: {month_name(line.month)} is open, so it still follows the receipts."
        return [Reason("month_open", detail, "Correct the receipt.")]
    return []


def _is_reversed(line: SavingLine) -> bool:
    return any(row.origin == SavingLine.Origin.REVERSAL for row in line.corrections.all())


def _reversal(case: Case, lines: Sequence[SavingLine], reason: str, actor: Actor) -> Reversal:
    months = [line.earned_in for line in lines]
    return create(
        Reversal(
            case=case, since=min(months), until=max(months), reason=reason,
            decided_by=actor.user, decided_at=clock.now(),
        ),
        actor,
        duplicate="",
    )  # fmt: skip


def first_open_month() -> dt.date:
    """The present month; the next one that is not closed, should it be."""
    closed = set(ClosedMonth.objects.values_list("month", flat=True))
    month = clock.business_day().replace(day=1)
    while month in closed:
        month = add_months(month, 1)
    return month


def _opposites(lines: Sequence[SavingLine], reversal: Reversal, actor: Actor) -> list[SavingLine]:
    """A line of the opposite amount for each."""
    month = first_open_month()
    rows = [
        SavingLine(
            case=line.case, source=line.source, month=month, earned_in=line.earned_in,
            kind=line.kind, stage=SavingLine.Stage.REVERSED, origin=SavingLine.Origin.REVERSAL,
            baseline_price=line.baseline_price, paid_price=line.paid_price,
            quantity=None if line.quantity is None else -line.quantity,
            returned=-line.returned, amount=-line.amount, currency=line.currency,
            fx_effect=None if line.fx_effect is None else -line.fx_effect,
            market_effect=None if line.market_effect is None else -line.market_effect,
            reason=f"Taken back: {reversal.reason}"[:300], evidence=line.evidence,
            corrects=line, reversal=reversal, entered_by=actor.user,
            created_at=clock.now(), updated_at=clock.now(),
        )
        for line in lines
    ]  # fmt: skip
    return audit.bulk_create_as(SavingLine, rows, actor, reversal.reason)


def _tell(
    action: str,
    lines: Sequence[SavingLine],
    actor: Actor,
    note: str,
    *,
    cases: Sequence[Case] = (),
) -> None:
    """An event for each case, and the signal for what depends on the ledger."""
    by_case = {case.pk: case for case in cases} | {line.case_id: line.case for line in lines}
    told = [
        (case, {"lines": [line.key for line in lines if line.case_id == pk]})
        for pk, case in sorted(by_case.items())
    ]
    audit.record_all(action, told, actor, note=note)
    savings_changed.send(sender=SavingLine, case_ids=set(by_case), actor=actor, why=note)
