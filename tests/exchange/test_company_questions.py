"""Names of a file that may mean a company on record: asked, answered, written by the import."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from parts.models import Part
from secondsource.core.actors import Actor
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import RowChange
from secondsource.exchange import services
from secondsource.exchange.similar_names import looks_like
from suppliers.models import ManufacturerPart, Supplier
from tests import factories
from tests.exchange.bulk.files import send, take
from tests.exchange.imports import HEAD, do, upload

ROWS = HEAD + "C1,1,,,Murata Electronics,GRM1,,\nU1,1,,,TI,LM1,Texas Instruments,LM2\n"


def names() -> list[str]:
    return sorted(Supplier.objects.companies().values_list("name", flat=True))


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ("Murata", "Murata Electronics North America"), ("Texas Instruments", "TI"),
        ("STMicroelectronics", "ST"), ("onsemi", "ON Semiconductor"),
        ("C&K", "C&K Components"), ("Taiyo Yuden", "Tayo Yuden"),
        ("Würth Elektronik", "Wurth"), ("KOA Speer", "KOA Speer Electronics"),
        ("Kingston", "Kingston Technology"), ("Lattice", "Lattice Semiconductor Corporation"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_name_looks_like_the_company_on_record(known: str, name: str) -> None:
    company = factories.manufacturer(known)
    assert looks_like([name]) == {name: company}
    assert looks_like([known, "Alder Semiconductor"]) == {}


def test_the_person_s_answer_is_kept_and_written(engineer: Actor) -> None:
    murata = factories.manufacturer("Murata", code="MURATA")
    imported = upload(ROWS, engineer, "PUMP")
    assert {k: v["answer"] for k, v in imported.companies.items()} == {
        "MURATA ELECTRONICS": "MURATA", "TEXAS INSTRUMENTS": "=TI",
    }  # fmt: skip
    assert imported.totals["would"]["manufacturers_new"] == 1
    services.confirm(imported=imported, actor=engineer)
    done = do(imported)
    assert names() == ["Murata", "TI"]
    assert ManufacturerPart.objects.get(mpn="GRM1").manufacturer == murata
    assert sorted(a.text for a in murata.aliases.all()) == ["Murata", "Murata Electronics"]
    assert done.result["spellings"] == 2
    trace = RowChange.objects.filter(table="suppliers_supplieralias", owner_id=murata.pk)
    assert trace.latest("id").reason == "import bom.csv"
    again = upload(ROWS, engineer, "PUMP")
    assert again.companies == {}


def test_another_answer_is_kept_when_the_file_is_read_again(engineer: Actor) -> None:
    factories.manufacturer("Murata", code="MURATA")
    imported = upload(ROWS, engineer, "PUMP")
    row = services.choose_companies(
        imported=imported, answers={"Murata Electronics": ""}, actor=engineer, expected=2
    )
    assert row.companies["MURATA ELECTRONICS"]["answer"] == ""
    row = services.keep_choices(
        imported=row, product_code="VALVE", product_name="Valve", actor=engineer, read=True
    )
    services.confirm(imported=row, actor=engineer)
    do(row)
    assert names() == ["Murata", "Murata Electronics", "TI"]


def test_answers_that_mean_nothing_are_refused(engineer: Actor) -> None:
    factories.manufacturer("Murata", code="MURATA")
    imported = upload(ROWS, engineer, "PUMP")
    wrong = {"Nobody": "MURATA", "Murata Electronics": "NOBODY", "Texas Instruments": "=ELSE"}
    with pytest.raises(ValuesRefused) as refused:
        services.choose_companies(imported=imported, answers=wrong, actor=engineer)
    assert [p.code for p in refused.value.problems] == [
        "not_asked", "does_not_exist", "does_not_exist",
    ]  # fmt: skip


def test_an_integration_is_asked_and_nothing_is_decided_for_it(engineer: Actor) -> None:
    factories.manufacturer("Murata", code="MURATA")
    imported = upload(ROWS, Actor(user=engineer.user, origin="api"), "PUMP")
    assert {one["answer"] for one in imported.companies.values()} == {None}
    assert imported.totals["would"]["manufacturers_new"] == 3


def test_one_number_under_two_names_is_one_part(engineer: Actor, run: Any) -> None:
    run(HEAD + "U1,1,,,TI,LM1,,\nU2,1,,,Texas Instruments,lm1,,\n")
    assert (Part.objects.count(), ManufacturerPart.objects.count()) == (1, 1)


def test_bulk_data_asks_as_well(engineer: Actor) -> None:
    factories.category("caps", prefix="CAP")
    murata = factories.manufacturer("Murata", code="MURATA")
    text = (
        "IPN,Category,MPN,Manufacturer\nCAP-1,caps,GRM1,Murata Electronics\n"
        "CAP-2,caps,LM1,TI\nCAP-3,caps,LM1,Texas Instruments\n"
    )
    asked = send(text, "parts", engineer)
    assert asked.companies["MURATA ELECTRONICS"]["answer"] == "MURATA"
    assert asked.totals["sums"]["New manufacturers"] == "1"
    take(text, "parts", engineer)
    assert names() == ["Murata", "TI"]
    assert murata.aliases.filter(text="Murata Electronics").exists()
    assert ManufacturerPart.objects.filter(mpn="LM1").count() == 1


def test_the_preview_asks_and_takes_the_answers(engineer: Actor) -> None:
    factories.manufacturer("Murata", code="MURATA")
    imported = upload(ROWS, engineer, "PUMP")
    client = Client()
    client.force_login(engineer.user)
    page = client.get(imported.get_absolute_url()).content.decode()
    assert "Looks like Murata" in page
    typed = {"company:MURATA ELECTRONICS": "", "expected": imported.version}
    answer = client.post(f"{imported.get_absolute_url()}companies/", typed)
    assert answer.status_code == 302
    imported.refresh_from_db()
    assert imported.companies["MURATA ELECTRONICS"]["answer"] == ""
    assert imported.companies["TEXAS INSTRUMENTS"]["answer"] == "=TI"
