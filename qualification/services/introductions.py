"""Services for the introduction of an alternate and for the lots in which it was built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from parts.models import BomRevision, PartUsage, Product
from qualification.guards import gate_of
from qualification.models import AsBuilt, Case, IntroducedRevision, Introduction
from qualification.models.cases import State, gates_from
from qualification.serial_claims import claims
from qualification.services.hold_points import judge_anew
from qualification.services.work import case_for_work, work_changed
from secondsource.accounts.models import Plant
from secondsource.core import audit, clock, queries
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, ValuesRefused, refuse_values
from suppliers.models import Source

INTRODUCTION_FIELDS = frozenset(
    {
        "change_notice", "cut_in", "cut_in_on", "cut_in_serial", "run_out_quantity",
        "run_out_by", "run_out_done_on",
    }
)  # fmt: skip
#: The most rows of one call.
MOST_ROWS = 1000


@transaction.atomic
def plan_introduction(
    *,
    case: Case,
    values: Mapping[str, Any],
    actor: Actor,
    revisions: Mapping[Product, BomRevision] | None = None,
    expected: int | None = None,
) -> Introduction:
    """Plan how the alternate comes in (``INTRODUCTION_FIELDS``); ``revisions`` replaces these.

    Open until the case is closed, because the run-out ends while the transition goes on. A change
    voids the signatures of the gate at which the case is.
    """
    case = case_for_work(case, State.TRANSITION, actor)
    row = Introduction.objects.select_for_update(of=("self",)).filter(case=case).first()
    row = row or Introduction(case=case)
    audit.check_version(row, expected if row.pk else None)
    changed = {n: v for n, v in values.items() if getattr(row, n) != v}
    for name, value in changed.items():
        setattr(row, name, value)
    refuse_values(_introduction_problems(row))
    if changed or row.pk is None:
        audit.save_as(row, actor, "introduction")
    told = [name.replace("_", " ") for name in sorted(changed)]
    told += _set_revisions(row, revisions or {}, actor)
    if told:
        audit.record("qualification.introduction.planned", case, actor, note=", ".join(told))
        here = gate_of(case)
        gate = here if here in gates_from(State.APPROVAL) else State.APPROVAL
        work_changed(case, gate, actor, "the introduction was changed")
    return Introduction.objects.get(pk=row.pk)


def _introduction_problems(row: Introduction) -> list[FieldProblem]:
    problems = []
    done = row.run_out_done_on
    if done is not None and done > clock.business_day():
        problems.append(FieldProblem("/run_out_done_on", "in_future", "This day has not come yet."))
    if done is not None and row.run_out_quantity is None:
        detail = "Enter how much was to run out, 0 for nothing."
        problems.append(FieldProblem("/run_out_quantity", "required", detail))
    return problems


def _set_revisions(
    row: Introduction, revisions: Mapping[Product, BomRevision], actor: Actor
) -> list[str]:
    there = {one.product_id: one for one in row.revisions.all()}
    told = []
    for product, revision in revisions.items():
        if revision.product_id != product.pk:
            detail = f"{revision} is no revision of {product.code}."
            raise ValuesRefused.one("/revisions", "other_product", detail)
        one = there.get(product.pk) or IntroducedRevision(introduction=row, product=product)
        if one.pk is None or one.revision_id != revision.pk:
            one.revision = revision
            audit.save_as(one, actor, "introduction")
            told.append(f"{product.code} {revision}")
    return told


@dataclass(frozen=True)
class BuiltLot:
    """A lot of a product that took units of a source; serials are a prefix and a range."""

    product: Product
    source: Source
    lot: str
    quantity: int
    built_on: Any
    plant: Plant | None = None
    part_lot: str = ""
    failed: int | None = None
    serial_prefix: str = ""
    serial_from: int | None = None
    serial_to: int | None = None


@transaction.atomic
def record_built(*, lots: Sequence[BuiltLot], actor: Actor) -> list[AsBuilt]:
    """Record in which lots a source was built in, all or none.

    Raises ``ValuesRefused`` with pointers to rows and fields; a serial that another lot or another
    source of the same part has is refused by the database too.
    """
    actor.require("qualification.write_case")
    if not 1 <= len(lots) <= MOST_ROWS:
        raise ValuesRefused.one("", "rows", f"1 to {MOST_ROWS} rows.")
    # Two at once take turns: each would see the other's row, and both be refused.
    products = Product.objects.filter(pk__in={one.product.pk for one in lots}).order_by("pk")
    list(products.select_for_update(no_key=True))
    used = set(
        PartUsage.objects.filter(
            product__in={one.product.pk for one in lots},
            part__in={one.source.part_id for one in lots},
        ).values_list("product_id", "part_id")
    )
    problems = []
    for index, one in enumerate(lots):
        problems += [
            FieldProblem(f"/{index}{p.pointer}", p.code, p.detail) for p in _lot_problems(one, used)
        ]
    refuse_values(problems or _claims(lots))
    now = clock.now()
    rows = [
        AsBuilt(
            **vars(one), part_id=one.source.part_id, entered_by=actor.user, created_at=now,
            updated_at=now,
        )
        for one in lots
    ]  # fmt: skip
    made = audit.bulk_create_as(AsBuilt, rows, actor, "built")
    entries = [
        (row.source, {"product": row.product.code, "lot": row.lot, "quantity": row.quantity})
        for row in made
    ]
    audit.record_all("qualification.lot.built", entries, actor)
    judge_anew({row.source_id for row in made}, actor)
    return made


def _lot_problems(one: BuiltLot, used: set[tuple[int, int]]) -> list[FieldProblem]:
    problems = []
    if not one.lot.strip():
        problems.append(FieldProblem("/lot", "required", "Name the lot of the product."))
    if one.quantity < 1:
        problems.append(FieldProblem("/quantity", "not_positive", "At least 1."))
    if one.failed is not None and not 0 <= one.failed <= one.quantity:
        problems.append(FieldProblem("/failed", "above_quantity", "0 to the quantity."))
    if one.built_on > clock.business_day():
        problems.append(FieldProblem("/built_on", "in_future", "This day has not come yet."))
    if (one.product.pk, one.source.part_id) not in used:
        detail = f"{one.product.code} does not use {one.source.part.ipn}."
        problems.append(FieldProblem("/product", "does_not_use", detail))
    first, last = one.serial_from, one.serial_to
    if (first is None) != (last is None):
        detail = "Give the first and the last serial, or neither."
        problems.append(FieldProblem("/serial_to", "half_a_range", detail))
    elif first is not None and last is not None:
        if last < first:
            detail = "The last serial comes before the first."
            problems.append(FieldProblem("/serial_to", "range_backward", detail))
        elif last - first + 1 < one.quantity:
            detail = f"{last - first + 1} serials for {one.quantity} units."
            problems.append(FieldProblem("/serial_to", "too_few", detail))
    return problems


_NAMED = """
WITH named AS (
    SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
                         %s::text[], %s::bigint[], %s::bigint[])
        AS n (row, product_id, part_id, source_id, lot, prefix, first, last)
)
"""


def _claims(lots: Sequence[BuiltLot]) -> list[FieldProblem]:
    """The serials that a lot on record or an earlier row has; each problem names that lot.

    The products are locked, so that no other call claims them meanwhile.
    """
    named = [
        (index, one.product.pk, one.source.part_id, one.source.pk, one.lot, one.serial_prefix,
         one.serial_from, one.serial_to)
        for index, one in enumerate(lots) if one.serial_from is not None
    ]  # fmt: skip
    if not named:
        return []
    columns = [list(column) for column in zip(*named, strict=True)]
    found = queries.records(_NAMED + claims("named"), columns)
    sources = Source.objects.select_related("manufacturer_part__manufacturer").in_bulk(
        {one["source_id"] for one in found}
    )
    problems = []
    for one in found:
        row = AsBuilt(serial_prefix=one["prefix"], serial_from=one["first"], serial_to=one["last"])
        with_source = sources[one["source_id"]].manufacturer_part
        detail = f"{row.serials} are in lot {one['lot']} with {with_source}."
        problems.append(FieldProblem(f"/{one['row']}/serial_from", "serial_claimed", detail))
    return problems


@transaction.atomic
def withdraw_built(
    *, row: AsBuilt, reason: str, actor: Actor, expected: int | None = None
) -> AsBuilt:
    """Withdraw a row that was entered wrongly; it stays on record with the reason."""
    actor.require("qualification.write_case")
    found = AsBuilt.objects.select_for_update(of=("self",)).get(pk=row.pk)
    audit.check_version(found, expected)
    if found.withdrawn_at is not None:
        raise RuleRefused.one("withdrawn", "This row is withdrawn already.")
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Give the reason.")
    found.withdrawn_at, found.withdrawn_reason = clock.now(), reason.strip()[:300]
    audit.save_as(found, actor, reason)
    audit.record("qualification.lot.withdrawn", found.source, actor, note=f"{found.lot}: {reason}")
    judge_anew({found.source_id}, actor)
    return found
