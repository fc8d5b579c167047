"""Exchange rates: recorded once, corrected with a trace, and followed by the figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from parts import services
from parts.models import ExchangeRate, PartFigures
from secondsource.core import clock, outbox
from secondsource.core.errors import Duplicate, PermissionRefused, ValuesRefused
from secondsource.core.models import Outbox
from tests import factories

pytestmark = pytest.mark.django_db


def record(**values: Any) -> ExchangeRate:
    given = {
        "currency": "EUR", "quote": "USD", "rate": Decimal("1.10"), "as_of": clock.business_day(),
        "publisher": "ECB", "actor": factories.actor("finance"),
    }  # fmt: skip
    return services.record_rate(**{**given, **values})


def test_a_corrected_rate_leaves_the_wrong_one_in_the_history() -> None:
    row = record()
    right = services.correct_rate(
        exchange_rate=row, rate=Decimal("1.01"), reason="typed wrong",
        actor=factories.actor("admin"),
    )  # fmt: skip
    assert (ExchangeRate.objects.get().rate, right.version) == (Decimal("1.01"), 2)
    told = row.history.order_by("version").values_list("rate", "history_change_reason")
    assert list(told) == [(Decimal("1.10"), None), (Decimal("1.01"), "typed wrong")]


def test_one_rate_by_currencies_day_and_publisher() -> None:
    record()
    record(publisher="SNB")
    record(currency="USD", quote="EUR", rate=Decimal("0.9"))
    with pytest.raises(Duplicate, match="Correct that one"):
        record(rate=Decimal("1.2"))
    assert ExchangeRate.objects.count() == 3


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"currency": "XYZ"}, "/currency"),
        ({"quote": "usd"}, "/quote"),
        ({"quote": "EUR"}, "/quote"),
        ({"rate": Decimal(0)}, "/rate"),
        ({"rate": Decimal("-1.1")}, "/rate"),
        ({"publisher": " "}, "/publisher"),
        ({"as_of": dt.date(1969, 12, 31)}, "/as_of"),
    ],
)
def test_a_rate_that_cannot_be(values: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        record(**values)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not ExchangeRate.objects.exists()


def test_no_rate_of_a_day_that_has_not_come() -> None:
    with pytest.raises(ValuesRefused, match="not come"):
        record(as_of=clock.business_day() + dt.timedelta(days=1))


@pytest.mark.parametrize("role", ["engineer", "quality", "procurement", "executive", "viewer"])
def test_finance_and_administrators_write_rates(role: str) -> None:
    with pytest.raises(PermissionRefused):
        record(actor=factories.actor(role))
    with pytest.raises(PermissionRefused):
        services.correct_rate(exchange_rate=record(), rate=Decimal(2), actor=factories.actor(role))
    assert ExchangeRate.objects.get().rate == Decimal("1.10")


def bought_in(currency: str, price: str) -> Any:
    part = factories.part()
    source = factories.incumbent(part)
    factories.receipt(source, 100, unit_price=Decimal(price), currency=currency)
    return part


def spend(part: Any) -> Decimal | None:
    return PartFigures.objects.get(part=part).spend_12m


def work() -> None:
    while outbox.work_off():
        pass


def test_figures_follow_a_rate_and_its_correction_by_job() -> None:
    foreign, ours = bought_in("EUR", "1"), bought_in("USD", "1")
    Outbox.objects.all().delete()
    row = record(as_of=factories.days_ago(30))
    assert spend(foreign) is None
    work()
    assert (spend(foreign), spend(ours)) == (110, 100)
    services.correct_rate(exchange_rate=row, rate=Decimal("1.2"), actor=factories.JOB)
    work()
    assert (spend(foreign), spend(ours)) == (120, 100)


def test_an_absurd_rate_keeps_no_other_figure_and_no_receipt_from_being_stored() -> None:
    dear, cheap = bought_in("EUR", "999999"), bought_in("EUR", "1")
    record(as_of=factories.days_ago(30), rate=Decimal(999_999_999_999))
    work()
    assert (spend(dear), spend(cheap)) == (None, Decimal(99_999_999_999_900))
    assert not Outbox.objects.exclude(state=Outbox.State.DONE).exists()
    factories.receipt(dear.sources.get(), 1, unit_price=Decimal(1), currency="USD")
