"""The moves of a take-over: a first person of quality confirms, a second one approves.

Each move takes the rows with the ids in ``data["rows"]``, or without it all rows that it can take.
The state of the batch is derived from its rows: ``proposed`` while one waits for quality,
``confirmed`` while one waits for the second person, then ``done``, or ``refused`` when no row was
approved.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from parts.models import PartFigures
from secondsource.core import clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.core.formats import day
from secondsource.core.workflow import Move, MoveDefinition, Workflow
from suppliers.models import Approval, Revocation, Source, Takeover, TakeoverRow
from suppliers.services.approvals import revoke_approvals
from suppliers.services.takeovers import (
    MOST_ROWS,
    TakeoverFinding,
    against_source,
    latest_day,
    note_approvals,
    with_judgement,
)
from suppliers.signals import sources_changed

S, R = Takeover.State, TakeoverRow.State
#: The states of rows that each move takes.
TAKES = {"confirm": (R.PROPOSED,), "approve": (R.CONFIRMED,), "refuse": (R.PROPOSED, R.CONFIRMED)}
_SAID = {
    "confirm": "No row waits for quality.",
    "approve": "No row waits for the second person.",
    "refuse": "Every row is decided.",
}


def _named(move: Move) -> list[UUID] | None:
    """The ids in ``data``, None for all. Raises ``ValueError`` for other values."""
    rows = move.data.get("rows")
    if rows is None:
        return None
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise ValueError
    return [UUID(row) if isinstance(row, str) else UUID(None) for row in rows]


def chosen(takeover: Takeover, name: str, move: Move) -> Any:
    """The rows that a move takes, within the actor's scope."""
    rows = takeover.rows.visible_to(move.actor.user).filter(state__in=TAKES[name])
    named = _named(move)
    return rows if named is None else rows.filter(public_id__in=named)


def _takes_rows(name: str) -> Any:
    def guard(takeover: Takeover, move: Move) -> Iterator[Reason]:
        try:
            named = _named(move)
        except (ValueError, TypeError, AttributeError):
            yield Reason("unknown_row", "Give rows by their ids.", "Read the batch again.")
            return
        found = chosen(takeover, name, move).count()
        if named is None and not found:
            yield Reason("no_row", _SAID[name])
        elif named is not None and not named:
            yield Reason("no_row", "No row is chosen.", "Choose at least one.")
        elif named is not None and found < len(set(named)):
            text = f"{len(set(named)) - found} of the chosen rows cannot be taken any more."
            yield Reason("row_decided", text, "Read the batch again.")

    return guard


def a_person(takeover: Takeover, move: Move) -> Iterator[Reason]:
    """Only people move a take-over; jobs can only propose."""
    if move.actor.user is None:
        yield Reason("no_person", "Only a person decides about a take-over.")


def by_another_person(takeover: Takeover, move: Move) -> Iterator[Reason]:
    """The person who confirmed a row cannot approve it."""
    if _takes_no_rows(move):
        return
    own = chosen(takeover, "approve", move).filter(confirmed_by=move.actor.user).count()
    if own:
        rows = "1 row" if own == 1 else f"{own:,} rows"
        yield Reason("four_eyes", f"You confirmed {rows}: somebody else approves.")


def _takes_no_rows(move: Move) -> bool:
    try:
        _named(move)
    except (ValueError, TypeError, AttributeError):
        return True
    return move.actor.user is None


def same_state(takeover: Any, move: Move) -> str:
    """Keep the state; the move's effect derives it from the rows."""
    return str(takeover.state)


def _follow_rows(takeover: Takeover) -> None:
    states = set(takeover.rows.order_by().values_list("state", flat=True).distinct())
    for row, state in ((R.PROPOSED, S.PROPOSED), (R.CONFIRMED, S.CONFIRMED), (R.APPROVED, S.DONE)):
        if row in states:
            takeover.state = state
            return
    takeover.state = S.REFUSED


def _write(rows: Iterable[int], actor: Actor, note: str, **values: Any) -> None:
    """Set values of rows by their ids, with version and history."""
    traces.attribute(actor, note)
    TakeoverRow.objects.filter(pk__in=list(rows)).update(
        version=F("version") + 1, updated_at=clock.now(), **values
    )


