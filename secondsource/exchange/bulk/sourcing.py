"""Manufacturers, MPNs and sources that rows name: found, foreseen, made.

Rows have ``manufacturer``, ``mpn`` and the ids ``manufacturer_id``, ``manufacturer_part_id``. A
manufacturer that is new is made and named in the preview, with a note when it may be known in
another spelling. A number without a manufacturer is that of the only manufacturer who has it.
"""

from __future__ import annotations

from psycopg2.extensions import adapt

from parts.models import PartFigures
from secondsource.core import traces
from secondsource.core.actors import Actor
from secondsource.core.bulk import ids_in
from secondsource.exchange.bom.part_numbers import is_spoiled
from secondsource.exchange.bulk.kind import FURTHER
from secondsource.exchange.bulk.references import (
    find_companies,
    find_manufacturer_parts,
    forget_nobodies,
)
from secondsource.exchange.bulk.staging import FILE_ROW, Stage
from secondsource.exchange.bulk.steps import Step, journaled
from secondsource.exchange.company_questions import (
    add_spellings,
    companies_of,
    questions,
    same_in_file,
)
from secondsource.exchange.models import Import
from suppliers import services as suppliers
from suppliers.models import Approval, ManufacturerPart, Revocation, Source, Supplier
from suppliers.names import normal_name
from suppliers.services import NO_MANUFACTURER_NAME

IDS = ("manufacturer_id", "manufacturer_part_id")
_NAMED = 12
#: Numbers in which few characters are no digits; what they are is looked at one by one.
_MAY_BE_SPOILED = r"^([0-9.,]+e[+-]?[0-9]+|[0-9]{1,4}[-./ ].{2,12}|[[:alpha:]]{3,4}[-. ]+[0-9]{2})$"


def find_numbers(stage: Stage, *, nameless: bool) -> None:
    """Manufacturers and their numbers, as far as they are on record.

    ``nameless``: an unknown MPN without a manufacturer gets the manufacturer "not named"; else the
    row is refused. The key of a known manufacturer becomes the same for all its spellings.
    """
    forget_nobodies(stage)
    _warn_of_spoiled(stage)
    find_companies(stage, column="manufacturer", into="manufacturer_id", required=False)
    _ask_about_companies(stage)
    find_manufacturer_parts(stage, required=False)
    stage.refuse(
        "mpn", "ambiguous_mpn", "Several manufacturers have this number: name the manufacturer.",
        "s.mpn IS NOT NULL AND s.manufacturer IS NULL AND s.manufacturer_part_id IS NULL AND EXISTS"
        " (SELECT FROM suppliers_manufacturerpart m WHERE m.mpn_normal = s.mpn_key)",
    )  # fmt: skip
    unnamed = "s.mpn IS NOT NULL AND s.manufacturer IS NULL AND s.manufacturer_part_id IS NULL"
    if nameless:
        stage.remark(
            "no_manufacturer",
            "MPNs without a manufacturer: {n}. Name their manufacturers afterwards: no case is"
            " opened on them before.",
            unnamed,
        )
        nobody = suppliers.placeholder()
        stage.sql(
            "UPDATE {s} s SET manufacturer = %s, manufacturer_key = %s, manufacturer_id = %s"  # noqa: S608
            f" WHERE {unnamed}",
            (
                NO_MANUFACTURER_NAME, normal_name(NO_MANUFACTURER_NAME),
                nobody.pk if nobody else None,
            ),
        )  # fmt: skip
        find_manufacturer_parts(stage, required=False)
    else:
        stage.refuse("manufacturer", "missing", "Name the manufacturer of this number.", unnamed)
    stage.sql(
        "UPDATE {s} s SET manufacturer_id = m.manufacturer_id FROM suppliers_manufacturerpart m"
        " WHERE m.id = s.manufacturer_part_id AND s.manufacturer_id IS NULL"
    )
    # '#' stands in no name: a key made of an id meets no spelling.
    stage.sql(
        "UPDATE {s} SET manufacturer_key = '#' || manufacturer_id WHERE manufacturer_id IS NOT NULL"
    )


