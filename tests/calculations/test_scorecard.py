"""Supplier measures: no data is no score, open past-due lines are late."""

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from secondsource.core.inputs import InputError
from suppliers import scorecard as s
from suppliers.scorecard import DeliveryLine

DUE = date(2026, 1, 10)


def line(received: date | None, got: float = 100, **more) -> DeliveryLine:
    return DeliveryLine(due=DUE, received=received, ordered_qty=100, received_qty=got, **more)


@pytest.mark.parametrize(
    ("received", "on_time"),
    [
        (date(2026, 1, 10), 1),
        (date(2026, 1, 5), 1),
        (date(2026, 1, 4), 0),
        (date(2026, 1, 11), 0),
    ],
)
def test_window_of_five_days_early(received: date, on_time: int) -> None:
    assert s.delivery([line(received)]).on_time == on_time


def test_short_damaged_or_wrong_is_not_in_full() -> None:
    lines = [
        line(DUE),
        line(DUE, got=99),
        line(DUE, undamaged=False),
        line(DUE, correct=False),
        line(DUE, got=101),
    ]
    found = s.delivery(lines)
    assert (found.otd, found.otif) == (1.0, 0.4)


def test_open_past_due_line_is_late() -> None:
    found = s.delivery([line(DUE), line(None, got=0)], as_of=date(2026, 1, 11))
    assert (found.otd, found.due_lines) == (0.5, 2)


def test_open_line_not_yet_due_does_not_count() -> None:
    found = s.delivery([line(DUE), line(None, got=0)], as_of=date(2026, 1, 10))
    assert (found.otd, found.due_lines) == (1.0, 1)


def test_a_receipt_after_the_day_is_still_open() -> None:
    assert s.delivery([line(date(2026, 1, 9))], as_of=date(2026, 1, 8)).otd is None


def test_no_line_is_no_score() -> None:
    found = s.delivery([])
    assert (found.otd, found.otif) == (None, None)


def test_open_line_asks_for_the_day() -> None:
    with pytest.raises(InputError) as refused:
        s.delivery([line(None)])
    assert refused.value.field == "as_of"


def test_window_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        s.delivery([line(DUE)], days_early=1, days_late=0)
    assert refused.value.field == "window_days"


def test_dppm() -> None:
    found = s.defect_rate(defective=3, received=250_000)
    assert found.dppm == 12.0
    mean = found.upper * 250_000 / 1e6
    assert stats.poisson.cdf(3, mean) == pytest.approx(0.05)


def test_nothing_received_is_no_data() -> None:
    found = s.defect_rate(defective=0, received=0)
    assert (found.dppm, found.upper, found.enough) == (None, None, False)


def test_no_defect_has_a_bound() -> None:
    found = s.defect_rate(defective=0, received=1000)
    assert found.dppm == 0
    assert found.upper == pytest.approx(-math.log(0.05) * 1000)


@given(received=st.integers(1, 10**6), share=st.floats(0, 1))
def test_bound_lies_above_the_rate(received: int, share: float) -> None:
    found = s.defect_rate(defective=int(received * share), received=received)
    assert found.dppm <= found.upper <= 1e6


def test_more_defects_than_received_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        s.defect_rate(defective=5, received=4)
    assert refused.value.field == "defective"


def test_lot_acceptance() -> None:
    assert s.lot_acceptance(accepted=47, inspected=50) == 94.0
    assert s.lot_acceptance(accepted=0, inspected=0) is None
    with pytest.raises(InputError) as refused:
        s.lot_acceptance(accepted=51, inspected=50)
    assert refused.value.field == "accepted"


def test_price_competitiveness_is_capped() -> None:
    assert s.price_competitiveness(best_tco=Decimal(90), tco=Decimal(100)) == 90
    assert s.price_competitiveness(best_tco=Decimal(100), tco=Decimal(90)) == 100


def test_quality_category() -> None:
    found = s.quality_category(dppm=99, lot_acceptance_pct=98, repeated_scars=2)
    assert found == pytest.approx(0.6 * 50 + 0.3 * 98 + 0.1 * 80)


def test_quality_category_without_data() -> None:
    assert s.quality_category(dppm=None, lot_acceptance_pct=None, repeated_scars=None) is None
    assert s.quality_category(dppm=0, lot_acceptance_pct=None, repeated_scars=None) == 100
    assert s.quality_category(dppm=1e6, lot_acceptance_pct=None, repeated_scars=None) == 0


def test_delivery_category() -> None:
    assert s.delivery_category(otd=0.9, otif=0.5) == pytest.approx(74)
    assert s.delivery_category(otd=None, otif=None) is None


def test_supplier_score() -> None:
    scores = dict(zip(s.CATEGORIES, (92, 85, 78, 90, 70, 60), strict=True))
    assert s.supplier_score(scores).total == pytest.approx(82.95)


def test_missing_category_is_neither_0_nor_100() -> None:
    found = s.supplier_score({"quality": 80, "delivery": 80, "cost": None})
    assert found.total == pytest.approx(80)
    assert found.coverage == pytest.approx(0.55)


def test_no_category_is_no_score() -> None:
    found = s.supplier_score({})
    assert (found.total, found.coverage) == (None, 0.0)


@pytest.mark.parametrize(
    ("weights", "scores", "field"),
    [
        ({"a": 0}, {"a": 5}, "weights"),
        ({"a": -1}, {"a": 5}, "weights.a"),
        ({"a": 1}, {"a": 101}, "scores.a"),
        ({"a": 1}, {"b": 1}, "scores.b"),
    ],
)
def test_weighted_refuses(weights: dict, scores: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        s.weighted(weights=weights, scores=scores)
    assert refused.value.field == field
