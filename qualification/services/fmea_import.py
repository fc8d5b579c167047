"""Write the differences of a table into the FMEA, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from qualification import fmea_sheet
from qualification.fmea_files import Change, Differences
from qualification.models import Case, FmeaAction, FmeaRow
from qualification.services.fmea import (
    case_for_fmea,
    fmea_changed,
    judge_again,
    locked_row,
    write_cells,
    write_rows,
)
from qualification.services.fmea_actions import change_fields, write_new_action
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused


@transaction.atomic
def import_fmea(*, case: Case, found: Differences, name: str, actor: Actor) -> int:
    """Write the changes of a table. Returns their number.

    Raises ``Stale`` when somebody changed a row since the table was compared, and ``RuleRefused``
    when one was added or removed, also by writing the same table before.
    """
    case, changes = case_for_fmea(case, actor), found.changes
    if found.seen != fmea_sheet.shape(case):
        raise RuleRefused.one(
            "outdated",
            "Rows or actions were added or removed since the file was compared.",
            "Choose the file again.",
        )
    if not changes:
        raise RuleRefused.one("nothing_to_import", "The file has no difference to write.")
    added = _add_rows(case, [one for one in changes if (one.kind, one.what) == ("row", "added")],
                     actor)  # fmt: skip
    for one in changes:
        if one.kind == "row" and one.what == "changed":
            row = FmeaRow.objects.get(fmea__case=case, pk=one.pk or 0)
            write_cells(row, one.values, actor, one.version)
        elif one.kind == "action":
            _write_action(case, one, added, actor)
    note = f"{name}: {len(changes)} change{'' if len(changes) == 1 else 's'}"
    audit.record("qualification.fmea.imported", case, actor, note=note)
    fmea_changed(case, actor, "the FMEA was imported from a table")
    return len(changes)


def _add_rows(case: Case, wanted: Sequence[Change], actor: Actor) -> dict[int, FmeaRow]:
    """The new rows by their line in the file."""
    made = write_rows(case, [one.values for one in wanted], actor, "import") if wanted else []
    return {one.line: row for one, row in zip(wanted, made, strict=True)}


def _write_action(case: Case, one: Change, added: dict[int, FmeaRow], actor: Actor) -> None:
    if one.what == "added":
        row = added.get(one.of_line or 0) or FmeaRow.objects.get(fmea__case=case, pk=one.pk or 0)
        write_new_action(row, one.values, actor)
        return
    action = FmeaAction.objects.select_related("row").get(row__fmea__case=case, pk=one.pk or 0)
    row = locked_row(action.row)
    change_fields(action, row, one.values, actor, one.version)
    judge_again(row, actor, "import")
