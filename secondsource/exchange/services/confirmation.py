"""Confirming a file that was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from secondsource.core import audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, Reason, RuleRefused, ValuesRefused
from secondsource.core.models import Job
from secondsource.exchange.models import Import
from secondsource.exchange.services.steps import WRITE, S, is_being_read, kind_of, locked

#: So many rows are named in a refusal; all of them are in the file of refused rows.
_NAMED = 50


@transaction.atomic
def confirm(
    *,
    imported: Import,
    actor: Actor,
    partial: bool = False,
    product_code: str = "",
    product_name: str = "",
    choices: Mapping[str, Any] | None = None,
    answered: Sequence[str] = (),
    expected: int | None = None,
) -> Job:
    """Start writing a file that was read. ``partial``: the good rows, though others need a person.

    ``answered``: keys of a BOM's questions to which the answer is: it is right as read.
    A BOM goes into a product, which is made when it is new; ``choices``: see ``Import.choices``.
    Raises ``RuleRefused`` with every reason against it, ``ValuesRefused`` by field.
    """
    row = locked(imported, actor, expected)
    row.product_code = product_code or row.product_code
    row.product_name = product_name.strip() or row.product_name
    if choices is not None:
        row.choices = dict(choices)
    kind_of(row).answer(row, answered)
    if refusal := refusal_to_write(row, partial, actor):
        raise refusal
    return confirm_locked(row, actor, partial)


def confirm_locked(row: Import, actor: Actor, partial: bool) -> Job:
    """Queue the writing of an import that the caller holds and found without a reason against."""
    row.problem, row.partial, row.state = None, partial, S.RUNNING
    row.job = jobs.start(
        WRITE, actor=actor, payload={"import": row.pk, "origin": actor.origin},
        label=kind_of(row).job_label(row),
    )  # fmt: skip
    audit.save_as(row, actor)
    data = {"kind": row.kind, "partial": partial, "product": row.product_code}
    audit.record("exchange.import.confirmed", row, actor, data=data)
    return row.job


def refusal_to_write(row: Import, partial: bool, actor: Actor) -> Exception | None:
    """Everything that speaks against writing the file as it was read; None when nothing does."""
    if row.state not in (S.PREVIEWED, S.FAILED) or "would" not in row.totals:
        detail = f"This import is {row.state}, not previewed."
        return RuleRefused([Reason("wrong_state", detail, "Preview it first.")])
    if is_being_read(row):
        return RuleRefused([Reason("being_read", "The file is being read just now.", "Wait.")])
    kind = kind_of(row)
    if problems := kind.problems_of_writing(row, actor):
        return ValuesRefused(problems)
    if reasons := kind.reasons_against_writing(row, partial):
        return RuleRefused(reasons)
    return None


def refusal_of(row: Import, actor: Actor) -> Exception | None:
    """Why a file that was read was not taken, for a caller that wanted it imported at once."""
    if row.problem:
        listed = row.problem.get("errors") or [row.problem]
        where = "/mapping" if row.mapping else "/file"
        return ValuesRefused(FieldProblem(where, one["code"], one["detail"]) for one in listed)
    if row.errors:
        return ValuesRefused(
            FieldProblem(
                f"/rows/{one['row']}" + (f"/{one['role']}" if one["role"] else ""),
                one["code"],
                one["detail"],
            )
            for one in row.errors[:_NAMED]
        )
    return refusal_to_write(row, row.partial, actor)