def _warn_of_spoiled(stage: Stage) -> None:
    """Numbers that a spreadsheet has turned into others, or has taken zeros from."""
    rows = stage.fetch(
        "SELECT mpn, min(row) FROM {s} WHERE mpn ~* %s GROUP BY 1 ORDER BY 2", (_MAY_BE_SPOILED,)
    )
    if spoiled := [f"{mpn} (row {row % FURTHER})" for mpn, row in rows if is_spoiled(mpn)]:
        stage.note(
            "mpn_spoiled",
            f"MPNs that a spreadsheet has turned into a number or a date: {_listed(spoiled)}."
            " Correct them in the file.",
        )
    lost = stage.fetch(
        "SELECT DISTINCT a.mpn, COALESCE(b.mpn, m.mpn) FROM {s} a"
        " LEFT JOIN {s} b ON b.mpn_key = '0' || a.mpn_key"
        " LEFT JOIN suppliers_manufacturerpart m ON m.mpn_normal = '0' || a.mpn_key"
        " WHERE a.mpn_key ~ '^[1-9][0-9]{4,}$' AND COALESCE(b.mpn, m.mpn) IS NOT NULL ORDER BY 1"
    )
    if lost:
        stage.note(
            "zero_lost",
            "MPNs that may have lost a zero in front:"
            f" {_listed([f'{short} beside {long}' for short, long in lost])}.",
        )


def _listed(texts: list[str]) -> str:
    more = f"; and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return "; ".join(texts[:_NAMED]) + more


def _ask_about_companies(stage: Stage) -> None:
    """Names that may mean a company on record, or another name of the file; as answered.

    A further name of the file gets the key of the first, so that one company is made of both.
    """
    named = stage.fetch(
        "SELECT manufacturer_key, (array_agg(manufacturer ORDER BY row))[1] FROM {s}"
        " WHERE manufacturer IS NOT NULL AND manufacturer_id IS NULL AND manufacturer_key <> ''"
        " GROUP BY 1 ORDER BY min(row)"
    )
    asked = stage.companies = questions(dict(named), stage.companies, accept=stage.accepts)
    for normal, pk in companies_of(asked).items():
        stage.sql("UPDATE {s} SET manufacturer_id = %s WHERE manufacturer_key = %s", (pk, normal))
        stage.spellings.append((pk, asked[normal]["name"], normal))
    for normal, lead in same_in_file(asked).items():
        stage.sql(
            "UPDATE {s} SET manufacturer_key = %s WHERE manufacturer_key = %s", (lead, normal)
        )
    if left := [one for one in asked.values() if one["answer"] is None]:
        pairs = [f"{one['name']} = {one['offer_name']}" for one in left]
        stage.note(
            "similar_manufacturers", f"These names may mean one company: {'; '.join(pairs)}."
        )


def foresee_manufacturers(stage: Stage) -> None:
    """Count the manufacturers and MPNs that the good rows would make; name the manufacturers."""
    new = [
        name
        for (name,) in stage.fetch(
            "SELECT manufacturer FROM (SELECT DISTINCT ON (manufacturer_key) manufacturer, row"
            " FROM {s} WHERE NOT bad AND mpn IS NOT NULL AND manufacturer_id IS NULL"
            " ORDER BY manufacturer_key, row) m ORDER BY row"
        )
        if name != NO_MANUFACTURER_NAME
    ]
    ((numbers,),) = stage.fetch(
        "SELECT count(DISTINCT (manufacturer_key, mpn_key)) FROM {s}"
        " WHERE NOT bad AND mpn IS NOT NULL AND manufacturer_part_id IS NULL"
    )
    sums = stage.facts.setdefault("sums", {})
    sums["New manufacturers"], sums["New MPNs"] = len(new), numbers
    if new:
        stage.note("new_manufacturers", f"New manufacturers: {_listed(new)}")


class Manufacturers(Step):
    """Manufacturers that are not on record."""

    name, label, noun = "manufacturers", "Manufacturers", ("manufacturer", "manufacturers")
    model = Supplier
    about = "s.mpn IS NOT NULL AND s.manufacturer_id IS NULL"
    into = "manufacturer_id"
    key = "t.id = s.manufacturer_id"
    unique, unique_words = ("manufacturer_key",), "manufacturer"
    values = {}
    children = (("suppliers_supplieralias", "supplier_id"),)

    def prepare(self, stage: Stage) -> None:
        """Companies on record go by the names that the person called theirs."""
        traces.attribute(stage.actor, stage.origin)
        stage.facts["spellings"] = add_spellings(stage.spellings)

    def _create(self, stage: Stage) -> list[int]:
        rows = stage.fetch(
            "SELECT row, manufacturer, manufacturer_key FROM {s} WHERE act = 'c' ORDER BY row"
        )
        new = {key: name for _, name, key in rows if name != NO_MANUFACTURER_NAME}
        made = suppliers.add_manufacturers(new)
        ids = [made[key] if key in made else suppliers.placeholder_id()[0] for _, _, key in rows]
        stage.sql(
            "UPDATE {s} s SET target_id = n.id FROM unnest(%s::int[], %s::bigint[]) n (row, id)"
            " WHERE s.head = n.row AND NOT s.bad",
            ([row for row, _, _ in rows], ids),
        )
        return ids


