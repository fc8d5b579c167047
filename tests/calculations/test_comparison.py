"""Specification verdicts and yearly spend."""

from decimal import Decimal

import pytest

from secondsource.core.inputs import InputError
from suppliers.comparison import RequiredValue, StatedValue, blocks, verdict
from suppliers.spend import Spend, yearly_spend

D = Decimal


def need(rule: str, **more) -> RequiredValue:
    return RequiredValue(parameter="p", rule=rule, **more)


def point(value: float, unit: str = "V") -> StatedValue:
    return StatedValue(low=value, high=value, unit=unit)


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [(19, "blocks"), (20, "deviation"), (24, "deviation"), (25, "equal"), (30, "better")],
)
def test_at_least(candidate: float, expected: str) -> None:
    found = verdict(
        requirement=need("at_least", low=20, unit="V"),
        candidate=point(candidate),
        incumbent=point(25),
    )
    assert found == expected


@pytest.mark.parametrize(
    ("candidate", "expected"), [(101, "blocks"), (100, "deviation"), (60, "equal"), (50, "better")]
)
def test_at_most(candidate: float, expected: str) -> None:
    found = verdict(
        requirement=need("at_most", high=100, unit="mV"),
        candidate=point(candidate, "mV"),
        incumbent=point(0.06, "V"),
    )
    assert found == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-40, 125, "equal"),
        (-55, 125, "blocks"),
        (-20, 85, "better"),
        (-40, 126, "deviation"),
    ],
)
def test_within(low: float, high: float, expected: str) -> None:
    found = verdict(
        requirement=need("within", low=-50, high=150, unit="degC"),
        candidate=StatedValue(low=low, high=high, unit="degC"),
        incumbent=StatedValue(low=-40, high=125, unit="degC"),
    )
    assert found == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-40, 85, "equal"),
        (-40, 105, "better"),
        (-20, 105, "blocks"),
        (-40, 80, "blocks"),
        (-35, 105, "deviation"),
        (None, 105, "unknown"),
        (None, 60, "blocks"),
    ],
)
def test_covers(low: float | None, high: float, expected: str) -> None:
    found = verdict(
        requirement=need("covers", low=-30, high=85, unit="degC"),
        candidate=StatedValue(low=low, high=high, unit="degC"),
        incumbent=StatedValue(low=-40, high=85, unit="degC"),
    )
    assert found == expected


@pytest.mark.parametrize(
    ("rule", "limits", "value", "expected"),
    [
        ("at_least", {"low": 3}, StatedValue(typical=3.2), "unknown"),
        ("at_least", {"low": 3}, StatedValue(low=3, typical=3.2), "equal"),
        ("at_least", {"low": 3}, StatedValue(high=5), "unknown"),
        ("at_least", {"low": 3}, StatedValue(high=2.5), "blocks"),
        ("at_most", {"high": 20}, StatedValue(typical=17), "unknown"),
        ("at_most", {"high": 20}, StatedValue(typical=17, high=25), "blocks"),
        ("at_most", {"high": 20}, StatedValue(low=21), "blocks"),
        ("within", {"low": 1, "high": 5}, StatedValue(typical=3), "unknown"),
        ("within", {"low": 1, "high": 5}, StatedValue(low=2), "unknown"),
        ("covers", {"low": 4, "high": 17}, StatedValue(low=3, high=17), "equal"),
        ("covers", {"low": 4, "high": 17}, StatedValue(typical=10), "unknown"),
        ("equal", {"low": 16}, StatedValue(typical=16), "unknown"),
    ],
)
def test_only_guaranteed_values_meet_a_limit(
    rule: str, limits: dict[str, float], value: StatedValue, expected: str
) -> None:
    found = verdict(requirement=need(rule, **limits), candidate=value, incumbent=None)
    assert found == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (StatedValue(typical=17), "equal"),
        (StatedValue(typical=21, high=25), "blocks"),
        (StatedValue(high=19), "equal"),
        (StatedValue(high=25), "unknown"),
    ],
)
def test_a_requirement_on_the_typical_takes_a_typical_value(
    value: StatedValue, expected: str
) -> None:
    asked = need("at_most", high=20, on_typical=True)
    assert verdict(requirement=asked, candidate=value, incumbent=None) == expected


