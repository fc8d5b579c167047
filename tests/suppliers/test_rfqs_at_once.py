"""Two at one RFQ at the same moment."""

from __future__ import annotations

import pytest

from suppliers.models import Offer, Quote, Rfq, Source
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
