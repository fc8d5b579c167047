"""Answers in words and their charts: the finding says what the figures mean, for every answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from qualification.house_rules import PilotPolicy
from secondsource.core.charts import Chart
from secondsource.core.inputs import InputError
from secondsource.workspace.calculators import CALCULATORS, Calculator
from secondsource.workspace.calculators.answers import FINDINGS, told
from secondsource.workspace.calculators.answers.labels import LABELS, OWN
from secondsource.workspace.calculators.answers.tables import IN_TABLE
from secondsource.workspace.calculators.answers.words import figure, money, p_value, pct, points
from secondsource.workspace.calculators.base import HouseRule
from secondsource.workspace.calculators.drawings import DRAWINGS, drawn
from tests.calculations.test_calculators import put, spots

EVERY = list(CALCULATORS.values())
VALUES: tuple[Any, ...] = (
    0,
    1,
    2,
    -1,
    0.5,
    1e-9,
    1e6,
    1e12,
    "0",
    "1",
    "-5.00",
    None,
    [],
    [0],
    [1, 1],
)


def name_of(value: object) -> str | None:
    return getattr(value, "name", None)


def sentence(name: str, **given: Any) -> str:
    calculator = CALCULATORS[name]
    return told(calculator, calculator.run(given)).finding.text


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_every_answer_has_a_finding_and_labels(calculator: Calculator) -> None:
    assert calculator.name in FINDINGS
    answer = calculator.run(calculator.example)
    hidden = IN_TABLE.get(calculator.name, set()) | {"method", "inputs", "policy", "enough"}
    nameless = [
        name for name in answer
        if name not in hidden and name not in LABELS and (calculator.name, name) not in OWN
    ]  # fmt: skip
    assert nameless == []
    found = told(calculator, answer)
    assert found.finding.text.endswith((".", ")"))
    assert not re.search(r"[{}\[\]_]|\bNone\b|\bTrue\b", found.finding.text)
    assert calculator.formula in found.as_text
    assert found.finding.text in found.as_text


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_every_answer_tells_its_method(calculator: Calculator) -> None:
    method = told(calculator, calculator.run(calculator.example)).method
    assert method[0][0] == "Method"


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_a_house_rule_is_labelled(calculator: Calculator) -> None:
    answer = calculator.run(calculator.example)
    if calculator.policy:
        assert answer["policy"]["version"] == 0
        assert calculator.house_rule
    if answer["method"].get("design_choice"):
        assert calculator.house_rule


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_whatever_is_answered_can_be_told_and_drawn(calculator: Calculator) -> None:
    for path in list(spots(calculator.example))[1:]:
        for value in VALUES:
            given = put(calculator.example, path, value)
            try:
                answer = calculator.run({k: v for k, v in given.items() if v is not None})
            except InputError:
                continue
            assert told(calculator, answer).as_text
            for chart in drawn(answer, calculator):
                assert "nan" not in str(chart.svg).lower().replace("nance", "")


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_chart_has_a_sentence_and_its_data(name: str) -> None:
    calculator = CALCULATORS[name]
    charts = drawn(calculator.run(calculator.example), calculator)
    assert charts, name
    for chart in charts:
        assert isinstance(chart, Chart)
        assert 'role="img"' in chart.svg
        assert chart.sentence
        assert chart.rows
        assert all(len(row) == len(chart.head) for row in chart.rows)


def test_the_named_charts_are_there() -> None:
    wanted = {"success-run", "binomial-plan", "noninferiority-size", "clopper-pearson", "newcombe",
              "pilot-verdict", "tost", "lead-time", "price-break", "sourcing-split",
              "time-to-survive", "last-time-buy", "capability", "npv"}  # fmt: skip
    assert wanted - set(DRAWINGS) == set()


def test_zero_failures_are_never_told_as_certain() -> None:
    life = {"n": 77, "hours": 1000, "fails": 0, "Tuse": 55, "Tstress": 125}
    assert "below" in sentence("htol-fit", **life)
    assert "is at least" in sentence("mtbf", total_device_hours=1000, failures=0)
    assert "no point estimate" in sentence("mtbf", total_device_hours=1000, failures=0)
    perfect = told(
        CALCULATORS["clopper-pearson"], CALCULATORS["clopper-pearson"].run({"pass": 50, "n": 50})
    )
    assert "at least at" in perfect.finding.text


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
            "The line runs for 25.99999 weeks, recovery takes 26: 0.00001 units are lost.",
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
    assert sentence(name, **given_values) == said.replace(" %", "\u202f%")


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
    assert figure(value) == text


def test_pct_never_rounds_to_certainty() -> None:
    assert pct(0.99999).startswith("99.999")
    assert pct(0.00001).startswith("0.001")
    assert pct(1) == "100\u202f%"


def test_small_words() -> None:
    assert points(-0.0055) == "−0.55 points"
    assert points(0.02) == "+2 points"
    assert p_value(0.00001) == "below 0.0001"
    assert money("2.978749") == "2.978749"
    assert money("-2500.0000") == "−2,500.00"
    assert money("1", {"a": {"amount": "1", "currency": "EUR"}}) == "€1.00"


def test_no_figure_of_an_answer_is_left_bare() -> None:
    for calculator in EVERY:
        for label, text in told(calculator, calculator.run(calculator.example)).rows:
            assert label, calculator.name
            assert text, (calculator.name, label)
            assert not re.search(r"\d{8}", text), (calculator.name, label, text)


def test_the_policy_decides_whether_models_are_pooled() -> None:
    calculator, strata = CALCULATORS["cmh"], [[[90, 10], [95, 5]], [[99, 1], [90, 10]]]
    p = calculator.run({"strata": strata})["p_homogeneity"]
    for least, opening in ((p * 0.9, "The models may be pooled"), (p * 1.1, "Do not pool")):
        rule = HouseRule(PilotPolicy(heterogeneity_p=least), 7)
        answer = calculator.run({"strata": strata}, rule=rule)
        assert told(calculator, answer).finding.text.startswith(opening)
        assert answer["policy"]["version"] == 7


@pytest.mark.parametrize("failed", [2, 9])
def test_a_plain_difference_tells_its_level(failed: int) -> None:
    text = sentence("fisher-exact", table=[[failed, 91], [1, 299]])
    assert "customary 0.05" in text
    assert text.startswith("The failure counts differ") is ("not below" not in text)


def test_an_index_of_few_values_says_what_a_study_takes() -> None:
    calculator = CALCULATORS["capability"]
    for count, is_few in ((99, True), (100, False)):
        data = [place % 7 for place in range(count)]
        answer = calculator.run({"data": data, "LSL": -5, "USL": 12})
        assert ("at least 100 values" in told(calculator, answer).finding.note) is is_few


def test_dates_are_told_with_their_year() -> None:
    text = sentence("pcn-timeline", pcn_issued="2026-01-15")
    assert text == "Answer by 14 Feb 2026; changed product not before 15 Apr 2026."


def test_no_defect_is_told_as_a_bound() -> None:
    text = sentence("dppm", defective=0, received=1000)
    assert text.startswith(
        "No defect among 1,000: with 95 % one-sided confidence not above 2,995.7"
    )
    assert not re.search(r"\b0 defective", text)
