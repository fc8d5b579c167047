"""Two at one RFQ at the same moment."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from secondsource.core import clock
from secondsource.core.models import Event
from suppliers import rfq_days, services
from suppliers.models import Offer, Quote, QuoteLine, Rfq, Source
from suppliers.rfq_workflow import RFQ_FLOW
from tests import factories, rfq_work
from tests.factories import JOB
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(transactional_db: None) -> Source:
    return factories.incumbent(factories.part())


@pytest.fixture
def rfq(source: Source) -> Rfq:
    return rfq_work.rfq(source.part, suppliers=(source.manufacturer_part.manufacturer,))


def test_of_two_quotes_through_one_link_the_slower_is_told(rfq: Rfq, source: Source) -> None:
    found = at_once(
        lambda: rfq_work.quote(rfq, source, "2.00", expected=0),
        lambda: rfq_work.quote(rfq, source, "1.90", expected=0),
    )
    assert found == ["done", "stale"]
    assert [quote.revision for quote in Quote.objects.all()] == [1]
    assert rfq.invitations.get().revision == 1


def test_quotes_without_a_revision_follow_each_other(rfq: Rfq, source: Source) -> None:
    found = at_once(*[lambda: rfq_work.quote(rfq, source) for _ in range(3)])
    assert found == ["done"] * 3
    assert sorted(Quote.objects.values_list("revision", flat=True)) == [1, 2, 3]


def test_an_rfq_is_closed_after_a_quote_that_arrives(rfq: Rfq, source: Source) -> None:
    found = at_once(
        lambda: rfq_work.quote(rfq, source), lambda: RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    )
    assert found in (["done", "done"], ["done", "not_open"])
    rfq.refresh_from_db()
    assert rfq.state == "closed"
    assert Quote.objects.count() == found.count("done") - 1


def test_of_two_awards_of_one_line_one_is_written(rfq: Rfq, source: Source) -> None:
    line = rfq_work.quote(rfq, source).lines.get()
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    found = at_once(lambda: rfq_work.award(rfq, line), lambda: rfq_work.award(rfq, line))
    assert found == ["accepted", "done"]
    assert Offer.objects.count() == 1


def test_two_awards_of_one_part_make_one_offer(rfq: Rfq, source: Source) -> None:
    other = rfq_work.rfq(source.part, suppliers=(source.manufacturer_part.manufacturer,))
    lines = [rfq_work.quote(one, source, price).lines.get() for one, price in
             ((rfq, "2.00"), (other, "1.90"))]  # fmt: skip
    for one in (rfq, other):
        RFQ_FLOW.fire(one.pk, "close", actor=JOB)
    found = at_once(lambda: rfq_work.award(rfq, lines[0]), lambda: rfq_work.award(other, lines[1]))
    assert found == ["done", "done"]
    assert Offer.objects.count() == 1


def test_a_revision_and_the_award_of_the_one_before_are_never_both(
    rfq: Rfq, source: Source
) -> None:
    old = rfq_work.quote(rfq, source, "2.00").lines.get()
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)

    def revise() -> None:
        RFQ_FLOW.fire(rfq.pk, "reopen", actor=JOB, note="once more")
        rfq_work.quote(rfq, source, "1.90")
        RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)

    found = at_once(revise, lambda: rfq_work.award(rfq, old))
    old.refresh_from_db()
    accepted = old.accepted_on is not None
    assert accepted == ("done" in found and Quote.objects.count() == 1), found
    assert Offer.objects.count() == accepted


def test_the_job_and_a_buyer_close_an_rfq_once(rfq: Rfq) -> None:
    with clock.at(rfq.due + dt.timedelta(days=1)):
        found = at_once(
            lambda: rfq_days.close_overdue(actor=JOB),
            lambda: RFQ_FLOW.fire(rfq.pk, "close", actor=JOB),
        )
    assert found in (["done", "done"], ["done", "wrong_state"])
    assert Event.objects.filter(action="suppliers.rfq.close").count() == 1


def test_an_answer_in_the_moment_of_the_closing_is_whole_or_refused(
    rfq: Rfq, source: Source
) -> None:
    invitation = rfq_work.invitation(rfq, source.manufacturer_part.manufacturer)
    token = services.issue_link(invitation=invitation, actor=JOB)[1]
    until = (clock.business_day() + dt.timedelta(days=30)).isoformat()
    form = {
        "expected": "0", "q-currency": "USD", "q-incoterm": "DDP", "q-valid_to": until,
        "l1-mpn": source.manufacturer_part.mpn, "l1-quantity_0": "1000", "l1-price_0": "1.25",
    }  # fmt: skip
    answers: list[int] = []
    at_once(
        lambda: answers.append(
            Client().post(reverse("quote_by_link", args=[token]), form).status_code
        ),
        lambda: RFQ_FLOW.fire(rfq.pk, "close", actor=JOB),
    )
    assert (answers, Quote.objects.count(), QuoteLine.objects.count()) in (
        ([303], 1, 1), ([422], 0, 0),
    )  # fmt: skip
