"""Lists of sources as systems export them: several numbers in a row, marks, days without end."""

from __future__ import annotations

import datetime as dt

import pytest

from parts.models import Part
from secondsource.core.actors import Actor
from secondsource.exchange import services
from secondsource.exchange.models import Import
from suppliers.models import Source, TakeoverRow
from tests import factories
from tests.exchange.bulk.files import problems, send, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def parts() -> None:
    for ipn in ("P-1", "P-2"):
        factories.part(ipn=ipn)


def notes(imported: Import) -> dict[str, str]:
    return {one["code"]: one["detail"] for one in imported.warnings}


def sources() -> list[tuple[str, str, str]]:
    """(our part, manufacturer, MPN) in the order of the file."""
    rows = Source.objects.order_by("part__ipn", "manufacturer_part__mpn")
    return list(
        rows.values_list(
            "part__ipn", "manufacturer_part__manufacturer__name", "manufacturer_part__mpn"
        )
    )


TWO = [("P-1", "Yageo", "CC0402KRX7"), ("P-1", "Murata", "GRM1555")]


@pytest.mark.parametrize(
    "text",
    [
        "IPN,Manufacturer,MPN,Manufacturer 2,MPN 2\nP-1,Yageo,CC0402KRX7,Murata,GRM1555\n",
        "IPN,Manufacturer 1,MPN 1,Manufacturer 2,MPN 2\nP-1,Yageo,CC0402KRX7,Murata,GRM1555\n",
        "IPN,Manufacturer,MPN,Manufacturer_1,MPN_1\nP-1,Yageo,CC0402KRX7,Murata,GRM1555\n",
        "IPN,Manufacturer,MPN,Manufacturer,MPN\nP-1,Yageo,CC0402KRX7,Murata,GRM1555\n",
        "IPN,Manufacturer A,MPN A,Manufacturer B,MPN B\nP-1,Yageo,CC0402KRX7,Murata,GRM1555\n",
        "IPN,Hersteller,MPN,Zweithersteller,2nd MPN\nP-1,Yageo,CC0402KRX7,Murata,GRM1555\n",
        "IPN,Manufacturer,MPN,Alternate manufacturer,Alternate MPN\n"
        "P-1,Yageo,CC0402KRX7,Murata,GRM1555\n",
        'IPN,Manufacturer,MPN\nP-1,"Yageo; Murata","CC0402KRX7; GRM1555"\n',
        'IPN,Manufacturer,MPN\nP-1,"Yageo\nMurata","CC0402KRX7\nGRM1555"\n',
    ],
)
def test_several_numbers_of_a_row(engineer: Actor, text: str) -> None:
    imported = take(text, "sources", engineer)
    assert (sources(), imported.totals["rows"], imported.result["created"]) == (TWO, 1, 2)


def test_several_numbers_of_one_manufacturer(engineer: Actor) -> None:
    text = 'IPN,Mfr. Name,Mfr. Part Number\nP-1,TI,"TPS62130RGTT, TPS62130ARGTR"\n'
    take(text, "sources", engineer)
    assert [mpn for _, _, mpn in sources()] == ["TPS62130ARGTR", "TPS62130RGTT"]


def test_a_comma_inside_a_number(engineer: Actor) -> None:
    take('IPN,Manufacturer,MPN\nP-1,Nexperia,"RB751V40,115"\n', "sources", engineer)
    assert sources() == [("P-1", "Nexperia", "RB751V40,115")]


def test_a_second_number_that_needs_a_person_names_its_row(engineer: Actor) -> None:
    text = "IPN,Manufacturer,MPN,Manufacturer 2,MPN 2\nP-1,Yageo,CC1,Murata,\nP-2,Yageo,CC2,,\n"
    imported = send(text, "sources", engineer)
    assert (problems(imported), imported.totals["bad"]) == ([(2, "mpn", "missing")], 1)
    take(text, "sources", engineer, partial=True)
    assert {ipn for ipn, _, _ in sources()} == {"P-1", "P-2"}


def test_a_second_number_under_another_header_is_asked_about(engineer: Actor) -> None:
    text = "IPN,Manufacturer,MPN,2nd source type\nP-1,Yageo,CC0402KRX7,GRM15555\n"
    imported = send(text, "sources", engineer)
    assert [one["code"] for one in imported.problem["errors"]] == ["numbers_unread"]


def test_parts_with_two_numbers_have_the_first_as_incumbent(engineer: Actor) -> None:
    text = "IPN,Manufacturer,MPN,Manufacturer 2,MPN 2\nN-1,Yageo,CC0402KRX7,Murata,GRM1555\n"
    take(text, "parts", engineer)
    rows = Source.objects.filter(part__ipn="N-1").values_list("manufacturer_part__mpn", "role")
    assert dict(rows) == {"CC0402KRX7": "incumbent", "GRM1555": "alternate"}


@pytest.mark.parametrize(
    ("head", "cell", "problem"),
    [
        ("Preferred Status", "Do Not Use", (2, "status", "not_approved")),
        ("Approval", "Not approved", (2, "status", "not_approved")),
        ("Do not use", "x", (2, "barred", "not_approved")),
        ("Gesperrt", "ja", (2, "barred", "not_approved")),
    ],
)
@pytest.mark.parametrize("kind", ["sources", "parts"])
def test_what_is_not_to_be_used_is_refused(
    engineer: Actor, kind: str, head: str, cell: str, problem: tuple[int, str, str]
) -> None:
    text = f"IPN,Manufacturer,MPN,{head}\nP-1,Diodes,AP62300,{cell}\n"
    assert problems(send(text, kind, engineer)) == [problem]


