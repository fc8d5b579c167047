"""Price agreements: recorded, ended, never two at once."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from secondsource.core import clock
from secondsource.core.errors import PermissionRefused, Stale, ValuesRefused
from suppliers import services
from suppliers.models import PriceAgreement, Source
from tests import factories, rfq_work
from tests.factories import JOB
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part())


def test_an_agreement_holds_its_prices_and_clauses(source: Source) -> None:
    row = rfq_work.agreement(
        source, price_breaks=[(1, Decimal("1.20")), (1000, Decimal("1.10"))],
        volume_commitment=50_000, allocation=Decimal("0.6"), rebate_threshold=40_000,
        rebate_rate=Decimal("0.02"), last_time_buy_months=12, ip_clause="We own the drawings.",
    )  # fmt: skip
    breaks = list(row.breaks.order_by("quantity").values_list("quantity", "price"))
    assert breaks == [(1, Decimal("1.20")), (1000, Decimal("1.10"))]
    assert row.reference.startswith("PA-")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"document": " "}, "/document"),
        ({"currency": "XYZ"}, "/currency"),
        ({"valid_to": dt.date(2020, 1, 1)}, "/valid_to"),
        ({"allocation": Decimal("1.1")}, "/allocation"),
        ({"rebate_rate": Decimal("0.1")}, "/rebate_threshold"),
        ({"rebate_rate": Decimal(2), "rebate_threshold": 5}, "/rebate_rate"),
        ({"price_breaks": []}, "/price_breaks"),
    ],
)
def test_wrong_terms_are_refused(source: Source, fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        rfq_work.agreement(source, **fields)
    assert [problem.pointer for problem in caught.value.problems] == [pointer]
    assert PriceAgreement.objects.count() == 0


def test_two_of_a_supplier_and_part_never_overlap(source: Source) -> None:
    first = rfq_work.agreement(source)
    with pytest.raises(ValuesRefused) as caught:
        rfq_work.agreement(source, valid_from=first.valid_to)
    assert first.reference in str(caught.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceAgreement.objects.create(
            number=99, supplier=first.supplier, manufacturer_part=first.manufacturer_part,
            document="x", valid_from=first.valid_from, valid_to=first.valid_to, currency="USD",
        )  # fmt: skip
    today = clock.business_day()
    services.change_agreement(
        agreement=first, values={"valid_to": today}, actor=JOB, expected=1, reason="ended"
    )
    later = rfq_work.agreement(
        source, valid_from=today + dt.timedelta(days=1), valid_to=today + dt.timedelta(days=9)
    )
    assert later.number == first.number + 1


def test_a_change_on_an_older_version_is_stale(source: Source) -> None:
    row = rfq_work.agreement(source)
    services.change_agreement(agreement=row, values={"note": "a"}, actor=JOB, expected=1)
    with pytest.raises(Stale):
        services.change_agreement(agreement=row, values={"note": "b"}, actor=JOB, expected=1)


@pytest.mark.parametrize("role", ["engineer", "quality", "finance", "executive", "viewer"])
def test_only_buyers_record_one(source: Source, role: str) -> None:
    with pytest.raises(PermissionRefused):
        rfq_work.agreement(source, actor=factories.actor(role))


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_recorded_at_once_one_stays() -> None:
    source = factories.incumbent(factories.part())

    def record() -> None:
        with suppress(ValuesRefused):
            rfq_work.agreement(source)

    assert at_once(record, record) == ["done", "done"]
    assert PriceAgreement.objects.count() == 1


def test_companies_whose_agreements_overlap_are_not_merged(source: Source) -> None:
    gone = factories.manufacturer()
    rfq_work.agreement(source)
    rfq_work.agreement(source, supplier=gone)
    plan = services.plan_merge(kept=source.manufacturer_part.manufacturer, gone=gone)
    assert [reason.code for reason in plan.reasons] == ["two_agreements"]
