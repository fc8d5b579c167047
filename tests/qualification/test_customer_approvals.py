"""Customers' approvals and regulatory files before the approval of a source."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification import approval, services
from qualification.models import CustomerApproval, RegulatoryFile
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import Duplicate, ValuesRefused
from suppliers.models import Approval
from tests import factories
from tests.approval_work import affected_product, customer, regulatory_file
from tests.factories import Team
from tests.qualification.asking import refusal
from tests.threads import at_once

DAY = dt.timedelta(days=1)


def missing(team: Team) -> list[str]:
    return [reason.code for reason in approval.missing_customers(team.case)]


def sent(days_ago: int = 10, due_in: int = 20) -> dict[str, Any]:
    today = clock.business_day()
    return {"sent_on": today - days_ago * DAY, "due": today + due_in * DAY}


def answered(answer: str = "approved", **values: Any) -> dict[str, Any]:
    return sent() | {"answer": answer, "answered_on": clock.business_day(), **values}


def pointers(call: Any, *args: Any, **values: Any) -> list[str]:
    with pytest.raises(ValuesRefused) as refused:
        call(*args, **values)
    return [problem.pointer for problem in refused.value.problems]


def test_a_product_whose_customers_must_approve_is_missing(team: Team) -> None:
    product = affected_product(team)
    factories.product(uses={team.source.part: 1})
    reasons = approval.missing_customers(team.case)
    assert [(r.code, r.about) for r in reasons] == [("customer_not_asked", product.code)]


def test_a_product_outside_the_scope_of_the_source_is_not(team: Team) -> None:
    affected_product(team)
    team.source.scope.add(factories.product(uses={team.source.part: 1}))
    assert missing(team) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["customer_not_sent"]),
        (sent(), ["customer_waiting"]),
        (sent(due_in=-1), ["customer_overdue"]),
        (sent(due_in=0) | {"silence_clause": "Frame contract 7.2"}, ["customer_waiting"]),
        (sent(due_in=-1) | {"silence_clause": "Frame contract 7.2"}, []),
        (answered(), []),
        (answered("approved_with_conditions", conditions="First article"), []),
        (answered("refused"), ["customer_refused"]),
        (answered("refused", silence_clause="Frame contract 7.2"), ["customer_refused"]),
    ],
)
def test_where_a_customer_stands(team: Team, values: dict[str, Any], expected: list[str]) -> None:
    customer(team, affected_product(team), **values)
    assert missing(team) == expected


def test_every_customer_of_a_product_must_approve(team: Team) -> None:
    product = affected_product(team)
    customer(team, product, **answered())
    customer(team, product, "Southwind", **sent())
    assert missing(team) == ["customer_waiting"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"customer": " "}, ["/customer"]),
        ({"sent_on": clock.business_day() + DAY, "due": clock.business_day() + DAY}, ["/sent_on"]),
        ({"sent_on": clock.business_day()}, ["/due"]),
        (sent() | {"due": clock.business_day() - 99 * DAY}, ["/due"]),
        ({"answer": "approved", "answered_on": clock.business_day()}, ["/sent_on"]),
        (sent() | {"answer": "approved"}, ["/answered_on"]),
        (sent() | {"answered_on": clock.business_day()}, ["/answer"]),
        (answered(answered_on=clock.business_day() - 99 * DAY), ["/answered_on"]),
        (answered(answered_on=clock.business_day() + DAY), ["/answered_on"]),
        (answered("approved_with_conditions"), ["/conditions"]),
        (answered(conditions="First article"), ["/conditions"]),
    ],
)
def test_values_that_do_not_fit_are_refused(
    team: Team, values: dict[str, Any], expected: list[str]
) -> None:
    product = affected_product(team)
    assert pointers(customer, team, product, **values) == expected
    row = customer(team, product)
    found = pointers(services.change_customer_approval, row=row, values=values, actor=team.lead)
    assert found == expected
    assert CustomerApproval.objects.get().version == 1


def test_a_product_that_is_not_affected_is_refused(team: Team) -> None:
    other = factories.product(customer_approval=True)
    assert pointers(customer, team, other) == ["/product"]


def test_a_customer_is_recorded_once_for_a_product(team: Team) -> None:
    product = affected_product(team)
    customer(team, product)
    with pytest.raises(Duplicate):
        customer(team, product, "NORTHWIND")
    assert CustomerApproval.objects.count() == 1


def test_a_withdrawn_row_does_not_count(team: Team) -> None:
    row = customer(team, affected_product(team), **answered("refused"))
    services.withdraw_customer_approval(row=row, reason="Wrong product", actor=team.lead)
    assert missing(team) == ["customer_not_asked"]
    found = refusal(services.change_customer_approval, row=row, values=sent(), actor=team.lead)
    assert found == ["withdrawn"]


def test_conditions_become_those_of_the_approval(team: Team) -> None:
    product = affected_product(team)
    team.jump_to(State.APPROVAL)
    customer(team, product, **answered("approved_with_conditions", conditions="100 % burn-in"))
    team.pass_gate()
    given = Approval.objects.get(source=team.source, kind="case")
    assert given.conditions.splitlines()[-1] == f"Northwind ({product.code}): 100 % burn-in"


def test_conditions_become_those_of_an_interim_approval_too(team: Team) -> None:
    product = affected_product(team)
    team.jump_to(State.APPROVAL)
    customer(team, product, **answered("approved_with_conditions", conditions="100 % burn-in"))
    services.give_interim(
        case=team.reload(), quantity=9, until=clock.business_day(), note="gap",
        actor=team["quality"],
    )  # fmt: skip
    given = Approval.objects.get(source=team.source, kind="interim")
    assert given.conditions.splitlines()[-1] == f"Northwind ({product.code}): 100 % burn-in"


def test_the_step_opens_again_when_a_customer_refuses_later(team: Team) -> None:
    product = affected_product(team)
    team.jump_to(State.APPROVAL)
    row = customer(team, product, **answered())
    team.do_items()
    team.sign()
    services.change_customer_approval(row=row, values={"answer": "refused"}, actor=team.lead)
    item = team.case.checklist.get(link="customer_approvals")
    assert item.met_at is None
    assert not team.case.sign_offs.filter(gate="approval", voided_at=None).exists()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["file_undecided"]),
        ({"update_needed": True}, ["file_not_updated"]),
        ({"update_needed": True, "updated_on": clock.business_day()}, []),
        ({"update_needed": False, "reason": "Same form, fit and function"}, []),
    ],
)
def test_where_a_regulatory_file_stands(
    team: Team, values: dict[str, Any], expected: list[str]
) -> None:
    regulatory_file(team, **values)
    assert missing(team) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": ""}, ["/name"]),
        ({"update_needed": False}, ["/reason"]),
        ({"updated_on": clock.business_day()}, ["/updated_on"]),
        ({"update_needed": True, "updated_on": clock.business_day() + DAY}, ["/updated_on"]),
    ],
)
def test_a_regulatory_file_that_does_not_fit_is_refused(
    team: Team, values: dict[str, Any], expected: list[str]
) -> None:
    assert pointers(regulatory_file, team, **values) == expected
    assert not RegulatoryFile.objects.exists()


def test_nothing_is_recorded_after_the_approval(team: Team) -> None:
    product = affected_product(team)
    team.jump_to(State.TRANSITION)
    assert refusal(customer, team, product) == ["gate_passed"]
    assert refusal(regulatory_file, team) == ["gate_passed"]


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_on_one_reading_the_slower_is_stale(transactional_db: None) -> None:
    team = Team()
    row = customer(team, affected_product(team), **sent())

    def answer(word: str) -> Any:
        values = {"answer": word, "answered_on": clock.business_day()}
        return lambda: services.change_customer_approval(
            row=row, values=values, actor=team.lead, expected=1
        )

    assert at_once(answer("approved"), answer("refused")) == ["done", "stale"]
    row.refresh_from_db()
    assert (row.version, row.answer in ("approved", "refused")) == (2, True)


def test_the_forms_write_customers_and_files(team: Team, browse: Any) -> None:
    product, day = affected_product(team), clock.business_day().isoformat()
    client, url = browse(team.people["engineering"]), f"{team.case.get_absolute_url()}approval/"
    assert f"customers/new/?product={product.code}" in client.get(url).content.decode()
    values = {"product": product.code, "customer": "Northwind", "kind": "ppap", "sent_on": day}
    refused = client.post(f"{url}customers/new/", values)
    assert refused.status_code == 422
    assert "Enter the day on which the answer is due." in refused.content.decode()
    assert client.post(f"{url}customers/new/", values | {"due": day}).status_code == 302
    row = CustomerApproval.objects.get()
    said = values | {"due": day, "answered_on": day, "answer": "approved", "expected": 1}
    assert client.post(f"{url}customers/{row.public_id}/", said).status_code == 302
    assert client.post(f"{url}customers/{row.public_id}/", said).status_code == 409
    file = {"name": "UL file", "authority": "UL", "update_needed": "no", "reason": ""}
    assert client.post(f"{url}regulatory/new/", file).status_code == 422
    done = client.post(f"{url}regulatory/new/", file | {"reason": "Not listed"})
    assert done.status_code == 302
    text = client.get(url).content.decode()
    assert "Approved" in text
    assert "No update needed" in text
    assert missing(team) == []


def test_the_api_writes_customers_and_files(team: Team, api: Any) -> None:
    product, day = affected_product(team), clock.business_day().isoformat()
    caller, url = api(user=team.people["quality"]), f"/cases/{team.case.key}/"
    made = caller.post(
        f"{url}customer-approvals/", {"product": product.code, "customer": "Northwind"}
    )
    assert made.status_code == 201
    one = f"{url}customer-approvals/{made.json()['id']}/"
    refused = caller.patch(one, {"sent_on": day})
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/due"]
    said = {"sent_on": day, "due": day, "answer": "approved", "answered_on": day}
    assert caller.patch(one, said).json()["answer"] == "approved"
    assert caller.patch(one, said, If_Match='"1"').status_code == 412
    file = caller.post(f"{url}regulatory-files/", {"name": "UL file"}).json()
    changed = caller.patch(f"{url}regulatory-files/{file['id']}/", {"update_needed": True})
    assert changed.json()["update_needed"] is True
    gone = caller.post(f"{url}regulatory-files/{file['id']}/withdraw/", {"reason": "Wrong"})
    assert gone.json()["withdrawn_reason"] == "Wrong"
    viewer = api("viewer")
    assert viewer.get(f"{url}customer-approvals/").json()["results"][0]["customer"] == "Northwind"
    assert viewer.patch(one, {"due": day}).status_code == 403
