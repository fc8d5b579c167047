"""Services for suppliers and sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    FieldProblem,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.records import change, create
from suppliers.models import Site, Source, Supplier, SupplierAlias
from suppliers.names import clean, code_from, names_nobody, normal_name
from suppliers.services.sources import send_sources_changed
from suppliers.signals import supply_changed

SUPPLIER_FIELDS = frozenset({"name", "kinds", "country", "group"})
SITE_FIELDS = frozenset({"name", "activity", "country", "latitude", "longitude", "recovery_days"})

#: The most parts in the refusal to remove a site.
_MOST_NAMED = 5


def find_manufacturer(name: str) -> Supplier | None:
    """The supplier with this name in any spelling, or None; the placeholder for ``n/a``."""
    if names_nobody(name):
        return placeholder()
    alias = (
        SupplierAlias.objects.select_related("supplier").filter(normal=normal_name(name)).first()
    )
    return alias.supplier if alias else None


def find_supplier(name: str) -> Supplier | None:
    """The company with this code or name in any spelling, or None."""
    return Supplier.objects.by_code(name) or find_manufacturer(name)


def placeholder() -> Supplier | None:
    """The placeholder for the manufacturer of MPNs without one, or None."""
    return Supplier.objects.filter(placeholder=True).order_by("pk").first()


def locked_company(supplier: Supplier, expected: int | None = None) -> Supplier:
    """The company's row under a lock. Raises ``Stale``, and ``RuleRefused`` if it was merged."""
    row = Supplier.objects.select_for_update(of=("self",)).get(pk=supplier.pk)
    audit.check_version(row, expected)
    if row.placeholder:
        detail = "The manufacturer is not named: this is not a company."
        raise RuleRefused.one("manufacturer_not_named", detail, "Name the manufacturer.")
    if row.merged_into is not None:
        detail = f"{row.name} was merged into {row.merged_into.name}."
        raise RuleRefused.one("merged", detail, f"Change {row.merged_into.code}.")
    return row


@transaction.atomic
def add_supplier(
    *,
    name: str,
    actor: Actor,
    code: str = "",
    kinds: Iterable[str] = (Supplier.Kind.MANUFACTURER,),
    country: str = "",
    aliases: Iterable[str] = (),
    group: Supplier | None = None,
    reason: str = "",
) -> Supplier:
    """Add a supplier with its spellings; without ``code`` one is made from the name.

    Raises ``Duplicate`` when the code or a spelling belongs to another supplier.
    """
    actor.require("suppliers.write_supplier")
    if not normal_name(name):
        raise ValuesRefused.one("/name", "required", "A supplier needs a name.")
    if names_nobody(name):
        detail = f"“{clean(name)}” names no company."
        raise ValuesRefused.one("/name", "names_nobody", detail)
    taken = find_manufacturer(name)
    if taken is not None:
        raise Duplicate(f"{taken.name} ({taken.code}) already has the name {clean(name)}.")
    supplier = create(
        Supplier(
            code=code or free_codes([name])[0],
            name=clean(name),
            kinds=list(kinds),
            country=country,
            group=group,
        ),
        actor,
        reason=reason,
        duplicate=f"The code {code} is taken.",
    )
    _add_aliases(supplier, [name, *aliases])
    audit.record("suppliers.supplier.added", supplier, actor, note=reason)
    return supplier


def _add_aliases(supplier: Supplier, texts: Iterable[str]) -> None:
    wanted = {normal_name(text): clean(text) for text in texts}
    taken = SupplierAlias.objects.filter(normal__in=wanted).exclude(supplier=supplier)
    problems = [
        FieldProblem(
            "/aliases", "taken", f"“{alias.text}” is a name of {alias.supplier.name} already."
        )
        for alias in taken.select_related("supplier").order_by("text")
    ]
    refuse_values(problems)
    SupplierAlias.objects.bulk_create(
        [SupplierAlias(supplier=supplier, text=t, normal=n) for n, t in wanted.items() if n],
        ignore_conflicts=True,
    )