def confirm(takeover: Takeover, move: Move) -> None:
    """Confirm the rows, by quality."""
    ids = list(chosen(takeover, "confirm", move).values_list("pk", flat=True))
    _write(
        ids, move.actor, move.note, state=R.CONFIRMED, confirmed_by=move.actor.user,
        confirmed_at=clock.now(),
    )  # fmt: skip
    move.facts["rows"] = len(ids)
    _follow_rows(takeover)


def refuse(takeover: Takeover, move: Move) -> None:
    """Refuse the rows with a reason."""
    ids = list(chosen(takeover, "refuse", move).values_list("pk", flat=True))
    _refuse(ids, move, move.note)
    move.facts["rows"] = len(ids)
    _follow_rows(takeover)


def _refuse(ids: Iterable[int], move: Move, why: str) -> None:
    _write(
        ids, move.actor, why, state=R.REFUSED, reason=why[:300], decided_by=move.actor.user,
        decided_at=clock.now(),
    )  # fmt: skip


def approve(takeover: Takeover, move: Move) -> None:
    """Write the approvals of all rows at once, and resolve their parts once.

    Rows whose source was approved or got a case meanwhile are refused with that reason.
    """
    rows = list(chosen(takeover, "approve", move).prefetch_related("products"))
    parts = _lock_parts(rows)
    findings = _found_since(rows)
    for why in sorted(set(findings.values())):
        _refuse([pk for pk, found in findings.items() if found == why], move, why)
    good = [row for row in rows if row.pk not in findings]
    if good:
        _approve(takeover, good, move)
        sources_changed.send(
            sender=Source, part_ids=parts, actor=move.actor,
            reason=f"takeover approval: {takeover.reference}",
        )  # fmt: skip
    move.facts.update(rows=len(good), refused=len(findings))
    _follow_rows(takeover)


def _lock_parts(rows: list[TakeoverRow]) -> set[int]:
    ids = Source.objects.filter(pk__in=[row.source_id for row in rows])
    parts = set(ids.values_list("part_id", flat=True))
    PartFigures.objects.lock(parts)
    return parts


def _found_since(rows: list[TakeoverRow]) -> dict[int, str]:
    """Id of a row → why its source cannot be approved any more."""
    sources = {
        source.pk: source
        for source in with_judgement(Source.objects.filter(pk__in=[r.source_id for r in rows]))
    }
    note_approvals(sources.values())
    today = clock.business_day()
    found = {}
    for row in rows:
        finding = against_source(sources[row.source_id], row.renews_id)
        if row.valid_to is not None and row.valid_to < today:
            finding = TakeoverFinding(
                "valid_to", "in_past", f"The approval ended on {day(row.valid_to)}."
            )
        if finding:
            found[row.pk] = finding.detail
    return found


def _approve(takeover: Takeover, rows: list[TakeoverRow], move: Move) -> None:
    """Write the approvals of rows that others confirmed; the actor is the second person."""
    renewed = [row.renews_id for row in rows if row.renews_id]
    revoke_approvals(
        approvals=Approval.objects.filter(pk__in=renewed),
        cause=Revocation.Cause.SUPERSEDED,
        actor=move.actor,
        reason=f"takeover approval: {takeover.reference}",
    )
    latest = latest_day()
    traces.attribute_to(move.actor)
    approvals = Approval.objects.bulk_create(
        [_approval_of(takeover, row, move.actor, latest) for row in rows], batch_size=2000
    )
    traces.attribute(move.actor, move.note)
    _copy_scope(takeover, rows, approvals)
    with connection.cursor() as cursor:
        cursor.execute(
            _APPROVED,
            {
                "rows": [row.pk for row in rows],
                "approvals": [approval.pk for approval in approvals],
                "person": move.actor.user_id,
                "now": clock.now(),
            },
        )


_APPROVED = """
UPDATE suppliers_takeoverrow r
   SET state = 'approved', approval_id = n.approval, decided_by_id = %(person)s,
       decided_at = %(now)s, updated_at = %(now)s, version = r.version + 1
  FROM unnest(%(rows)s::bigint[], %(approvals)s::bigint[]) n (row, approval)
 WHERE r.id = n.row
"""


