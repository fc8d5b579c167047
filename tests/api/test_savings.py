"""The ledger by the API."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from incentives.models import BudgetRate, ClosedMonth, KpiTarget, SavingLine
from secondsource.accounts.models import Team
from secondsource.core import clock, jobs
from tests.incentives.saving import AUGUST, JULY, JUNE, Saving

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed() -> Iterator[Saving]:
    """June and July computed and closed; it is August."""
    saving = Saving()
    saving.summer()
    saving.compute()
    saving.close(JUNE, JULY)
    with clock.at(AUGUST):
        yield saving


def lines(client: Any, query: str = "") -> list[Any]:
    found: list[Any] = client.get(f"/savings/{query}").json()["results"]
    return found


def test_finance_validates_and_takes_back(closed: Saving, api: Any) -> None:
    client = api(user=closed.finance.user)
    rows = lines(client, "?ordering=month")
    assert rows[0]["amount"] == {"amount": "13680.000", "currency": "USD"}
    assert (rows[0]["stage"], rows[0]["paid_price"]["amount"]) == ("realised", "2.700000")
    keys = [row["id"] for row in rows]
    refused = client.post("/savings/validate/", {"lines": keys})
    assert refused.json()["errors"][0]["pointer"] == "/reason"
    done = client.post("/savings/validate/", {"lines": keys, "reason": "ERP"})
    assert {row["stage"] for row in done.json()["results"]} == {"validated"}
    again = client.post("/savings/validate/", {"lines": keys[:1]})
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (422, "validated")
    back = client.post("/savings/take-back/", {"lines": keys[:1], "reason": "Wrong"})
    assert back.json()["results"][0]["corrects"] == keys[0]
    base = client.get(f"/cases/{closed.case.key}/pool-base/").json()
    assert base["validated"]["amount"] == "26688.800"


def test_prices_are_absent_for_an_engineer(closed: Saving, api: Any) -> None:
    client = api(user=closed.team["engineering"].user)
    row = lines(client)[0]
    hidden = {"amount", "baseline_price", "paid_price", "fx_effect"}
    assert not hidden & set(row)
    assert "quantity" in row
    base = client.get(f"/cases/{closed.case.key}/pool-base/").json()
    assert not {"validated", "net", "project_cost", "rebate_lost"} & set(base)


def test_procurement_enters_lines_and_a_baseline(closed: Saving, api: Any) -> None:
    client = api(user=closed.buyer.user)
    path = f"/cases/{closed.case.key}"
    common = {"month": "2026-08-01", "reason": "Expedite", "evidence": "EX-771"}
    money = {"amount": {"amount": "6200", "currency": "USD"}}
    made = client.post(f"{path}/savings/shortage-avoidance/", common | money)
    assert (made.status_code, made.json()["kind"]) == (201, "shortage_avoidance")
    late = client.post(
        f"{path}/savings/shortage-avoidance/", common | money | {"month": "2026-06-01"}
    )
    assert (late.status_code, late.json()["reasons"][0]["code"]) == (422, "month_closed")
    source = closed.incumbent.key
    assert client.post(
        f"{path}/savings/rebate-lost/", common | money | {"source": source}
    ).json()["amount"]["amount"] == "-6200.000"  # fmt: skip
    avoided = {"source": source, "offered": "2.78", "paid": "2.70", "currency": "USD",
               "quantity": "100"}  # fmt: skip
    assert client.post(f"{path}/savings/avoidance/", common | avoided).status_code == 201
    given = {"source": source, "price": {"amount": "3", "currency": "USD"},
             "price_on": "2026-01-02", "evidence": "Invoice"}  # fmt: skip
    refused = client.post(f"{path}/baselines/", given)
    assert refused.json()["reasons"][0]["code"] == "month_closed"
    assert len(client.get(f"{path}/baselines/").json()["results"]) == 1


def test_finance_closes_months_and_plans_rates(closed: Saving, api: Any) -> None:
    client = api(user=closed.finance.user)
    asked = client.post("/closed-months/", {"month": "2026-05-01"})
    assert (asked.status_code, asked["Location"]) == (202, asked.json()["job"])
    again = client.post("/closed-months/", {"month": "2026-05-01"})
    assert again.json()["reasons"][0]["code"] == "month_closing"
    key = asked["Location"].rstrip("/").rpartition("/")[2]
    jobs.run(key)
    assert client.get(f"/jobs/{key}/").json()["state"] == "done"
    again = client.post("/closed-months/", {"month": "2026-05-01"})
    assert again.json()["reasons"][0]["code"] == "month_closed"
    assert ClosedMonth.objects.count() == 3
    rate = {"year": 2027, "currency": "EUR", "rate": "1.1"}
    assert client.post("/budget-rates/", rate).status_code == 201
    assert BudgetRate.objects.get().rate == Decimal("1.1")


def test_others_do_not_close_or_validate(closed: Saving, api: Any) -> None:
    client = api(user=closed.buyer.user)
    body = {"lines": [SavingLine.objects.all()[0].key]}
    assert client.post("/savings/validate/", body).status_code == 403
    assert client.post("/closed-months/", {"month": "2026-05-01"}).status_code == 403


def test_targets_and_what_teams_reach(closed: Saving, api: Any) -> None:
    team = Team.objects.create(code="T1", name="Team one")
    team.members.add(closed.team["engineering"].user)
    client = api("executive")
    body = {"team": "T1", "year": 2026, "conversions": 4, "cost_reduction_pct": "6"}
    assert client.post("/kpi-targets/", body).status_code == 201
    assert KpiTarget.objects.get().conversions == 4
    row = client.get("/team-kpi/?year=2026").json()["results"][0]
    assert (row["team"], row["conversions"], row["conversions_target"]) == ("T1", 0, 4)
    assert row["cost_reduction_pct"] == "17.16"
    assert row["conversions_awaiting_receipt"] == 0
    assert client.get("/team-kpi/?year=abc").status_code == 400
