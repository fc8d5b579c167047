"""Answers in words: the sentence says what the figures mean, for every answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from qualification.house_rules import PilotPolicy
from secondsource.core.inputs import InputError
from secondsource.workspace.calculators import CALCULATORS, Calculator
from secondsource.workspace.calculators.answer import CalculatorAnswer
from secondsource.workspace.calculators.declaration import HouseRule
from secondsource.workspace.calculators.output import (
    as_figure,
    as_money,
    as_p,
    as_points,
    as_share,
)
from tests.calculations.test_calculators import put, spots

EVERY = list(CALCULATORS.values())
VALUES: tuple[Any, ...] = (
    0, 1, 2, -1, 0.5, 1e-9, 1e6, 1e12, "0", "1", "-5.00", None, [], [0], [1, 1],
)  # fmt: skip


def name_of(value: object) -> str | None:
    return getattr(value, "name", None)


def answered(name: str, **given: Any) -> CalculatorAnswer:
    calculator = CALCULATORS[name]
    return CalculatorAnswer(calculator, calculator.run(given))


def sentence(name: str, **given: Any) -> str:
    return answered(name, **given).text


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_every_answer_says_what_it_means(calculator: Calculator) -> None:
    found = answered(calculator.name, **calculator.example)
    assert found.text.endswith((".", ")"))
    assert not re.search(r"[{}\[\]_]|\bNone\b|\bTrue\b", found.text + found.note)
    assert found.origin[0][0] == "Method"


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_a_house_rule_is_labelled(calculator: Calculator) -> None:
    answer = calculator.run(calculator.example)
    if calculator.policy:
        assert answer["policy"]["version"] == 0
        assert calculator.house_rule
    if answer["method"].get("design_choice"):
        assert calculator.house_rule


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_whatever_is_answered_can_be_shown(calculator: Calculator) -> None:
    for path in list(spots(calculator.example))[1:]:
        for value in VALUES:
            given = put(calculator.example, path, value)
            given = {k: v for k, v in given.items() if v is not None}
            try:
                answer = calculator.run(given)
            except InputError:
                continue
            shown = CalculatorAnswer(calculator, answer)
            assert shown.text
            assert [*shown.rows, *shown.tables]
            assert shown.note is not None
            if calculator.chart:
                chart = calculator.chart(calculator.arguments(given, None))
                assert "nan" not in str(chart).lower().replace("nance", "")


def test_a_chart_is_drawn_as_on_the_page_of_a_part() -> None:
    calculator = CALCULATORS["time-to-survive"]
    assert calculator.chart is not None
    chart = calculator.chart(calculator.arguments(calculator.example, None))
    assert [row[0] for row in chart.rows] == ["stock alone", "with alternates"]
    assert "of 20" in chart.sentence or "20" in chart.sentence


def test_what_there_is_for_each_entry_stands_beside_it() -> None:
    (table,) = answered("freight", **CALCULATORS["freight"].example).tables
    assert table.head == ["Mode", "Distance", "Emissions"]
    assert [row[:2] for row in table.rows] == [["sea", "18,500"], ["road", "320"]]
    (table,) = answered("production-run", **CALCULATORS["production-run"].example).tables
    assert [row[-1] for row in table.rows] == ["ok", "too short"]
    (table,) = answered("bonus-pool", **CALCULATORS["bonus-pool"].example).tables
    assert [row[0] for row in table.rows] == ["engineering", "procurement", "quality"]


def test_zero_failures_are_never_told_as_certain() -> None:
    life = {"n": 77, "hours": 1000, "fails": 0, "Tuse": 55, "Tstress": 125}
    assert "below" in sentence("htol-fit", **life)
    assert "is at least" in sentence("mtbf", total_device_hours=1000, failures=0)
    assert "no point estimate" in sentence("mtbf", total_device_hours=1000, failures=0)
    assert "at least " in sentence("clopper-pearson", **{"pass": 50, "n": 50})


def test_nothing_known_is_told_as_no_data() -> None:
    assert sentence("dppm", defective=0, received=0).startswith("No data")
    assert sentence("lot-acceptance", accepted=0, inspected=0).startswith("No data")
    assert sentence("supplier-score", scores={"quality": None}).startswith("No data")
    assert sentence("composite-risk", scores={"quality": 5}).startswith("Not rated")


def test_not_enough_data_says_what_would_decide_it() -> None:
    models = [{"model": "B", "passed": 109, "built": 110, "floor": 0.971}]
    assert sentence("pilot-verdict", models=models) == (
        "Not enough data. B needs 52 more good units."
    )


@pytest.mark.parametrize(
    ("name", "given_values", "said"),
    [
        (
            "material-cost-reduction",
            {"baseline_spend": "100000", "current_spend_at_same_volume_mix": "95000.001"},
            "4.999999 % less at the same volume and mix: misses the target of 5 %.",
        ),
        (
            "time-to-survive",
            {"inventory": [25.99999], "demand_wk": [1], "TTR_wk": 26},
            "The line runs for 25.99999 weeks, recovery takes 26 weeks: 0.00001 units are lost.",
        ),
        (
            "shared-kpi",
            {"conversions": 3, "material_cost_reduction_pct": "4.99999"},
            "The team is at 99.9999 %, not met: 3 of 3 conversions, cost 4.99999 of 5 % lower.",
        ),
    ],
)
def test_a_missed_bound_shows_the_digits_that_decide(
    name: str, given_values: dict[str, Any], said: str
) -> None:
    assert sentence(name, **given_values).replace("\u202f", " ") == said


def test_never_is_told_as_never() -> None:
    assert (
        sentence("payback", one_time_cost=5, net_saving_per_month=0) == "Never: nothing is saved."
    )
    stocked = {"inventory": [2000], "demand_wk": [500], "alternative_capacity_wk": 500}
    assert "never runs out" in sentence("time-to-survive", **stocked)


def test_avoidance_is_not_added() -> None:
    given = {"last_paid": "2.00", "market_offer": "2.30", "paid": "2.10", "qty": 10_000}
    assert sentence("cost-avoidance", **given) == (
        "Hard saving −1,000.00; avoidance 2,000.00, apart."
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0"), (298.0728, "298.07"), (0.00991839, "0.0099184"), (77.64538, "77.645"),
     (10913.567, "10,914"), (-0.5, "−0.5"), (1e-12, "1e−12"), (100000, "100,000")],
)  # fmt: skip
def test_figure(value: float, text: str) -> None:
    assert as_figure(value) == text


def test_a_share_never_rounds_to_certainty() -> None:
    assert as_share(0.99999).startswith("99.999")
    assert as_share(0.00001).startswith("0.001")
    assert as_share(1) == "100\u202f%"


def test_small_words() -> None:
    assert as_points(-0.0055) == "−0.55 points"
    assert as_points(0.02) == "+2 points"
    assert as_p(0.00001) == "below 0.0001"
    assert as_money("2.978749") == "2.978749"
    assert as_money("-2500.0000") == "−2,500.00"
    assert as_money("1", "EUR") == "€1.00"


def test_no_figure_of_an_answer_is_left_bare() -> None:
    for calculator in EVERY:
        for label, text in answered(calculator.name, **calculator.example).rows:
            assert label, calculator.name
            assert text, (calculator.name, label)
            assert not re.search(r"\d{8}", text), (calculator.name, label, text)


def test_the_policy_decides_whether_models_are_pooled() -> None:
    calculator, strata = CALCULATORS["cmh"], [[[90, 10], [95, 5]], [[99, 1], [90, 10]]]
    p = calculator.run({"strata": strata})["p_homogeneity"]
    for least, opening in ((p * 0.9, "The models may be pooled"), (p * 1.1, "Do not pool")):
        rule = HouseRule(PilotPolicy(heterogeneity_p=least), 7)
        answer = calculator.run({"strata": strata}, rule=rule)
        assert CalculatorAnswer(calculator, answer).text.startswith(opening)
        assert answer["policy"]["version"] == 7


@pytest.mark.parametrize("failed", [2, 9])
def test_a_plain_difference_tells_its_level(failed: int) -> None:
    text = sentence("fisher-exact", table=[[failed, 91], [1, 299]])
    assert "customary 0.05" in text
    assert text.startswith("The failure counts differ") is ("not below" not in text)


def test_an_index_of_few_values_says_what_a_study_takes() -> None:
    for count, is_few in ((99, True), (100, False)):
        found = answered("capability", data=[n % 7 for n in range(count)], LSL=-5, USL=12)
        assert ("at least 100 values" in found.note) is is_few


def test_dates_are_told_with_their_year() -> None:
    text = sentence("pcn-timeline", pcn_issued="2026-01-15")
    assert text == "Answer by 14 Feb 2026; changed product not before 15 Apr 2026."


def test_no_defect_is_told_as_a_bound() -> None:
    text = sentence("dppm", defective=0, received=1000)
    assert text.startswith(
        "No defect among 1,000: with 95 % one-sided confidence not above 2,995.7"
    )
    assert not re.search(r"\b0 defective", text)
