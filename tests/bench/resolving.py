"""Sources and figures derived from facts: many parts beside plain SQL, one part, one move."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from parts.models import Part
from qualification import services as qualification
from qualification.models import Case
from qualification.workflow import CASE_FLOW
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import clock, policies
from secondsource.core.actors import Actor
from secondsource.core.figures import unhurried
from secondsource.workspace import figures as company
from suppliers import derivation, figures
from suppliers.house_rules import IndependencePolicy
from suppliers.independence_figures import INDEPENDENCE, independence_parameters
from suppliers.models import Source
from suppliers.resolve import resolve
from tests.bench import measure
from tests.bench.counting import counted_statements
from tests.bench.measure import Table

#: Parts of the comparison with plain SQL, and how often the plain SQL may be taken.
PARTS, MOST_RATIO = 200_000, 5
#: The most ms that a slice holds its rows, and that one part takes within a move.
MOST_HELD_MS, MOST_ONE_MS = 1_000, 25
ACTOR = Actor.named_job("bench")


class _Undone(Exception):
    """Ends a transaction whose changes must not stay."""


def measured(table: Table) -> None:
    """All rows; the data are as they were."""
    ids = list(Part.objects.order_by("pk").values_list("pk", flat=True)[:PARTS])
    _many(table, ids)
    _one(table, ids)
    _move(table)
    began = time.perf_counter()
    company.recompute_everything()
    taken = (time.perf_counter() - began) * 1000
    table.add(measure.of_runs("everything anew, as at night", [[taken]]))


def _many(table: Table, ids: list[int]) -> None:
    floor = f"floor: raw SQL of {len(ids):,} parts, sources and figures"
    table.add(measure.calls(floor, lambda: _raw(ids), runs=3))
    held: list[float] = []
    run = partial(_in_slices, ids, held)
    found = measure.calls(f"resolve of {len(ids):,} parts, unchanged", run, runs=3)
    table.add(found, floor=floor, ratio=MOST_RATIO)
    name = f"rows of a slice of {figures.SLICE:,} parts held, the longest"
    table.add(measure.of_runs(name, [[max(held)]]), most=MOST_HELD_MS)
    anew = _undone(partial(_anew, next(figures.slices(ids))))
    table.add(measure.of_runs("the same, every source changed", [[anew]]), most=MOST_HELD_MS)


def _in_slices(ids: list[int], held: list[float]) -> None:
    held.extend(_resolved(part_ids) for part_ids in figures.slices(ids))


def _anew(ids: list[int]) -> float:
    """Sources as if nothing had been derived yet."""
    Source.objects.filter(part__in=ids).update(
        status=Source.Status.CANDIDATE, approval=None, share_cap=0, quantity_cap=0, shared=[]
    )
    return _resolved(ids)


def _resolved(ids: list[int]) -> float:
    return _ms(lambda: resolve(ids, actor=ACTOR))


def _raw(ids: list[int]) -> None:
    policy, _ = policies.active(IndependencePolicy)
    values = derivation.parameters(ids, clock.business_day()) | independence_parameters(policy)
    query = (
        f"WITH {derivation.state_sql()}, {INDEPENDENCE} SELECT * FROM state JOIN worded USING (id)"
    )
    with unhurried(), connection.cursor() as cursor:
        cursor.execute(query, values)
        cursor.execute(figures.PART_FIGURES, figures.parameters(ids))


def _one(table: Table, ids: list[int]) -> None:
    some = itertools.cycle(ids[:: max(1, len(ids) // 50)])
    times = [
        [_resolved([next(some)]) for _ in range(measure.REQUESTS)] for _ in range(measure.RUNS)
    ]
    table.add(measure.of_runs("resolve of one part", times), most=MOST_ONE_MS)


def _move(table: Table) -> None:
    """A whole ``submit`` of a case; nothing of it stays."""
    times, statements = [], 0
    taken_up = Exists(Case.objects.open().filter(part=OuterRef("part")))
    free = Source.objects.filter(~taken_up, role=Source.Role.ALTERNATE, status="candidate")
    for source in free[:6]:
        taken, statements = _undone(partial(_submitted, source))
        times.append(taken)
    found = measure.of_runs("submit of a case", [times[1:]], queries=statements)
    table.add(found, p95=100)


def _submitted(source: Source) -> tuple[float, int]:
    roles = [Role.ENGINEER, Role.QUALITY, Role.PROCUREMENT]
    people = [
        User.objects.create_user(f"bench-{role}@generated.example", None, name=role, roles=[role])
        for role in roles
    ]
    lead = Actor(user=people[0])
    case = qualification.open_case(source=source, actor=lead, start_reason="measured")
    functions = ("engineering", "quality", "procurement")
    qualification.set_team(case=case, members=list(zip(people, functions, strict=True)), actor=lead)
    with counted_statements() as count:
        taken = _ms(lambda: CASE_FLOW.fire(case.pk, "submit", actor=lead))
    return taken, count()


def _undone(call: Callable[[], Any]) -> Any:
    """What a call answers whose changes are taken back."""
    try:
        with transaction.atomic():
            answer = call()
            raise _Undone
    except _Undone:
        return answer


def _ms(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000
