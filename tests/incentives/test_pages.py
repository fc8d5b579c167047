"""The pages of savings: for each reader, with what each may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from incentives.ledger import baseline_of
from incentives.models import BudgetRate, ClosedMonth, SavingLine
from secondsource.core import clock, jobs
from secondsource.core.models import Job
from tests import factories
from tests.factories import Team
from tests.incentives.saving import AUGUST, JULY, JUNE, Saving


@pytest.fixture
def closed(saving: Saving) -> Iterator[Saving]:
    """June and July computed and closed; it is August."""
    saving.summer()
    saving.compute()
    saving.close(JUNE, JULY)
    with clock.at(AUGUST):
        yield saving


def url(saving: Saving, path: str = "") -> str:
    return f"/q/{saving.case.key}/savings/{path}"


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def test_finance_reads_the_ledger_of_a_case(closed: Saving, browse: Any) -> None:
    page = text(browse(closed.finance.user).get(url(closed)))
    for shown in ("$3.10", "$2.70", "$13,680.00", "9,380", "(120 returned)", "25 % share"):
        assert shown in page, shown
    assert "the usual 5 to 15" in page


def test_months_that_are_alike_are_one_line_of_the_ledger(saving: Saving, browse: Any) -> None:
    for month, quantity in ((6, 100), (7, 300)):
        saving.receive(saving.incumbent, dt.date(2026, month, 10), quantity, "2.70")
    saving.compute()
    saving.settle(JUNE, JULY)
    with clock.at(AUGUST):
        page = text(browse(saving.finance.user).get(url(saving)))
        assert "Jun 2026 – Jul 2026, 2 months" in " ".join(page.split())
        assert "$160.00" in page
        person = saving.finance.user
        assert person is not None
        assert f"Validated 1 Aug by {person.name}, finance, not in the team" in page


def test_an_engineer_sees_only_what_is_relative(closed: Saving, browse: Any) -> None:
    client = browse(closed.team["engineering"].user)
    page = text(client.get(url(closed))).replace("-3.10,", ",")  # in the name of the lot
    assert "−13" in page
    file = b"".join(client.get(url(closed, "?export=csv"))).decode()
    assert ",-0.13," in file  # 2.70 to 3.10: the exact fraction would give both away
    for hidden in ("3.10", "2.70", "13,680", "13680", "$13"):
        at = page.find(hidden)
        assert at < 0, page[max(0, at - 80) : at + 80]
        assert hidden not in file, hidden


def test_a_viewer_has_no_page_of_it(closed: Saving, browse: Any) -> None:
    client = browse(factories.person("viewer"))
    assert client.get(url(closed)).status_code == 403
    assert client.get("/savings/").status_code == 403
    assert "savings/" not in text(client.get(f"/q/{closed.case.key}/"))


def test_the_ledger_is_a_file(closed: Saving, browse: Any) -> None:
    answer = browse(closed.finance.user).get(url(closed, "?export=csv"))
    rows = b"".join(answer).decode().splitlines()
    assert len(rows) == 5
    assert any("13680.00" in row for row in rows[1:])


def test_a_case_without_baseline_says_so(db: None, browse: Any) -> None:
    team = Team()
    team.fire("submit")
    page = text(browse(factories.person("procurement")).get(f"/q/{team.case.key}/savings/"))
    assert "no baseline" in page
    assert "Enter it with its evidence" in page
    assert team.case.key in text(browse(factories.person("finance")).get("/savings/"))


def test_procurement_enters_a_baseline(db: None, browse: Any) -> None:
    saving = Saving(price=None)
    typed = {
        "source": saving.incumbent.pk, "price": "3.10", "currency": "usd",
        "price_on": "2026-01-10", "evidence": "Invoice 4711", "window_months": "12",
    }  # fmt: skip
    client = browse(saving.buyer.user)
    page = client.post(url(saving, "baseline/"), typed | {"price_on": "2026-02-01"})
    assert page.status_code == 422
    assert "Invoice 4711" in text(page)
    assert client.post(url(saving, "baseline/"), typed).status_code == 302
    row = baseline_of(saving.case)
    assert row is not None
    assert row.price == Decimal("3.10")


def test_two_enter_a_baseline(saving: Saving, browse: Any) -> None:
    row = baseline_of(saving.case)
    assert row is not None
    typed = {"source": saving.incumbent.pk, "price": "3.00", "currency": "USD",
             "price_on": "2026-01-10", "evidence": "Invoice", "window_months": "12",
             "expected": str(row.version + 7)}  # fmt: skip
    assert browse(saving.buyer.user).post(url(saving, "baseline/"), typed).status_code == 409


def test_avoidance_shortage_and_rebate_are_entered(closed: Saving, browse: Any) -> None:
    client = browse(closed.buyer.user)
    common = {"month": "2026-08", "currency": "USD", "reason": "Refused", "evidence": "Letter"}
    source = str(closed.incumbent.pk)
    avoided = {"source": source, "offered": "2.78", "paid": "2.70", "quantity": "100"}
    assert client.post(url(closed, "avoidance/"), common | avoided).status_code == 302
    assert client.post(url(closed, "shortage/"), common | {"amount": "6200"}).status_code == 302
    lost = {"source": source, "amount": "1200"}
    assert client.post(url(closed, "rebate/"), common | lost).status_code == 302
    rows = {(row.kind, row.amount) for row in closed.lines(month=AUGUST)}
    assert rows == {
        ("avoidance", Decimal(8)), ("shortage_avoidance", Decimal(6200)),
        ("negotiated", Decimal(-1200)),
    }  # fmt: skip
    late = client.post(url(closed, "shortage/"), common | {"month": "2026-06", "amount": "1"})
    assert (late.status_code, "Jun 2026 is closed." in text(late)) == (422, True)
    row = closed.lines(month=AUGUST)[0]
    gone = client.post(
        url(closed, f"{row.public_id}/remove/"), {"reason": "Twice", "expected": row.version}
    )
    assert gone.status_code == 302
    assert not SavingLine.objects.filter(pk=row.pk).exists()


def test_the_list_shows_totals_and_months(closed: Saving, browse: Any) -> None:
    page = text(browse(closed.finance.user).get("/savings/"))
    assert "$40,369" in page
    assert "Jun 2026" in page
    assert "Close a month" in page


def test_totals_without_prices_are_of_yesterday_and_rounded(closed: Saving, browse: Any) -> None:
    client = browse(closed.team["quality"].user)
    assert "$40,369" not in text(client.get("/savings/"))
    tomorrow = clock.now() + dt.timedelta(days=120)
    with clock.at(tomorrow.date()):
        page = text(client.get("/savings/"))
    assert "$40,000" in page
    assert "40,368" not in page


def test_finance_validates_in_bulk_with_a_reason(closed: Saving, browse: Any) -> None:
    client = browse(closed.finance.user)
    chosen = {"selected": [str(row.pk) for row in closed.lines()]}
    asked = client.post("/savings/validate/", chosen)
    assert "$40,368.80" in text(asked)
    assert not SavingLine.objects.filter(stage="validated").exists()
    refused = client.post("/savings/validate/", chosen | {"sure": "1", "reason": ""})
    assert refused.status_code == 422
    done = client.post("/savings/validate/", chosen | {"sure": "1", "reason": "Matches the ERP"})
    assert done.status_code == 302
    assert SavingLine.objects.filter(stage="validated").count() == 4
    back = client.post(
        "/savings/take-back/",
        {"selected": chosen["selected"][:1], "sure": "1", "reason": "Contract was wrong"},
    )
    assert back.status_code == 302
    assert SavingLine.objects.filter(stage="reversed").count() == 1


def test_procurement_validates_nothing(closed: Saving, browse: Any) -> None:
    client = browse(closed.buyer.user)
    chosen = {"selected": [str(closed.lines()[0].pk)], "sure": "1"}
    assert client.post("/savings/validate/", chosen).status_code == 403
    assert "saving_validate" not in text(client.get("/savings/"))


def test_finance_closes_a_month(saving: Saving, browse: Any) -> None:
    client = browse(saving.finance.user)
    with clock.at(AUGUST):
        done = client.post("/savings/months/close/", {"month": "2026-07", "note": "July"})
        assert done.status_code == 302
        assert not ClosedMonth.objects.exists()
        assert "Jul 2026 is being closed" in text(client.get("/savings/"))
        again = client.post("/savings/months/close/", {"month": "2026-07"})
        assert (again.status_code, "is being closed" in text(again)) == (422, True)
        jobs.run(str(Job.objects.get().pk))
        card = client.get("/savings/", headers={"HX-Request": "true", "HX-Target": "months"})
        assert "is being closed" not in text(card)
        assert ("Jul 2026" in text(card), "<html" in text(card)) == (True, False)
        again = client.post("/savings/months/close/", {"month": "2026-07"})
        assert (again.status_code, "is closed already" in text(again)) == (422, True)
        wrong = client.post("/savings/months/close/", {"month": "13/2026"})
        assert wrong.status_code == 422
    assert list(ClosedMonth.objects.values_list("month", flat=True)) == [JULY]


def test_a_closing_that_failed_is_shown_with_its_reason(saving: Saving, browse: Any) -> None:
    client = browse(saving.finance.user)
    with clock.at(AUGUST):
        client.post("/savings/months/close/", {"month": "2026-07"})
        saving.finance.user.roles = ["viewer"]
        saving.finance.user.save()
        jobs.run(str(Job.objects.get().pk))
        page = text(browse(factories.actor("finance").user).get("/savings/"))
    assert "Close Jul 2026 failed" in page
    assert not ClosedMonth.objects.exists()


def test_budget_rates_are_planned_by_finance(saving: Saving, browse: Any) -> None:
    client = browse(saving.finance.user)
    typed = {"year": "2026", "currency": "EUR", "rate": "1.1"}
    assert client.post("/savings/rates/new/", typed).status_code == 302
    assert client.post("/savings/rates/new/", typed | {"rate": "1.2"}).status_code == 302
    assert BudgetRate.objects.get().rate == Decimal("1.2")
    assert "1 EUR = 1.2 USD" in text(client.get("/savings/rates/"))
    assert client.post("/savings/rates/new/", typed | {"currency": "USD"}).status_code == 422
    saving.close(JUNE)
    assert client.post("/savings/rates/new/", typed).status_code == 422


def test_the_list_costs_a_fixed_number_of_queries(
    closed: Saving, browse: Any, django_assert_max_num_queries: Any
) -> None:
    client = browse(closed.finance.user)
    client.get("/savings/")
    with django_assert_max_num_queries(32):
        client.get("/savings/")
    with django_assert_max_num_queries(40):
        client.get(url(closed))


def test_receipts_without_price_or_rate_are_told(saving: Saving, browse: Any) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 1), 100, None)
    saving.receive(saving.alternate, dt.date(2026, 6, 2), 100, "1.00", currency="EUR")
    page = text(browse(saving.finance.user).get(url(saving)))
    assert "Receipts without a price are not counted: 1." in page
    assert "without a budget rate of their year are not counted: 1." in page