@pytest.mark.parametrize("head", ["Preferred", "Approved", "AML Status", "Freigabe", "Qualified"])
def test_marks_of_approval_are_proposed(engineer: Actor, head: str) -> None:
    text = f"IPN,Manufacturer,MPN,{head}\nP-1,Yageo,CC1,yes\nP-2,Yageo,CC2,no\n"
    take(text, "sources", engineer)
    assert [row.source.part.ipn for row in TakeoverRow.objects.all()] == ["P-1"]


def test_a_column_of_approvals_that_nobody_knows_is_asked_about(engineer: Actor) -> None:
    text = "IPN,Manufacturer,MPN,Zone\nP-1,Yageo,CC1,Approved\nP-2,Yageo,CC2,Do Not Use\n"
    imported = send(text, "sources", engineer)
    assert [one["code"] for one in imported.problem["errors"]] == ["status_unread"]
    said = {"columns": [{"header": "Zone", "role": "status"}]}
    read = services.correct_mapping(imported=imported, mapping=said, actor=engineer)
    assert problems(read) == [(3, "status", "not_approved")]


def test_a_candidate_of_a_parts_list_is_not_approved(engineer: Actor) -> None:
    text = "IPN,Manufacturer,MPN,Approval status\nN-1,Yageo,CC1,Candidate\nN-2,Yageo,CC2,Approved\n"
    take(text, "parts", engineer)
    statuses = dict(Source.objects.values_list("part__ipn", "status"))
    assert statuses == {"N-1": "candidate", "N-2": "approved"}


def test_no_end_is_no_last_day(engineer: Actor) -> None:
    head = "Material;Hersteller;Herstellerteilenummer;Gültig ab;Gültig bis\n"
    text = f"{head}P-1;Yageo;RC04;01.01.2020;31.12.9999\nP-2;Panasonic;ERJ;01.01.2020;31.12.2027\n"
    take(text, "sources", engineer)
    assert list(Source.objects.order_by("part__ipn").values_list("valid_to", flat=True)) == [
        None, dt.date(2027, 12, 31),
    ]  # fmt: skip
    endless = send(text.replace("31.12.2027", "9999-12-31"), "sources", engineer)
    assert endless.totals["would"]["updated"] == 1
    done = take(text.replace("31.12.2027", "9999-12-31"), "sources", engineer)
    source = Source.objects.get(part__ipn="P-2")
    assert (source.valid_to, done.result["updated"]) == (None, 1)
    services.undo(imported=done, actor=engineer)
    source.refresh_from_db()
    assert source.valid_to == dt.date(2027, 12, 31)


def test_no_first_day_is_none(engineer: Actor) -> None:
    take("IPN,Manufacturer,MPN,Valid from\nP-1,Yageo,CC1,00.00.0000\n", "sources", engineer)
    assert Source.objects.get().valid_from is None


def test_spoiled_numbers_are_named_once(engineer: Actor) -> None:
    text = "IPN,Manufacturer,MPN\nP-1,Yageo,1E3\nP-1,Wurth,10-Dec\nP-2,Yageo,CC1\n"
    said = notes(send(text, "sources", engineer))
    assert "1E3 (row 2); 10-Dec (row 3)" in said["mpn_spoiled"]


def test_lost_zeros_and_numbers_kept_as_text(engineer: Actor) -> None:
    text = 'IPN,Manufacturer,MPN\nP-1,Molex,430450200\nP-2,Molex,"=""0430450200"""\n'
    imported = send(text, "sources", engineer)
    assert "430450200 beside 0430450200" in notes(imported)["zero_lost"]
    take(text, "sources", engineer)
    assert ("P-2", "Molex", "0430450200") in sources()


def test_an_unknown_category_leaves_parts_unsorted(engineer: Actor) -> None:
    text = "Material;Materialkurztext;Warengruppe\nZB-1;Widerstand;RES\nZB-2;Kondensator;CAP\n"
    imported = take(text, "parts", engineer)
    assert notes(imported)["unknown_category"].startswith(
        "Rows with a category that is not on record, or that several have: 2 (CAP, RES)."
    )
    paths = Part.objects.filter(ipn__startswith="ZB").values_list("category__path", flat=True)
    assert set(paths) == {"unsorted"}


def test_words_of_distributors(engineer: Actor) -> None:
    text = (
        "Manufacturer,MPN,Country of Origin,RoHS Status,Moisture Sensitivity Level (MSL)\n"
        "Texas Instruments,TPS62130RGTR,Malaysia,Lead free / RoHS Compliant,2 (1 Year)\n"
        "YAGEO,RC0402FR-0710KL,Taiwan,ROHS3 Compliant,1 (Unlimited)\n"
        "Bourns,SRP4020TA-2R2M,CN,ROHS3 Compliant,1 (Unlimited)\n"
    )
    take(text, "manufacturer_parts", engineer)
    from suppliers.models import ManufacturerPart

    rows = ManufacturerPart.objects.order_by("-mpn").values_list("country_of_origin", "rohs", "msl")
    assert list(rows) == [
        ("MY", "compliant", "2"), ("CN", "compliant", "1"), ("TW", "compliant", "1"),
    ]  # fmt: skip
