"""What of a bulk import may be shown, and to whom."""

from __future__ import annotations

from itertools import islice
from typing import Any

from secondsource.accounts.visibility import sees
from secondsource.core.actors import Actor
from secondsource.exchange.boms.kind import Bom
from secondsource.exchange.boms.reading import facts_of
from secondsource.exchange.bulk import rejects
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.models import Import
from secondsource.exchange.services.steps import kind_of


def may_see_cells(imported: Import, actor: Actor) -> bool:
    """Whether an actor may see what stands in the file: its own, or nothing in it is hidden.

    Any column of a file, also one that is not used, may hold what the kind's columns may hold.
    """
    if imported.kind not in KINDS:
        return True
    if actor.user_id is not None and imported.uploaded_by_id == actor.user_id:
        return True
    return all(sees(actor, group) for group in kind_of(imported).groups)


def shown_of(imported: Import) -> dict[str, Any]:
    """What is shown of how a file was read, see ``exchange.kept_facts``."""
    kept: dict[str, Any] = imported.totals.get("shown", {})
    return kept or (facts_of(imported) if imported.kind == Bom.name else {})


def left_out(totals: dict[str, Any], may_see: bool) -> dict[str, Any]:
    """What of the file is not read; cells and rows only for who may see what stands in them."""
    found = dict(totals.get("left_out", {}))
    if found and not may_see:
        found |= {"columns": [one | {"sample": ""} for one in found["columns"]], "rows": []}
    return found


def rejected_rows(imported: Import, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Refused rows beyond row ``after``, at most ``limit``."""
    later = (line for line in rejects.lines_of(imported) if line["row"] > after)
    return list(islice(later, limit))
