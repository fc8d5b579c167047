"""What every step of an import asks first."""

from __future__ import annotations

from typing import Any

import structlog

from secondsource.core import audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused
from secondsource.core.models import Job
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.models import Import
from suppliers.services.sourcing import TURN

log = structlog.get_logger(__name__)

READ, WRITE, UNDO = "exchange.read_bulk", "exchange.import_bulk", "exchange.undo_bulk"
PERCENT = 100
S = Import.State
#: States in which nothing was written yet.
BEFORE = (S.UPLOADED, S.PREVIEWED, S.FAILED)


def kind_of(imported: Import) -> Kind:
    """The declaration of an import's kind."""
    return KINDS[imported.kind]


def locked(imported: Import, actor: Actor, expected: int | None) -> Import:
    """The import, held, by somebody who may import its kind. Raises ``Stale``."""
    actor.require(kind_of(imported).permission)
    row = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    audit.check_version(row, expected)
    return row


def locked_before(imported: Import, actor: Actor, expected: int | None) -> Import:
    """The import, held, while nothing of it was written and no job reads it."""
    row = locked(imported, actor, expected)
    require_before(row)
    return row


def locked_for_job(progress: jobs.Progress) -> Import:
    """The import that a job works on, held; its owner may still import the kind."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=progress.payload["import"])
    progress.actor.require(kind_of(row).permission)
    return row


def one_at_a_time(kind: Kind) -> None:
    """Wait for every other import, of this ``kind`` or another: both may make the same supplier."""
    log.info("import_takes_its_turn", kind=kind.name)
    jobs.take_turns(TURN)


def is_being_read(row: Import) -> bool:
    """Whether a job reads the file now."""
    job = row.job
    return bool(
        row.state == S.UPLOADED and job and job.kind == READ
        and job.state in (Job.State.QUEUED, Job.State.RUNNING)
    )  # fmt: skip


def require_before(row: Import) -> None:
    """Refuse what was confirmed, and what a job reads just now."""
    if row.state not in BEFORE:
        detail = f"This import is {row.state}: it is not read again."
        raise RuleRefused([Reason("wrong_state", detail)])
    if is_being_read(row):
        detail = "The file is being read just now."
        raise RuleRefused([Reason("being_read", detail, "Wait for it.")])


def figures_of(imported: Import) -> dict[str, Any]:
    """Rows of the file and rows that need a person, for results."""
    totals = imported.totals
    return {"rows": totals.get("rows", 0), "rejected": totals.get("bad", 0)}
