"""Services that merge two suppliers into one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from secondsource.core import audit, clock, jobs, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused, ValuesRefused
from suppliers.models import (
    ManufacturerPart,
    ManufacturerPartSite,
    Offer,
    OrderLine,
    PriceAgreement,
    Receipt,
    Site,
    Source,
    Supplier,
    SupplierAlias,
)
from suppliers.services.companies import locked_company
from suppliers.services.part_merge import (
    delete_rows,
    hold_parts,
    join_parts,
    reasons_against,
    source_pairs,
)
from suppliers.services.sourcing import TURN
from suppliers.signals import sources_changed

MERGED = "suppliers.supplier.merged"
#: The most reasons of one kind.
_MOST_REASONS = 10
_STOPS = (Supplier.Standing.PHASE_OUT, Supplier.Standing.DISQUALIFIED)


@dataclass
class Merge:
    """The effects of a merger of ``gone`` into ``kept``, and ``reasons`` against it."""

    kept: Supplier
    gone: Supplier
    #: Ids of manufacturer parts and of sites of ``gone`` → those of ``kept`` that they become.
    twins: dict[int, int] = field(default_factory=dict)
    same_sites: dict[int, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)


def plan_merge(*, kept: Supplier, gone: Supplier) -> Merge:
    """The effects of a merger, without writing."""
    plan = Merge(kept, gone)
    if kept.pk == gone.pk:
        plan.reasons = [Reason("itself", "A company is not merged into itself.")]
        return plan
    plan.twins = _twins(kept, gone)
    plan.same_sites = _same_sites(kept, gone)
    plan.counts = _counts(plan)
    mpns = ManufacturerPart.objects.filter(pk__in=plan.twins).order_by("mpn")
    plan.joined = list(mpns.values_list("mpn", flat=True))
    plan.reasons = _few(_reasons(plan))
    return plan


def _twins(kept: Supplier, gone: Supplier) -> dict[int, int]:
    theirs = ManufacturerPart.objects.filter(manufacturer=gone).values("mpn_normal")
    same = ManufacturerPart.objects.filter(manufacturer=kept, mpn_normal__in=theirs)
    by_mpn = dict(same.values_list("mpn_normal", "pk"))
    going = ManufacturerPart.objects.filter(manufacturer=gone, mpn_normal__in=by_mpn)
    return {pk: by_mpn[mpn] for pk, mpn in going.values_list("pk", "mpn_normal")}


def _same_sites(kept: Supplier, gone: Supplier) -> dict[int, int]:
    known = {(site.name, site.activity): site.pk for site in kept.sites.all()}
    rows = ((site.pk, known.get((site.name, site.activity))) for site in gone.sites.all())
    return {pk: other for pk, other in rows if other is not None}


def _counts(plan: Merge) -> dict[str, int]:
    gone = plan.gone
    parts = ManufacturerPart.objects.filter(manufacturer=gone)
    counted: dict[str, Any] = {
        "manufacturer_parts": parts,
        "sources": Source.objects.filter(manufacturer_part__manufacturer=gone),
        "sites": gone.sites,
        "aliases": gone.aliases,
        "offers": Offer.objects.filter(supplier=gone),
        "order_lines": OrderLine.objects.filter(supplier=gone),
        "receipts": Receipt.objects.filter(supplier=gone),
    }
    counts = {name: rows.count() for name, rows in counted.items()}
    counts["joined_manufacturer_parts"] = len(plan.twins)
    counts["joined_sources"] = len(source_pairs(plan.twins))
    counts["joined_sites"] = len(plan.same_sites)
    return counts


def _reasons(plan: Merge) -> Iterator[Reason]:
    kept, gone = plan.kept, plan.gone
    standings = {kept.standing, gone.standing} - {Supplier.Standing.NOT_ASSESSED}
    if len(standings) > 1 and standings & set(_STOPS):
        detail = (
            f"{kept.name} is {kept.get_standing_display().lower()},"
            f" {gone.name} {gone.get_standing_display().lower()}."
        )
        yield Reason("other_standing", detail, "Quality gives both the same standing first.")
    groups = {one.group_id for one in (kept, gone)} - {None, kept.pk, gone.pk}
    if len(groups) > 1:
        detail = f"{kept.name} and {gone.name} belong to different groups."
        yield Reason("other_group", detail, "Correct the group first.")
    yield from _sites_against(plan)
    yield from _orders_against(plan)
    yield from reasons_against(plan.twins, {gone.pk: kept.pk})


def _sites_against(plan: Merge) -> Iterator[Reason]:
    sites = Site.objects.in_bulk([*plan.same_sites, *plan.same_sites.values()])
    for going, staying in plan.same_sites.items():
        if sites[going].country != sites[staying].country:
            detail = (
                f"The site {sites[going].name} is in {sites[going].country} and in"
                f" {sites[staying].country}."
            )
            yield Reason("other_country", detail, "Correct one of the two sites first.")


def _orders_against(plan: Merge) -> Iterator[Reason]:
    theirs = OrderLine.objects.filter(supplier=plan.kept).values_list("po", "line")
    both = set(theirs) & set(OrderLine.objects.filter(supplier=plan.gone).values_list("po", "line"))
    for po, line in sorted(both):
        detail = f"Both have line {line} of the order {po}."
        yield Reason("same_order_line", detail, "One of the two is a wrong entry.")


def _few(reasons: Iterable[Reason]) -> list[Reason]:
    """At most ten reasons of a kind, then how many more there are."""
    seen: Counter[str] = Counter()
    found = []
    for reason in reasons:
        seen[reason.code] += 1
        if seen[reason.code] <= _MOST_REASONS:
            found.append(reason)
    more = sum(max(0, count - _MOST_REASONS) for count in seen.values())
    return [*found, *([Reason("more", f"And {more} more of these.")] if more else [])]


@transaction.atomic
def merge_suppliers(
    *, kept: Supplier, gone: Supplier, reason: str, actor: Actor, expected: int | None = None
) -> Supplier:
    """Move everything from ``gone`` to ``kept``; the code of ``gone`` then leads to ``kept``.

    ``expected`` is the version of ``kept``. Raises ``RuleRefused`` with all reasons against it.
    Receipts and quotes are facts and keep their company; they count for ``kept``.
    """
    actor.require("suppliers.merge_supplier", kept)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Give the reason why they are one company.")
    if not jobs.try_turn(TURN):
        detail = "An import or another merger is being written."
        raise RuleRefused.one("busy", detail, "Try again when it is done.")
    rows = {one.pk: one for one in sorted((kept, gone), key=lambda one: one.pk)}
    held = {pk: locked_company(one) for pk, one in rows.items()}
    audit.check_version(held[kept.pk], expected)
    made = ManufacturerPart.objects.filter(manufacturer__in=held)
    parts = hold_parts(made.values("pk"))
    plan = plan_merge(kept=held[kept.pk], gone=held[gone.pk])
    if plan.reasons:
        raise RuleRefused(plan.reasons)
    _write(plan, actor, reason.strip())
    if parts:
        sources_changed.send(
            sender=Supplier, part_ids=parts, actor=actor, reason=_said(plan, reason.strip())
        )
    return plan.kept


def _said(plan: Merge, reason: str) -> str:
    return f"{plan.gone.code} merged into {plan.kept.code}: {reason}"


def _write(plan: Merge, actor: Actor, reason: str) -> None:
    kept, gone, said = plan.kept, plan.gone, _said(plan, reason)
    traces.attribute(actor, said)
    _join_sites(plan)
    join_parts(plan.twins, actor, said)
    raised = {"version": F("version") + 1, "updated_at": clock.now()}
    ManufacturerPart.objects.filter(manufacturer=gone).update(manufacturer=kept, **raised)
    for model in (Site, Offer, OrderLine, PriceAgreement):
        model._default_manager.filter(supplier=gone).update(supplier=kept, **raised)
    SupplierAlias.objects.filter(supplier=gone).update(supplier=kept)
    Supplier.objects.filter(group=gone).exclude(pk=kept.pk).update(group=kept, **raised)
    Supplier.objects.filter(merged_into=gone).update(merged_into=kept, **raised)
    _become_one(kept, gone)
    audit.save_as(kept, actor, said)
    audit.save_as(gone, actor, said)
    data = {"from": gone.code, "into": kept.code, **plan.counts}
    audit.record_all(MERGED, [(kept, data), (gone, data)], actor, note=reason)


def _become_one(kept: Supplier, gone: Supplier) -> None:
    kept.kinds = sorted({*kept.kinds, *gone.kinds})
    kept.country = kept.country or gone.country
    if kept.standing == Supplier.Standing.NOT_ASSESSED:
        kept.standing = gone.standing
    group = gone.group_id if kept.group_id in (None, gone.pk) else kept.group_id
    kept.group_id = None if group == kept.pk else group
    gone.group, gone.merged_into = None, kept


def _join_sites(plan: Merge) -> None:
    if not plan.same_sites:
        return
    going = list(plan.same_sites)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO suppliers_manufacturerpartsite (manufacturer_part_id, site_id)"
            " SELECT m.manufacturer_part_id, twin.staying FROM suppliers_manufacturerpartsite m"
            " JOIN unnest(%s::bigint[], %s::bigint[]) twin (going, staying)"
            " ON twin.going = m.site_id ON CONFLICT DO NOTHING",
            (going, list(plan.same_sites.values())),
        )
    delete_rows(ManufacturerPartSite._meta.db_table, "site_id", going)
    delete_rows(Site._meta.db_table, "id", going)


@transaction.atomic
def name_manufacturer(
    *,
    manufacturer_part: ManufacturerPart,
    manufacturer: Supplier,
    actor: Actor,
    expected: int | None = None,
) -> ManufacturerPart:
    """Name the manufacturer of a part without one.

    If the manufacturer has this MPN already, the two parts are merged. Raises ``RuleRefused``.
    """
    actor.require("suppliers.write_manufacturerpart", manufacturer_part)
    company = locked_company(manufacturer)
    rows = ManufacturerPart.objects.select_related("manufacturer")
    row = rows.select_for_update(of=("self",)).get(pk=manufacturer_part.pk)
    audit.check_version(row, expected)
    if not row.manufacturer.placeholder:
        detail = f"{row.mpn} is a part of {row.manufacturer.name}."
        raise ValuesRefused.one("/manufacturer", "named", detail)
    known = rows.filter(manufacturer=company, mpn_normal=row.mpn_normal).first()
    twins = {row.pk: known.pk} if known else {}
    parts = hold_parts([row.pk, *twins.values()])
    if reasons := list(reasons_against(twins)):
        raise RuleRefused(reasons)
    said = f"manufacturer named: {company.name}"
    traces.attribute(actor, said)
    join_parts(twins, actor, said)
    if known is None:
        row.manufacturer = company
        audit.save_as(row, actor, said)
    named = rows.get(pk=known.pk if known else row.pk)
    audit.record("suppliers.manufacturerpart.named", named, actor, note=company.name)
    if parts:
        sources_changed.send(sender=Supplier, part_ids=parts, actor=actor, reason=said)
    return named
