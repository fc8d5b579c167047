"""Who is told of quotes, due dates, splits to answer and awards, and has them in My work."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from incentives import services as money
from incentives.models import SplitProposal
from qualification.case_task import in_order
from secondsource.accounts.models import User
from secondsource.core import clock, outbox
from secondsource.core.actors import Actor
from secondsource.core.formats import day
from secondsource.core.models import Mail, Notification
from secondsource.workspace import sourcing_tasks
from secondsource.workspace.notifications import digest, sourcing
from suppliers import rfq_days
from suppliers.models import Rfq, Source
from suppliers.rfq_workflow import RFQ_FLOW
from tests import factories, rfq_work
from tests.factories import JOB, Team
from tests.incentives.world import Deal, two_approved
from tests.workspace.notifications.reading import told

pytestmark = pytest.mark.django_db
KIND = "sourcing"


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part())


@pytest.fixture
def buyer() -> User:
    return factories.person("procurement")


@pytest.fixture
def rfq(source: Source, buyer: User) -> Rfq:
    made = rfq_work.rfq(source.part, suppliers=(source.manufacturer_part.manufacturer,))
    Rfq.objects.filter(pk=made.pk).update(buyer=buyer)
    made.refresh_from_db()
    return made


def titles(user: User) -> list[tuple[str, str]]:
    return [(task.group, task.title) for task in in_order(sourcing_tasks.tasks_of(user))]


def counted(user: User) -> int:
    return sum(rows.count() for rows in sourcing_tasks.counted(user).values())


def test_the_buyer_is_told_of_a_quote_by_link_and_of_its_revision(
    rfq: Rfq, source: Source, buyer: User
) -> None:
    other, name = factories.person("procurement"), source.manufacturer_part.manufacturer.name
    rfq_work.quote(rfq, source, "8.125", channel="link")
    said = [f"{name} has quoted for {rfq.reference}"]
    assert told(buyer, KIND) == said
    assert told(other, KIND) == []
    Notification.objects.update(read_at=clock.now())
    rfq_work.quote(rfq, source, "8.120", channel="link")
    assert told(buyer, KIND) == said
    assert Notification.objects.get().text == "Converters · quote 2, by its link"
    assert not Notification.objects.filter(text__contains="8.12").exists()


def test_what_a_buyer_enters_is_no_news(rfq: Rfq, source: Source, buyer: User) -> None:
    rfq_work.quote(rfq, source)
    assert told(buyer, KIND) == []


def test_procurement_is_told_where_the_buyer_has_left(
    rfq: Rfq, source: Source, buyer: User
) -> None:
    User.objects.filter(pk=buyer.pk).update(is_active=False)
    other = factories.person("procurement")
    rfq_work.quote(rfq, source, channel="link")
    assert len(told(other, KIND)) == 1


def test_due_soon_then_closed_then_awarded(rfq: Rfq, source: Source, buyer: User) -> None:
    line = rfq_work.quote(rfq, source).lines.get()
    assert sourcing.follow_days() == 0
    with clock.at(rfq.due - dt.timedelta(days=1)):
        assert sourcing.follow_days() == 1
        assert told(buyer, KIND) == [f"Due {day(rfq.due)}: quotes for {rfq.reference}"]
    assert titles(buyer) == [("waiting", f"Quotes for {rfq.reference}")]
    with clock.at(rfq.due + dt.timedelta(days=1)):
        rfq_days.close_overdue(actor=JOB)
        assert told(buyer, KIND) == [f"Compare the quotes for {rfq.reference}"]
        assert titles(buyer) == [("to_do", f"Compare and accept quotes for {rfq.reference}")]
        assert counted(buyer) == 1
        rfq_work.award(rfq, line, actor=factories.actor("procurement"))
        assert told(buyer, KIND) == [f"{rfq.reference} is awarded"]
        assert (titles(buyer), counted(buyer)) == ([], 0)


def test_a_quote_that_ends_soon_makes_the_comparison_due(
    rfq: Rfq, source: Source, buyer: User
) -> None:
    end = clock.business_day() + dt.timedelta(days=3)
    rfq_work.quote(rfq, source, valid_to=end)
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    (task,) = in_order(sourcing_tasks.tasks_of(buyer))
    assert (task.group, task.due) == ("due", end)


def test_closed_without_a_quote(rfq: Rfq, buyer: User) -> None:
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    assert told(buyer, KIND) == [f"{rfq.reference} is closed without a quote"]
    assert titles(buyer) == [("to_do", f"{rfq.reference} is closed without a quote")]


def test_the_lead_of_a_case_is_told_of_an_award_on_its_part() -> None:
    team = Team()
    made = rfq_work.rfq(team.source.part, suppliers=(team.source.manufacturer_part.manufacturer,))
    line = rfq_work.quote(made, team.source).lines.get()
    RFQ_FLOW.fire(made.pk, "close", actor=JOB)
    rfq_work.award(made, line)
    assert told(team.case.lead, KIND) == [f"{made.reference} is awarded"]


def split_of(first: Source, second: Source, author: User) -> SplitProposal:
    return money.propose_split(
        part=first.part, actor=Actor(user=author), reason="less risk",
        shares=[money.NewShare(first, Decimal("0.7")), money.NewShare(second, Decimal("0.3"))],
    )  # fmt: skip


def test_a_split_waits_for_procurement_and_its_author_for_the_answer(buyer: User) -> None:
    author = factories.person("engineer")
    first, second = two_approved()
    split = split_of(first, second, author)
    ipn = first.part.ipn
    assert told(buyer, KIND) == [f"Answer the split of {ipn}"]
    assert titles(buyer) == [("blocks", f"Answer the split of {ipn}")]
    assert titles(author) == [("waiting", f"Split of {ipn}")]
    assert counted(buyer) == 1
    assert counted(author) == 0
    money.decide_split(split=split, accepted=True, actor=Actor(user=buyer))
    assert told(buyer, KIND) == []
    assert told(author, KIND) == [f"The split of {ipn} was accepted"]
    assert titles(buyer) == titles(author) == []


def test_an_overtaken_split_is_no_task_and_its_author_is_told(buyer: User) -> None:
    author = factories.person("engineer")
    first, second = two_approved()
    split_of(first, second, author)
    money.decide_split(
        split=split_of(first, second, factories.person("engineer")), accepted=True,
        actor=Actor(user=buyer),
    )  # fmt: skip
    assert told(author, KIND) == [f"The split of {first.part.ipn} was withdrawn"]
    assert titles(buyer) == titles(author) == []
    assert told(buyer, KIND) == []


def test_a_buyer_does_not_answer_an_own_split(buyer: User) -> None:
    split_of(*two_approved(), buyer)
    assert told(buyer, KIND) == []
    assert [group for group, _ in titles(buyer)] == ["waiting"]
    assert counted(buyer) == 0


def test_the_people_of_a_case_are_told_of_its_award() -> None:
    deal = Deal()
    deal.round("1.00", "0.90")
    deal.award()
    said = [f"{deal.negotiation.key} is awarded"]
    assert told(deal.team.people["quality"], KIND) == said
    assert told(deal.team.people["procurement"], KIND) == []
    assert told(factories.person("engineer"), KIND) == []


def test_it_is_mailed_by_preference(rfq: Rfq, source: Source, buyer: User) -> None:
    rfq_work.quote(rfq, source, channel="link")
    outbox.work_off(limit=10_000)
    assert digest.by_mail(Notification.objects.filter(reader=buyer)).count() == 1
    digest.write({"reader": buyer.pk})
    assert rfq.reference in Mail.objects.get(reader=buyer).text


def test_my_work_shows_it_on_page_and_by_api(
    rfq: Rfq, source: Source, buyer: User, client: Client
) -> None:
    rfq_work.quote(rfq, source)
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    client.force_login(buyer)
    text = client.get(reverse("my_work")).content.decode()
    assert f"Compare and accept quotes for {rfq.reference}" in text
    assert reverse("rfq_matrix", args=[rfq.public_id]) in text
    assert client.get(reverse("my_work_count")).content.startswith(b"1<")
    found = client.get("/api/v1/my-work/").json()["results"]
    assert [(one["kind"], one["case"]) for one in found] == [("sourcing", None)]
