"""A company whose currency has three decimals, or none: ledger, pools, payouts and pages."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from incentives import pool_sheet, services
from incentives import services as ledger
from incentives.models import Allocation, BonusPool
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import PolicyVersion
from tests.incentives.pooling import SPLIT, Pooled
from tests.incentives.saving import AUGUST, JUNE, Saving

#: Currency → savings, pool, and the shares of 50, 30 and 20 %.
POOLS = {
    "KWD": ("123456.789", "8641.975", ("4320.988", "2592.592", "1728.395")),
    "JPY": ("123457", "8642", ("4321", "2593", "1728")),
}
SHOWN = {"KWD": "KWD 4,320.988", "JPY": "¥4,321"}


def company(currency: str, **pools: Any) -> None:
    """The company's currency, and a policy of pools."""
    rows = {"company": {"currency": currency}} | ({"bonus_pool": pools} if pools else {})
    for name, values in rows.items():
        PolicyVersion.objects.create(name=name, number=1, state="active", values=values)


@pytest.mark.parametrize("currency", POOLS)
def test_shares_and_payouts_sum_to_the_smallest_unit(
    case: Pooled, currency: str, browse: Any, api: Any
) -> None:
    company(currency)
    saved, whole, parts = POOLS[currency]
    case.save(saved, currency=currency)
    pool = case.paid()
    connection.check_constraints()
    assert (pool.currency, pool.amount) == (currency, D(whole))
    assert case.amounts(pool) == dict(zip(SPLIT, parts, strict=True))
    assert case.payouts(pool) == {
        name: (part, part) for name, part in zip(SPLIT, parts, strict=True)
    }
    engineer = case.team.people["engineering"]
    page = browse(engineer).get(pool.get_absolute_url()).content.decode()
    assert SHOWN[currency] in page.replace("\u202f", " ").replace("\u2009", " ")
    told = api(user=case.finance.user).get("/payouts/").json()["results"]
    assert {row["amount"]["amount"] for row in told} == set(parts)
    rows = b"".join(browse(case.finance.user).get("/incentives/payouts/?export=csv")).decode()
    assert f",{parts[0]}," in rows


@pytest.mark.parametrize("currency", POOLS)
def test_a_clawback_sums_to_the_smallest_unit(case: Pooled, currency: str) -> None:
    company(currency)
    saved = POOLS[currency][0]
    case.save("1001", ago=3, currency=currency)
    line = case.save(saved, currency=currency)
    pool = case.paid()
    ledger.reverse_lines(lines=[line], reason="wrong receipts", actor=case.finance)
    connection.check_constraints()
    pool.refresh_from_db()
    assert pool.amount == {"KWD": D("70.070"), "JPY": D(70)}[currency]
    kept = Allocation.objects.filter(pool=pool).values_list("amount", flat=True)
    assert sum(kept) == pool.amount


def test_a_cap_between_two_units_is_not_exceeded(case: Pooled) -> None:
    company("JPY", person_cap="1000.5")
    case.save("123457", currency="JPY")
    pool = case.agreed()
    assert set(case.amounts(pool).values()) == {"1000"}
    assert pool.amount == 3000


def test_the_database_refuses_a_fourth_decimal(case: Pooled) -> None:
    company("KWD")
    case.save("123456.789", currency="KWD")
    pool = case.propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        BonusPool.objects.filter(pk=pool.pk).update(validated=D("1.0001"))


def test_the_parts_are_told_with_one_place_more(case: Pooled) -> None:
    company("JPY")
    case.save("123457", currency="JPY")
    pool = case.agreed()
    lines = pool_sheet.share_lines(pool, case.finance)
    assert pool_sheet.cents_note(pool, lines) == "4,321.0 + 2,592.6 + 1,728.4"


@pytest.mark.parametrize(("currency", "amount"), [("KWD", "20.013"), ("JPY", "20")])
def test_realised_lines_have_the_places_of_the_currency(
    db: None, currency: str, amount: str
) -> None:
    company(currency)
    saving = Saving(currency=currency)
    saving.receive(saving.alternate, JUNE, 10, "1.098700", currency=currency)
    saving.compute()
    assert [f"{row.amount.normalize():f}" for row in saving.lines()] == [amount]


@pytest.mark.parametrize(
    ("currency", "fine", "wrong"), [("KWD", "6.205", "6.2051"), ("JPY", "6", "6.5")]
)
def test_an_entered_amount_has_the_places_of_the_currency(
    db: None, currency: str, fine: str, wrong: str
) -> None:
    company(currency)
    saving = Saving(currency=currency)

    def enter(amount: str) -> Any:
        return services.enter_shortage_avoidance(
            case=saving.case, month=AUGUST, amount=D(amount), currency=currency,
            reason="Expedite", evidence="EX-771", actor=saving.buyer,
        )  # fmt: skip

    with pytest.raises(ValuesRefused) as caught:
        enter(wrong)
    assert [one.code for one in caught.value.problems] == ["too_precise"]
    assert enter(fine).amount == D(fine)