class Numbers(Step):
    """Manufacturers' numbers that are not on record."""

    name, label, noun = "numbers", "Numbers", ("manufacturer part", "manufacturer parts")
    model = ManufacturerPart
    about = "s.mpn IS NOT NULL AND s.manufacturer_part_id IS NULL"
    into = "manufacturer_part_id"
    key = "t.manufacturer_id = s.manufacturer_id AND t.mpn_normal = s.mpn_key"
    unique, unique_words = ("manufacturer_id", "mpn_key"), "number"
    values = {}
    initial = {
        "manufacturer_id": "s.manufacturer_id",
        "mpn": "s.mpn",
        "mpn_normal": "s.mpn_key",
        "description": "s.description",
    }


def _by_approval(name: str) -> str:
    """A column of a new source, whether it comes in as an incumbent or as a candidate."""
    candidate, incumbent = suppliers.AS_CANDIDATE[name], suppliers.AS_INCUMBENT.get(name)
    values = [adapt(one).getquoted().decode() for one in (candidate, incumbent)]
    return f"CASE WHEN s.approval_id IS NULL THEN {values[0]} ELSE {values[1]} END"


class NewSources(Step):
    """Sources of parts: the first number of a part without an incumbent becomes that, approved as
    legacy by the import, unless the file calls it open; all others are candidates. Sources that are
    there stay as they are.
    """

    name, label, noun = "sources", "Sources", ("source", "sources")
    model = Source
    about = "s.manufacturer_part_id IS NOT NULL AND s.part_id IS NOT NULL"
    into = "source_id"
    key = "t.part_id = s.part_id AND t.manufacturer_part_id = s.manufacturer_part_id"
    unique, unique_words = ("part_id", "manufacturer_part_id"), "source"
    values = {}
    initial = {
        "part_id": "s.part_id",
        "manufacturer_part_id": "s.manufacturer_part_id",
        "approval_id": "s.approval_id",
        **{name: _by_approval(name) for name in suppliers.AS_CANDIDATE},
    }
    also = {"origin": f"left({{origin}} || ', row ' || {FILE_ROW}, 200)"}
    children = (("suppliers_source_scope", "source_id"),)

    def prepare(self, stage: Stage) -> None:
        firsts = (
            "SELECT row FROM (SELECT DISTINCT ON (part_id) * FROM {s} WHERE NOT bad"
            " ORDER BY part_id, row) s WHERE "
        )
        stage.sql(
            "UPDATE {s} s SET approval_id = nextval((SELECT pg_get_serial_sequence("  # noqa: S608
            "'suppliers_approval', 'id')::regclass)) WHERE row IN ("
            + firsts
            + NO_INCUMBENT
            + " AND s.open IS NULL)"
        )

    def after(self, stage: Stage, imported: Import) -> None:
        made = stage.fetch(
            "SELECT approval_id, target_id FROM {s} WHERE act = 'c' AND approval_id IS NOT NULL"
        )
        suppliers.approve_as_legacy(
            [(approval, source) for approval, source in made],
            evidence_ref=f"import {imported.name}",
            actor=stage.actor,
        )


#: That a row's part has neither an incumbent nor an approved source, nor this very source.
NO_INCUMBENT = (
    "NOT EXISTS (SELECT FROM suppliers_source o WHERE o.part_id = s.part_id"
    " AND (o.role = 'incumbent' OR o.status = 'approved'"
    " OR o.manufacturer_part_id = s.manufacturer_part_id))"
)


def lock_parts_of(imported: Import) -> None:
    """Hold the parts whose sources an import wrote."""
    sources = Source.objects.filter(pk__in=ids_in(journaled(imported, Source)))
    PartFigures.objects.lock(sources.values_list("part_id", flat=True))


def undo_approvals(imported: Import, actor: Actor) -> None:
    """Revoke the approvals of sources that an import made and its undo removes."""
    suppliers.revoke_approvals(
        approvals=Approval.objects.filter(source__in=ids_in(journaled(imported, Source, new=True))),
        cause=Revocation.Cause.UNDONE,
        actor=actor,
        reason=f"undo of import {imported.name}",
    )
