"""Pools on pages and in the API: who sees what, and does what."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from incentives import pool_sheet
from incentives.models import BonusPool
from secondsource.core import clock
from tests import factories
from tests.incentives.pooling import Pooled

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def case() -> Pooled:
    found = Pooled()
    found.save("123456.78")
    return found


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_finance_sees_the_formula_and_every_share(case: Pooled, browse: Callable[..., Any]) -> None:
    pool = case.agreed()
    shown = text(browse(case.finance.user).get(reverse("incentives")))
    for figure in ("$123,456.78", "7 %", "$8,641.97", "$4,320.99", "$2,592.59", "$1,728.39"):
        assert figure in shown.replace("\u202f", " ")
    assert case.team.people["quality"].name in shown
    assert reverse("pool_move", args=[pool.public_id, "release_finance"]) in shown


def test_each_person_sees_their_own_share_alone(case: Pooled, browse: Callable[..., Any]) -> None:
    pool = case.agreed()
    reader = browse(case.team.people["quality"])
    shown = text(reader.get(pool.get_absolute_url()))
    assert "$1,728.39" in shown
    assert "$4,320.99" not in shown
    assert "$2,592.59" not in shown
    other = case.share(pool, "engineering")
    assert reader.get(reverse("share_detail", args=[other.public_id])).status_code == 404
    stranger = browse(factories.person("engineer"))
    assert stranger.get(pool.get_absolute_url()).status_code == 404
    assert "$8,641.97" not in text(stranger.get(reverse("incentives")))


def test_a_draft_is_seen_by_those_who_write_it(case: Pooled, browse: Callable[..., Any]) -> None:
    pool = case.propose()
    reader = browse(case.team.people["quality"])
    assert reader.get(pool.get_absolute_url()).status_code == 404


def test_a_person_agrees_on_the_page(case: Pooled, browse: Callable[..., Any]) -> None:
    pool = case.split(case.propose())
    case.fire(pool, "open")
    share = case.share(pool, "quality")
    url = reverse("share_move", args=[share.public_id, "agree"])
    client = browse(case.team.people["quality"])
    assert "$1,728.39" in text(client.get(url))
    stale = client.post(url, {"expected": share.version - 1})
    assert stale.status_code == 409
    done = client.post(url, {"expected": share.version})
    assert done.status_code == 302
    assert case.share(pool, "quality").state == "agreed"


def test_a_question_needs_words(case: Pooled, browse: Callable[..., Any]) -> None:
    pool = case.split(case.propose())
    case.fire(pool, "open")
    share = case.share(pool, "quality")
    url = reverse("share_move", args=[share.public_id, "question"])
    refused = browse(case.team.people["quality"]).post(url, {"note": " "})
    assert refused.status_code == 422
    assert case.share(pool, "quality").state == "proposed"


def test_pools_are_proposed_and_shared_on_pages(case: Pooled, browse: Callable[..., Any]) -> None:
    client = browse(case.finance.user)
    refused = client.post(reverse("pool_create"), {"case": case.team.case.pk, "rate": "11 %"})
    assert refused.status_code == 422
    assert "The policy allows" in refused.content.decode()
    done = client.post(reverse("pool_create"), {"case": case.team.case.pk, "rate": "7 %"})
    assert done.status_code == 302
    pool = BonusPool.objects.get()
    rows = {row.function: row.pk for row in pool.allocations.all()}
    url = reverse("pool_shares", args=[pool.public_id])
    typed = {
        f"share-{rows['engineering']}": "55 %", f"share-{rows['procurement']}": "30 %",
        f"share-{rows['quality']}": "20 %", "reason": "talked", "expected": pool.version,
    }  # fmt: skip
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "sum to 105" in refused.content.decode()
    done = client.post(url, typed | {f"share-{rows['engineering']}": "50 %"})
    assert done.status_code == 302
    assert case.amounts(pool) == {
        "engineering": "4320.99", "procurement": "2592.59", "quality": "1728.39",
    }  # fmt: skip


def test_a_release_by_a_beneficiary_says_why(case: Pooled, browse: Callable[..., Any]) -> None:
    mine = case.team.people["procurement"]
    mine.roles.append("finance")
    mine.save()
    pool = case.agreed()
    url = reverse("pool_move", args=[pool.public_id, "release_finance"])
    refused = browse(mine).post(url)
    assert refused.status_code == 422
    assert "You have a share in this pool." in refused.content.decode()


def test_a_pool_that_is_paid_names_nothing_that_stops_it(
    case: Pooled, browse: Callable[..., Any]
) -> None:
    finance = browse(case.finance.user)
    shown = text(finance.get(case.paid().get_absolute_url()))
    assert "$8,641.97 with the payroll" in shown
    assert "Everything is paid." not in shown


def test_payroll_exports_a_line_a_person(case: Pooled, browse: Callable[..., Any]) -> None:
    case.paid()
    answer = browse(case.finance.user).get(reverse("payout_list"), {"export": "csv"})
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert sorted(row["Payroll"] for row in rows) == ["1728.39", "2592.59", "4320.99"]
    assert {row["Currency"] for row in rows} == {"USD"}
    own = browse(case.team.people["quality"]).get(reverse("payout_list"), {"export": "csv"})
    body = b"".join(own.streaming_content).decode("utf-8-sig")
    assert [row["Payroll"] for row in csv.DictReader(io.StringIO(body))] == ["1728.39"]


def test_a_statement_names_every_figure(case: Pooled, browse: Callable[..., Any]) -> None:
    pool = case.paid()
    year = pool.proposed_on.year
    answer = browse(case.team.people["quality"]).get(reverse("statement", args=[year]))
    assert answer["Content-Type"] == "application/pdf"
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for figure in ("$123,456.78", "$1,728.39", pool.case.key):
        assert figure in read
    assert "4,320.99" not in read


def test_a_statement_is_for_its_person_and_finance(
    case: Pooled, browse: Callable[..., Any]
) -> None:
    of = case.team.people["quality"]
    url = reverse("statement_of", args=[2026, of.public_id])
    assert browse(case.team.people["engineering"]).get(url).status_code == 404
    assert browse(of).get(url).status_code == 200
    assert browse(case.finance.user).get(url).status_code == 200


def test_everybody_reads_the_recognition_and_no_amount(
    case: Pooled, browse: Callable[..., Any]
) -> None:
    factories.receipt(case.team.source, 10, received_date=case.team.reload().closed_at.date())
    case.paid()
    client = browse(factories.person("viewer"))
    shown = text(client.get(reverse("recognition_of", args=[case.team.case.closed_at.year])))
    assert case.team.case.key in shown
    assert case.team.people["engineering"].name in shown
    assert "$" not in shown
    assert "8,641" not in shown


def test_the_api_walks_a_pool(case: Pooled, api: Callable[..., Any]) -> None:
    finance = api(user=case.finance.user)
    key = case.team.case.key
    refused = finance.post("/bonus-pools/", {"case": key, "rate": "0.11"})
    assert refused.status_code == 422
    made = finance.post("/bonus-pools/", {"case": key, "rate": "0.07"})
    assert made.status_code == 201
    body = made.json()
    assert body["base"] == {"amount": "123456.78", "currency": "USD"}
    assert body["pool"] == {"amount": "8641.97", "currency": "USD"}
    path = f"/bonus-pools/{body['id']}/"
    shares = [
        {"person": case.team.people[name].email, "share": share}
        for name, share in (("engineering", "0.5"), ("procurement", "0.3"), ("quality", "0.25"))
    ]
    over = finance.post(f"{path}shares/", {"shares": shares, "reason": "talked"})
    assert over.status_code == 422
    assert over.json()["errors"][0]["pointer"] == "/shares"
    shares[2]["share"] = "0.2"
    assert finance.post(f"{path}shares/", {"shares": shares, "reason": "talked"}).status_code == 200
    assert finance.post(f"{path}moves/", {"name": "open"}).status_code == 200
    for name in ("engineering", "procurement", "quality"):
        person = api(user=case.team.people[name])
        (own,) = person.get("/contributions/").json()["results"]
        assert own["acts"]
        done = person.post(f"/contributions/{own['id']}/moves/", {"name": "agree"})
        assert (done.status_code, done.json()["state"]) == (200, "agreed")
        (seen,) = person.get(path).json()["allocations"]
        assert seen["person"] == case.team.people[name].email
    assert finance.post(f"{path}moves/", {"name": "release_finance"}).status_code == 200
    executive = api(user=case.executive.user)
    assert executive.post(f"{path}moves/", {"name": "release"}).json()["state"] == "released"
    paid = finance.post(f"{path}moves/", {"name": "pay"}).json()
    assert (paid["state"], paid["paid"]["amount"], paid["held"]["amount"]) == (
        "paid", "8641.97", "0.00",
    )  # fmt: skip
    assert len(finance.get("/payouts/").json()["results"]) == 3
    person = api(user=case.team.people["quality"])
    (own,) = person.get("/payouts/").json()["results"]
    assert own["payroll"] == {"amount": "1728.39", "currency": "USD"}


def test_the_api_shows_no_pool_to_others(case: Pooled, api: Callable[..., Any]) -> None:
    pool = case.agreed()
    assert api("viewer").get("/bonus-pools/").status_code == 403
    assert api("engineer").get(f"/bonus-pools/{pool.public_id}/").status_code == 404
    assert api("engineer").get("/contributions/").json()["results"] == []


def test_as_many_queries_however_many_pools(case: Pooled, browse: Callable[..., Any]) -> None:
    client = browse(case.finance.user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("incentives"))
        return len(found)

    case.paid()
    queries()
    few = queries()
    case.save("20000.00", ago=1)
    for _ in range(4):
        case.fire(case.propose(), "cancel", note="again")
    assert queries() <= few


@pytest.mark.parametrize("year", ["0000", "0", "9999", "99999999999", "x"])
def test_a_year_that_is_none(case: Pooled, browse: Callable[..., Any], api: Any, year: str) -> None:
    client = browse(case.finance.user)
    assert client.get(reverse("incentives"), {"year": year}).status_code == 200
    assert client.get(f"/incentives/statements/{year}/").status_code == 404
    assert client.get(f"/recognition/{year}/").status_code in (200, 404)
    assert api(user=case.finance.user).get("/bonus-pools/", year=year).status_code == 400


def test_a_window_from_a_leap_day_has_all_its_months() -> None:
    pool = BonusPool(window_start=dt.date(2028, 2, 29), window_end=dt.date(2029, 2, 28))
    with clock.at(dt.date(2029, 2, 27)):
        assert pool_sheet.month_of_window(pool) == "month 12 of 12"
    with clock.at(dt.date(2028, 3, 28)):
        assert pool_sheet.month_of_window(pool) == "month 1 of 12"
