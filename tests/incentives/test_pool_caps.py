"""Caps of a case, of a person and of a year, and the part that is held back."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from incentives import pool_figures, pool_sheet, statement
from incentives import services as ledger
from incentives.house_rules import PoolPolicy
from incentives.models import Allocation
from incentives.pool_workflow import ALLOCATION_FLOW
from secondsource.core.models import PolicyVersion
from tests.incentives.pooling import Pooled


def rule(**values: Any) -> None:
    """An active policy of pools."""
    PolicyVersion.objects.create(name="bonus_pool", number=1, state="active", values=values)


def test_the_cap_of_a_case(saved: Pooled) -> None:
    rule(cap="5000")
    pool = saved.paid()
    assert (pool.amount, pool_figures.above_caps(pool)) == (D(5000), D("3641.97"))
    assert saved.amounts(pool) == {
        "engineering": "2500.00", "procurement": "1500.00", "quality": "1000.00",
    }  # fmt: skip


def test_the_cap_of_a_person_is_paid_to_nobody(saved: Pooled) -> None:
    rule(person_cap="3000")
    pool = saved.paid()
    connection.check_constraints()
    assert pool.amount == D("7320.98")
    assert saved.amounts(pool) == {
        "engineering": "3000.00", "procurement": "2592.59", "quality": "1728.39",
    }  # fmt: skip
    line = pool_sheet.share_lines(pool, saved.finance)[0]
    assert line.formula.replace("\u202f", " ") == "$123,456.78 × 7 % × 50 %, capped"


def test_a_clawback_below_the_cap_of_a_person_takes_only_what_is_above(saved: Pooled) -> None:
    rule(person_cap="3000")
    pool = saved.paid()
    row = saved.team.case.savings.get(amount=30000)
    ledger.reverse_lines(lines=[row], reason="wrong receipts", actor=saved.finance)
    connection.check_constraints()
    pool.refresh_from_db()
    assert saved.payouts(pool, "clawback") == {
        "procurement": ("-630.00", "0.00"), "quality": ("-420.00", "0.00"),
    }  # fmt: skip
    assert pool.amount == D("6270.98")


def test_a_decision_keeps_the_cap_of_a_person(saved: Pooled) -> None:
    rule(person_cap="3000")
    pool = saved.agreed()
    saved.answer(pool, "quality", "dispute", note="More lab work.")
    share = saved.share(pool, "quality")
    ALLOCATION_FLOW.fire(
        share.pk, "decide", actor=saved.executive, note="It was more.", data={"share": "60"}
    )
    connection.check_constraints()
    pool.refresh_from_db()
    assert saved.amounts(pool)["quality"] == "3000.00"
    assert pool.amount == sum(D(one) for one in saved.amounts(pool).values())


def test_the_cap_of_a_year_leaves_the_next_pool_the_rest(saved: Pooled) -> None:
    rule(year_cap="10000")
    assert saved.agreed().amount == D("8641.97")
    other = Pooled()
    other.save("123456.78", ago=1)
    assert other.propose(rate=D("0.07")).amount == D("1358.03")


@pytest.mark.django_db
def test_half_is_paid_before_the_case_is_closed_and_the_rest_after() -> None:
    rule(holdback="0.5")
    case = Pooled(closed=False)
    case.save("123456.78")
    pool = case.fire(case.released(), "pay")
    connection.check_constraints()
    assert pool.state == "held"
    assert case.payouts(pool) == {
        "engineering": ("2160.49", "2160.49"), "procurement": ("1296.29", "1296.29"),
        "quality": ("864.20", "864.20"),
    }  # fmt: skip
    case.team.finish_transition()
    pool = case.fire(pool, "pay")
    connection.check_constraints()
    assert pool.state == "paid"
    assert Allocation.objects.filter(pool=pool).aggregate(n=Sum("payouts__amount"))["n"] == (
        D("8641.97")
    )


@pytest.mark.parametrize(
    ("caps", "told"),
    [
        ({}, ""),
        ({"cap": "50000"}, "At most $50,000.00 a case."),
        ({"person_cap": "3000"}, "At most $3,000.00 a person in a year."),
        ({"year_cap": "9000"}, "At most $9,000.00 of all pools of a year."),
        (
            {"cap": "50000", "person_cap": "3000", "year_cap": "9000"},
            "At most $50,000.00 a case, $3,000.00 a person in a year, $9,000.00 of all pools of a"
            " year.",
        ),
    ],
)
def test_the_rule_names_each_cap(caps: dict[str, str], told: str) -> None:
    policy = PoolPolicy(**{name: D(cap) for name, cap in caps.items()})
    assert pool_figures.caps_in_words(policy, "USD").replace("\u202f", " ") == told


def test_page_and_statement_name_the_caps(saved: Pooled, browse: Any) -> None:
    rule(person_cap="3000")
    pool = saved.paid()
    told = "At most $3,000.00 a person in a year."
    person = saved.team.people["quality"]
    page = browse(saved.finance.user).get(pool.get_absolute_url()).content.decode()
    assert told in page.replace("\u202f", " ")
    assert told in statement.of(person, pool.proposed_on.year, person)["rule"].replace(
        "\u202f", " "
    )
