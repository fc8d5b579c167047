"""Rows of sources whose status says what another system decided about them.

``taken_over`` of the staging table is 1 on rows that are proposed as a take-over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parts.models import Part, Product
from secondsource.core import audit
from secondsource.core.errors import Reason
from secondsource.core.formats import day
from secondsource.exchange.bom.standing import APPROVED, OPEN, REFUSED, UNKNOWN, verdict_of
from secondsource.exchange.bulk.removal import note_made
from secondsource.exchange.bulk.staging import FILE_ROW, Stage
from secondsource.exchange.models import Import, ImportedRow
from suppliers import services
from suppliers.models import ManufacturerPart, Takeover, TakeoverRow
from suppliers.names import names_nobody
from suppliers.services import Proposal

#: SQL condition on ``s``: an approval of the source is in force.
_HELD = (
    "EXISTS (SELECT FROM suppliers_source o WHERE o.id = s.source_id"
    " AND o.status IN ('approved', 'phase_out'))"
)
#: That the source waits in a take-over already.
_WAITS = (
    "EXISTS (SELECT FROM suppliers_takeoverrow w WHERE w.source_id = s.source_id"
    " AND w.state IN ('proposed', 'confirmed'))"
)


def refuse_standings(stage: Stage) -> dict[str, list[str]]:
    """Refuse rows whose status speaks against the source, or says what nobody knows.

    Answers the texts of the status column by verdict.
    """
    said: dict[str, list[str]] = {APPROVED: [], REFUSED: [], OPEN: [], UNKNOWN: []}
    for (text,) in stage.fetch("SELECT DISTINCT status FROM {s} WHERE status IS NOT NULL"):
        said[verdict_of(text)].append(text)
    stage.refuse(
        "barred", "not_approved",
        "The file says that this source is not to be used: it is not taken in. Leave the row out.",
        "s.barred",
    )  # fmt: skip
    stage.refuse(
        "status", "not_approved",
        "='The file says “' || s.status || '”: the source is not taken in. Leave the row out.'",
        "s.status = ANY(%s)", (said[REFUSED],),
    )  # fmt: skip
    stage.refuse(
        "status", "unknown_status",
        "='“' || s.status || '” is no known status: write “Approved”, “Candidate”, “Do not use”.'",
        "s.status = ANY(%s)", (said[UNKNOWN],),
    )  # fmt: skip
    return said


def check(stage: Stage) -> None:
    """Refuse what speaks against a source, and mark what is to be proposed."""
    said = stage.facts["status"] = refuse_standings(stage)
    stage.refuse(
        "manufacturer", "manufacturer_not_named",
        "An approval needs a manufacturer: name it.",
        "s.status = ANY(%s) AND (s.manufacturer_id = ANY(%s)"
        " OR s.manufacturer_id IS NULL AND s.manufacturer = ANY(%s))",
        (said[APPROVED], *_nobodies(stage, said[APPROVED])),
    )  # fmt: skip
    stage.sql(
        "UPDATE {s} s SET taken_over = 1"  # noqa: S608 (a constant)
        f" WHERE s.status = ANY(%s) AND s.mpn IS NOT NULL AND NOT {_HELD} AND NOT {_WAITS}",
        (said[APPROVED],),
    )


def _nobodies(stage: Stage, approved: list[str]) -> tuple[list[int], list[str]]:
    """Ids and names of manufacturers in approved rows that are placeholders, no companies."""
    ids, names = [], []
    for pk, is_nobody, name in stage.fetch(
        "SELECT DISTINCT m.id, m.placeholder, COALESCE(m.name, s.manufacturer) FROM {s} s"
        " LEFT JOIN suppliers_supplier m ON m.id = s.manufacturer_id"
        " WHERE s.status = ANY(%s) AND COALESCE(m.name, s.manufacturer) IS NOT NULL",
        (approved,),
    ):
        if is_nobody:
            ids.append(pk)
        elif pk is None and names_nobody(name):
            names.append(name)
    return ids, names


def remark(stage: Stage) -> None:
    """Say how many rows are proposed, are approved already, or are open."""
    said = stage.facts["status"]
    stage.remark(
        "proposed",
        "Rows that are called approved: {n}. They are proposed as a take-over; quality and a second"
        " person decide.",
        "NOT s.bad AND s.taken_over = 1",
    )
    latest = services.latest_day()
    stage.remark(
        "cut", f"Rows that would end later than {day(latest)}: {{n}}. Approved until then at most.",
        "NOT s.bad AND s.taken_over = 1 AND s.valid_to > %s", (latest,),
    )  # fmt: skip
    stage.remark(
        "not_used_in_product",
        "Rows that are called approved for a product that does not use the part: {n}.",
        "NOT s.bad AND s.taken_over = 1 AND EXISTS (SELECT FROM unnest(s.scope) c"
        " JOIN parts_product p ON p.code = c WHERE NOT EXISTS (SELECT FROM parts_partusage u"
        " WHERE u.part_id = s.part_id AND u.product_id = p.id))",
    )
    stage.remark(
        "already_approved", "Rows that are called approved and are approved here already: {n}.",
        f"NOT s.bad AND s.status = ANY(%s) AND {_HELD}", (said[APPROVED],),
    )  # fmt: skip
    stage.remark(
        "waits", "Rows that are called approved and wait in a take-over already: {n}.",
        f"NOT s.bad AND s.status = ANY(%s) AND {_WAITS}", (said[APPROVED],),
    )  # fmt: skip
    stage.remark(
        "open", "Rows whose status is open: {n}. They come in as candidates.",
        "NOT s.bad AND s.status = ANY(%s)", (said[OPEN],),
    )  # fmt: skip


def count(stage: Stage) -> int:
    """How many approvals the good rows propose."""
    ((number,),) = stage.fetch("SELECT count(*) FROM {s} WHERE NOT bad AND taken_over = 1")
    return int(number)


def propose(stage: Stage, imported: Import) -> None:
    """Propose the marked rows, in batches where there are many; undo finds them in the journal."""
    rows = stage.fetch(
        f"SELECT {FILE_ROW}, part_id, manufacturer_part_id, valid_to, scope, evidence FROM {{s}} s"  # noqa: S608
        " WHERE NOT EXISTS (SELECT FROM import_problem p WHERE p.row = s.row) AND taken_over = 1"
        " ORDER BY row"
    )
    parts = Part.objects.in_bulk({row[1] for row in rows})
    numbers = ManufacturerPart.objects.select_related("manufacturer").in_bulk(
        {row[2] for row in rows}
    )
    codes = {code for row in rows for code in row[4] or ()}
    products = {p.code: p for p in Product.objects.filter(code__in=codes)}
    for first in range(0, len(rows), services.MOST_ROWS):
        piece = rows[first : first + services.MOST_ROWS]
        takeover = services.propose_takeover(
            document=imported.name,
            proposals=[
                Proposal(
                    parts[part], numbers[number], [products[code] for code in scope or ()],
                    valid_to, evidence or f"row {row}",
                )
                for row, part, number, valid_to, scope, evidence in piece
            ],
            actor=stage.actor, origin=stage.origin, partial=True,
        )  # fmt: skip
        _note(imported, takeover)


def _note(imported: Import, takeover: Takeover) -> None:
    note_made(imported, audit.label(Takeover), [takeover.pk])
    rows = takeover.rows.values_list("pk", flat=True)
    note_made(imported, audit.label(TakeoverRow), list(rows))


def of(imported: Import) -> Any:
    """The batches that an import proposed."""
    made = ImportedRow.objects.filter(imported=imported, model=audit.label(Takeover))
    return Takeover.objects.filter(pk__in=made.values("object_id"))


def lock(imported: Import) -> None:
    """Hold the batches of an import before the parts, as the moves of a take-over do."""
    list(of(imported).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def decided(imported: Import) -> Iterator[Reason]:
    """Rows that somebody decided about keep an import from being taken back."""
    rows = TakeoverRow.objects.filter(takeover__in=of(imported), confirmed_by__isnull=False)
    number = rows.count()
    if number:
        rows_said = "1 row" if number == 1 else f"{number:,} rows"
        yield Reason(
            "takeover_decided", f"{rows_said} of its take-over were confirmed.",
            "Withdraw the approvals in the list To review instead.",
        )  # fmt: skip


def remove(imported: Import) -> None:
    """Remove the batches of an import whose rows nobody has confirmed."""
    batches = of(imported)
    TakeoverRow.objects.filter(takeover__in=batches).delete()
    batches.delete()
