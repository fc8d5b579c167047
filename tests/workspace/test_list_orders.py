"""Every order that a page or the API offers comes from an index, however long the list is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incentives.models import Allocation, BonusPool, Negotiation, Payout
from parts.models import Category, ExchangeRate
from secondsource.accounts.models import ApiToken, Plant, ProductLine, Team, User
from secondsource.accounts.rights import Role
from secondsource.accounts.services import issue_token
from secondsource.core.models import Job, Outbox
from secondsource.exchange.models import Import
from suppliers.models import PriceAgreement, Quote, Rfq, Takeover
from tests import factories
from tests.bench import orders
from tests.bench.orders import Order

#: Lists that do not grow with the parts: a few thousand rows at most, sorted in milliseconds.
SHORT = {
    Allocation, ApiToken, BonusPool, Category, ExchangeRate, Import, Job, Negotiation, Outbox,
    Payout, Plant, PriceAgreement, ProductLine, Quote, Rfq, Takeover, Team, User,
    None,  # exports, which have no filters
}  # fmt: skip
#: Lists of the work of cases, by the start of their addresses: as many as people work on.
WORK_OF_CASES = ("/approvals/", "/fmea/", "/pilots/", "/lessons/", "/savings/", "/splits/")
#: What pages work out for each row of the cases themselves.
WORKED_OUT = {f"/q/?sort={sign}{name}" for sign in ("", "-")
              for name in ("incumbent", "state", "lead", "sponsor", "due")}  # fmt: skip
#: Rows with one value of these are few, or read from the index alone; they are sorted by id.
GROUPED = ("approval_id", "ipn", "code", "mpn_normal", "po", "spend_12m", "valid_from")
#: Only the paths of an index: whatever else is needed shows as a sort.
PLANNER = " ".join(
    f"SET LOCAL enable_{path} = off;"
    for path in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin", "material")
)


@pytest.fixture
def person(db: None) -> Any:
    return factories.person(*(role for role in Role.values if role != Role.INTEGRATION))


@pytest.fixture
def page(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def api(person: Any) -> Client:
    scopes = ["read", "prices", "margins", "admin"]
    _, secret = issue_token(user=person, scopes=scopes, days=1, actor=factories.JOB)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def long_lists(found: Iterable[Order]) -> list[Order]:
    return [
        one for one in found
        if one.model not in SHORT and one.url not in WORKED_OUT
        and not one.url.startswith(WORK_OF_CASES)
    ]  # fmt: skip


def sorted_anew(client: Client, order: Order) -> list[str]:
    """By what the page's queries sort whole lists."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(order.url)
    assert answer.status_code == 200, (order.url, answer.content[:300])
    table = f'FROM "{order.model._meta.db_table}"'
    pages = [
        sql for query in asked if table in (sql := query["sql"]) and "ORDER BY" in sql
        and " LIMIT " in sql and "ANY(" not in sql
    ]  # fmt: skip
    assert pages, order.url
    return [key for query in pages for key in _sorts(_plan(query))]


def _plan(query: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(PLANNER)
        cursor.execute(f"EXPLAIN (FORMAT JSON) {query}")
        (found,) = cursor.fetchone()
        cursor.execute("RESET ALL")
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _sorts(plan: dict[str, Any]) -> Iterator[str]:
    """The keys of a plan's sorts; those of subqueries are of few rows."""
    if plan["Node Type"] == "Sort":
        yield ", ".join(plan["Sort Key"])
    if plan["Node Type"] == "Incremental Sort":
        key = plan["Presorted Key"][0].split()[0].split(".")[-1]
        if key not in GROUPED:
            yield f"groups of {key}"
    for child in plan.get("Plans", ()):
        if child.get("Parent Relationship") not in ("SubPlan", "InitPlan"):
            yield from _sorts(child)


def test_orders_of_the_api(api: Client) -> None:
    found = {one.url: sorted_anew(api, one) for one in long_lists(orders.of_api())}
    assert len(found) > 40
    assert {url: keys for url, keys in found.items() if keys} == {}


def test_orders_of_the_pages(page: Client) -> None:
    found = {one.url: sorted_anew(page, one) for one in long_lists(orders.of_pages())}
    assert len(found) > 25
    assert not (bad := sorted(url for url, keys in found.items() if keys)), bad
