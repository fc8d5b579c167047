"""Services for breached triggers: found in receipts, reported or cleared by people.

Receipts and beat call :func:`watch`. The part is locked before a breach is written, as where
receipts are recorded and moves end, so that neither waits for the other in a circle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction

from parts.models import PartFigures
from qualification import facts, run_measures
from qualification.breaches import end
from qualification.models import Operator, RollbackTrigger, TriggerBreach
from qualification.services.work import locked_case
from secondsource.core import audit, clock, queries, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.records import create

_BREACHED = f"""
WITH w AS (
    SELECT g.id AS trigger_id, g.metric, g.operator, g.threshold, g.window_days,
           t.id AS transition_id, c.id AS case_id, c.source_id, c.part_id,
           greatest(t.started_on, %(day)s - (g.window_days - 1)) AS since, %(day)s AS until,
           greatest(t.started_on, %(day)s - (g.window_days - 1)) AS built_since,
           greatest({run_measures.LAST_ROLLBACK},
             (SELECT max(x.ended_at) FROM qualification_triggerbreach x
               WHERE x.transition_id = t.id AND x.metric = g.metric)) AS after
      FROM qualification_rollbacktrigger g
      JOIN qualification_rollbackplan p ON p.id = g.plan_id
      JOIN qualification_case c ON c.id = p.case_id
       AND 'transition' IN (c.state, c.held_from)
      JOIN qualification_transition t ON t.case_id = c.id
       AND t.started_on IS NOT NULL AND t.ended_on IS NULL
     WHERE (%(sources)s::bigint[] IS NULL OR c.source_id = ANY(%(sources)s::bigint[]))
       AND (%(part)s::bigint IS NULL OR c.part_id = %(part)s)
       AND NOT EXISTS (SELECT FROM qualification_triggerbreach x
             WHERE x.transition_id = t.id AND x.metric = g.metric AND x.operator = g.operator
               AND x.window_days = g.window_days AND x.ended_at IS NULL)
), measured AS (
    SELECT w.*,
           CASE w.metric WHEN 'dppm' THEN r.rejected WHEN 'returns' THEN r.returned
                WHEN 'otd' THEN o.on_time WHEN 'yield' THEN b.good END AS counted,
           CASE w.metric WHEN 'dppm' THEN r.received WHEN 'otd' THEN o.due
                WHEN 'yield' THEN b.started END AS of_total
      FROM w
      LEFT JOIN LATERAL ({run_measures.RECEIVED}) r ON w.metric IN ('dppm', 'returns')
      LEFT JOIN LATERAL ({run_measures.DELIVERED}) o ON w.metric = 'otd'
      LEFT JOIN LATERAL ({run_measures.BUILT}) b ON w.metric = 'yield'
), valued AS (
    SELECT m.*, CASE m.metric WHEN 'returns' THEN m.counted
                WHEN 'dppm' THEN 1000000 * m.counted / nullif(m.of_total, 0)
                ELSE 100.0 * m.counted / nullif(m.of_total, 0) END AS value
      FROM measured m
), breached AS (
    SELECT * FROM valued
     WHERE CASE operator WHEN 'above' THEN value > threshold ELSE value < threshold END
)
"""  # noqa: S608  (constants)
_PARTS = f"{_BREACHED} SELECT DISTINCT part_id FROM breached ORDER BY 1"  # noqa: S608
_WRITE = f"""{_BREACHED}
INSERT INTO qualification_triggerbreach (transition_id, trigger_id, metric, operator, threshold,
       window_days, value, counted, of_total, counted_from, counted_to, breached_at, note, ending,
       reason, created_at, updated_at)
SELECT transition_id, trigger_id, metric, operator, threshold, window_days, round(value, 4),
       counted, of_total, since, until, %(now)s, '', '', '', %(now)s, %(now)s
  FROM breached ORDER BY trigger_id
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608


