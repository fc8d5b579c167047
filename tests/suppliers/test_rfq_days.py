"""An RFQ after its due date: closed by the job, by the company's calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from secondsource.core import clock
from secondsource.core.errors import RuleRefused
from secondsource.core.models import Event
from suppliers import rfq_days
from suppliers.models import Quote, Rfq, Source
from suppliers.rfq_workflow import RFQ_FLOW
from suppliers.tasks import close_overdue_rfqs
from tests import factories, rfq_work
from tests.factories import JOB

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part())


@pytest.fixture
def rfq(source: Source) -> Rfq:
    return rfq_work.rfq(source.part, suppliers=(source.manufacturer_part.manufacturer,))


def the_day_after(rfq: Rfq) -> dt.date:
    return rfq.due + dt.timedelta(days=1)


def test_the_job_closes_it_the_day_after(rfq: Rfq) -> None:
    with clock.at(rfq.due):
        assert close_overdue_rfqs() == 0
    with clock.at(the_day_after(rfq)):
        assert close_overdue_rfqs() == 1
        assert close_overdue_rfqs() == 0
    rfq.refresh_from_db()
    assert (rfq.state, rfq.closed_on) == ("closed", the_day_after(rfq))
    event = Event.objects.get(action="suppliers.rfq.close")
    assert (event.job, event.note) == ("due_rfqs", "The due date is over.")


def test_only_a_sent_one_is_closed(source: Source) -> None:
    draft = rfq_work.rfq(source.part, suppliers=(), sent=False)
    with clock.at(the_day_after(draft)):
        assert rfq_days.close_overdue(actor=JOB) == 0


def test_the_company_calendar_says_when_the_day_is_over(
    rfq: Rfq, settings: pytest.FixtureRequest
) -> None:
    from zoneinfo import ZoneInfo

    settings.COMPANY_TIME_ZONE = ZoneInfo("America/Los_Angeles")  # type: ignore[attr-defined]
    night = dt.datetime.combine(the_day_after(rfq), dt.time(5), tzinfo=dt.UTC)
    with clock.at(night):
        assert close_overdue_rfqs() == 0
    with clock.at(night + dt.timedelta(hours=4)):
        assert close_overdue_rfqs() == 1


@pytest.mark.parametrize("channel", ["form", "link", "sheet", "api"])
def test_nobody_quotes_after_the_due_date(rfq: Rfq, source: Source, channel: str) -> None:
    with clock.at(the_day_after(rfq)), pytest.raises(RuleRefused) as caught:
        rfq_work.quote(rfq, source, channel=channel)
    assert [reason.code for reason in caught.value.reasons] == ["too_late"]
    assert not Quote.objects.exists()


def test_a_reopened_one_takes_quotes_until_its_new_day(rfq: Rfq, source: Source) -> None:
    after = the_day_after(rfq)
    with clock.at(after):
        close_overdue_rfqs()
        data = {"due": after.isoformat()}
        RFQ_FLOW.fire(rfq.pk, "reopen", actor=JOB, note="a quote was late", data=data)
        rfq_work.quote(rfq, source)
        assert close_overdue_rfqs() == 0
    with clock.at(after + dt.timedelta(days=1)):
        assert close_overdue_rfqs() == 1
