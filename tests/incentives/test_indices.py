"""Baselines that follow a market index: what the market moves stands apart and is no saving."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from incentives import savings, services
from incentives.ledger import baseline_of, pool_base, window_of
from incentives.models import Baseline, IndexValue, PriceIndex, SavingLine
from secondsource.core import clock, formats
from secondsource.core.errors import Duplicate, PermissionRefused, ValuesRefused
from tests.incentives.saving import AUGUST, JULY, JUNE, OPENED, Saving
from tests.incentives.test_foreseen import agree

START = dt.date(2026, 1, 2)


def value(saving: Saving, day: dt.date, number: str, **fields: Any) -> IndexValue:
    """A value of the saving's index, of finance."""
    given = {"evidence": "LME bulletin", "actor": saving.finance} | fields
    with clock.at(max(day, OPENED)):
        return services.record_value(
            index=PriceIndex.objects.get(), day=day, value=D(number), **given
        )


def link(saving: Saving, share: str = "0.4", **fields: Any) -> Baseline:
    """The baseline of 3.10, of which a share follows the index."""
    given = {
        "source": saving.incumbent, "price": D("3.10"), "currency": "USD", "price_on": OPENED,
        "evidence": "Contract 12, annex B", "actor": saving.buyer, "linked_share": D(share),
        "index": PriceIndex.objects.get(),
    }  # fmt: skip
    return services.enter_baseline(case=saving.case, **(given | fields))


@pytest.fixture
def copper(saving: Saving) -> Saving:
    """Copper was at 9,000 when the case opened, and rose to 9,900 in May."""
    services.add_index(
        code="lme-cu", name="Copper", publisher="LME", unit="USD/t", actor=saving.finance
    )
    value(saving, START, "9000")
    value(saving, dt.date(2026, 5, 29), "9900")
    return saving


def effects(saving: Saving) -> list[tuple[D, D | None]]:
    """Amount and effect of the market of each line."""
    return [(row.amount, row.market_effect) for row in saving.lines()]


def test_the_linked_share_of_the_baseline_follows_the_index(copper: Saving) -> None:
    row = link(copper)
    assert (row.index_base, row.index_base_on) == (9000, START)
    copper.receive(copper.alternate, dt.date(2026, 6, 20), 1000, "3.00")
    copper.compute()
    line = copper.lines()[0]
    assert line.baseline_price == savings.indexed_baseline(
        baseline=D("3.10"), index_then=D(9000), index_now=D(9900), linked_share=D("0.4")
    )
    assert (line.baseline_price, line.amount) == (D("3.224"), 224)
    assert line.market_effect == -124
    assert copper.compute().written == 0


def test_a_price_that_falls_with_the_market_saves_nothing(copper: Saving) -> None:
    link(copper, "1")
    value(copper, dt.date(2026, 5, 30), "8100")
    copper.receive(copper.incumbent, JUNE, 1000, "2.79")
    copper.receive(copper.alternate, JULY, 1000, "2.79")
    copper.compute()
    assert window_of(baseline_of(copper.case)) == (JULY, dt.date(2027, 7, 1))
    assert effects(copper) == [(0, 310)]


def test_without_an_index_there_is_no_effect_of_the_market(copper: Saving) -> None:
    copper.receive(copper.alternate, JUNE, 100, "3.00")
    copper.compute()
    assert effects(copper) == [(10, None)]


def test_a_month_without_a_value_is_told_and_not_counted(copper: Saving) -> None:
    link(copper)
    copper.receive(copper.alternate, JUNE, 100, "3.00")
    copper.receive(copper.alternate, dt.date(2026, 9, 10), 100, "3.00")
    copper.compute(dt.date(2026, 10, 1))
    assert [row.earned_in for row in copper.lines()] == [JUNE]
    told = "LME-CU has no value of the three months up to Sep 2026."
    assert pool_base(copper.case).problems == (told,)
    value(copper, dt.date(2026, 8, 31), "9000")
    copper.compute(dt.date(2026, 10, 1))
    assert effects(copper) == [(D("22.40"), D("-12.40")), (10, 0)]
    assert pool_base(copper.case).problems == ()


