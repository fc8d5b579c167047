"""Calculator pages: a form each; the address holds the inputs, a refusal keeps what was typed."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.test import Client

from secondsource.accounts.models import User
from secondsource.core.models import PolicyVersion
from secondsource.workspace.calculators import CALCULATORS

pytestmark = pytest.mark.django_db

PILOT = {
    "models.0.model": "A",
    "models.0.passed": "496",
    "models.0.built": "500",
    "models.0.floor": "0.96",
    "models.1.model": "B",
    "models.1.passed": "109",
    "models.1.built": "110",
    "models.1.floor": "0.971",
}


@pytest.fixture
def reader() -> Client:
    user = User.objects.create_user("p@example.com", None, name="Demo Person", roles=["viewer"])
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    page = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", page)


def cells(response) -> dict[str, str]:
    """What stands in the inputs of the form, by name."""
    page = response.content.decode()
    found = re.findall(r'<input [^>]*?name="([^"]+)"[^>]*? value="([^"]*)"', page)
    return {
        name: unescape(value)
        for name, value in found
        if name not in ("csrfmiddlewaretoken", "next")
    }


def test_the_table_links_every_calculator(reader: Client) -> None:
    page = reader.get("/calculators/").content.decode()
    linked = set(re.findall(r'href="/calculators/([a-z0-9-]+)/"', page))
    assert linked == set(CALCULATORS)


def test_every_page_shows_its_worked_example(reader: Client) -> None:
    for name, calculator in CALCULATORS.items():
        response = reader.get(f"/calculators/{name}/")
        assert response.status_code == 200, name
        shown = text_of(response)
        assert calculator.formula in shown or "&" in calculator.formula, name
        assert "worked example" in shown, name
        assert " Answer " in shown, name
        assert "House rule" in shown or not calculator.house_rule, name


def test_the_address_holds_the_inputs(reader: Client) -> None:
    response = reader.get("/calculators/action-priority/?S=8&O=5&D=7")
    assert response.status_code == 200
    shown = text_of(response)
    assert "High: define an action" in shown
    assert "RPN, for information 280" in shown
    assert 'value="8"' in response.content.decode()


def test_htmx_gets_the_answer_and_the_address(reader: Client) -> None:
    asking = {"HX-Request": "true", "HX-Target": "div#calculator"}
    response = reader.post("/calculators/pilot-verdict/", PILOT, headers=asking)
    assert "<html" not in response.content.decode()
    again = reader.get(response["HX-Push-Url"])
    assert again.status_code == 200
    assert "B needs 52 more good units." in text_of(again)
    assert cells(again)["models.1.floor"] == "0.971"


def test_empty_inputs_are_not_part_of_the_link(reader: Client) -> None:
    given = {"one_time_cost": "60000", "net_saving_per_month": "7500", "x": "1", "y": ""}
    page = reader.get("/calculators/payback/", given).content.decode()
    assert 'href="?one_time_cost=60000&amp;net_saving_per_month=7500"' in page


def test_inputs_too_long_for_an_address_are_answered_without_one(reader: Client) -> None:
    many = ", ".join(f"{n / 1000:.3f}" for n in range(1000, 2000))
    response = reader.post("/calculators/capability/", {"data": many, "LSL": "0", "USL": "3"})
    assert response.status_code == 200
    assert "too long for a link" in text_of(response)
    assert "HX-Push-Url" not in response


def test_a_wrong_input_is_a_422_that_keeps_what_was_typed(reader: Client) -> None:
    response = reader.get("/calculators/action-priority/?S=11&O=5&D=seven")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="11"' in page
    assert 'value="seven"' in page
    assert "Write a number with a point" in page
    assert 'id="answer"' not in page


def test_the_refusal_names_the_range(reader: Client) -> None:
    response = reader.get("/calculators/action-priority/?S=11&O=5&D=7")
    assert response.status_code == 422
    assert "Severity must be a whole number from 1 to 10." in text_of(response)


def test_a_wrong_cell_is_told_at_the_cell(reader: Client) -> None:
    response = reader.post("/calculators/pilot-verdict/", {**PILOT, "models.1.passed": "111"})
    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(r'name="models.1.passed"[^>]*aria-invalid="true"[^>]* value="111"', page)
    assert 'id="error-models.1.passed"' in page
    assert "Good must be a whole number from 0 to 110." in text_of(response)
    assert cells(response)["models.0.passed"] == "496"


def test_an_empty_form_names_every_input_that_is_needed(reader: Client) -> None:
    response = reader.get("/calculators/clopper-pearson/", {"pass": "", "n": ""})
    assert response.status_code == 422
    shown = text_of(response)
    assert "2 inputs need a fix." in shown
    assert "Good must be given." in shown
    assert "Built must be given." in shown


def test_every_page_refuses_an_empty_form(reader: Client) -> None:
    for name in CALCULATORS:
        response = reader.get(f"/calculators/{name}/", {"x": ""})
        assert response.status_code == 422, name
        assert "must be given" in text_of(response), name


def test_an_empty_form_refuses_nothing(reader: Client) -> None:
    response = reader.get("/calculators/payback/", {"empty": "1"})
    assert response.status_code == 200
    assert cells(response) == {"one_time_cost": "", "net_saving_per_month": ""}
    assert 'role="alert"' not in response.content.decode()


def test_two_currencies_are_refused_at_the_second(reader: Client) -> None:
    given = {"standard": "1.25 EUR", "actual": "1.20 USD", "qty": "5"}
    response = reader.post("/calculators/ppv/", given)
    assert response.status_code == 422
    assert "must be EUR like the others" in text_of(response)
    assert cells(response)["actual"] == "1.20 USD"


def test_a_currency_is_kept_to_the_answer(reader: Client) -> None:
    given = {"standard": "1.25 EUR", "actual": "1.1875 EUR", "qty": "40000"}
    response = reader.get("/calculators/ppv/", given)
    assert "−€2,500.00 against standard, favourable." in text_of(response)


def test_a_million_values_are_refused_and_kept(reader: Client) -> None:
    response = reader.post("/calculators/fit-conversions/", {"fit": "1," * 1_000_000})
    assert response.status_code == 422
    assert "longer than 200,000 characters" in text_of(response)


def test_the_policy_in_force_is_used_and_named(reader: Client) -> None:
    PolicyVersion.objects.create(
        name="pilot", number=3, values={"margin": 0.05}, state=PolicyVersion.State.ACTIVE
    )
    query = "?pass_new=196&n_new=200&pass_inc=1970&n_inc=2000"
    shown = text_of(reader.get(f"/calculators/farrington-manning/{query}"))
    assert "Shown: the new yield is less than 5 points below" in shown
    assert "Policy pilot, version 3" in shown
    assert "default 0.05" in shown


def test_a_list_of_results_is_a_table(reader: Client) -> None:
    page = reader.get("/calculators/pilot-verdict/").content.decode()
    heads = re.findall(r'<th scope="col">(.*?)</th>', page)
    wanted = ["Model", "Yield", "Lower", "Upper", "Floor", "More good units", "Verdict"]
    assert wanted == heads[heads.index("Yield") - 1 :][: len(wanted)]
    assert ">52</td>" in page


def test_typed_markup_is_escaped(reader: Client) -> None:
    response = reader.get("/calculators/payback/", {"one_time_cost": "<script>x</script>"})
    assert response.status_code == 422
    assert b"<script>x" not in response.content


def test_the_list_is_searched(reader: Client) -> None:
    page = reader.get("/calculators/?q=pilot+verdict").content.decode()
    assert re.findall(r'href="/calculators/([a-z0-9-]+)/"', page) == ["pilot-verdict"]
    assert "No calculator" in text_of(reader.get("/calculators/?q=zebra"))


def test_an_unknown_calculator_is_a_404(reader: Client) -> None:
    assert reader.get("/calculators/horoscope/").status_code == 404
    assert reader.post("/calculators/horoscope/", {}).status_code == 404


def test_a_stranger_signs_in_first() -> None:
    response = Client().get("/calculators/payback/")
    assert response.status_code == 302
    assert "next=/calculators/payback/" in response["Location"]


def test_links_are_short_enough_for_every_example(reader: Client) -> None:
    for name in CALCULATORS:
        page = reader.get(f"/calculators/{name}/").content.decode()
        link = re.search(r'class="btn sm ml" href="(\?[^"]+)"', page)
        assert link, name
        address = f"/calculators/{name}/{unescape(link[1])}"
        assert len(urlsplit(address).query) < 3_500
        again = reader.get(address)
        assert again.status_code == 200, name
        assert cells(again) == cells(reader.get(f"/calculators/{name}/")), name
