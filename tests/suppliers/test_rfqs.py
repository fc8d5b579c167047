"""Requests for quotation: asked, sent, quoted, closed, awarded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    PermissionRefused,
    RuleRefused,
    Stale,
    TransitionRefused,
    ValuesRefused,
)
from secondsource.core.models import Event
from suppliers import services
from suppliers.models import Offer, Quote, Rfq, Source
from suppliers.rfq_workflow import RFQ_FLOW
from tests import factories, rfq_work
from tests.factories import JOB

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part())


def asked(source: Source, **fields: Any) -> Rfq:
    return rfq_work.rfq(source.part, suppliers=(source.manufacturer_part.manufacturer,), **fields)


def refused(rfq: Rfq, move: str, actor: Actor = JOB, note: str = "", **data: Any) -> list[str]:
    before = Rfq.objects.get(pk=rfq.pk).state
    with pytest.raises(TransitionRefused) as caught:
        RFQ_FLOW.fire(rfq.pk, move, actor=actor, note=note, data=data)
    assert Rfq.objects.get(pk=rfq.pk).state == before
    return [reason.code for reason in caught.value.reasons]


def pointers(caught: Any) -> list[str]:
    return [problem.pointer for problem in caught.value.problems]


def test_a_quote_becomes_an_offer(source: Source) -> None:
    buyer = factories.actor("procurement")
    rfq = asked(source)
    rfq_work.quote(rfq, source, "2.00", "1.80", moq=500, lead_time_days_max=42, tariff_rate=0)
    RFQ_FLOW.fire(rfq.pk, "close", actor=buyer)
    line = Quote.objects.get().lines.get()
    awarded = rfq_work.award(rfq, line, actor=buyer)
    assert (awarded.state, awarded.closed_on) == ("awarded", clock.business_day())
    offer = Offer.objects.get()
    assert services.breaks_of(offer) == [(1, Decimal(2)), (1000, Decimal("1.8"))]
    assert (offer.moq, offer.lead_time_days_max, offer.incoterm, offer.channel) == (
        500, 42, "DDP", "direct",
    )  # fmt: skip
    assert offer.valid_to == Quote.objects.get().valid_to
    line.refresh_from_db()
    assert (line.offer, line.accepted_on, line.accepted_why) == (
        offer, clock.business_day(), "least cost",
    )  # fmt: skip
    event = Event.objects.get(action="suppliers.rfq.accepted")
    assert (event.actor_id, event.data["offer"]) == (buyer.user_id, offer.key)


def test_an_accepted_quote_is_a_new_version_of_the_offer_that_is_there(source: Source) -> None:
    number = source.manufacturer_part
    offer = services.add_offer(
        manufacturer_part=number, supplier=number.manufacturer, currency="EUR",
        price_breaks=[(1, Decimal(3))], channel="franchised", actor=JOB,
    )  # fmt: skip
    rfq = asked(source)
    line = rfq_work.quote(rfq, source, "2.00").lines.get()
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    rfq_work.award(rfq, line)
    now = Offer.objects.get()
    assert (now.pk, now.currency, now.channel) == (offer.pk, "USD", "franchised")
    assert services.breaks_of(now) == [(1, Decimal(2))]
    assert services.breaks_by_version(now, [1])[1] == [(1, Decimal(3))]


def test_the_rate_of_the_day_is_kept_with_a_quote(source: Source) -> None:
    rfq_work.rate("EUR", "USD", "1.10")
    quote = rfq_work.quote(asked(source), source, currency="EUR")
    assert (quote.rate, quote.rate_date) == (Decimal("1.10"), clock.business_day())
    unknown = rfq_work.quote(asked(source), source, currency="JPY")
    assert (unknown.rate, unknown.rate_date) == (None, None)


def test_a_later_quote_takes_the_place_of_the_one_before(source: Source) -> None:
    rfq = asked(source)
    first = rfq_work.quote(rfq, source, "2.00").lines.get()
    second = rfq_work.quote(rfq, source, "1.90", expected=1).lines.get()
    assert rfq.invitations.get().revision == 2
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    assert refused(rfq, "award", note="x", quote_lines=[first.key]) == ["replaced"]
    assert rfq_work.award(rfq, second).state == "awarded"


def test_a_quote_on_a_revision_that_is_over_is_stale(source: Source) -> None:
    rfq = asked(source)
    rfq_work.quote(rfq, source, expected=0)
    with pytest.raises(Stale):
        rfq_work.quote(rfq, source, expected=0)
    assert Quote.objects.count() == 1


def test_nothing_is_sent_that_asks_nobody_for_nothing() -> None:
    rfq = rfq_work.rfq(suppliers=(), sent=False)
    with clock.at(rfq.due + dt.timedelta(days=1)):
        assert refused(rfq, "send") == ["no_lines", "no_suppliers", "due_over"]


def test_what_was_sent_stays(source: Source) -> None:
    rfq = asked(source)
    for act in (
        lambda: services.set_lines(rfq=rfq, lines=[], actor=JOB),
        lambda: services.withdraw_invitation(invitation=rfq.invitations.get(), actor=JOB),
        lambda: services.change_rfq(rfq=rfq, values={"currency": "EUR"}, actor=JOB),
    ):
        with pytest.raises(RuleRefused):
            act()
    later = rfq.due + dt.timedelta(days=5)
    assert services.change_rfq(rfq=rfq, values={"due": later}, actor=JOB).due == later
    assert rfq.lines.count() == rfq.invitations.count() == 1


def test_a_closed_rfq_takes_no_quotes_until_it_is_reopened(source: Source) -> None:
    rfq = asked(source)
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    with pytest.raises(RuleRefused) as caught:
        rfq_work.quote(rfq, source)
    assert [reason.code for reason in caught.value.reasons] == ["not_open"]
    past = (clock.business_day() - dt.timedelta(days=1)).isoformat()
    assert refused(rfq, "reopen", note="late", due=past) == ["due_over"]
    assert refused(rfq, "reopen", note="late", due="soon") == ["due_unreadable"]
    assert refused(rfq, "reopen", note="late", due="9999-12-31") == ["due_too_far"]
    later = rfq.due + dt.timedelta(days=3)
    back = RFQ_FLOW.fire(rfq.pk, "reopen", actor=JOB, note="late", data={"due": later.isoformat()})
    assert (back.state, back.due, back.closed_on) == ("sent", later, None)
    assert rfq_work.quote(rfq, source).revision == 1


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"currency": "XYZ"}, "/currency"),
        ({"valid_to": None}, "/valid_to"),
        ({"valid_to": dt.date(2020, 1, 1)}, "/valid_to"),
        ({"incoterm": "FOR"}, "/incoterm"),
        ({"esg_result": "62"}, "/esg_kind"),
        ({"price_breaks": []}, "/lines/0/price_breaks"),
        ({"price_breaks": [(1, Decimal(-1))]}, "/lines/0/price_breaks/0/price"),
        ({"mpn": ""}, "/lines/0/mpn"),
        ({"mpn": "x" * 201}, "/lines/0/mpn"),
        ({"moq": 0}, "/lines/0/moq"),
        ({"tariff_rate": Decimal(25)}, "/lines/0/tariff_rate"),
        ({"lead_time_days_min": 9, "lead_time_days_max": 5}, "/lines/0/lead_time_days_max"),
        ({"nre": Decimal(-1)}, "/lines/0/nre"),
        ({"freight": Decimal("1e9")}, "/lines/0/freight"),
        ({"price_breaks": [(1, Decimal("1000000001"))]}, "/lines/0/price_breaks/0/price"),
        ({"tooling": Decimal(100)}, "/lines/0/tooling_owner"),
        ({"declined": True}, "/lines"),
    ],
)
def test_a_wrong_quote_is_refused_whole(
    source: Source, fields: dict[str, Any], pointer: str
) -> None:
    rfq = asked(source)
    with pytest.raises(ValuesRefused) as caught:
        rfq_work.quote(rfq, source, **fields)
    assert pointers(caught) == [pointer]
    assert (Quote.objects.count(), rfq.invitations.get().revision) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": " "}, "/title"),
        ({"due": dt.date(2020, 1, 1)}, "/due"),
        ({"due": dt.date(9999, 12, 31)}, "/due"),  # its links would end after the last day
        ({"currency": "XYZ"}, "/currency"),
        ({"volumes": []}, "/lines/0/volumes"),
        ({"volumes": [5, 3]}, "/lines/0/volumes"),
        ({"volumes": [0]}, "/lines/0/volumes"),
        ({"volumes": [1, 2, 3, 4, 5, 6]}, "/lines/0/volumes"),
        ({"qualification_cost": Decimal(9)}, "/lines/0/amortise_units"),
    ],
)
def test_a_wrong_rfq_is_refused_whole(source: Source, fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        asked(source, **fields)
    assert pointers(caught) == [pointer]
    assert Rfq.objects.count() == 0


def test_a_disqualified_supplier_is_not_asked(source: Source) -> None:
    factories.standing(source.manufacturer_part.manufacturer, "disqualified")
    source.refresh_from_db()
    with pytest.raises(ValuesRefused) as caught:
        asked(Source.objects.get(pk=source.pk))
    assert pointers(caught) == ["/suppliers/0"]


def test_what_cannot_be_accepted(source: Source) -> None:
    rfq = asked(source)
    stranger = rfq_work.quote(rfq, source, mpn="UNKNOWN-1").lines.get()
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    assert refused(rfq, "award", note="x") == ["no_line"]
    assert refused(rfq, "award", note="x", quote_lines=["nonsense"]) == ["no_line"]
    assert refused(rfq, "award", note="x", quote_lines=[rfq.key]) == ["unknown_line"]
    assert refused(rfq, "award", note="", quote_lines=[stranger.key]) == [
        "note_missing", "no_source",
    ]  # fmt: skip
    with clock.at(Quote.objects.get().valid_to + dt.timedelta(days=1)):
        assert refused(rfq, "award", note="x", quote_lines=[stranger.key]) == [
            "expired", "no_source",
        ]  # fmt: skip
    assert Offer.objects.count() == 0


def test_an_rfq_is_awarded_again_for_another_line_but_not_for_the_same(source: Source) -> None:
    other = factories.alternate(source.part)
    companies = tuple(s.manufacturer_part.manufacturer for s in (source, other))
    rfq = rfq_work.rfq(source.part, suppliers=companies)
    first, second = (rfq_work.quote(rfq, one).lines.get() for one in (source, other))
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    rfq_work.award(rfq, first)
    assert refused(rfq, "award", note="x", quote_lines=[first.key]) == ["accepted"]
    assert rfq_work.award(rfq, second).state == "awarded"
    assert Offer.objects.count() == 2
    assert refused(rfq, "cancel", note="x") == ["wrong_state"]


@pytest.mark.parametrize("role", ["engineer", "quality", "finance", "executive", "viewer"])
def test_others_than_buyers_write_nothing(source: Source, role: str) -> None:
    rfq, other = asked(source), factories.actor(role)
    with pytest.raises(PermissionRefused):
        RFQ_FLOW.fire(rfq.pk, "close", actor=other)
    with pytest.raises(PermissionRefused):
        services.add_rfq(title="x", due=rfq.due, currency="USD", actor=other)
    with pytest.raises(PermissionRefused):
        services.issue_link(invitation=rfq.invitations.get(), actor=other)


def test_an_rfq_with_a_part_outside_of_the_scope_is_not_seen(source: Source) -> None:
    from secondsource.accounts.models import Plant  # only here

    plant = Plant.objects.create(code="SOUTH", name="South")
    factories.product("ELSEWHERE", uses={source.part: 1}, plants=[
        Plant.objects.create(code="NORTH", name="North")
    ])  # fmt: skip
    buyer = factories.person("procurement")
    buyer.plants.add(plant)
    rfq = asked(source)
    assert list(Rfq.objects.visible_to(buyer)) == []
    assert list(Rfq.objects.visible_to(factories.person("procurement"))) == [rfq]
