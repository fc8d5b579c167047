"""Services for baselines: frozen when a case opens, or entered with evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from incentives.house_rules import SavingsPolicy
from incentives.ledger import baseline_of
from incentives.models import Baseline, ClosedMonth, PriceIndex, SavingLine
from qualification.models import Case
from secondsource.core import audit, clock, jobs, policies, queries, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.money import is_currency
from secondsource.core.records import create
from suppliers.models import Source

#: Cases of these kinds bring in a source; the others keep the one that there is.
SAVING_KINDS = (Case.Kind.SECOND_SOURCE, Case.Kind.EMERGENCY)
#: The turn of everything that writes lines: two jobs, or a job and a closing, never mix.
LEDGER = "savings ledger"

#: Receipts ``r`` that count: production, neither corrected nor taken back.
COUNTS = """r.purpose = 'production' AND r.corrects_id IS NULL
  AND NOT EXISTS (SELECT FROM suppliers_receipt k
                   WHERE k.corrects_id IS NOT NULL AND k.corrects_id = r.id)
  AND NOT EXISTS (SELECT FROM suppliers_receiptbatch x
                   WHERE x.id = r.batch_id AND x.taken_back_at IS NOT NULL)"""
#: ``received_date + 0``: else the planner may walk the index of all receipts by day.
_FREEZE = f"""
INSERT INTO incentives_baseline (case_id, source_id, basis, price, currency, price_on, volume,
       evidence, frozen_at, window_months, created_at, updated_at)
SELECT c.id, last.source_id, 'receipt', last.unit_price, last.currency, last.received_date,
       bought.volume,
       'Receipt of ' || last.received_date || coalesce(', order ' || nullif(last.po, ''), '')
         || coalesce(', lot ' || nullif(last.lot, ''), '')
         || coalesce(', document ' || nullif(last.reference, ''), '') || ', ' || last.mpn
         || '; volume of ' || bought.receipts || ' receipts of 12 months.',
       %(now)s, %(months)s, %(now)s, %(now)s
  FROM qualification_case c
  CROSS JOIN LATERAL (SELECT (c.opened_at AT TIME ZONE %(zone)s)::date AS day) opened
  CROSS JOIN LATERAL (
       SELECT r.*, m.mpn
         FROM suppliers_source s
         JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
         CROSS JOIN LATERAL (
              SELECT r.source_id, r.unit_price, r.currency, r.received_date, r.po, r.lot,
                     r.reference, r.id
                FROM suppliers_receipt r
               WHERE r.source_id = s.id AND r.received_date <= opened.day
                 AND r.received_qty > 0 AND r.unit_price > 0 AND {COUNTS}
               ORDER BY r.received_date + 0 DESC, r.id DESC LIMIT 1) r
        WHERE s.part_id = c.part_id AND s.id <> c.source_id
        ORDER BY s.role <> 'incumbent', r.received_date DESC, r.id DESC LIMIT 1) last
  CROSS JOIN LATERAL (
       SELECT sum(r.received_qty) AS volume, count(*) AS receipts
         FROM suppliers_source s JOIN suppliers_receipt r ON r.source_id = s.id
        WHERE s.part_id = c.part_id AND r.received_date <= opened.day
          AND r.received_date > opened.day - interval '12 months' AND {COUNTS}) bought
 WHERE c.kind = ANY(%(kinds)s) AND c.state NOT IN ('rejected', 'withdrawn')
   AND (%(cases)s::bigint[] IS NULL OR c.id = ANY(%(cases)s::bigint[]))
   AND NOT EXISTS (SELECT FROM incentives_baseline b WHERE b.case_id = c.id)