def test_a_corrected_value_leaves_closed_months_as_they_are(copper: Saving) -> None:
    link(copper)
    copper.receive(copper.alternate, JUNE, 1000, "3.00")
    copper.compute()
    (before,) = copper.settle(JUNE)
    value(copper, dt.date(2026, 5, 29), "9450")
    copper.compute()
    before.refresh_from_db()
    assert (before.amount, before.market_effect, before.stage) == (224, -124, "validated")
    (made,) = copper.lines(origin="correction")
    assert (made.month, made.earned_in, made.corrects) == (AUGUST, JUNE, before)
    assert (made.amount, made.market_effect, made.quantity) == (-62, 62, 0)
    assert made.reason == "Index of Jun 2026 changed"
    assert copper.compute().written == 0


def test_what_is_taken_back_takes_the_effect_of_the_market_with_it(copper: Saving) -> None:
    link(copper)
    copper.receive(copper.alternate, JUNE, 1000, "3.00")
    copper.compute()
    lines = copper.settle(JUNE)
    with clock.at(AUGUST):
        services.reverse_lines(lines=lines, reason="wrong receipts", actor=copper.finance)
    row = SavingLine.objects.get(origin="reversal")
    assert (row.amount, row.market_effect) == (-224, 124)


def test_the_effects_of_market_and_rate_are_apart(copper: Saving) -> None:
    services.plan_rate(year=2026, currency="EUR", rate=D("1.10"), actor=copper.finance)
    link(copper, currency="EUR")
    copper.receive(copper.alternate, JUNE, 1000, "3.00", currency="EUR")
    copper.compute()
    row = copper.lines()[0]
    assert (row.baseline_price, row.paid_price) == (D("3.5464"), D("3.30"))
    assert (row.amount, row.market_effect, row.fx_effect) == (D("246.4"), D("-136.4"), None)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"index": None}, "/index"),
        ({"linked_share": None}, "/linked_share"),
        ({"linked_share": D(0)}, "/linked_share"),
        ({"linked_share": D("1.01")}, "/linked_share"),
        ({"linked_share": D("0.12345")}, "/linked_share"),
        ({"price_on": dt.date(2026, 1, 1)}, "/index"),
    ],
)
def test_half_a_link_is_refused(copper: Saving, fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        link(copper, **fields)
    assert [one.pointer for one in caught.value.problems] == [pointer]
    assert Baseline.objects.get(case=copper.case).index is None


def test_the_database_refuses_half_a_link_and_keeps_a_whole_one(copper: Saving) -> None:
    row = link(copper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Baseline.objects.filter(pk=row.pk).update(linked_share=D("0.9"))
    row.pk, row.superseded_at, row.index = None, clock.now(), None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"number": "0"}, "/value"),
        ({"evidence": " "}, "/evidence"),
        ({"day": dt.date(2026, 1, 11)}, "/day"),
    ],
)
def test_wrong_values_of_an_index_are_refused(
    copper: Saving, fields: dict[str, Any], pointer: str
) -> None:
    given = {"day": OPENED, "number": "1", "evidence": "LME", "actor": copper.finance} | fields
    number = given.pop("number")
    with clock.at(OPENED), pytest.raises(ValuesRefused) as caught:
        services.record_value(index=PriceIndex.objects.get(), value=D(number), **given)
    assert [one.pointer for one in caught.value.problems] == [pointer]
    assert IndexValue.objects.count() == 2


def test_who_is_paid_by_savings_records_no_index(copper: Saving) -> None:
    with pytest.raises(PermissionRefused):
        value(copper, OPENED, "1", actor=copper.buyer)


def test_an_index_has_a_code_and_is_named_once(copper: Saving) -> None:
    given = {"name": "Copper", "publisher": "LME", "unit": "USD/t", "actor": copper.finance}
    for code in ("a b", "", "-CU"):
        with pytest.raises(ValuesRefused) as caught:
            services.add_index(code=code, **given)
        assert [one.pointer for one in caught.value.problems] == ["/code"]
    with pytest.raises(Duplicate):
        services.add_index(code="LME-CU", **given)
    assert PriceIndex.objects.count() == 1


def test_what_is_contracted_follows_the_index_too(copper: Saving) -> None:
    link(copper)
    agree(copper)
    with clock.at(AUGUST):
        services.recompute_foreseen(actor=copper.finance)
    rows = copper.lines(origin="agreement")
    assert {str(row.baseline_price) for row in rows} == {"3.224000"}
    value(copper, dt.date(2026, 7, 31), "9000")
    with clock.at(AUGUST):
        services.recompute_foreseen(actor=copper.finance)
    rows = copper.lines(origin="agreement")
    assert [str(row.baseline_price) for row in rows[:3]] == ["3.224000", "3.224000", "3.100000"]