def test_a_typical_value_is_compared_with_no_guaranteed_one() -> None:
    """3.5 guaranteed against 3 typical shows no gain."""
    asked = need("at_least", low=3)
    found = verdict(
        requirement=asked, candidate=StatedValue(low=3.5), incumbent=StatedValue(typical=3)
    )
    assert found == "equal"
    noted = need("informational")
    assert (
        verdict(requirement=noted, candidate=StatedValue(low=3.5), incumbent=StatedValue(typical=3))
        == "unknown"
    )


def test_equal_rule() -> None:
    requirement = need("equal", low=3.3, unit="V")
    assert verdict(requirement=requirement, candidate=point(3.3), incumbent=None) == "equal"
    assert verdict(requirement=requirement, candidate=point(3.31), incumbent=None) == "blocks"


def test_units_are_converted() -> None:
    requirement = need("at_least", low=100, unit="nF")
    found = verdict(requirement=requirement, candidate=point(0.1, "uF"), incumbent=point(100, "nF"))
    assert found == "equal"


@pytest.mark.parametrize(
    "candidate",
    [
        None,
        StatedValue(),
        StatedValue(unit="V"),
        point(5, ""),
        point(5, "kg"),
        point(5, "no_such_unit"),
    ],
)
def test_missing_or_foreign_units_are_unknown(candidate: StatedValue | None) -> None:
    found = verdict(
        requirement=need("at_least", low=1, unit="V"), candidate=candidate, incumbent=None
    )
    assert found == "unknown"


def test_words() -> None:
    requirement = need("one_of", words=("0603", "0402"))

    def judge(word: str, old: str = "0603") -> str:
        return verdict(
            requirement=requirement,
            candidate=StatedValue(word=word),
            incumbent=StatedValue(word=old),
        )

    assert [judge("0603"), judge("0402"), judge("0805"), judge("")] == [
        "equal",
        "deviation",
        "blocks",
        "unknown",
    ]


@pytest.mark.parametrize(
    ("word", "expected"), [("Device, HOST", "equal"), ("device", "blocks"), ("", "unknown")]
)
def test_all_of(word: str, expected: str) -> None:
    asked = need("all_of", words=("host", "device"))
    found = verdict(requirement=asked, candidate=StatedValue(word=word), incumbent=None)
    assert found == expected


def test_informational_never_blocks() -> None:
    requirement = need("informational", low=10, unit="g")
    found = verdict(requirement=requirement, candidate=point(1, "g"), incumbent=point(2, "g"))
    assert found == "deviation"
    assert verdict(requirement=requirement, candidate=None, incumbent=None) == "unknown"


def test_one_blocking_line_is_enough() -> None:
    assert blocks(["equal", "blocks", "better"]) is True
    assert blocks(["equal", "unknown", "deviation"]) is False


@pytest.mark.parametrize(
    ("requirement", "field"),
    [
        (need("within", low=5, high=1), "low"),
        (need("at_least"), "low"),
        (need("at_most"), "high"),
        (need("about", low=1), "rule"),
    ],
)
def test_refuses_an_impossible_requirement(requirement: RequiredValue, field: str) -> None:
    with pytest.raises(InputError) as refused:
        verdict(requirement=requirement, candidate=point(1), incumbent=None)
    assert refused.value.field == field


def test_spend_from_receipts_with_a_return() -> None:
    found = yearly_spend(receipts=[(D(100), D("1.50")), (D(-10), D("1.50"))], demand=D(999))
    assert found == Spend(amount=D("135.00"), basis="receipts")


def test_spend_falls_back_and_says_so() -> None:
    offer = yearly_spend(receipts=[], demand=D(10), best_offer=D(2), standard_cost=D(3))
    assert offer == Spend(amount=D(20), basis="offer")
    standard = yearly_spend(receipts=[], demand=D(10), standard_cost=D(3))
    assert standard == Spend(amount=D(30), basis="standard_cost")


def test_unknown_spend_is_missing_not_zero() -> None:
    assert yearly_spend(receipts=[]) == Spend(amount=None, basis=None)
    assert yearly_spend(receipts=[], demand=D(10)) == Spend(amount=None, basis=None)


def test_spend_refuses_a_negative_price() -> None:
    with pytest.raises(InputError) as refused:
        yearly_spend(receipts=[(D(1), D(-1))])
    assert refused.value.field == "receipts.0.1"
