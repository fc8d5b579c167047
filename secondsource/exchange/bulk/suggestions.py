"""Known numbers that are close to those that a file names and nobody knows."""

from __future__ import annotations

from parts.models import Part
from secondsource.exchange.bulk.references import scope_sql
from secondsource.exchange.bulk.staging import PROBLEM, Stage

#: Unknown numbers that are looked up, the first ones of the file; a page shows no more of them.
MOST = 25
_CLOSE, _SHOWN = 0.5, 3

_NEAR = f"""
WITH named AS (
    SELECT s.ipn, min(s.row) AS first FROM {{s}} s JOIN {PROBLEM} x ON x.row = s.row
     WHERE x.name = 'ipn' AND x.code IN ('unknown_part', 'unknown_source') AND s.ipn IS NOT NULL
       AND s.ipn NOT IN (SELECT p.ipn FROM parts_part p WHERE p.id IN ({{visible}}))
     GROUP BY 1 ORDER BY 2 LIMIT %s
), near AS (
    SELECT n.ipn, string_agg(c.ipn, ' or ' ORDER BY c.close DESC, c.ipn) AS numbers
      FROM named n CROSS JOIN LATERAL (
           SELECT p.ipn, similarity(upper(p.ipn), upper(n.ipn)) AS close FROM parts_part p
            WHERE upper(p.ipn) %% upper(n.ipn) AND p.id IN ({{visible}})
            ORDER BY close DESC, p.ipn LIMIT %s) c
     GROUP BY 1
)
UPDATE {PROBLEM} x SET detail = x.detail || ' Did you mean ' || near.numbers || '?'
  FROM {{s}} s JOIN near ON near.ipn = s.ipn
 WHERE x.row = s.row AND x.name = 'ipn' AND x.code IN ('unknown_part', 'unknown_source')
"""  # noqa: S608 (names of this module)


def suggest_parts(stage: Stage) -> None:
    """Add the closest numbers that the person may see to the errors of unknown ones."""
    if not any(column.name == "ipn" for column in stage.kind.columns):
        return
    visible, params = scope_sql(Part.objects.visible_to(stage.actor.user))
    stage.fetch("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(_CLOSE)])
    stage.sql(_NEAR.format(s="{s}", visible=visible), [*params, MOST, *params, _SHOWN])
