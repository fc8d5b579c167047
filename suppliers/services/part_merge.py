"""Merging of manufacturer parts: reasons against it, and the writes.

Sources, offers, sites and datasheet lines move to the row that stays. Of two sources of one part
the one with references stays; approvals of the other end with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import F, ManyToOneRel

from parts.models import PartFigures
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from suppliers.models import Approval, ManufacturerPart, Revocation, Source
from suppliers.services.agreements import overlaps_after
from suppliers.services.approvals import revoke_approvals

#: Tables whose rows belong to a source; rows of other tables refer to it.
_OWN = {"approvals", "scope"}
#: Tables whose rows move to the part that stays.
_MOVED = (
    "suppliers_source", "suppliers_offer", "suppliers_quoteline", "suppliers_priceagreement",
    "suppliers_datasheet",
)  # fmt: skip
#: Values that the remaining row takes over if it has none.
_FILLED = (
    "description", "datasheet_url", "die", "msl", "rohs", "reach", "country_of_origin", "hts_code",
    "eccn",
)  # fmt: skip
_FILLED_WHEN_NULL = ("fit", "fit_confidence", "pcf_kg", "sanctions_flag")


def source_pairs(twins: Mapping[int, int]) -> list[tuple[Source, Source]]:
    """Pairs of sources that become one: the source that goes, then the one that stays.

    ``twins``: id of the manufacturer part that goes → id of the one that stays.
    """
    rows = Source.objects.select_related("part", "manufacturer_part", "approval")
    going = rows.filter(manufacturer_part__in=twins).order_by("part__ipn")
    staying = {
        (row.part_id, row.manufacturer_part_id): row
        for row in rows.filter(manufacturer_part__in=twins.values())
    }
    found = ((row, staying.get((row.part_id, twins[row.manufacturer_part_id]))) for row in going)
    return [(one, other) for one, other in found if other is not None]


def reasons_against(
    twins: Mapping[int, int], companies: Mapping[int, int] | None = None
) -> Iterator[Reason]:
    """Reasons against merging these manufacturer parts; ``companies`` that become another."""
    yield from _dice(twins)
    yield from overlaps_after(twins, companies or {})
    pairs = source_pairs(twins)
    records = _records(pairs)
    for one, other in pairs:
        yield from _sources(one, other, records)


def _dice(twins: Mapping[int, int]) -> Iterator[Reason]:
    rows = ManufacturerPart.objects.in_bulk([*twins, *twins.values()])
    for going, staying in twins.items():
        dice = {rows[pk].die for pk in (going, staying)} - {""}
        if len(dice) > 1:
            detail = f"{rows[staying].mpn} has the die {' and the die '.join(sorted(dice))}."
            yield Reason("other_die", detail, "Correct the die first.")


def _sources(one: Source, other: Source, records: Mapping[int, set[str]]) -> Iterator[Reason]:
    name = f"{one.part.ipn}, {one.manufacturer_part.mpn}"
    mine, theirs = records.get(one.pk, set()), records.get(other.pk, set())
    if mine and theirs:
        both = ", ".join(sorted(mine | theirs))
        detail = f"{name}: records name both sources ({both})."
        yield Reason("two_sources_in_use", detail, "These two sources stay apart.")
    if one.approval and other.approval and _terms(one) != _terms(other):
        words = " and ".join(
            f"{row.get_status_display().lower()} by {row.approval.get_kind_display().lower()}"
            for row in (one, other)
            if row.approval
        )
        detail = f"{name}: the two sources are approved differently ({words})."
        yield Reason("approved_differently", detail, "Withdraw one of the approvals first.")


def _terms(source: Source) -> tuple[Any, ...]:
    """The terms of the source's approval."""
    kind = source.approval.kind if source.approval else ""
    return source.status, kind, source.share_cap, source.quantity_cap


def _records(pairs: list[tuple[Source, Source]]) -> dict[int, set[str]]:
    """Id of a source → the kinds of rows that refer to it: cases, receipts, orders."""
    ids = [source.pk for pair in pairs for source in pair]
    found: dict[int, set[str]] = {}
    if not ids:
        return found
    for relation in _references():
        rows: Any = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": ids}
        )
        what = str(relation.related_model._meta.verbose_name_plural)
        for pk in rows.order_by().values_list(relation.field.attname, flat=True).distinct():
            found.setdefault(pk, set()).add(what)
    return found


def _references() -> list[Any]:
    """Relations of other tables to a source, also those without an accessor."""
    return [
        one
        for one in Source._meta.get_fields(include_hidden=True)
        if isinstance(one, ManyToOneRel)
        and one.get_accessor_name() not in _OWN
        and not hasattr(one.related_model, "history_type")
    ]


