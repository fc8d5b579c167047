"""A supplier's link: no login, its own request and quote, nothing of rivals."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from secondsource.core import clock
from suppliers import services
from suppliers.models import Quote, QuoteLink, Rfq, Source
from suppliers.rfq_workflow import RFQ_FLOW
from tests import factories, rfq_work
from tests.factories import JOB

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part(), "OURS-1")


@pytest.fixture
def rfq(source: Source) -> Rfq:
    rival = factories.approved(source.part, "RIVAL-77", manufacturer=factories.manufacturer("Riva"))
    companies = tuple(s.manufacturer_part.manufacturer for s in (source, rival))
    made = rfq_work.rfq(
        source.part, suppliers=companies, qualification_cost=54_321, amortise_units=9999
    )
    rfq_work.quote(made, rival, "0.7319")
    return made


def address(rfq: Rfq, source: Source, name: str = "quote_by_link") -> str:
    invitation = rfq_work.invitation(rfq, source.manufacturer_part.manufacturer)
    return reverse(name, args=[services.issue_link(invitation=invitation, actor=JOB)[1]])


def filled(**fields: str) -> dict[str, str]:
    """A form with one price."""
    until = (clock.business_day() + dt.timedelta(days=30)).isoformat()
    return {
        "expected": "0", "q-currency": "EUR", "q-incoterm": "DDP", "q-valid_to": until,
        "l1-mpn": "OURS-1", "l1-quantity_0": "1,000", "l1-price_0": "1.25",
    } | fields  # fmt: skip


def test_a_supplier_quotes_without_a_login(rfq: Rfq, source: Source) -> None:
    client, url = Client(), address(rfq, source)
    page = client.get(url)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    done = client.post(url, filled())
    assert (done.status_code, done["Location"]) == (303, url)
    quote = Quote.objects.get(channel="link")
    assert (quote.revision, quote.currency, quote.recorded_by) == (1, "EUR", None)
    line = quote.lines.get()
    assert line.manufacturer_part == source.manufacturer_part
    assert [(b.quantity, str(b.price)) for b in line.breaks.all()] == [(1000, "1.250000")]
    assert "1.25" in client.get(url).text
    assert QuoteLink.objects.get().last_used_at is not None


def test_nothing_of_rivals_and_of_our_figures_is_shown(rfq: Rfq, source: Source) -> None:
    client, url = Client(), address(rfq, source)
    client.post(url, filled())
    shown = client.get(url).text
    sheet = client.get(address(rfq, source, "quote_by_link_sheet"))
    assert sheet.status_code == 200
    for secret in ("Riva", "RIVAL-77", "0.73", "54,321", "54321", "9999", "9,999"):
        assert secret not in shown


def test_the_token_is_kept_as_a_hash(rfq: Rfq, source: Source) -> None:
    token = address(rfq, source).split("/")[2]
    link = QuoteLink.objects.get()
    assert link.digest == QuoteLink.digest_of(token)
    assert token not in str(link.__dict__)
    assert link.expires_at.date() == rfq.due + dt.timedelta(days=15)


def test_wrong_ended_and_revoked_links_look_alike(rfq: Rfq, source: Source) -> None:
    client, url = Client(), address(rfq, source)
    token = url.split("/")[2]
    forged = url.replace(token, token[:-1] + ("a" if token[-1] != "a" else "b"))
    assert client.get(forged).status_code == 404
    with clock.at(QuoteLink.objects.get().expires_at + dt.timedelta(seconds=1)):
        assert client.get(url).status_code == 404
    invitation = rfq_work.invitation(rfq, source.manufacturer_part.manufacturer)
    services.revoke_link(invitation=invitation, actor=JOB)
    assert (client.get(url).status_code, client.post(url, filled()).status_code) == (404, 404)
    assert not Quote.objects.filter(channel="link").exists()


def test_a_new_link_ends_the_one_before(rfq: Rfq, source: Source) -> None:
    old, new = address(rfq, source), address(rfq, source)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)


def test_a_quote_on_an_older_revision_is_a_conflict(rfq: Rfq, source: Source) -> None:
    client, url = Client(), address(rfq, source)
    client.post(url, filled())
    second = client.post(url, filled(**{"l1-price_0": "1.11"}))
    assert (second.status_code, Quote.objects.filter(channel="link").count()) == (409, 1)
    assert 'value="1.11"' in second.text
    assert client.post(url, filled(expected="1")).status_code == 303


@pytest.mark.parametrize(
    "fields",
    [{"l1-price_0": ""}, {"q-currency": "XYZ"}, {"q-valid_to": "2020-01-01"}, {"l1-mpn": ""},
     {"l1-moq": "0"}, {"l1-quantity_0": ""}, {"l1-price_0": "1,25,1"}],
)  # fmt: skip
def test_a_wrong_quote_is_shown_with_what_was_typed(
    rfq: Rfq, source: Source, fields: dict[str, str]
) -> None:
    answer = Client().post(address(rfq, source), filled(**fields))
    assert (answer.status_code, Quote.objects.filter(channel="link").count()) == (422, 0)
    assert "Nothing was written." in answer.text


def test_after_the_due_date_and_the_closing_it_takes_no_quotes(rfq: Rfq, source: Source) -> None:
    client, url = Client(), address(rfq, source)
    with clock.at(rfq.due + dt.timedelta(days=1)):
        assert client.post(url, filled()).status_code == 422
        assert "takes no more quotes" in client.get(url).text
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    assert client.post(url, filled()).status_code == 422
    assert client.get(f"{url}sheet/").status_code == 404
    assert not Quote.objects.filter(channel="link").exists()


def test_requests_are_limited(rfq: Rfq, source: Source) -> None:
    client, url = Client(REMOTE_ADDR="203.0.113.9"), address(rfq, source)
    with override_settings(QUOTE_LINK_RATE="2/min"):
        found = [client.get(url) for _ in range(4)]
    assert found[-1].status_code == 429
    assert int(found[-1]["Retry-After"]) >= 1


def test_links_are_made_for_requests_that_are_sent(source: Source) -> None:
    draft = rfq_work.rfq(
        source.part, suppliers=(source.manufacturer_part.manufacturer,), sent=False
    )
    from secondsource.core.errors import RuleRefused  # only here

    with pytest.raises(RuleRefused):
        services.issue_link(invitation=draft.invitations.get(), actor=JOB)


def test_a_link_follows_the_due_date_until_it_has_expired(rfq: Rfq, source: Source) -> None:
    url, later = address(rfq, source), rfq.due + dt.timedelta(days=30)
    services.change_rfq(rfq=rfq, values={"due": later}, actor=JOB)
    with clock.at(later):
        assert Client().post(url, filled(**{"q-valid_to": "2099-01-01"})).status_code == 303
    with clock.at(later + dt.timedelta(days=1)):
        RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    with clock.at(later + dt.timedelta(days=40)):
        again = (later + dt.timedelta(days=50)).isoformat()
        RFQ_FLOW.fire(rfq.pk, "reopen", actor=JOB, note="again", data={"due": again})
        assert Client().get(url).status_code == 404
