"""Calculator pages: a form each; the address holds the inputs, a refusal keeps what was typed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from secondsource.accounts.models import User
from secondsource.workspace.calculators import CALCULATORS
from secondsource.workspace.calculators.form import CalculatorForm, written_example
from secondsource.workspace.calculators.pages import in_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    user = User.objects.create_user("p@example.com", None, name="Demo Person", roles=["viewer"])
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    page = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", page)


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


def test_the_address_holds_the_inputs(reader: Client) -> None:
    response = reader.get("/calculators/action-priority/?S=8&O=5&D=7")
    assert response.status_code == 200
    shown = text_of(response)
    assert "action_priority H" in shown
    assert "rpn 280" in shown
    assert 'value="8"' in response.content.decode()


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
    assert "must be a whole number from 1 to 10" in text_of(response)


def test_a_list_of_results_is_a_table(reader: Client) -> None:
    page = reader.get("/calculators/pilot-verdict/").content.decode()
    heads = re.findall(r'<th scope="col">(.*?)</th>', page)
    assert heads == [
        "model",
        "point",
        "lower",
        "upper",
        "floor",
        "verdict",
        "good_units_to_decide",
    ]
    assert "<td>52</td>" in page


def test_typed_markup_is_escaped(reader: Client) -> None:
    response = reader.get("/calculators/payback/", {"one_time_cost": "<script>x</script>"})
    assert response.status_code == 422
    assert b"<script>x" not in response.content


def test_an_unknown_calculator_is_a_404(reader: Client) -> None:
    assert reader.get("/calculators/horoscope/").status_code == 404


def test_a_stranger_signs_in_first() -> None:
    response = Client().get("/calculators/payback/")
    assert response.status_code == 302
    assert "next=/calculators/payback/" in response["Location"]


@pytest.mark.parametrize("name", CALCULATORS)
def test_the_typed_example_gives_the_same_answer(name: str) -> None:
    calculator = CALCULATORS[name]
    form = CalculatorForm(calculator, written_example(calculator))
    assert form.is_valid(), form.errors
    expected = calculator.run(calculator.example)
    found = {key: value for key, value in form.answer.items() if key != "inputs"}
    assert found == {key: value for key, value in expected.items() if key != "inputs"}


def test_lists_are_typed_with_commas_or_as_json() -> None:
    for text in ("0.6, 0.4", "[0.6, 0.4]"):
        form = CalculatorForm(CALCULATORS["hhi"], {"shares": text})
        assert form.is_valid()
        assert form.answer["hhi"] == pytest.approx(5200)


def test_a_broken_table_is_told_so() -> None:
    form = CalculatorForm(CALCULATORS["price-break"], {"need": "950", "breaks": "[[1,"})
    assert not form.is_valid()
    assert form.errors == {"breaks": ["Write it as JSON, like the example."]}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ([], "–"),
        (True, "yes"),
        (0.1 + 0.2, "0.3"),
        (12, "12"),
        ("1.50", "1.50"),
        ({"a": 1.5, "b": None}, "a 1.5; b –"),
        ([1, 2.5], "1, 2.5"),
        ([{"a": 1}, {"a": 2}], "a 1 | a 2"),
    ],
)
def test_in_words(value, words: str) -> None:
    assert in_words(value) == words
