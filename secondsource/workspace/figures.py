"""The company's figures: one row, computed by a job from the stored figures of parts.

They are over parts that are bought and used (``PartFigures.supply``). Each sum comes with the
number of parts that it covers; a part whose spend is unknown is counted, never taken for zero.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from parts import usage
from parts.house_rules import CompanyPolicy, CoverPolicy
from qualification.figures import conversions, refresh_case_columns
from qualification.models import Case
from qualification.models.cases import State
from secondsource.core import clock, policies
from secondsource.core.actors import Actor
from secondsource.core.figures import unhurried
from secondsource.workspace.house_rules import TargetPolicy
from secondsource.workspace.models import CompanyFigures
from secondsource.workspace.suppliers.figures import refresh_suppliers
from suppliers.resolve import resolve_slices

_PARTS = """
WITH f AS (
    SELECT f.*, c.path FROM parts_partfigures f JOIN parts_part p ON p.id = f.part_id
      JOIN parts_category c ON c.id = p.category_id
     WHERE f.supply <> 'left_out'
), by_category AS (
    SELECT split_part(f.path, '/', 1) AS root, count(*) AS parts, count(spend_12m) AS known,
           sum(spend_12m) FILTER (WHERE supply = 'none') AS none,
           sum(spend_12m) FILTER (WHERE supply = 'single' AND NOT in_qualification) AS single,
           sum(spend_12m) FILTER (WHERE supply = 'single' AND in_qualification) AS underway,
           sum(spend_12m) FILTER (WHERE supply = 'several') AS several,
           count(spend_12m) FILTER (WHERE supply = 'none') AS none_known,
           count(spend_12m) FILTER (WHERE supply = 'single' AND NOT in_qualification)
               AS single_known,
           count(spend_12m) FILTER (WHERE supply = 'single' AND in_qualification)
               AS underway_known,
           count(spend_12m) FILTER (WHERE supply = 'several') AS several_known,
           sum(spend_12m) AS spend
      FROM f GROUP BY 1
)
SELECT count(*) AS parts,
       (SELECT count(*) FROM parts_partfigures WHERE supply = 'left_out') AS left_out_parts,
       count(*) FILTER (WHERE supply = 'none') AS no_source_parts,
       count(*) FILTER (WHERE supply = 'none' AND in_qualification) AS no_source_underway_parts,
       count(*) FILTER (WHERE supply = 'single') AS single_source_parts,
       count(*) FILTER (WHERE supply = 'single' AND in_qualification)
           AS single_source_underway_parts,
       count(*) FILTER (WHERE supply = 'several') AS several_parts,
       count(*) FILTER (WHERE supply = 'several' AND independent_sources < 2)
           AS several_unknown_parts,
       round(sum(spend_12m), 2) AS spend_12m,
       round(sum(spend_12m) FILTER (WHERE supply = 'none'), 2) AS no_source_spend,
       round(sum(spend_12m) FILTER (WHERE supply = 'single'), 2) AS single_source_spend,
       round(sum(spend_12m) FILTER (WHERE supply = 'single' AND in_qualification), 2)
           AS single_source_underway,
       count(spend_12m) AS spend_parts_known,
       count(*) FILTER (WHERE spend_12m IS NULL) AS spend_parts_missing,
       coalesce(sum(unpriced_receipts), 0) AS unpriced_receipts,
       count(*) FILTER (WHERE supply = 'single' AND cover_wk < %(short)s * lead_wk)
           AS short_on_cover,
       count(*) FILTER (WHERE supply = 'single' AND (cover_wk IS NULL OR lead_wk IS NULL))
           AS cover_unknown,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'category', coalesce(c.name, b.root), 'path', b.root, 'parts', b.parts,
            'known', b.known, 'none', round(coalesce(b.none, 0), 2)::text,
            'single', round(coalesce(b.single, 0), 2)::text,
            'underway', round(coalesce(b.underway, 0), 2)::text,
            'several', round(coalesce(b.several, 0), 2)::text, 'none_known', b.none_known,
            'single_known', b.single_known, 'underway_known', b.underway_known,
            'several_known', b.several_known,
            'spend', round(b.spend, 2)::text) ORDER BY b.spend DESC NULLS LAST, b.root), '[]')
          FROM by_category b LEFT JOIN parts_category c ON c.path = b.root) AS by_category
  FROM f
"""


def explain() -> dict[str, Any]:
    """The company's figures computed now, from the SQL that is stored."""
    company, number = policies.active(CompanyPolicy)
    targets, _ = policies.active(TargetPolicy)
    values = {"currency": company.currency, "policy_version": number}
    cover, _ = policies.active(CoverPolicy)
    values |= _row(_PARTS, {"short": cover.short_share_of_lead})
    if isinstance(values["by_category"], str):
        values["by_category"] = json.loads(values["by_category"])
    values["open_cases"] = Case.objects.open().count()
    values["cases_in_transition"] = Case.objects.filter(state=State.TRANSITION).count()
    values["conversions"] = conversions(year=clock.business_day().year).count()
    values["cases_awaiting_receipt"] = Case.objects.awaiting_receipt().count()
    values["conversions_target"] = targets.conversions
    return values


def _row(query: str, params: dict[str, Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


#: What readers without prices see as of last night.
NIGHTLY = (
    "currency", "policy_version", "spend_parts_known", "spend_parts_missing", "spend_12m",
    "no_source_spend", "single_source_spend", "single_source_underway", "by_category",
    "computed_at",
)  # fmt: skip


def refresh_company(*, nightly: bool = False) -> CompanyFigures:
    """Store the company's figures, and those of its suppliers, with the time of computation.

    ``nightly`` also keeps them for readers without prices, as the first computation does.
    """
    with unhurried():
        refresh_suppliers()
        values = {**explain(), "computed_at": clock.now()}
        kept = {**values, "nightly": {name: values[name] for name in NIGHTLY}}
        row, _ = CompanyFigures.objects.update_or_create(
            key="company", defaults=kept if nightly else values, create_defaults=kept
        )
    return row


def recompute_by_policy(follows: str) -> None:
    """Compute the figures that depend on a policy: ``sources`` and parts, or the ``company``."""
    if follows == "sources":
        resolve_slices(None, actor=Actor.named_job("policy"))
    refresh_company()


def recompute_everything() -> dict[str, int]:
    """Compute all stored figures again, as time has passed; return the number of changed rows."""
    changed = {"usage": usage.refresh_all()}
    changed["sources"] = resolve_slices(None, actor=Actor.named_job("nightly run"))
    with unhurried():
        changed["cases"] = refresh_case_columns()
    refresh_company(nightly=True)
    return changed
