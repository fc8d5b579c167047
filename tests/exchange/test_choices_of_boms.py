"""What a BOM does not say is asked: phase, volume, categories of new parts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from parts.models import Category, Part, Product
from secondsource.core.errors import ValuesRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import
from tests import factories
from tests.exchange.imports import do, upload

BOM = """Designator,Qty,Value,Manufacturer,MPN,Description
R1 R2,2,10k,Yageo,RC0402FR-0710KL,
C1,1,100n,Murata,GRM155R71C104KA88D,
U1,1,,Cedar,CD3000,LDO regulator 3.3 V
U2,1,,Cedar,CD4000,Something else
MH1,1,,Cedar,M3X8,
"""


@pytest.fixture
def imported(engineer: Any) -> Import:
    return upload(BOM, engineer, "PUMP")


def confirm(imported: Import, actor: Any, **choices: Any) -> Import:
    services.confirm(imported=imported, actor=actor, choices=choices)
    return do(imported)


def places() -> dict[str, str]:
    rows = Part.objects.filter(sources__isnull=False)
    return dict(rows.values_list("sources__manufacturer_part__mpn", "category__path"))


def test_categories_are_guessed_from_designators_and_words(imported: Import, engineer: Any) -> None:
    factories.category("passives")
    factories.category("power")
    assert imported.totals["would"]["groups"] == {
        "resistors": 1, "capacitors": 1, "power_ics": 1, "integrated_circuits": 1, "": 1,
    }  # fmt: skip
    confirm(imported, engineer)
    assert places() == {
        "RC0402FR-0710KL": "passives", "GRM155R71C104KA88D": "passives", "CD3000": "power",
        "CD4000": "integrated_circuits", "M3X8": "unsorted",
    }  # fmt: skip
    assert Part.objects.filter(ipn="ICS-00001", category__name="Integrated circuits").exists()


def test_a_choice_wins_over_the_guess(imported: Import, engineer: Any) -> None:
    factories.category("chips")
    confirm(imported, engineer, categories={"resistors": "chips", "capacitors": ""})
    assert places()["RC0402FR-0710KL"] == "chips"
    assert places()["GRM155R71C104KA88D"] == "unsorted"


def test_undo_removes_categories_that_it_made(imported: Import, engineer: Any) -> None:
    services.undo(imported=confirm(imported, engineer), actor=engineer)
    assert not Category.objects.exists()


@pytest.mark.parametrize(
    ("choices", "pointer"),
    [
        ({"categories": {"resistors": "nowhere"}}, "/categories/resistors"),
        ({"categories": {"spoons": ""}}, "/categories/spoons"),
        ({"phase": "someday"}, "/phase"),
    ],
)
def test_choices_that_cannot_be_made(
    imported: Import, engineer: Any, choices: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(ValuesRefused) as refused:
        services.confirm(imported=imported, actor=engineer, choices=choices)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    imported.refresh_from_db()
    assert (imported.state, imported.choices) == ("previewed", {})


def test_nothing_is_guessed_of_a_new_product(imported: Import, engineer: Any) -> None:
    confirm(imported, engineer)
    product = Product.objects.get()
    assert (product.phase, product.monthly_volume) == ("", None)


def test_the_page_asks_for_the_phase_of_a_new_product(imported: Import, engineer: Any) -> None:
    client = Client()
    client.force_login(engineer.user)
    answer = client.post(f"/imports/{imported.public_id}/confirm/", {"product": "pump mk 2"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "PUMP-MK-2 is a new product: choose its phase." in text
    imported.refresh_from_db()
    assert imported.state == "previewed"


def test_reading_again_keeps_what_was_typed(imported: Import, engineer: Any) -> None:
    client = Client()
    client.force_login(engineer.user)
    typed = {
        "product": "walk mppt", "product_name": "Charger", "phase": "pilot",
        "monthly_volume": "500", "category_resistors": "", "t0use": "on",
        "expected": imported.version,
    }  # fmt: skip
    assert client.post(f"/imports/{imported.public_id}/mapping/", typed).status_code == 302
    page = client.get(f"/imports/{imported.public_id}/").content.decode()
    assert ('value="WALK-MPPT"' in page, 'value="Charger"' in page) == (True, True)
    imported.refresh_from_db()
    assert imported.choices["phase"] == "pilot"
    assert imported.choices["categories"]["resistors"] == ""


@pytest.mark.parametrize(
    "wrong", [{"product": "no/good"}, {"product": "PUMP", "monthly_volume": "many"}]
)
def test_reading_again_refuses_nothing_in_silence(
    imported: Import, engineer: Any, wrong: dict[str, str]
) -> None:
    client = Client()
    client.force_login(engineer.user)
    typed = {"product_name": "Charger", "t0use": "on", "expected": imported.version} | wrong
    answer = client.post(f"/imports/{imported.public_id}/mapping/", typed)
    page = answer.content.decode()
    assert (answer.status_code, 'value="Charger"' in page, 'aria-invalid="true"' in page) == (
        422, True, True,
    )  # fmt: skip
    assert all(value.upper() in page.upper() for value in wrong.values())
    imported.refresh_from_db()
    assert imported.choices == {}


def test_formulas_are_warned_about(engineer: Any) -> None:
    text = (
        "Designator,Qty,Manufacturer,MPN\nR1,1,Yageo,=1+1\nR2,1,Yageo,@SUM(A1)\nR3,1,Yageo,RC-1\n"
    )
    imported = upload(text, engineer, "PUMP")
    assert [w["row"] for w in imported.warnings if w["code"] == "formula"] == [2, 3]


def test_the_result_leads_to_the_parts_by_sources(imported: Import, engineer: Any) -> None:
    client = Client()
    client.force_login(engineer.user)
    confirm(imported, engineer)
    page = client.get(f"/imports/{imported.public_id}/").content.decode()
    address = f"/parts/?import={imported.public_id}"
    assert f'href="{address}&amp;sources=single"' in page
    factories.part(ipn="OTHER")
    listed = client.get(f"{address}&sources=single").content.decode()
    assert ("5 parts" in listed, "bom.csv" in listed, "OTHER" in listed) == (True, True, False)
