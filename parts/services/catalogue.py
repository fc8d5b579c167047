"""Services for categories, parts, requirements and part numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from parts.house_rules import CompanyPolicy
from parts.kinds import made_in
from parts.models import Category, Part, Requirement
from parts.signals import parts_changed, specification_changed
from parts.units import fraction_problems
from secondsource.core import audit, clock, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, ValuesRefused, refuse_values
from secondsource.core.models import Counter
from secondsource.core.records import change, create

#: Fields that can be changed; the IPN cannot.
PART_FIELDS = frozenset(
    field.name
    for field in Part._meta.concrete_fields
    if field.editable and not field.primary_key and field.name != "ipn"
)
#: Figures with a day and an origin: (figures, day, origin).
DATED = (
    (("stock_qty", "open_order_qty"), "stock_as_of", "stock_source"),
    (("given_demand",), "demand_as_of", "demand_source"),
)
QUANTITIES = ("stock_qty", "open_order_qty", "safety_stock", "given_demand")
_LONGEST_PATH = 200
CATEGORY_FIELDS = frozenset({"name", "ipn_prefix", "risk_class", "made_in"})


@transaction.atomic
def add_category(*, path: str, name: str, actor: Actor, **fields: Any) -> Category:
    """Add a node of the category tree; its parent must exist.

    Without ``made_in`` the kind of plant follows from the name.
    """
    actor.require("parts.write_part")
    parent = path.rpartition("/")[0]
    if parent and not Category.objects.filter(path=parent).exists():
        raise ValuesRefused.one("/path", "no_parent", f"There is no category {parent}.")
    given = {"made_in": made_in(path, name), **fields}
    category = create(
        Category(path=path, name=name, **given), actor, duplicate=f"{path} exists already."
    )
    audit.record("parts.category.added", category, actor)
    return category


def change_category(
    *, category: Category, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Category:
    """Change plain fields of a category; parts keep their numbers."""
    actor.require("parts.write_part", category)
    return change(category, values, actor, allowed=CATEGORY_FIELDS, expected=expected)


@transaction.atomic
def move_category(
    *, category: Category, under: str, actor: Actor, expected: int | None = None
) -> Category:
    """Move a category with all below it under another one ('' = to the top).

    Raises ``Stale``, ``ValuesRefused`` by ``/under``.
    """
    actor.require("parts.write_part", category)
    rows = Category.objects.select_for_update(of=("self",)).order_by("pk")
    tree = {row.path: row for row in rows}  # the whole tree, a few hundred rows
    row = next(one for one in tree.values() if one.pk == category.pk)
    audit.check_version(row, expected)
    leaf = row.path.rpartition("/")[2]
    path = f"{under}/{leaf}" if under else leaf
    if path == row.path:
        return row
    refuse_values(_against_moving(row, under, path, tree))
    below = [one for one in tree.values() if one.path.startswith(f"{row.path}/")]
    before = row.path
    for one in [row, *below]:
        one.path = path + one.path.removeprefix(before)
        audit.save_as(one, actor, f"{before} moved to {path}")
    data = {"from": before, "to": path, "below": len(below)}
    audit.record("parts.category.moved", row, actor, data=data)
    return row


def _against_moving(
    row: Category, under: str, path: str, tree: Mapping[str, Category]
) -> list[FieldProblem]:
    policy, _ = policies.active(CompanyPolicy)
    longest = max(len(one) for one in tree if f"{one}/".startswith(f"{row.path}/"))
    if under and under not in tree:
        said = ("no_parent", f"There is no category {under}.")
    elif f"{under}/".startswith(f"{row.path}/"):
        said = ("below_itself", f"{under} lies in {row.path} itself.")
    elif path in tree:
        said = ("taken", f"There is a category {path} already.")
    elif row.path == policy.unsorted_category:
        said = ("unsorted", "Imports add new parts to this category, so it cannot be moved.")
    elif longest - len(row.path) + len(path) > _LONGEST_PATH:
        said = ("too_long", f"A path has at most {_LONGEST_PATH} letters.")
    else:
        return []
    return [FieldProblem("/under", *said)]


def unsorted_category(actor: Actor) -> tuple[Category, bool]:
    """The category of unsorted parts, and whether it was made now."""
    policy, _ = policies.active(CompanyPolicy)
    found = Category.objects.filter(path=policy.unsorted_category).first()
    if found is not None:
        return found, False
    made = create(
        Category(path=policy.unsorted_category, name="Unsorted", ipn_prefix=policy.unsorted_prefix),
        actor,
        duplicate="The unsorted category exists already.",
    )
    return made, True


def remove_unused_categories(ids: Iterable[int], actor: Actor, reason: str) -> None:
    """Remove unchanged categories of an undone import that contain neither parts nor categories."""
    used = Part.objects.order_by().values("category")
    for row in Category.objects.filter(pk__in=list(ids), version=1).exclude(pk__in=used):
        if not Category.objects.filter(path__startswith=f"{row.path}/").exists():
            audit.delete_as(row, actor, reason)


def next_ipns(category: Category, count: int) -> list[str]:
    """The next ``count`` free part numbers of the category's series (``RES-00001``)."""
    prefix = category.ipn_prefix or category.path.rpartition("/")[2].upper().replace("_", "-")
    numbers: list[str] = []
    while len(numbers) < count:
        wanted = [f"{prefix}-{n:05d}" for n in Counter.take(f"ipn:{prefix}", count - len(numbers))]
        taken = set(Part.objects.filter(ipn__in=wanted).values_list("ipn", flat=True))
        numbers += [ipn for ipn in wanted if ipn not in taken]
    return numbers