def test_pages_tell_formula_and_effect(copper: Saving, browse: Any) -> None:
    link(copper)
    copper.receive(copper.alternate, JUNE, 1000, "3.00")
    copper.compute()
    url = f"/q/{copper.case.key}/savings/"
    page = browse(copper.finance.user).get(url).content.decode()
    page = page.replace("\u202f", " ").replace("\xa0", " ")
    assert f"40 % follows LME-CU, 9,000 on {formats.day(START)}" in page
    assert "Market −$124.00" in page
    assert "Market" in browse(copper.finance.user).get("/savings/").content.decode()
    assert "124.00" not in browse(copper.team.lead.user).get(url).content.decode()


def test_finance_adds_an_index_and_its_values(saving: Saving, browse: Any) -> None:
    client = browse(saving.finance.user)
    given = {"code": "DRAM", "name": "DRAM spot", "publisher": "DX", "unit": "USD"}
    assert client.post("/savings/indices/new/", given).url == "/savings/indices/DRAM/"
    sheet = {"day": "2026-01-02", "value": "3.4", "evidence": "DX bulletin"}
    answer = client.post("/savings/indices/DRAM/value/", sheet | {"evidence": ""})
    assert (answer.status_code, IndexValue.objects.count()) == (422, 0)
    assert client.post("/savings/indices/DRAM/value/", sheet).status_code == 302
    assert "3.4" in client.get("/savings/indices/DRAM/").content.decode()
    assert "DRAM spot" in client.get("/savings/indices/").content.decode()
    assert client.get("/savings/indices/NONE/").status_code == 404
    assert browse(saving.buyer.user).post("/savings/indices/new/", given).status_code == 403


def test_many_values_are_pasted_at_once_or_not_at_all(copper: Saving, browse: Any) -> None:
    client, address = browse(copper.finance.user), "/savings/indices/LME-CU/values/"
    sheet = "2026-01-30\t9100\n27 Feb 2026; 9200.5\n\n2026-05-29 9800\n"
    for wrong, told in (
        ("soon 9300", "Line 5"), ("2026-03-31", "Line 5"), ("2026-03-31 0", "2026-03-31: Above 0."),
        ("2099-01-01 9", "2099-01-01: This day has not come yet."), ("2026-01-30 1", "each day"),
    ):  # fmt: skip
        answer = client.post(address, {"values": sheet + wrong, "evidence": "LME"})
        assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert IndexValue.objects.count() == 2
    assert client.post(address, {"values": sheet, "evidence": "LME"}).status_code == 302
    rows = IndexValue.objects.order_by("day").values_list("day", "value")
    assert list(rows) == [
        (START, 9000), (dt.date(2026, 1, 30), 9100), (dt.date(2026, 2, 27), D("9200.5")),
        (dt.date(2026, 5, 29), 9800),
    ]  # fmt: skip


def test_the_api_records_values_and_links_a_baseline(copper: Saving, api: Any) -> None:
    finance, buyer = api(user=copper.finance.user), api(user=copper.buyer.user)
    sent = {"index": "LME-CU", "day": "2026-02-27", "value": "9300", "evidence": "LME"}
    assert finance.post("/index-values/", sent).status_code == 201
    assert buyer.post("/index-values/", sent).status_code == 403
    assert len(finance.get("/index-values/?index=LME-CU").json()["results"]) == 3
    baseline = {
        "source": copper.incumbent.key, "price": {"amount": "3.10", "currency": "USD"},
        "price_on": "2026-01-10", "evidence": "Contract", "index": "LME-CU",
        "linked_share": "0.4",
    }  # fmt: skip
    made = buyer.post(f"/cases/{copper.case.key}/baselines/", baseline)
    assert (made.status_code, made.json()["index_base"]) == (201, "9000.000000")
    refused = buyer.post(f"/cases/{copper.case.key}/baselines/", baseline | {"index": "NO"})
    assert refused.json()["errors"][0]["pointer"] == "/index"
    copper.receive(copper.alternate, JUNE, 1000, "3.00")
    copper.compute()
    row = finance.get("/savings/").json()["results"][0]
    assert row["market_effect"] == {"amount": "-124.000", "currency": "USD"}