@transaction.atomic
def set_aliases(
    *, supplier: Supplier, aliases: Iterable[str], actor: Actor, expected: int | None = None
) -> Supplier:
    """Replace the spellings of a supplier's name; the name is always one of them.

    The spellings belong to its version. Raises ``ValuesRefused`` for spellings of other companies.
    """
    actor.require("suppliers.write_supplier", supplier)
    row = locked_company(supplier, expected)
    wanted = [row.name, *aliases]
    if nobodies := [text for text in wanted if not normal_name(text) or names_nobody(text)]:
        problems = [
            FieldProblem("/aliases", "names_nobody", f"“{clean(text)}” names no company.")
            for text in nobodies
        ]
        raise ValuesRefused(problems)
    before = dict(row.aliases.values_list("normal", "text"))
    keys = {normal_name(text) for text in wanted}
    if set(before) == keys:
        return row
    traces.attribute(actor, "aliases")
    row.aliases.exclude(normal__in=keys).delete()
    _add_aliases(row, wanted)
    audit.save_as(row, actor, "aliases")
    after = dict(row.aliases.values_list("normal", "text"))
    audit.record(
        "suppliers.supplier.aliases", row, actor,
        data={"added": sorted(after[n] for n in set(after) - set(before)),
              "removed": sorted(before[n] for n in set(before) - set(after))},
    )  # fmt: skip
    return row


def free_codes(names: Iterable[str]) -> list[str]:
    """A free code for each name."""
    taken = set(Supplier.objects.values_list("code", flat=True))
    codes = []
    for name in names:
        base = code_from(name)
        code, number = base, 2
        while code in taken:
            code, number = f"{base}-{number}", number + 1
        taken.add(code)
        codes.append(code)
    return codes


@transaction.atomic
def change_supplier(
    *, supplier: Supplier, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Supplier:
    """Change plain fields (``SUPPLIER_FIELDS``) of a supplier; a new name is a spelling too.

    Raises ``ValuesRefused`` if a company with parts would no longer be a manufacturer.
    """
    actor.require("suppliers.write_supplier", supplier)
    before = locked_company(supplier, expected)
    refuse_values(_problems(before, values))
    row = change(supplier, values, actor, allowed=SUPPLIER_FIELDS, expected=expected)
    if row.name != before.name:
        _add_aliases(row, [row.name])
    if row.version != before.version:
        send_sources_changed(Source.objects.filter(manufacturer_part__manufacturer=row), actor)
    return row


def _problems(row: Supplier, values: Mapping[str, Any]) -> list[FieldProblem]:
    found = []
    name, kinds, group = (values.get(n, getattr(row, n)) for n in ("name", "kinds", "group"))
    if not normal_name(name) or names_nobody(name):
        found.append(FieldProblem("/name", "names_nobody", f"“{clean(name)}” names no company."))
    if Supplier.Kind.MANUFACTURER not in kinds and row.manufacturer_parts.exists():
        detail = f"{row.name} has parts, so it stays a manufacturer."
        found.append(FieldProblem("/kinds", "in_use", detail))
    if group is not None and group.pk == row.pk:
        detail = "A company is not the head company of itself."
        found.append(FieldProblem("/group", "itself", detail))
    return found


@transaction.atomic
def add_site(*, supplier: Supplier, actor: Actor, **fields: Any) -> Site:
    """Add a site of a supplier (fields of :class:`Site`)."""
    actor.require("suppliers.write_supplier", supplier)
    site = create(
        Site(supplier=supplier, **fields), actor, duplicate="This site is on record already."
    )
    audit.record("suppliers.site.added", site, actor)
    return site


def change_site(
    *, site: Site, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Site:
    """Change plain fields (``SITE_FIELDS``) of a site."""
    actor.require("suppliers.write_supplier", site.supplier)
    with transaction.atomic():
        row = change(site, values, actor, allowed=SITE_FIELDS, expected=expected)
        send_sources_changed(Source.objects.filter(manufacturer_part__part_sites__site=row), actor)
        if (row.activity, row.country) != (site.activity, site.country):
            made_there = row.made_parts.values_list("manufacturer_part_id", flat=True)
            supply_changed.send(
                sender=Site, manufacturer_part_ids=set(made_there), actor=actor,
                why=f"the site {row} changed",
            )  # fmt: skip
    return row


@transaction.atomic
def remove_site(*, site: Site, actor: Actor, expected: int | None = None) -> None:
    """Remove a site without manufacturer parts; its history stays."""
    actor.require("suppliers.write_supplier", site.supplier)
    row = Site.objects.select_for_update(of=("self",)).get(pk=site.pk)
    audit.check_version(row, expected)
    used = row.made_parts.select_related("manufacturer_part").order_by("manufacturer_part__mpn")
    if names := [made.manufacturer_part.mpn for made in used[:_MOST_NAMED]]:
        more = used.count() - len(names)
        detail = f"{row.name} is a site of {', '.join(names)}{f' and {more} more' if more else ''}."
        raise RuleRefused.one("in_use", detail, "Take it off these parts first.")
    audit.record("suppliers.site.removed", row, actor, data={"name": str(row)})
    audit.delete_as(row, actor, "removed")
