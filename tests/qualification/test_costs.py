"""Planned and actual cost of a case."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from parts import services as catalogue
from qualification import services
from qualification.economics import costs
from qualification.models import CostEntry, PlannedCost, SignOff
from secondsource.core import attachments, clock
from secondsource.core.errors import PermissionRefused, ValuesRefused
from tests import factories
from tests.factories import Team, days_ago, text_file
from tests.qualification.asking import refusal
from tests.threads import at_once


def log(team: Team, by: str = "engineering", **values: Any) -> CostEntry:
    fields = {"kind": "lab", "amount": Decimal(100), "day": clock.business_day(), **values}
    return services.log_cost(case=team.case, actor=team[by], **fields)


def hours(team: Team, number: int, by: str = "engineering") -> CostEntry:
    return log(team, by, kind="hours", amount=None, hours=Decimal(number))


def pointers(call: Any, **values: Any) -> list[str]:
    with pytest.raises(ValuesRefused) as caught:
        call(**values)
    return [problem.pointer for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"kind": "beer"}, ["/kind"]),
        ({"kind": "lab"}, ["/amount"]),
        ({"kind": "lab", "amount": Decimal(0)}, ["/amount"]),
        ({"kind": "lab", "amount": Decimal(1), "hours": Decimal(1)}, ["/hours"]),
        ({"kind": "lab", "amount": Decimal(1), "currency": "XYZ"}, ["/currency"]),
        ({"kind": "hours", "amount": Decimal(1)}, ["/amount", "/hours"]),
        ({"kind": "other", "amount": Decimal(1)}, ["/note"]),
    ],
)
def test_a_cost_is_an_amount_or_hours(team: Team, values: Any, wrong: list[str]) -> None:
    assert pointers(services.plan_cost, case=team.case, actor=team.lead, **values) == wrong
    assert PlannedCost.objects.count() == 1


def test_a_planned_cost_becomes_another_kind(team: Team) -> None:
    cost = services.plan_cost(case=team.case, kind="lab", amount=Decimal(90), actor=team.lead)
    values = {"kind": "hours", "amount": None, "hours": Decimal(2)}
    cost = services.change_planned_cost(cost=cost, values=values, actor=team.lead)
    assert (cost.kind, cost.amount, cost.hours, cost.rate) == ("hours", 170, 2, 85)
    values = {"kind": "samples", "amount": Decimal(30), "hours": None, "currency": "EUR"}
    cost = services.change_planned_cost(cost=cost, values=values, actor=team.lead)
    assert (cost.kind, cost.amount, cost.hours, cost.currency) == ("samples", 30, None, "EUR")


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_of_a_cost_the_slower_is_stale(transactional_db: None) -> None:
    team = Team()
    cost = team.case.planned_costs.get()

    def set_hours(number: int) -> Any:
        return lambda: services.change_planned_cost(
            cost=cost, values={"hours": Decimal(number)}, actor=team.lead, expected=cost.version
        )

    assert at_once(set_hours(1), set_hours(2)) == ["done", "stale"]


def test_actual_cost_stands_against_the_plan(team: Team) -> None:
    log(team)
    hours(team, 4)
    hours(team, 6, "quality")
    found = costs.actual(team.case)
    assert (found.amount, found.hours) == (950, 10)
    assert found.of("lab").amount == 100
    assert costs.planned(team.case).of("lab").amount == 0


def test_it_voids_no_signature_and_is_logged_in_any_state(team: Team) -> None:
    team.fire("submit")
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    log(team)
    assert SignOff.objects.get().voided_at is None
    team.fire("withdraw", note="too dear")
    log(team, note="last invoice")
    assert CostEntry.objects.count() == 2


def test_the_future_is_refused(team: Team) -> None:
    day = clock.business_day() + dt.timedelta(days=1)
    call = {"case": team.case, "kind": "lab", "amount": Decimal(1), "day": day}
    assert pointers(services.log_cost, actor=team.lead, **call) == ["/day"]


def test_the_sponsor_logs_hours_and_no_amounts(team: Team) -> None:
    assert hours(team, 2, "sponsor").amount == 170
    with pytest.raises(PermissionRefused):
        log(team, "sponsor")
    with pytest.raises(PermissionRefused):
        services.log_cost(
            case=team.case, kind="hours", hours=Decimal(1), day=days_ago(0),
            actor=factories.actor("engineer"),
        )  # fmt: skip
    assert CostEntry.objects.count() == 1


def test_a_counter_entry_takes_a_wrong_one_back(team: Team) -> None:
    entry = hours(team, 40)
    made = services.correct_cost(entry=entry, reason="Forty minutes.", actor=team.lead)
    assert (made.amount, made.hours, made.corrects) == (-3_400, -40, entry)
    assert costs.actual(team.case).amount == 0
    again = {"reason": "again", "actor": team.lead}
    assert refusal(services.correct_cost, entry=entry, **again) == ["corrected"]
    assert refusal(services.correct_cost, entry=made, **again) == ["is_correction"]
    assert pointers(services.correct_cost, entry=entry, reason=" ", actor=team.lead) == ["/reason"]


def test_only_its_author_or_the_lead_corrects_it(team: Team) -> None:
    entry = log(team)
    assert refusal(
        services.correct_cost, entry=entry, reason="mine", actor=team["procurement"]
    ) == ["not_permitted"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_corrected_once_even_at_once(transactional_db: None) -> None:
    team = Team()
    entry = log(team)

    def correct() -> None:
        services.correct_cost(entry=entry, reason="twice", actor=team.lead)

    assert sorted(at_once(correct, correct)) == ["corrected", "done"]
    assert costs.actual(team.case).amount == 0


def test_no_entry_is_changed_or_removed(team: Team) -> None:
    entry = log(team)
    for write in (entry.delete, lambda: CostEntry.objects.update(amount=1)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            write()


def test_hours_of_others_are_a_sum(team: Team) -> None:
    hours(team, 3, "quality")
    own = hours(team, 5, "procurement")
    listed = CostEntry.objects.visible_to(team.people["procurement"], team.case)
    assert list(listed) == [own]
    assert CostEntry.objects.visible_to(team.people["engineering"], team.case).count() == 2


def test_evidence_stays_with_those_who_see_the_cost(team: Team, browse: Any) -> None:
    entry = log(team, upload=text_file("invoice.txt"))
    (file,) = attachments.of(entry)
    url = f"/q/{team.case.key}/costs/files/{file.public_id}/"
    assert browse(team.people["quality"]).get(url).status_code == 200
    assert browse(factories.person("engineer")).get(url).status_code == 403
    assert browse(factories.person("viewer")).get(url).status_code == 403


def test_a_later_rate_moves_no_cost(team: Team) -> None:
    def rate(day: dt.date, value: str) -> None:
        catalogue.record_rate(
            currency="EUR", quote="USD", rate=Decimal(value), as_of=day, publisher="test",
            actor=factories.JOB,
        )  # fmt: skip

    rate(days_ago(30), "1.10")
    log(team, day=days_ago(20), currency="EUR")
    wrong = log(team, day=days_ago(20), currency="EUR", amount=Decimal(40))
    rate(days_ago(5), "1.50")
    services.correct_cost(entry=wrong, reason="Not ours.", actor=team.lead)
    log(team, kind="tooling", currency="EUR")
    found = costs.actual(team.case)
    assert (found.of("lab").amount, found.of("tooling").amount) == (110, 150)


def test_a_cost_before_the_first_rate_is_unknown(team: Team) -> None:
    catalogue.record_rate(
        currency="EUR", quote="USD", rate=Decimal("1.10"), as_of=days_ago(5), publisher="test",
        actor=factories.JOB,
    )  # fmt: skip
    log(team, day=days_ago(20), currency="EUR")
    found = costs.actual(team.case)
    assert (found.unknown, found.amount) == (("EUR",), None)
