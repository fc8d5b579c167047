"""Derives and stores the state of sources and the figures of parts.

:func:`resolve` locks the parts' figures in the order of their keys before it reads, so that the
second of two changes sees the first. It derives status, caps, reasons and independence of each
source and the figures of each part, and writes only differences. The version of a source rises with
its status and caps, not with its independence and reasons, so that these do not conflict with
edits. A service that adds a fact sends ``sources_changed`` in the same transaction, which resolves;
the nightly run calls :func:`resolve_slices`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from parts.models import PartFigures
from secondsource.core import audit, clock, outbox, policies, queries, traces
from secondsource.core.actors import Actor
from suppliers import figures
from suppliers.derivation import parameters, state_sql
from suppliers.house_rules import IndependencePolicy
from suppliers.independence_figures import INDEPENDENCE, independence_parameters
from suppliers.models import Source

#: Up to this many parts are resolved in the transaction that changed them, more by a job.
AT_ONCE = 200

_APPLY = """
UPDATE suppliers_source t
   SET status = d.status, approval_id = d.approval_id, share_cap = d.share_cap,
       quantity_cap = d.quantity_cap, quantity_since = d.quantity_since, reasons = d.reasons,
       independence = d.word, shared = d.shared::varchar[], would_count = d.would_count,
       version = t.version + CASE WHEN (t.status, t.approval_id, t.share_cap, t.quantity_cap)
           IS DISTINCT FROM (d.status, d.approval_id, d.share_cap, d.quantity_cap)
           THEN 1 ELSE 0 END,
       updated_at = %(now)s
  FROM (SELECT state.*, worded.word, worded.shared, worded.would_count, old.status AS before
          FROM state JOIN worded USING (id) JOIN suppliers_source old USING (id)) d
 WHERE d.id = t.id
   AND (t.status, t.approval_id, t.share_cap, t.quantity_cap, t.quantity_since, t.reasons,
        t.independence, t.shared, t.would_count)
       IS DISTINCT FROM (d.status, d.approval_id, d.share_cap, d.quantity_cap, d.quantity_since,
        d.reasons, d.word, d.shared::varchar[], d.would_count)
RETURNING t.id, d.before, t.status
"""


@transaction.atomic(savepoint=False)
def resolve(
    part_ids: Iterable[int], *, actor: Actor, reason: str = "", figures_too: bool = True
) -> int:
    """Derive and store the sources and figures of these parts.

    Returns the number of changed sources. ``reason`` is the note in the history of a changed
    source. Without ``figures_too`` figures are stored only if a source changed.
    """
    ids = sorted(set(part_ids))
    if not ids:
        return 0
    if (changes := _together.get()) is not None:
        changes |= dict.fromkeys(ids, (actor, reason))
        return 0
    PartFigures.objects.lock(ids)
    traces.attribute(actor, reason)
    changed = _apply(ids)
    _record([row for row in changed if row[1] != row[2]], actor, reason)
    if changed or figures_too:
        figures.store(ids)
    return len(changed)


#: Parts that wait to be resolved → actor and reason of the last change.
_together: ContextVar[dict[int, tuple[Actor, str]] | None] = ContextVar("together", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Resolve the parts that change within once, at the end: nothing within reads a status."""
    changes: dict[int, tuple[Actor, str]] = {}
    token = _together.set(changes)
    try:
        yield
    finally:
        _together.reset(token)
    for actor, reason in dict.fromkeys(changes.values()):
        ids = [pk for pk, why in changes.items() if why == (actor, reason)]
        resolve(ids, actor=actor, reason=reason)


def _apply(ids: list[int]) -> list[tuple[int, str, str]]:
    policy, _ = policies.active(IndependencePolicy)
    values = parameters(ids, clock.business_day()) | independence_parameters(policy)
    statement = f"WITH {state_sql()}, {INDEPENDENCE} {_APPLY}"
    return queries.rows(statement, values | {"now": clock.now()})


def _record(changed: list[tuple[int, str, str]], actor: Actor, reason: str) -> None:
    if changed:
        sources = Source.objects.in_bulk([pk for pk, _, _ in changed])
        entries = [(sources[pk], {"from": old, "to": new}) for pk, old, new in sorted(changed)]
        audit.record_all("suppliers.source.status", entries, actor, note=reason)


def resolve_soon(part_ids: Iterable[int], *, actor: Actor, reason: str = "") -> None:
    """Resolve few parts in the caller's transaction, many by a job after it."""
    ids = sorted(set(part_ids))
    if len(ids) <= AT_ONCE:
        resolve(ids, actor=actor, reason=reason)
    else:
        PartFigures.objects.make_missing(ids)
        who = {"user": actor.user_id, "job": actor.job}
        outbox.post("resolve", {"part_ids": ids, "reason": reason, **who})


def resolve_slices(part_ids: Iterable[int] | None, *, actor: Actor, reason: str = "") -> int:
    """Resolve any number of parts (None = all), a transaction for each slice.

    An interrupted run can start again, because resolved parts are not written a second time.
    """
    return sum(resolve(ids, actor=actor, reason=reason) for ids in figures.slices(part_ids))
