"""Composite risk: missing is not 0, a veto is a veto, the matrix leaves exposure out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification import risk
from secondsource.core.inputs import InputError
from suppliers.independence import Line, concentration

FULL = {
    "concentration": 100,
    "exposure": 80,
    "lifecycle": 60,
    "lead_time": 50,
    "quality": 20,
    "geo": 70,
    "esg": 30,
}


def test_composite() -> None:
    found = risk.composite(FULL)
    assert found.score == pytest.approx(69.5)
    assert (found.band, found.coverage) == ("high", 1.0)
    assert sum(found.contributions.values()) == pytest.approx(69.5)


def test_missing_is_renormalised_and_shown() -> None:
    found = risk.composite({**FULL, "esg": None, "geo": None})
    assert found.coverage == pytest.approx(0.85)
    assert found.score == pytest.approx((69.5 - 7 - 1.5) / 0.85)


def test_absent_is_the_same_as_none() -> None:
    fewer = {name: score for name, score in FULL.items() if name != "esg"}
    assert risk.composite(fewer) == risk.composite({**FULL, "esg": None})


def test_low_coverage_is_not_rated() -> None:
    found = risk.composite({"concentration": 10, "exposure": 10, "lifecycle": 10})
    assert found.coverage == pytest.approx(0.65)
    assert (found.score, found.band) == (None, "not rated")


def test_coverage_of_exactly_the_least_is_rated() -> None:
    found = risk.composite(dict.fromkeys(("concentration", "exposure", "lifecycle", "esg"), 50))
    assert found.coverage == pytest.approx(0.70)
    assert found.band == "medium"


def test_nothing_known_is_not_rated() -> None:
    found = risk.composite({})
    assert (found.score, found.band, found.coverage) == (None, "not rated", 0.0)


def test_veto_of_a_single_source_with_a_notice() -> None:
    low = dict.fromkeys(FULL, 0)
    assert risk.composite(low, single_source=True).band == "low"
    assert risk.composite(low, notice_issued=True).band == "low"
    found = risk.composite(low, single_source=True, notice_issued=True)
    assert (found.score, found.band, found.veto) == (0.0, "high", True)


@pytest.mark.parametrize(
    ("score", "band"), [(29.999, "low"), (30, "medium"), (59.999, "medium"), (60, "high")]
)
def test_bands(score: float, band: str) -> None:
    assert risk.composite(dict.fromkeys(FULL, score)).band == band


@given(scores=st.dictionaries(st.sampled_from(list(FULL)), st.floats(0, 100), min_size=1))
def test_score_lies_between_its_factors(scores: dict[str, float]) -> None:
    found = risk.composite(scores)
    if found.score is not None:
        assert min(scores.values()) - 1e-9 <= found.score <= max(scores.values()) + 1e-9


@pytest.mark.parametrize(
    ("scores", "weights", "field"),
    [
        ({"geo": 101}, None, "scores.geo"),
        ({"weather": 5}, None, "scores.weather"),
        ({"geo": float("nan")}, None, "scores.geo"),
        ({"geo": 5}, {"geo": 0}, "weights"),
        ({"geo": 5}, {"geo": -1}, "weights.geo"),
    ],
)
def test_composite_refuses(scores: dict, weights: dict | None, field: str) -> None:
    with pytest.raises(InputError) as refused:
        risk.composite(scores, weights=weights)
    assert refused.value.field == field


def test_concentration_factor_takes_the_worst_level() -> None:
    lines = [Line(share=0.5, supplier="A", fab="F1"), Line(share=0.5, supplier="B", fab="F1")]
    assert risk.concentration_factor(concentration(lines)) == pytest.approx(100)
    assert risk.concentration_factor(None) is None


def test_exposure_factor_is_against_a_frozen_reference() -> None:
    assert risk.exposure_factor(Decimal("250000")) == 25.0
    assert risk.exposure_factor(Decimal("9000000")) == 100.0
    assert risk.exposure_factor(None) is None


@pytest.mark.parametrize(
    ("days", "factor"), [(0, 0), (28, 0), (105, 50), (182, 100), (400, 100), (None, None)]
)
def test_lead_time_factor(days: float | None, factor: float | None) -> None:
    assert risk.lead_time_factor(days) == factor


def test_quality_factor_weights_by_share_and_drops_missing() -> None:
    assert risk.quality_factor([(0.6, 90), (0.4, 80)]) == pytest.approx(14)
    assert risk.quality_factor([(0.6, 90), (0.4, None)]) == pytest.approx(10)
    assert risk.quality_factor([(1.0, None)]) is None


def test_geopolitics_factor_takes_the_worst_site() -> None:
    assert risk.geopolitics_factor([[1.5] * 6, [-0.5] * 6]) == pytest.approx(60)
    assert risk.geopolitics_factor([]) is None


def test_missing_evidence_is_100_only_for_a_sole_source() -> None:
    assert risk.esg_factor(None, sole_source=True) == 100
    assert risk.esg_factor(None, sole_source=False) is None
    assert risk.esg_factor(70, sole_source=True) == 30


def test_time_to_recover_marks_the_default() -> None:
    assert risk.time_to_recover_wk(activity="fab", own=None) == (26.0, True)
    assert risk.time_to_recover_wk(activity="assembly", own=9) == (9.0, False)


def test_matrix_leaves_exposure_out() -> None:
    cell = risk.matrix_cell(FULL, revenue_at_stake=Decimal(600_000))
    assert cell.score_without_exposure == pytest.approx((69.5 - 20) / 0.75)
    assert (cell.impact, cell.likelihood) == (3, "likely")
    other = risk.matrix_cell({**FULL, "exposure": 0}, revenue_at_stake=None)
    assert other.score_without_exposure == cell.score_without_exposure
    assert other.impact is None


def test_matrix_of_an_unrated_part() -> None:
    cell = risk.matrix_cell({"geo": 5, "exposure": 50}, revenue_at_stake=None)
    assert (cell.likelihood, cell.score_without_exposure) == (None, None)