@transaction.atomic
def add_part(*, category: Category, actor: Actor, ipn: str = "", **fields: Any) -> Part:
    """Add a part; without ``ipn`` it gets the next number of its category.

    Raises ``Duplicate``, ``ValuesRefused``, ``PermissionRefused``.
    """
    actor.require("parts.write_part")
    number = ipn or next_ipns(category, 1)[0]
    part = Part(ipn=number, category=category)
    fields = dated(part, fields, actor)
    for name, value in fields.items():
        setattr(part, name, value)
    _check(part, fields)
    create(part, actor, duplicate=f"{number} exists already.")
    audit.record("parts.part.added", part, actor)
    parts_changed.send(sender=Part, part_ids={part.pk})
    return part


def change_part(
    *, part: Part, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Part:
    """Change plain fields (``PART_FIELDS``) of a part. Raises ``Stale``, ``ValuesRefused``.

    Stock and given demand get the day of today when they change without a day.
    """
    actor.require("parts.write_part", part)
    values = dated(part, values, actor)
    _check(part, values)
    with transaction.atomic():
        row = change(part, values, actor, allowed=PART_FIELDS, expected=expected)
        parts_changed.send(sender=Part, part_ids={row.pk})
    return row


def dated(part: Part, values: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Adds day and origin of figures that change without them."""
    found = dict(values)
    for figures, day, origin in DATED:
        changed = [n for n in figures if n in values and values[n] != getattr(part, n)]
        if changed and day not in values:
            known = any(values[name] is not None for name in changed)
            found[day] = clock.business_day() if known else None
            found.setdefault(origin, _ENTRANCES.get(actor.origin, "") if known else "")
    return found


_ENTRANCES = {"web": "entered by hand", "api": "API"}


def _check(part: Part, values: Mapping[str, Any]) -> None:
    """Raise the problems of money and quantities that concern several fields."""
    problems = []
    cost = values.get("standard_cost")
    if cost is not None and cost < 0:
        problems.append(FieldProblem("/standard_cost", "negative", "A cost is 0 or more."))
    if cost is not None and not values.get("standard_cost_currency"):
        detail = "A cost needs its currency."
        problems.append(FieldProblem("/standard_cost", "no_currency", detail))
    problems += quantity_problems(part, values)
    refuse_values(problems)


def quantity_problems(part: Part, values: Mapping[str, Any]) -> list[FieldProblem]:
    """Problems of quantities: negative, in the future, or not whole in a unit of pieces."""
    pointers = {"given_demand": "/annual_demand"}
    found = []
    for name in ("open_order_qty", "safety_stock", "given_demand"):
        if (values.get(name) or 0) < 0:
            pointer = pointers.get(name, f"/{name}")
            found.append(FieldProblem(pointer, "negative", "A quantity is 0 or more."))
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    found += [
        FieldProblem(f"/{name}", "in_future", "This date has not come yet.")
        for name in ("stock_as_of", "demand_as_of")
        if values.get(name) and values[name] > tomorrow
    ]
    unit = values.get("unit", part.unit)
    asked = QUANTITIES if "unit" in values else [n for n in QUANTITIES if n in values]
    given = {pointers.get(n, f"/{n}"): values.get(n, getattr(part, n)) for n in asked}
    return found + fraction_problems(unit, given)


@transaction.atomic
def set_requirements(
    *,
    part: Part,
    requirements: Iterable[Mapping[str, Any]],
    actor: Actor,
    expected: int | None = None,
) -> list[Requirement]:
    """Replace what we need of a part (fields of :class:`Requirement`), in the order given.

    The requirements belong to the part's version: it is checked against ``expected`` and rises.
    Raises ``Stale``, ``ValuesRefused``.
    """
    part = Part.objects.select_for_update(of=("self",)).get(pk=part.pk)
    audit.check_version(part, expected)
    actor.require("parts.write_part", part)
    rows = [Requirement(part=part, position=i, **line) for i, line in enumerate(requirements)]
    problems = [
        FieldProblem(f"/requirements/{i}/maximum", "limits_reversed", "Below the minimum.")
        for i, row in enumerate(rows)
        if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum
    ]
    refuse_values(problems)
    before = [_content(row) for row in part.requirements.all()]
    Requirement.objects.filter(part=part).delete()
    made = audit.bulk_create_as(Requirement, rows, actor, "requirements")
    audit.save_as(part, actor, "requirements")
    audit.record("parts.part.requirements", part, actor, data={"lines": len(made)})
    if before != [_content(row) for row in made]:
        specification_changed.send(
            sender=Part, part_ids={part.pk}, actor=actor, why=f"the requirements of {part.ipn}"
        )
    return made


def _content(row: Requirement) -> tuple[Any, ...]:
    """The fields of a requirement, for comparison."""
    return (row.group, row.parameter, row.rule, row.minimum, row.maximum, row.text, row.unit,
            row.on_typical, row.consequence)  # fmt: skip
