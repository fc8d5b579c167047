"""Services for market indices that baselines follow, and their values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from incentives.models import IndexValue, PriceIndex
from incentives.models.indices import CODE
from incentives.savings import MOST_PRICE
from incentives.services.baselines import LEDGER
from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, ValuesRefused, refuse_values
from secondsource.core.records import create


@transaction.atomic
def add_index(*, code: str, name: str, publisher: str, unit: str, actor: Actor) -> PriceIndex:
    """Add an index with its publisher and unit. Raises ``ValuesRefused``."""
    actor.require("incentives.write_index")
    given = {"name": name.strip(), "publisher": publisher.strip(), "unit": unit.strip()}
    problems = [
        FieldProblem(f"/{field}", "required", "Fill in this field.")
        for field, text in given.items()
        if not text
    ]
    code = code.strip().upper()
    index = PriceIndex(code=code, **given)
    if re.fullmatch(CODE, code) is None:
        told = "Letters, digits, points and hyphens, such as LME-CU."
        problems.append(FieldProblem("/code", "invalid", told))
    refuse_values(problems)
    made = create(index, actor, duplicate=f"There is an index {code} already.")
    audit.record("incentives.index.added", made, actor)
    return made


@transaction.atomic
def record_values(
    *, index: PriceIndex, values: Sequence[tuple[dt.date, Decimal]], evidence: str, actor: Actor
) -> int:
    """Record the values of many days, all or none; returns how many. Raises ``ValuesRefused``."""
    days = [day for day, _ in values]
    if twice := sorted({day for day in days if days.count(day) > 1}):
        told = f"Give each day once: {', '.join(str(day) for day in twice)}."
        refuse_values([FieldProblem("/values", "duplicate", told)])
    problems = []
    for day, value in values:
        try:
            record_value(index=index, day=day, value=value, evidence=evidence, actor=actor)
        except ValuesRefused as refused:
            problems += [_of_series(one, day) for one in refused.problems]
    refuse_values(list(dict.fromkeys(problems)))
    return len(values)


def _of_series(problem: FieldProblem, day: dt.date) -> FieldProblem:
    """The problem of a value, told at the field of all values."""
    if problem.pointer == "/evidence":
        return problem
    return FieldProblem("/values", problem.code, f"{day}: {problem.detail}")


@transaction.atomic
def record_value(
    *,
    index: PriceIndex,
    day: dt.date,
    value: Decimal,
    evidence: str,
    actor: Actor,
    expected: int | None = None,
) -> IndexValue:
    """Record the value of an index on a day, or correct it.

    Open months follow with the next run; a closed month keeps its lines, and what the value changes
    in it is a correction of the present one. Raises ``ValuesRefused``.
    """
    actor.require("incentives.write_index")
    jobs.take_turns(LEDGER)
    problems = []
    if not 0 < value <= MOST_PRICE:
        problems.append(FieldProblem("/value", "out_of_range", "Above 0."))
    if day > clock.business_day():
        problems.append(FieldProblem("/day", "in_future", "This day has not come yet."))
    if not evidence.strip():
        problems.append(
            FieldProblem("/evidence", "required", "Name the document that shows the value.")
        )
    refuse_values(problems)
    row = IndexValue.objects.select_for_update(of=("self",)).filter(index=index, day=day).first()
    if row is None:
        row = create(
            IndexValue(
                index=index, day=day, value=value, evidence=evidence.strip(),
                entered_by=actor.user,
            ),
            actor,
            duplicate="This day has a value already.",
        )  # fmt: skip
    else:
        audit.check_version(row, expected)
        row.value, row.evidence, row.entered_by = value, evidence.strip(), actor.user
        audit.save_as(row, actor, "value corrected")
    audit.record("incentives.index.recorded", index, actor,
                 data={"day": str(day), "value": str(value)})  # fmt: skip
    return row
