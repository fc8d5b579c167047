"""Stratified yields against statsmodels and a simulation."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from qualification.strata import Stratum, common_effect, risk_difference, stratum
from secondsource.core.inputs import InputError

CELL = st.integers(1, 200)
STRATA = st.lists(st.builds(Stratum, CELL, CELL, CELL, CELL), min_size=2, max_size=6)
THREE = [Stratum(97, 3, 485, 15), Stratum(188, 12, 570, 30), Stratum(49, 1, 294, 6)]
SIMPSON = [Stratum(90, 10, 9, 1), Stratum(5, 5, 60, 40)]


def library(strata: list[Stratum]) -> StratifiedTable:
    tables = [
        np.array([[s.new_pass, s.new_fail], [s.incumbent_pass, s.incumbent_fail]]) for s in strata
    ]
    return StratifiedTable(tables)


@given(strata=STRATA)
def test_common_effect_agrees(strata: list[Stratum]) -> None:
    found, table = common_effect(strata), library(strata)
    assume(abs(found.odds_ratio - 1) > 1e-6)  # the library divides by 0 there
    plain, homogeneous = table.test_null_odds(False), table.test_equal_odds(adjust=True)
    assert found.chi2 == pytest.approx(plain.statistic, rel=1e-6, abs=1e-9)
    assert found.p == pytest.approx(plain.pvalue, rel=1e-6)
    assert found.odds_ratio == pytest.approx(table.oddsratio_pooled, rel=1e-9)
    assert found.breslow_day_tarone == pytest.approx(homogeneous.statistic, rel=1e-5, abs=1e-6)
    assert found.p_homogeneity == pytest.approx(homogeneous.pvalue, rel=1e-4, abs=1e-9)


def test_an_odds_ratio_of_one_is_no_exception() -> None:
    found = common_effect([Stratum(1, 1, 1, 1), Stratum(1, 1, 1, 1)])
    assert (found.odds_ratio, found.breslow_day_tarone, found.p_homogeneity) == (1.0, 0.0, 1.0)


def test_common_effect_of_three_models() -> None:
    found = common_effect(THREE)
    assert found.chi2_corrected == pytest.approx(library(THREE).test_null_odds(True).statistic)
    assert found.p_corrected == pytest.approx(0.760286, abs=1e-6)
    assert found.informative == 3


def test_all_pass_strata_carry_no_information() -> None:
    found = common_effect([Stratum(100, 0, 500, 0)])
    assert (found.chi2, found.p, found.p_homogeneity, found.informative) == (None, None, None, 0)
    assert common_effect([*THREE, Stratum(100, 0, 500, 0)]).chi2 == common_effect(THREE).chi2


def test_one_informative_stratum_has_no_homogeneity() -> None:
    found = common_effect([THREE[0], Stratum(50, 0, 50, 0)])
    assert found.chi2 is not None
    assert found.p_homogeneity is None


@given(strata=STRATA)
def test_difference_contains_its_point(strata: list[Stratum]) -> None:
    found = risk_difference(strata)
    assert found.lower <= found.difference <= found.upper


def test_simpson_guard() -> None:
    found = risk_difference(SIMPSON)
    assert found.crude == pytest.approx(0.23636, abs=1e-5)
    assert found.difference == pytest.approx(-0.05)


def test_one_stratum_is_the_plain_difference() -> None:
    found = risk_difference([Stratum(90, 10, 160, 40)], margin=0.02)
    assert found.difference == pytest.approx(0.1)
    assert found.noninferior is True


def test_sato_covers_in_simulation() -> None:
    rng = np.random.default_rng(7)
    sizes, new, old = [(400, 1500), (600, 2000)], (0.93, 0.90), (0.95, 0.92)
    hits = 0
    for _ in range(2000):
        strata = [
            Stratum(x := int(rng.binomial(n1, p)), n1 - x, y := int(rng.binomial(n2, q)), n2 - y)
            for (n1, n2), p, q in zip(sizes, new, old, strict=True)
        ]
        hits += risk_difference(strata).lower <= -0.02
    assert hits / 2000 == pytest.approx(0.95, abs=0.015)


def test_empty_strata_drop_out() -> None:
    with_empty = risk_difference([*THREE, Stratum(0, 0, 100, 5)])
    assert with_empty.difference == risk_difference(THREE).difference
    assert with_empty.strata_used == 3


def test_without_failures_sato_proves_nothing() -> None:
    found = risk_difference([Stratum(100, 0, 480, 20)], margin=0.02)
    assert (found.lower, found.noninferior) == (None, None)


def test_no_common_stratum_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        risk_difference([Stratum(0, 0, 100, 5)])
    assert (refused.value.field, refused.value.code) == ("strata", "no_units")


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        ([[1, -2], [3, 4]], "s.0.1"),
        ([[1, 2]], "s"),
        ([[1], [2]], "s.0"),
        ([[1.5, 2], [3, 4]], "s.0.0"),
    ],
)
def test_stratum_names_the_wrong_cell(counts, field: str) -> None:
    with pytest.raises(InputError) as refused:
        stratum("s", counts)
    assert refused.value.field == field
