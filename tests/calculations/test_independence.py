"""Common cause and concentration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers import independence as i
from suppliers.independence import Line


@pytest.mark.parametrize(
    ("shared", "beta", "badge"),
    [
        ([], 0.02, "independent"),
        (["country"], 0.10, "partly"),
        (["group"], 1.0, "nominal"),
        (["country", "sub_tier"], 0.30, "partly"),
        (["assembly"], 0.50, "nominal"),
        (["fab"], 1.0, "nominal"),
        (["die", "country"], 1.0, "nominal"),
    ],
)
def test_badge(shared: list[str], beta: float, badge: str) -> None:
    found = i.independence(shared)
    assert (found.beta, found.badge) == (beta, badge)


@pytest.mark.parametrize(("shared", "badge"), [(["country"], "unknown"), (["die"], "nominal")])
def test_facts_that_are_not_on_record(shared: list[str], badge: str) -> None:
    assert i.independence(shared, complete=False).badge == badge


def test_shared_attributes_stand_worst_first() -> None:
    assert i.independence(["country", "fab", "sub_tier"]).shared == ("fab", "sub_tier", "country")


def test_unknown_attribute_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        i.independence(["weather"])
    assert refused.value.field == "shared"


@pytest.mark.parametrize(("beta", "both"), [(0, 0.0025), (0.1, 0.00701488), (1, 0.05)])
def test_joint_failure(beta: float, both: float) -> None:
    found = i.joint_failure(p_single=0.05, beta=beta)
    assert found.p_both_down == pytest.approx(both, abs=1e-8)
    assert found.reduction_factor == pytest.approx(0.05 / both, rel=1e-6)


def test_joint_failure_by_simulation() -> None:
    rng = np.random.default_rng(11)
    p, beta, n = 0.2, 0.3, 400_000
    common = rng.random(n) < beta * p
    alone = (rng.random(n) < (1 - beta) * p) & (rng.random(n) < (1 - beta) * p)
    found = i.joint_failure(p_single=p, beta=beta).p_both_down
    assert np.mean(common | alone) == pytest.approx(found, abs=0.002)


def test_what_never_fails_has_no_factor() -> None:
    found = i.joint_failure(p_single=0, beta=0.1)
    assert (found.p_both_down, found.reduction_factor) == (0.0, None)


def test_hhi() -> None:
    found = i.hhi([0.6, 0.4])
    assert found.hhi == pytest.approx(5200)
    assert found.effective_n == pytest.approx(1.923077, abs=1e-6)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20))
def test_hhi_lies_between_equal_parts_and_one_source(parts: list[float]) -> None:
    shares = [part / sum(parts) for part in parts]
    assert 10_000 / len(shares) - 1e-6 <= i.hhi(shares).hhi <= 10_000 + 1e-6


def test_same_fab_is_not_diversified() -> None:
    lines = [
        Line(share=0.6, supplier="A", fab="F1", country="TW"),
        Line(share=0.4, supplier="B", fab="F1", country="CN"),
    ]
    found = i.concentration(lines)
    assert found.levels == pytest.approx({"supplier": 5200, "fab": 10_000, "country": 5200})
    assert (found.worst, found.effective_n) == pytest.approx((10_000, 1))


def test_groups_merge_before_squaring() -> None:
    lines = [Line(share=0.3, supplier="A"), Line(share=0.3, supplier="A"), Line(share=0.4)]
    assert i.concentration(lines).levels["supplier"] == pytest.approx(3600 + 1600)


def test_unknown_attribute_lowers_the_coverage() -> None:
    found = i.concentration([Line(share=0.7, fab="F1"), Line(share=0.3)])
    assert found.coverage["fab"] == pytest.approx(0.7)
    assert found.levels["fab"] == pytest.approx(4900 + 900)
    assert "country" not in found.levels


@pytest.mark.parametrize(
    ("shares", "field", "code"),
    [
        ([0, 0], "shares", "all_zero"),
        ([0.5, 0.2], "shares", "wrong_total"),
        ([60, 40], "shares.0", "out_of_range"),
        ([1.1, -0.1], "shares.0", "out_of_range"),
        ([], "shares", "too_few"),
        ([0.001] * 1001, "shares", "too_many"),
    ],
)
def test_hhi_refuses(shares: list[float], field: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        i.hhi(shares)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_shares_prefer_receipts_then_allocation_then_equal() -> None:
    sources = ["A", "B"]
    assert i.shares_of(receipts={"A": 75, "B": 25}, allocation={"A": 1}, sources=sources) == (
        {"A": 0.75, "B": 0.25},
        "receipts",
    )
    assert i.shares_of(receipts={}, allocation={"A": 0.8, "B": 0.2}, sources=sources) == (
        pytest.approx({"A": 0.8, "B": 0.2}),
        "allocation",
    )
    assert i.shares_of(receipts={}, allocation={}, sources=sources) == (
        {"A": 0.5, "B": 0.5},
        "equal",
    )
