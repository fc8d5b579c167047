"""Confirming a bulk file that was read."""

from __future__ import annotations

from django.db import transaction

from secondsource.core import audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, Reason, RuleRefused, ValuesRefused
from secondsource.core.models import Job
from secondsource.exchange.models import Import
from secondsource.exchange.services.bulk.steps import WRITE, S, is_being_read, locked

#: So many rows are named in a refusal; all of them are in the file of refused rows.
_NAMED = 50


@transaction.atomic
def confirm(
    *, imported: Import, actor: Actor, partial: bool = False, expected: int | None = None
) -> Job:
    """Start writing a file that was read. ``partial``: the good rows, though others need a person.

    Raises ``RuleRefused`` with every reason against it.
    """
    row = locked(imported, actor, expected)
    reasons = reasons_against_writing(row, partial)
    if reasons:
        raise RuleRefused(reasons)
    return confirm_locked(row, actor, partial)


def confirm_locked(row: Import, actor: Actor, partial: bool) -> Job:
    """Queue the writing of an import that the caller holds and found without a reason against."""
    row.problem, row.partial, row.state = None, partial, S.RUNNING
    row.job = jobs.start(
        WRITE, actor=actor, payload={"import": row.pk, "origin": actor.origin},
        label=f"Import {row.name}",
    )  # fmt: skip
    audit.save_as(row, actor)
    audit.record(
        "exchange.import.confirmed", row, actor, data={"kind": row.kind, "partial": partial}
    )
    return row.job


def reasons_against_writing(row: Import, partial: bool) -> list[Reason]:
    """Everything that speaks against writing the file as it was read."""
    if row.state not in (S.PREVIEWED, S.FAILED) or "would" not in row.totals:
        detail = f"This import is {row.state}, not previewed."
        return [Reason("wrong_state", detail, "Preview it first.")]
    bad, would = row.totals["bad"], row.totals["would"]
    found: list[Reason] = []
    if is_being_read(row):
        found.append(Reason("being_read", "The file is being read just now.", "Wait for it."))
    if bad and not partial:
        found.append(needs_you(row))
    if not any(would.get(name) for name in ("created", "updated", "proposed")):
        found.append(Reason("nothing_to_do", "By this file nothing would change."))
    return found


def needs_you(row: Import) -> Reason:
    """That rows are refused, and what can be done."""
    bad, good = row.totals["bad"], row.totals["good"]
    rows = "1 row needs you" if bad == 1 else f"{bad:,} rows need you"
    fix = "Correct the file"
    fix += f", or import the {good:,} good rows alone." if good else "."
    return Reason("rows_refused", f"{rows}: nothing is written.", fix)


def refusal_of(row: Import) -> Exception:
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
    return RuleRefused(reasons_against_writing(row, row.partial))
