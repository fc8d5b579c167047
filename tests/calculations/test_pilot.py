"""The pilot gate: pass, fail, not enough data, and what would decide it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualification.pilot import ModelBuild, PilotVerdict, pilot_verdict
from qualification.proportions import lower_bound
from secondsource.core.inputs import InputError

GOOD = ModelBuild(
    model="M1", passed=496, built=500, incumbent_passed=19700, incumbent_built=20000, floor=0.965
)
SHORT = ModelBuild(
    model="M3", passed=109, built=110, incumbent_passed=5074, incumbent_built=5120, floor=0.971
)
BAD = ModelBuild(
    model="M4", passed=139, built=150, incumbent_passed=4319, incumbent_built=4380, floor=0.966
)


def repaired(models: list[ModelBuild], found: PilotVerdict) -> list[ModelBuild]:
    needs = [model.good_units_to_decide for model in found.models]
    return [
        replace(m, passed=m.passed + k, built=m.built + k)
        for m, k in zip(models, needs, strict=True)
    ]


def test_pass() -> None:
    found = pilot_verdict([GOOD])
    assert (found.verdict, found.reasons) == ("pass", ())
    assert found.pooled.used is True


def test_one_failing_model_fails_the_pilot() -> None:
    found = pilot_verdict([GOOD, BAD])
    assert found.verdict == "fail"
    assert [m.verdict for m in found.models] == ["pass", "fail"]
    assert found.models[1].upper < 0.966


def test_not_enough_data_says_what_would_decide() -> None:
    found = pilot_verdict([GOOD, SHORT])
    assert found.verdict == "not_enough_data"
    assert [m.good_units_to_decide for m in found.models] == [0, 52]
    assert found.reasons[0].endswith("not yet shown to reach its floor of 97.1\u202f%.")


def test_the_number_is_the_least() -> None:
    n, x = SHORT.built + 52, SHORT.passed + 52
    assert lower_bound(x, n, 0.05) >= 0.971
    assert lower_bound(x - 1, n - 1, 0.05) < 0.971


def test_open_high_priority_stops_a_pass() -> None:
    found = pilot_verdict([GOOD], open_ap_high=1)
    assert found.verdict == "not_enough_data"
    assert "action priority High" in found.reasons[0]


def test_heterogeneous_models_are_not_pooled() -> None:
    found = pilot_verdict([GOOD, SHORT, BAD])
    assert found.pooled.heterogeneity_p < 0.10
    assert found.pooled.used is False


def test_no_failure_takes_farrington_manning_and_says_so() -> None:
    model = ModelBuild(
        model="A", passed=300, built=300, incumbent_passed=990, incumbent_built=1000, floor=0.97
    )
    found = pilot_verdict([model])
    assert found.pooled.method == "farrington_manning"
    assert found.pooled.used is True
    assert found.pooled.lower > -0.02
    assert any("Farrington-Manning" in reason for reason in found.reasons)


def test_perfect_small_pilot_is_not_enough() -> None:
    model = ModelBuild(
        model="A", passed=60, built=60, incumbent_passed=100, incumbent_built=100, floor=0.9
    )
    found = pilot_verdict([model])
    assert found.models[0].verdict == "pass"
    assert (found.pooled.verdict, found.verdict) == ("not_enough_data", "not_enough_data")
    further = found.models[0].good_units_to_decide
    assert further > 0
    again = pilot_verdict([replace(model, passed=60 + further, built=60 + further)])
    assert again.verdict == "pass"
    one_less = pilot_verdict([replace(model, passed=59 + further, built=59 + further)])
    assert one_less.verdict == "not_enough_data"


def test_no_number_of_units_can_decide() -> None:
    model = ModelBuild(
        model="A", passed=40, built=40, incumbent_passed=50, incumbent_built=50, floor=1 - 1e-12
    )
    found = pilot_verdict([model])
    assert found.verdict == "not_enough_data"
    assert found.models[0].good_units_to_decide is None


def test_floor_defaults_to_the_incumbent_less_the_margin() -> None:
    found = pilot_verdict([replace(GOOD, floor=None)], margin=0.02)
    assert found.models[0].floor == pytest.approx(0.985 - 0.02)


def test_without_an_incumbent_the_floors_decide() -> None:
    alone = ModelBuild(model="A", passed=500, built=500, floor=0.98)
    found = pilot_verdict([alone])
    assert (found.verdict, found.pooled.method, found.pooled.used) == ("pass", "none", False)


def test_pooled_difference_can_fail_alone() -> None:
    model = ModelBuild(
        model="A", passed=4700, built=5000, incumbent_passed=19800, incumbent_built=20000, floor=0.9
    )
    found = pilot_verdict([model])
    assert found.models[0].verdict == "pass"
    assert (found.pooled.verdict, found.verdict) == ("fail", "fail")


@settings(max_examples=40)
@given(
    counts=st.lists(
        st.tuples(st.integers(30, 400), st.integers(0, 4), st.floats(0.8, 0.97)),
        min_size=1,
        max_size=4,
    )
)
def test_the_named_units_make_it_pass(counts) -> None:
    models = [
        ModelBuild(
            model=f"M{i}",
            passed=built - min(failed, built),
            built=built,
            incumbent_passed=9850,
            incumbent_built=10_000,
            floor=floor,
        )
        for i, (built, failed, floor) in enumerate(counts)
    ]
    found = pilot_verdict(models)
    for model in found.models:
        assert model.lower <= model.point <= model.upper
    if found.verdict == "not_enough_data":
        assert pilot_verdict(repaired(models, found)).verdict == "pass"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"built": 0, "passed": 0}, "models.0.built"),
        ({"passed": 501}, "models.0.passed"),
        ({"incumbent_passed": 20001}, "models.0.incumbent_passed"),
        ({"floor": 1}, "models.0.floor"),
        ({"floor": float("nan")}, "models.0.floor"),
        ({"floor": None, "incumbent_built": 0, "incumbent_passed": 0}, "models.0.floor"),
    ],
)
def test_refuses_impossible_counts(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        pilot_verdict([replace(GOOD, **change)])
    assert refused.value.field == field


def test_refuses_no_model_and_too_many() -> None:
    for models in ([], [GOOD] * 201):
        with pytest.raises(InputError) as refused:
            pilot_verdict(models)
        assert refused.value.field == "models"


def test_refuses_two_models_of_one_name() -> None:
    with pytest.raises(InputError) as refused:
        pilot_verdict([GOOD, GOOD])
    assert (refused.value.field, refused.value.code) == ("models", "duplicate")


@pytest.mark.parametrize("name", ["", None, 5, "x" * 201])
def test_refuses_a_model_without_a_name(name) -> None:
    with pytest.raises(InputError) as refused:
        pilot_verdict([replace(GOOD, model=name)])
    assert refused.value.field == "models.0.model"


@pytest.mark.parametrize("margin", [-0.01, 1, float("nan")])
def test_refuses_an_impossible_margin(margin: float) -> None:
    with pytest.raises(InputError) as refused:
        pilot_verdict([GOOD], margin=margin)
    assert refused.value.field == "margin"


def test_the_answer_keeps_what_explains_it() -> None:
    found = pilot_verdict([GOOD])
    assert found.margin == 0.02
    method = found.method.as_dict()
    assert (method["confidence"], method["sides"], method["design_choice"]) == (0.95, 1, True)


def test_models_without_incumbent_add_nothing_to_the_difference() -> None:
    found = pilot_verdict([
        ModelBuild(model="A", passed=98, built=100, floor=0.9),
        ModelBuild(
            model="B", passed=97, built=100, incumbent_passed=98, incumbent_built=100, floor=0.85
        ),
    ])  # fmt: skip
    assert [one.good_units_to_decide for one in found.models] == [0, 121]
