"""Pools and savings as tasks of My work: each step waits for who does it, and is counted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incentives import services, waiting
from incentives.models import BudgetRate, ClosedMonth
from incentives.pool_workflow import ALLOCATION_FLOW
from secondsource.accounts.models import User
from secondsource.core import audit, clock
from secondsource.workspace.notifications import receivers
from tests import factories
from tests.factories import Team
from tests.incentives.pooling import SPLIT, Pooled
from tests.incentives.saving import AUGUST, JUNE, Saving
from tests.workspace.notifications.reading import told

pytestmark = pytest.mark.django_db


def tasks(user: User | None) -> list[str]:
    """The tasks that the person can do; what is counted are the same."""
    assert user is not None
    found = [task.title for task in waiting.tasks_of(user) if task.group != "waiting"]
    assert sum(rows.count() for rows in waiting.counted(user).values()) == len(found)
    return found


def test_each_step_of_a_pool_is_a_task_of_who_does_it() -> None:
    case = Pooled()
    case.save("123456.78")
    key, quality = case.team.case.key, case.team.people["quality"]
    finance, executive = case.finance.user, case.executive.user
    pool = case.split(case.propose())
    assert tasks(quality) == []
    case.fire(pool, "open")
    assert tasks(quality) == [f"Agree to your share of {key}"]
    case.answer(pool, "quality", "question", note="Are the samples in?")
    assert tasks(quality) == []
    assert tasks(finance) == tasks(executive) == [f"Answer a question on {key}"]
    share = case.share(pool, "quality")
    ALLOCATION_FLOW.fire(share.pk, "answer", actor=case.finance, note="They are.")
    for function in SPLIT:
        case.answer(pool, function)
    assert tasks(finance) == [f"Release the bonus pool of {key} for finance"]
    case.fire(pool, "release_finance")
    assert (tasks(finance), tasks(executive)) == ([], [f"Release the bonus pool of {key}"])
    case.fire(pool, "release", case.executive)
    case.answer(pool, "quality", "dispute", note="The lab work is missing.")
    dispute = f"Decide a dispute on {key}"
    assert tasks(finance) == [dispute, f"Pay the bonus pool of {key}"]
    assert tasks(executive) == [dispute]
    case.fire(pool, "pay")
    assert tasks(finance) == [dispute]


def test_a_pool_that_is_held_back_whole_is_no_task() -> None:
    case = Pooled(closed=False)
    case.save()
    pool = case.agreed()
    case.fire(pool, "release_finance")
    case.fire(pool, "release", case.executive)
    assert tasks(case.finance.user) == []


def test_several_changes_of_a_month_are_told_in_one_pass(
    saving: Saving,
) -> None:
    saving.summer()
    saving.compute()
    with clock.at(AUGUST):
        services.close_month(month=JUNE, actor=saving.finance)
        events = [
            audit.record("incentives.saving.validated", saving.case, saving.finance)
            for _ in range(3)
        ]
    with CaptureQueriesContext(connection) as asked:
        receivers.savings_changed({"first": events[0].pk, "event": events[-1].pk})
    told_of = [one for one in asked if "INSERT INTO core_notification AS" in one["sql"]]
    assert len(told_of) == 1


def test_a_month_is_closed_and_then_validated(saving: Saving) -> None:
    saving.summer()
    saving.compute()
    outside, inside = saving.finance.user, saving.team["sponsor"]
    with clock.at(AUGUST):
        assert tasks(outside) == ["Close Jun 2026"]
        services.close_month(month=JUNE, actor=saving.finance)
        assert told(outside, "saving") == ["Validate the savings of Jun 2026"]
        assert tasks(outside) == ["Close Jul 2026", "Validate the savings of Jun 2026"]
        services.validate_lines(
            lines=saving.lines(month=JUNE), reason="checked", actor=saving.finance
        )
        assert tasks(outside) == ["Close Jul 2026"]
        assert told(outside, "saving") == []
    assert tasks(inside.user) == []


def test_a_missing_baseline_waits_for_procurement_and_finance_sees_it() -> None:
    saving = Saving(price=None)
    buyer, finance = saving.buyer.user, saving.finance.user
    assert buyer is not None
    assert finance is not None
    key = saving.case.key
    assert tasks(buyer) == [f"Enter the baseline of {key}"]
    seen = [(one.group, one.title) for one in waiting.tasks_of(finance)]
    assert seen == [("waiting", f"{key} has no baseline")]
    services.enter_baseline(
        case=saving.case, source=saving.incumbent, price=Decimal(3), currency="USD",
        price_on=dt.date(2026, 1, 2), evidence="Invoice 7", actor=saving.buyer,
    )  # fmt: skip
    assert tasks(buyer) == []


def test_procurement_is_told_of_a_missing_baseline_until_it_is_entered() -> None:
    team = Team()
    buyer, others = team.people["procurement"], team.people["engineering"]
    assert told(buyer, "saving") == []
    team.fire("submit")
    assert told(buyer, "saving") == [f"Enter the baseline of {team.case.key}"]
    assert told(others, "saving") == []
    paid = team.case.part.sources.exclude(pk=team.source.pk).get()
    services.enter_baseline(
        case=team.case, source=paid, price=Decimal(3), currency="USD",
        price_on=clock.business_day(), evidence="Invoice 7", actor=team["procurement"],
    )  # fmt: skip
    assert told(buyer, "saving") == []


def test_a_person_with_two_roles_has_each_task_once() -> None:
    other = Team()
    other.fire("submit")
    both = factories.person("procurement", "finance")
    team = Team(people={**other.people, "procurement": both})
    team.fire("submit")
    assert [(task.group, task.title) for task in waiting.tasks_of(both)] == [
        ("to_do", f"Enter the baseline of {team.case.key}"),
        ("waiting", f"{other.case.key} has no baseline"),
    ]


def test_releases_of_both_kinds_are_counted_for_one_person() -> None:
    pools = [Pooled(), Pooled()]
    for one, ago in zip(pools, (3, 2), strict=True):
        one.save("1000.00", ago=ago)
        pool = one.split(one.propose())
        one.fire(pool, "open")
        for function in SPLIT:
            one.answer(pool, function)
    one.fire(pool, "release_finance")
    assert sorted(tasks(factories.person("finance", "executive"))) == sorted([
        f"Release the bonus pool of {pools[0].team.case.key} for finance",
        f"Release the bonus pool of {one.team.case.key}",
    ])  # fmt: skip


def test_the_page_shows_a_task_without_a_case(saving: Saving, browse: Any) -> None:
    saving.summer()
    saving.compute()
    with clock.at(AUGUST):
        client = browse(saving.finance.user)
        page = client.get("/work/").content.decode()
        assert "Close Jun 2026" in page
        assert "/savings/months/close/?month=2026-06" in page
        form = client.get("/savings/months/close/?month=2026-06").content.decode()
        assert 'value="2026-06"' in form
        count = client.get("/work/count/").content.decode()
        assert count.startswith("1<")
    assert not ClosedMonth.objects.exists()


def test_the_api_lists_them(saving: Saving, api: Any) -> None:
    saving.summer()
    saving.compute()
    with clock.at(AUGUST):
        rows = api(user=saving.finance.user).get("/my-work/").json()["results"]
    assert [(row["kind"], row["case"], row["title"]) for row in rows] == [
        ("money", None, "Close Jun 2026")
    ]
    assert not BudgetRate.objects.exists()
