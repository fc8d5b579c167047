"""Wrong, huge and hostile values through a supplier's link: refused at the field, nothing kept."""

from __future__ import annotations

import pytest
from django.test import Client

from suppliers.models import Quote, Rfq, RfqInvitation, Source
from suppliers.rfq_workflow import RFQ_FLOW
from tests.factories import JOB
from tests.suppliers.test_quote_link import address, filled, rfq, source

__all__ = ["rfq", "source"]
pytestmark = pytest.mark.django_db

NUMBERS = ("NaN", "Infinity", "-1", "1e400", "9" * 40, "0x10", "1,2,3", "½", "")
WRONG = [
    *({"l1-price_0": value} for value in NUMBERS),
    *({"l1-quantity_0": value} for value in (*NUMBERS, "0", "1.5", "2000000001")),
    *({"l1-moq": value} for value in ("0", "-5", "9" * 40, "1.5")),
    *({"l1-multiple": value} for value in ("0", "9" * 40)),
    *({"l1-freight": value} for value in ("-1", "NaN", "9" * 40)),
    *({"l1-tariff_rate": value} for value in ("-1", "90001", "NaN")),
    *({"l1-nre": value} for value in ("-1", "9" * 40)),
    *({"l1-capacity_wk": value} for value in ("-1", "9" * 40)),
    *({"l1-lead_time_days_max": value} for value in ("-1", "99999", "x")),
    {"l1-lead_time_days_min": "90", "l1-lead_time_days_max": "30"},
    {"l1-tooling": "100"},
    {"l1-break_type": "by_the_dozen"},
    {"l1-quantity_1": "1,000", "l1-price_1": "1.00"},
    *({"q-currency": value} for value in ("", "XXQ", "EURO", "€", "12")),
    *({"q-valid_to": value} for value in ("", "2026-02-30", "0001-01-01", "soon")),
    {"q-incoterm": "XXX"},
    {"q-esg_result": "72"},
    {"l1-mpn": "A" * 201},
    {"q-note": "A" * 4001},
]  # fmt: skip


def said(fields: dict[str, str]) -> str:
    return ", ".join(f"{name} {value[:12]!r}" for name, value in fields.items())


@pytest.mark.parametrize("fields", WRONG, ids=said)
def test_it_is_refused(rfq: Rfq, source: Source, fields: dict[str, str]) -> None:
    answer = Client().post(address(rfq, source), filled(**fields))
    assert answer.status_code == 422
    assert not Quote.objects.filter(channel="link").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"l1-mpn": "OURS-1\x00"}, {"q-note": "\x00"}, {"l1-note": "<script>alert(1)</script>"},
        {"q-place": "'; DROP TABLE x; --"}, {"q-reference": "=cmd|' /C calc'!A0"},
        {"l1-quantity_99": "5", "l9-price_0": "1", "q-extra": "x"},
    ],
    ids=said,
)  # fmt: skip
def test_hostile_text_is_text(rfq: Rfq, source: Source, fields: dict[str, str]) -> None:
    client, url = Client(), address(rfq, source)
    answer = client.post(url, filled(**fields))
    assert answer.status_code in (303, 400, 422)
    assert "<script>alert" not in client.get(url).text


@pytest.mark.parametrize("seen", ["-1", "x", "9" * 30, "1"])
def test_a_revision_that_was_never_there_is_not_taken(rfq: Rfq, source: Source, seen: str) -> None:
    answer = Client().post(address(rfq, source), filled(expected=seen))
    assert answer.status_code in (400, 409, 422)
    assert not Quote.objects.filter(channel="link").exists()


def test_a_second_visit_begins_with_the_quote_and_revises_it(rfq: Rfq, source: Source) -> None:
    client, url = Client(), address(rfq, source)
    client.post(url, filled(**{"l1-moq": "500"}))
    again = Client().get(url).text
    assert 'name="l1-moq" value="500"' in again.replace("  ", " ")
    assert 'name="expected" value="1"' in again
    revised = filled(expected="1", **{"l1-price_0": "1.19"})
    assert Client().post(url, revised).status_code == 303
    invitation = RfqInvitation.objects.get(supplier=source.manufacturer_part.manufacturer)
    assert invitation.revision == 2
    assert "revision 2" in client.get(url).text


def test_a_quote_in_the_moment_of_the_closing_is_answered(rfq: Rfq, source: Source) -> None:
    client, url = Client(), address(rfq, source)
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    answer = client.post(url, filled())
    assert answer.status_code == 422
    assert f"{rfq.reference} is closed: it takes no quotes. Write to the buyer." in answer.text
