"""Pages of RFQs: a buyer's way from a draft to an award and an agreement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from secondsource.core import clock
from suppliers.models import Offer, PriceAgreement, Quote, Rfq, Source
from suppliers.rfq_workflow import RFQ_FLOW
from tests import factories, rfq_work
from tests.factories import JOB

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(factories.person(role), backend=BACKEND)
    return client


@pytest.fixture
def buyer() -> Client:
    return client_of("procurement")


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part(), "OURS-1")


def lines(source: Source, **fields: str) -> dict[str, str]:
    return {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-ipn": source.part.ipn,
        "lines-0-volumes": "1,000; 10,000", "expected": "1",
    } | fields  # fmt: skip


def test_a_buyer_walks_from_a_draft_to_an_agreement(buyer: Client, source: Source) -> None:
    company = source.manufacturer_part.manufacturer
    due = (clock.business_day() + dt.timedelta(days=9)).isoformat()
    made = buyer.post(reverse("rfq_create"), {"title": "Converters", "due": due, "currency": "usd"})
    rfq = Rfq.objects.get()
    assert made["Location"] == reverse("rfq_lines", args=[rfq.public_id])
    assert "Nothing is asked for" in buyer.get(rfq.get_absolute_url()).text
    empty = {f"lines-{row}-{name}": "" for row in (1, 2) for name in ("ipn", "volumes", "note")}
    three = lines(source, **{"lines-TOTAL_FORMS": "3"}, **empty)
    assert buyer.post(made["Location"], three).status_code == 302
    assert rfq.lines.get().volumes == [1000, 10_000]
    asking = buyer.post(
        reverse("rfq_suppliers", args=[rfq.public_id]),
        {"suppliers": [company.pk], "expected": "2"},
    )
    assert asking.status_code == 302
    assert buyer.post(reverse("rfq_move", args=[rfq.public_id, "send"])).status_code == 302
    invitation = rfq.invitations.get()
    url = reverse("quote_create", args=[rfq.public_id, invitation.public_id])
    assert "OURS-1" in buyer.get(url).text
    until = (clock.business_day() + dt.timedelta(days=30)).isoformat()
    quote = {
        "expected": "0", "q-currency": "USD", "q-incoterm": "DDP", "q-valid_to": until,
        "q-reference": "Q-7", "l1-mpn": "OURS-1", "l1-quantity_0": "1000", "l1-price_0": "1.25",
    }  # fmt: skip
    assert buyer.post(url, quote).status_code == 302
    assert buyer.post(reverse("rfq_move", args=[rfq.public_id, "close"])).status_code == 302
    line = Quote.objects.get().lines.get()
    matrix = buyer.get(reverse("rfq_matrix", args=[rfq.public_id])).text
    assert str(line.public_id) in matrix
    award = reverse("rfq_award", args=[rfq.public_id])
    assert "OURS-1" in buyer.get(award, {"line": line.key}).text
    assert buyer.post(award, {"line": line.key, "note": ""}).status_code == 422
    assert buyer.post(award, {"line": line.key, "note": "least cost"}).status_code == 302
    assert (Rfq.objects.get().state, Offer.objects.count()) == ("awarded", 1)
    page = buyer.get(reverse("quote_detail", args=[Quote.objects.get().public_id])).text
    assert "least cost" in page
    agree = f"{reverse('agreement_create')}?quote_line={line.public_id}"
    assert 'value="Q-7"' in buyer.get(agree).text
    terms = {
        "manufacturer": company.name, "mpn": "OURS-1", "document": "LTA-1", "currency": "USD",
        "valid_from": clock.business_day().isoformat(), "valid_to": until,
        "break_type": "all_units", "rebate_on": "all", "quantity_0": "1000", "price_0": "1.25",
        "allocation": "60 %",
    }  # fmt: skip
    assert buyer.post(agree, terms).status_code == 302
    row = PriceAgreement.objects.get()
    assert (row.offer, row.quote_line, row.allocation) == (
        Offer.objects.get(), line, Decimal("0.6"),
    )  # fmt: skip
    assert "LTA-1" in buyer.get(row.get_absolute_url()).text
    changed = buyer.post(
        reverse("agreement_edit", args=[row.public_id]),
        {"document": "LTA-1 rev. B", "valid_to": until, "rebate_on": "all", "expected": "1"},
    )
    assert changed.status_code == 302
    assert PriceAgreement.objects.get().document == "LTA-1 rev. B"


@pytest.mark.parametrize(
    ("typed", "volumes"),
    [("1 000", [1000]), ("1000 5000", [1000, 5000]), ("1 000; 10 000", [1000, 10_000]),
     ("1.000", [1000]), ("10\u202f000", [10_000])],
)  # fmt: skip
def test_blanks_separate_volumes_and_group_thousands(
    buyer: Client, source: Source, typed: str, volumes: list[int]
) -> None:
    rfq = rfq_work.rfq(suppliers=(), sent=False)
    url = reverse("rfq_lines", args=[rfq.public_id])
    assert buyer.post(url, lines(source, **{"lines-0-volumes": typed})).status_code == 302
    assert rfq.lines.get().volumes == volumes


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"lines-0-ipn": "NO-SUCH"}, "There is no part NO-SUCH."),
        ({"lines-0-volumes": "9; 5"}, "rising"),
        ({"lines-0-volumes": "many"}, "is not a volume"),
        ({"lines-0-volumes": "10 500"}, "10 500 can mean 10,500 or 10; 500."),
        ({"lines-0-qualification_cost": "500"}, "Over how many units"),
    ],
)
def test_wrong_parts_are_shown_where_they_are(
    buyer: Client, source: Source, fields: dict[str, str], message: str
) -> None:
    rfq = rfq_work.rfq(suppliers=(), sent=False)
    url = reverse("rfq_lines", args=[rfq.public_id])
    answer = buyer.post(url, lines(source, **fields))
    assert answer.status_code == 422
    assert message in answer.text
    assert rfq.lines.count() == 0
    more = buyer.post(url, lines(source, more="1"))
    assert 'name="lines-5-ipn"' in more.text


def test_lines_on_an_older_version_are_a_conflict(buyer: Client, source: Source) -> None:
    rfq = rfq_work.rfq(suppliers=(), sent=False)
    url = reverse("rfq_lines", args=[rfq.public_id])
    assert buyer.post(url, lines(source)).status_code == 302
    assert buyer.post(url, lines(source)).status_code == 409


def test_a_link_is_shown_once_and_revoked(buyer: Client, source: Source) -> None:
    rfq = rfq_work.rfq(source.part, suppliers=(source.manufacturer_part.manufacturer,))
    place = [rfq.public_id, rfq.invitations.get().public_id]
    shown = buyer.post(reverse("quote_link", args=place))
    address = next(p for p in shown.text.split('"') if "/quote/" in p)
    assert "no-store" in shown["Cache-Control"]
    assert address not in buyer.get(rfq.get_absolute_url()).text
    path = "/" + address.split("/", 3)[3]
    assert Client().get(path).status_code == 200
    buyer.post(reverse("quote_link_revoke", args=place))
    assert Client().get(path).status_code == 404


def test_a_draft_is_changed_reopened_and_suppliers_are_left_out(
    buyer: Client, source: Source
) -> None:
    company = source.manufacturer_part.manufacturer
    rfq = rfq_work.rfq(source.part, suppliers=(company,), sent=False)
    buyer.post(reverse("rfq_withdraw", args=[rfq.public_id, rfq.invitations.get().public_id]))
    assert rfq.invitations.count() == 0
    sent = rfq_work.rfq(source.part, suppliers=(company,))
    due = (sent.due + dt.timedelta(days=3)).isoformat()
    edit = reverse("rfq_edit", args=[sent.public_id])
    assert buyer.post(edit, {"due": due, "expected": sent.version}).status_code == 302
    RFQ_FLOW.fire(sent.pk, "close", actor=JOB)
    reopen = reverse("rfq_reopen", args=[sent.public_id])
    version = Rfq.objects.get(pk=sent.pk).version
    data = {"due": due, "note": "one more", "expected": version}
    assert buyer.post(reopen, data).status_code == 302
    assert Rfq.objects.get(pk=sent.pk).state == "sent"
    line = sent.lines.get()
    cost = reverse("rfq_line_cost", args=[sent.public_id, line.public_id])
    assert "expected" in buyer.get(cost).text
    data = {"qualification_cost": "900", "amortise_units": "1,000", "expected": line.version}
    assert buyer.post(cost, data).status_code == 302
    line.refresh_from_db()
    assert (line.qualification_cost, line.amortise_units) == (900, 1000)


def test_readers_without_prices_see_differences_alone(source: Source) -> None:
    other = factories.approved(source.part)
    companies = tuple(s.manufacturer_part.manufacturer for s in (source, other))
    rfq = rfq_work.rfq(source.part, suppliers=companies)
    rfq_work.quote(rfq, source, "3.1733")
    rfq_work.quote(rfq, other, "6.3466")
    url = reverse("rfq_matrix", args=[rfq.public_id])
    engineer = client_of("engineer")
    for address in (url, f"{url}?export=csv"):
        answer = engineer.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        assert b"3.1733" not in body
        assert b"3.22" not in body
    assert "+100.0" in engineer.get(url).text
    buyer = client_of("procurement")
    body = b"".join(buyer.get(f"{url}?export=csv"))
    assert b"3.1733" in body
    assert b"E-" not in body
    assert buyer.get(f"{url}?quantity=few").status_code == 400


def test_a_difference_in_a_file_does_not_give_its_two_prices_away(source: Source) -> None:
    """The exact fraction 0.212… of 26 digits is 208918 ÷ 172357 and nothing else."""
    other = factories.approved(source.part)
    companies = tuple(s.manufacturer_part.manufacturer for s in (source, other))
    rfq = rfq_work.rfq(source.part, suppliers=companies)
    rfq_work.quote(rfq, source, "0.165")
    rfq_work.quote(rfq, other, "0.2")
    url = f"{reverse('rfq_matrix', args=[rfq.public_id])}?export=csv"
    body = b"".join(client_of("engineer").get(url)).decode()
    assert ",0.2121," in body