def _approval_of(takeover: Takeover, row: TakeoverRow, second: Actor, latest: dt.date) -> Approval:
    evidence = " · ".join(filter(None, [takeover.reference, row.evidence]))
    return Approval(
        source_id=row.source_id, kind=Approval.Kind.TAKEOVER, evidence_ref=evidence[:200],
        valid_from=clock.business_day(), valid_to=min(row.valid_to or latest, latest),
        actor_id=row.confirmed_by_id, second_id=second.user_id, created_at=clock.now(),
    )  # fmt: skip


def _copy_scope(takeover: Takeover, rows: list[TakeoverRow], approvals: list[Approval]) -> None:
    """Products of the row, else of the batch, else of the source; plants of the batch.

    A renewal keeps its scope. The products become those of the source.
    """
    by_product, by_plant = Approval.products.through, Approval.plants.through
    renewed = [row.renews_id for row in rows if row.renews_id]
    old_products = _by_owner(by_product.objects.filter(approval__in=renewed), "approval", "product")
    old_plants = _by_owner(by_plant.objects.filter(approval__in=renewed), "approval", "plant")
    of_source = Source.scope.through
    scopes = of_source.objects.filter(source__in=[row.source_id for row in rows])
    meant = _by_owner(scopes, "source", "product")
    batch = list(takeover.products.values_list("pk", flat=True))
    plants = list(takeover.plants.values_list("pk", flat=True))

    def products_of(row: TakeoverRow) -> list[int]:
        if row.renews_id:
            return old_products.get(row.renews_id, [])
        return [p.pk for p in row.products.all()] or batch or meant.get(row.source_id, [])

    pairs = list(zip(rows, approvals, strict=True))
    by_product.objects.bulk_create(
        by_product(approval_id=approval.pk, product_id=product)
        for row, approval in pairs
        for product in products_of(row)
    )
    others = [row for row in rows if set(products_of(row)) != set(meant.get(row.source_id, []))]
    scopes.filter(source__in=[row.source_id for row in others]).delete()
    of_source.objects.bulk_create(
        of_source(source_id=row.source_id, product_id=product)
        for row in others
        for product in products_of(row)
    )
    by_plant.objects.bulk_create(
        by_plant(approval_id=approval.pk, plant_id=plant)
        for row, approval in pairs
        for plant in (old_plants.get(row.renews_id, []) if row.renews_id else plants)
    )


def _by_owner(rows: Any, owner: str, item: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, value in rows.values_list(f"{owner}_id", f"{item}_id"):
        found.setdefault(key, []).append(value)
    return found


def foresee(takeover: Takeover, name: str, actor: Actor, data: Mapping[str, Any]) -> dict[str, Any]:
    """The effects of a move in numbers: ``rows``, ``parts`` and, of an approval, ``refusals`` (the
    rows whose source cannot be approved any more, by reason), ``first_sources`` (parts that have
    no approved source yet) and ``latest``, the last day at most.
    """
    move = Move(actor, data=data)
    rows = list(chosen(takeover, name, move).select_related("source__part"))
    found: dict[str, Any] = {
        "rows": len(rows), "parts": len({row.source.part_id for row in rows}),
    }  # fmt: skip
    if name != "approve":
        return found
    findings = _found_since(rows)
    good = {row.source.part_id for row in rows if row.pk not in findings}
    none_yet = PartFigures.objects.filter(part__in=good, approved_sources=0)
    return found | {
        "refusals": Counter(findings.values()).most_common(),
        "first_sources": none_yet.count(),
        "latest": latest_day(),
    }


TAKEOVER_FLOW: Workflow[Takeover] = Workflow(
    Takeover,
    [
        MoveDefinition(
            "confirm", "Confirm", (S.PROPOSED,), same_state, "suppliers.confirm_takeover",
            (a_person, _takes_rows("confirm")), confirm,
        ),
        MoveDefinition(
            "approve", "Approve", (S.PROPOSED, S.CONFIRMED), same_state,
            "suppliers.approve_takeover",
            (a_person, _takes_rows("approve"), by_another_person), approve,
        ),
        MoveDefinition(
            "refuse", "Refuse", (S.PROPOSED, S.CONFIRMED), same_state,
            "suppliers.refuse_takeover", (a_person, _takes_rows("refuse")), refuse,
            needs_note=True,
        ),
    ],
)  # fmt: skip