ON CONFLICT DO NOTHING
RETURNING case_id
"""  # noqa: S608  (constants of this module)


@transaction.atomic
def freeze_baselines(*, actor: Actor, case_ids: Collection[int] | None = None) -> list[int]:
    """Freeze the last price paid before each case opened, where receipts show it.

    Returns the cases that got a baseline; one that has a baseline keeps it.
    """
    traces.attribute(actor, "baseline frozen")
    asked = {
        "cases": None if case_ids is None else sorted(case_ids),
        "kinds": [str(kind) for kind in SAVING_KINDS], "now": clock.now(),
        "zone": str(settings.COMPANY_TIME_ZONE), "months": usual_months(),
    }  # fmt: skip
    frozen: list[int] = queries.column(_FREEZE, asked)
    cases = Case.objects.filter(pk__in=frozen).order_by("pk")
    audit.record_all("incentives.baseline.frozen", [(case, {}) for case in cases], actor)
    return frozen


def usual_months() -> int:
    """The months of a savings window by the house rules."""
    return policies.active(SavingsPolicy)[0].window_months


@transaction.atomic
def enter_baseline(
    *,
    case: Case,
    source: Source,
    price: Decimal,
    currency: str,
    price_on: dt.date,
    evidence: str,
    actor: Actor,
    volume: Decimal | None = None,
    window_months: int | None = None,
    index: PriceIndex | None = None,
    linked_share: Decimal | None = None,
    expected: int | None = None,
) -> Baseline:
    """Enter the price that was paid when a case opened, with its evidence.

    ``linked_share`` of it follows ``index`` from the day on which it was paid. One that is there is
    superseded, unless a month of the case is closed. Raises ``ValuesRefused``, ``RuleRefused``.
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    jobs.take_turns(LEDGER)
    actor.require("incentives.write_saving", case)
    present = baseline_of(case)
    _refuse_frozen(case, present, expected)
    problems = _problems(case, source, price, currency, price_on, evidence, volume)
    link, wrong = _linked(index, linked_share, price_on)
    refuse_values(problems + wrong)
    months = window_months or (present.window_months if present else usual_months())
    if present is not None:
        present.superseded_at = clock.now()
        audit.save_as(present, actor, "superseded by another baseline")
    made = create(
        Baseline(
            case=case, source=source, basis=Baseline.Basis.ENTERED, price=price,
            currency=currency, price_on=price_on, volume=volume, evidence=evidence.strip(),
            entered_by=actor.user, frozen_at=clock.now(), window_months=months,
            **link,
        ),
        actor,
        duplicate="The case has a baseline already.",
    )  # fmt: skip
    audit.record("incentives.baseline.entered", case, actor, note=made.evidence)
    return made


def _linked(
    index: PriceIndex | None, share: Decimal | None, price_on: dt.date
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The index of a baseline as it was when the price was paid, or what is wrong with it."""
    if index is None and share is None:
        return {}, []
    if index is None:
        return {}, [FieldProblem("/index", "required", "Name the index that this share follows.")]
    found = []
    if share is None or not 0 < share <= 1 or share != round(share, 4):
        told = "The share of the price that follows the index: above 0, at most 100 %."
        found.append(FieldProblem("/linked_share", "out_of_range", told))
    base = index.values.filter(day__lte=price_on).order_by("-day").first()
    if base is None:
        told = f"{index.code} has no value of {price_on:%d %b %Y} or before. Record it first."
        found.append(FieldProblem("/index", "no_value", told))
    if found or base is None:
        return {}, found
    return {
        "index": index, "linked_share": share, "index_base": base.value, "index_base_on": base.day,
    }, []  # fmt: skip


def _refuse_frozen(case: Case, present: Baseline | None, expected: int | None) -> None:
    if case.kind not in SAVING_KINDS:
        raise RuleRefused.one(
            "no_savings", f"A {case.get_kind_display()} brings in no source, so it saves nothing."
        )
    if present is None:
        return
    audit.check_version(present, expected)
    closed = ClosedMonth.objects.values("month")
    if SavingLine.objects.filter(case=case, month__in=closed).exists():
        raise RuleRefused.one(
            "month_closed", "Months of this case are closed, so its baseline stays as it is.",
            "Have finance reverse the wrong lines with a reason.",
        )  # fmt: skip


def _problems(
    case: Case,
    source: Source,
    price: Decimal,
    currency: str,
    price_on: dt.date,
    evidence: str,
    volume: Decimal | None,
) -> list[FieldProblem]:
    found = []
    if source.part_id != case.part_id or source.pk == case.source_id:
        found.append(FieldProblem("/source", "not_paid", "Choose another source of the same part."))
    if price <= 0:
        found.append(FieldProblem("/price", "not_positive", "Above 0."))
    if not is_currency(currency):
        found.append(FieldProblem("/currency", "unknown_currency", "A code such as EUR or USD."))
    opened = clock.day_of(case.opened_at)
    if price_on > opened:
        told = f"Not after the case opened on {opened:%d %b %Y}."
        found.append(FieldProblem("/price_on", "after_opening", told))
    if not evidence.strip():
        found.append(FieldProblem("/evidence", "required", "Name the document that shows it."))
    if volume is not None and volume < 0:
        found.append(FieldProblem("/volume", "negative", "0 or more."))
    return found