def join_parts(twins: Mapping[int, int], actor: Actor, reason: str) -> None:
    """Merge in the caller's transaction, which attributed its changes and locked the parts.

    The caller resolves the parts afterwards.
    """
    if not twins:
        return
    _drop_second_sources(twins, actor, reason)
    pairs = (list(twins), list(twins.values()))
    with connection.cursor() as cursor:
        for table in _MOVED:
            cursor.execute(_MOVE.format(table=table), (clock.now(), *pairs))
        cursor.execute(_FILL, (clock.now(), *pairs))
        cursor.execute(_SITES, pairs)
        cursor.execute(_PARAMETERS, pairs)
        cursor.execute(_DECLARATIONS, (clock.now(), *pairs))
    gone = list(twins)
    delete_rows("suppliers_manufacturerpartsite", "manufacturer_part_id", gone)
    delete_rows("suppliers_parameter", "manufacturer_part_id", gone)
    delete_rows("suppliers_declaration", "manufacturer_part_id", gone)
    delete_rows("suppliers_manufacturerpart", "id", gone)


def delete_rows(table: str, column: str, ids: list[int]) -> None:
    """Remove rows by a key; the names are constants. Triggers write the history."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (ids,))  # noqa: S608


def _drop_second_sources(twins: Mapping[int, int], actor: Actor, reason: str) -> None:
    """Remove one of two sources of a part: the one without references, else the one that goes."""
    pairs = source_pairs(twins)
    records = _records(pairs)
    losers = [_loser(one, other, records) for one, other in pairs]
    if not losers:
        return
    ids = [loser.pk for loser in losers]
    approvals = Approval.objects.filter(source__in=ids)
    revoke_approvals(approvals=approvals, cause=Revocation.Cause.UNDONE, actor=actor, reason=reason)
    delete_rows("suppliers_source_scope", "source_id", ids)
    delete_rows("suppliers_source", "id", ids)
    _keep_incumbents([loser for loser in losers if loser.role == Source.Role.INCUMBENT])


def _loser(one: Source, other: Source, records: Mapping[int, set[str]]) -> Source:
    if records.get(one.pk):
        return other
    if not records.get(other.pk) and one.approval and not other.approval:
        return other
    return one


def _keep_incumbents(losers: list[Source]) -> None:
    """Make the source that stays the incumbent if the other one was."""
    parts = {loser.part_id: loser.manufacturer_part.mpn_normal for loser in losers}
    rows = Source.objects.filter(part__in=parts).select_related("manufacturer_part")
    stays = [row.pk for row in rows if row.manufacturer_part.mpn_normal == parts[row.part_id]]
    Source.objects.filter(pk__in=stays).update(role=Source.Role.INCUMBENT, version=F("version") + 1)


def hold_parts(manufacturer_part_ids: Any) -> set[int]:
    """Lock the parts of these manufacturer parts before anything is read. Returns their ids."""
    sources = Source.objects.filter(manufacturer_part__in=manufacturer_part_ids)
    ids = set(sources.values_list("part_id", flat=True))
    PartFigures.objects.lock(ids)
    return ids


_TWINS = "unnest(%s::bigint[], %s::bigint[]) AS twin (going, staying)"
_MOVE = (
    "UPDATE {table} t SET manufacturer_part_id = twin.staying, version = version + 1,"  # noqa: S608
    " updated_at = %s FROM " + _TWINS + " WHERE t.manufacturer_part_id = twin.going"
)
_FILL = (
    "UPDATE suppliers_manufacturerpart t SET version = t.version + 1, updated_at = %s, "  # noqa: S608
    + ", ".join(
        [
            *(f"{n} = CASE WHEN t.{n} = '' THEN g.{n} ELSE t.{n} END" for n in _FILLED),
            *(f"{n} = coalesce(t.{n}, g.{n})" for n in _FILLED_WHEN_NULL),
            *(
                f"{n} = CASE WHEN t.lifecycle = 'unknown' THEN g.{n} ELSE t.{n} END"
                for n in ("lifecycle", "lifecycle_as_of", "lifecycle_source")
            ),
        ]
    )
    + " FROM suppliers_manufacturerpart g JOIN " + _TWINS + " ON twin.going = g.id"
    " WHERE t.id = twin.staying"
)  # fmt: skip
_SITES = (
    "INSERT INTO suppliers_manufacturerpartsite (manufacturer_part_id, site_id)"  # noqa: S608
    " SELECT twin.staying, m.site_id FROM suppliers_manufacturerpartsite m JOIN " + _TWINS +
    " ON twin.going = m.manufacturer_part_id ON CONFLICT DO NOTHING"
)  # fmt: skip
_PARAMETERS = (
    "UPDATE suppliers_parameter p SET manufacturer_part_id = twin.staying FROM " + _TWINS +  # noqa: S608
    " WHERE p.manufacturer_part_id = twin.going AND NOT EXISTS (SELECT FROM suppliers_parameter o"
    " WHERE o.manufacturer_part_id = twin.staying)"
)  # fmt: skip

_DECLARATIONS = (
    "UPDATE suppliers_declaration d SET manufacturer_part_id = twin.staying,"  # noqa: S608
    " version = version + 1, updated_at = %s FROM " + _TWINS +
    " WHERE d.manufacturer_part_id = twin.going AND NOT EXISTS ("
    "SELECT FROM suppliers_declaration o"
    " WHERE o.manufacturer_part_id = twin.staying AND o.scheme = d.scheme)"
)  # fmt: skip