def watch(*, actor: Actor, source_ids: Collection[int] | None = None) -> int:
    """Write the breaches of running transitions, of these sources or all.

    Returns their number. A trigger that is breached already is not written again.
    """
    sources = None if source_ids is None else sorted(source_ids)
    asked = run_measures.parameters() | {"sources": sources, "part": None, "now": clock.now()}
    found = 0
    for part_id in queries.column(_PARTS, asked):
        with transaction.atomic():
            PartFigures.objects.lock([part_id])
            traces.attribute(actor, "trigger breached")
            made = queries.column(_WRITE, asked | {"part": part_id})
            _tell(made, actor)
            found += len(made)
    return found


def _tell(breach_ids: Collection[int], actor: Actor) -> None:
    """An event for each breach; the share of its source stays as it is now."""
    rows = TriggerBreach.objects.filter(pk__in=breach_ids)
    for breach in rows.select_related("transition__case"):
        audit.record(
            "qualification.trigger.breached", breach.case, actor, note=breach.in_words,
            data={
                "breach": breach.key, "metric": breach.metric, "value": str(breach.value),
                "from": breach.counted_from.isoformat(), "to": breach.counted_to.isoformat(),
            },
        )  # fmt: skip
        facts.resolve_source(breach.case, actor)


@transaction.atomic
def report_breach(
    *, trigger: RollbackTrigger, value: Decimal, note: str, actor: Actor
) -> TriggerBreach:
    """Report a value beyond a trigger's limit that no receipt shows, such as customers' returns.

    Raises ``ValuesRefused``; ``RuleRefused`` where no transition runs; ``Duplicate``.
    """
    case = locked_case(trigger.case)
    actor.require("qualification.write_case", case)
    run = case.run
    if run is None or run.started_on is None or run.ended_on is not None:
        raise RuleRefused.one("no_transition", f"{case.key} is not in transition.")
    problems = []
    beyond = value > trigger.threshold
    if trigger.operator == Operator.BELOW:
        beyond = value < trigger.threshold
    if not beyond:
        problems.append(FieldProblem("/value", "within_limit", f"Not beyond {trigger.limit}."))
    if not note.strip():
        problems.append(FieldProblem("/note", "required", "Say where the value comes from."))
    refuse_values(problems)
    PartFigures.objects.lock([case.part_id])
    now, today = clock.now(), clock.business_day()
    breach = create(
        TriggerBreach(
            transition=run, trigger=trigger, metric=trigger.metric, operator=trigger.operator,
            threshold=trigger.threshold, window_days=trigger.window_days, value=value,
            counted_from=max(run.started_on, today - dt.timedelta(trigger.window_days - 1)),
            counted_to=today, breached_at=now, reported_by=actor.user, note=note.strip(),
        ),
        actor,
        duplicate="This trigger is breached already.",
    )  # fmt: skip
    _tell([breach.pk], actor)
    return breach


@transaction.atomic
def clear_breach(
    *, breach: TriggerBreach, reason: str, actor: Actor, expected: int | None = None
) -> TriggerBreach:
    """Clear a breach with a reason, as quality or lead; the ramp goes on.

    What was counted before does not breach the trigger again.
    """
    case = locked_case(breach.case)
    actor.require("qualification.judge_holdpoint", case)
    PartFigures.objects.lock([case.part_id])
    row = TriggerBreach.objects.select_for_update(of=("self",)).get(pk=breach.pk)
    audit.check_version(row, expected)
    if row.ended_at is not None:
        raise RuleRefused.one("ended", f"This breach is {row.get_ending_display()} already.")
    if not reason.strip():
        refuse_values([FieldProblem("/reason", "required", "Say why the ramp may go on.")])
    end(row, TriggerBreach.Ending.CLEARED, reason.strip(), actor)
    data = {"breach": row.key, "reason": reason.strip()}
    audit.record("qualification.trigger.cleared", case, actor, note=row.in_words, data=data)
    facts.resolve_source(case, actor)
    return row
