"""Calculators over the interface: the same answers, refusals that point at the input."""

from __future__ import annotations

import jsonschema
import pytest

from secondsource.core.models import PolicyVersion
from secondsource.workspace.calculators import CALCULATORS
from secondsource.workspace.calculators.declaration import plain
from secondsource.workspace.calculators.schema import inputs_schema
from tests.api.callers import Api

LIFE = {"n": 231, "hours": 1000, "fails": 0, "Ea": 0.7, "Tuse": 55, "Tstress": 125, "C": 0.6}


def test_it_answers(viewer: Api) -> None:
    answer = viewer.post("/calculators/htol-fit/", LIFE)
    assert answer.status_code == 200
    body = answer.json()
    assert body["fit"] == pytest.approx(51.0864, abs=1e-4)
    assert body["inputs"] == LIFE
    assert body["method"]["confidence"] == 0.6


def test_money_is_text_and_numbers_are_numbers(viewer: Api) -> None:
    body = viewer.post(
        "/calculators/ppv/", {"standard": "1.2500", "actual": "1.1875", "qty": 40_000}
    ).json()
    assert (body["ppv"], body["favourable"]) == ("-2500.0000", True)


def test_every_example_answers_as_the_table_does(viewer: Api) -> None:
    for name, calculator in CALCULATORS.items():
        answer = viewer.post(f"/calculators/{name}/", calculator.example)
        assert answer.status_code == 200, name
        assert answer.json() == calculator.run(calculator.example)


def test_a_wrong_input_is_a_422_that_points_at_it(viewer: Api) -> None:
    answer = viewer.post("/calculators/action-priority/", {"S": 11, "O": 1, "D": 1})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["errors"] == [
        {
            "pointer": "/S",
            "code": "out_of_range",
            "detail": "must be a whole number from 1 to 10",
        }
    ]


def test_a_nested_input_is_pointed_at(viewer: Api) -> None:
    answer = viewer.post(
        "/calculators/pilot-verdict/", {"models": [{"model": "A", "passed": 6, "built": 5}]}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/models/0/passed"


@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null"])
def test_a_body_that_is_no_object_is_a_422(viewer: Api, body: str) -> None:
    answer = viewer.post("/calculators/payback/", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == ""


@pytest.mark.parametrize("literal", ["NaN", "-Infinity", "1e400"])
def test_no_number_is_a_422_at_its_input(viewer: Api, literal: str) -> None:
    answer = viewer.post("/calculators/payback/", f'{{"one_time_cost": {literal}}}')
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == "/one_time_cost"
    assert answer.json()["errors"][0]["code"] == "not_finite"


def test_an_unknown_calculator_is_a_404(viewer: Api) -> None:
    assert viewer.post("/calculators/horoscope/", {}).status_code == 404
    assert viewer.get("/calculators/horoscope/").status_code == 404


def test_a_stranger_gets_nothing(stranger: Api) -> None:
    assert stranger.post("/calculators/payback/", {}).status_code == 401
    assert stranger.get("/calculators/").status_code == 401


def test_a_reading_token_is_enough(api) -> None:
    reader = api("viewer", scopes=("read",))
    given = {"one_time_cost": 60_000, "net_saving_per_month": 0}
    assert reader.post("/calculators/payback/", given).json()["months"] is None


def test_one_tells_what_it_takes(viewer: Api) -> None:
    body = viewer.get("/calculators/success-run/").json()
    assert [field["name"] for field in body["inputs"]] == ["C", "R"]
    assert body["inputs"][0]["allowed"] == "above 0, below 1"
    assert body["outputs"] == ["n", "raw"]


def test_the_list_holds_every_calculator(viewer: Api) -> None:
    body = viewer.get("/calculators/").json()
    assert [entry["name"] for entry in body["results"]] == list(CALCULATORS)
    assert (body["next"], body["previous"]) == (None, None)


def test_the_document_tells_what_each_takes(viewer: Api) -> None:
    document = viewer.get("/schema/").json()
    post = document["paths"]["/api/v1/calculators/{name}/"]["post"]
    name = next(one for one in post["parameters"] if one["name"] == "name")
    assert set(name["schema"]["enum"]) == set(CALCULATORS)
    body = post["requestBody"]["content"]["application/json"]
    told = {one["title"]: one for one in body["schema"]["anyOf"]}
    assert set(told) == set(CALCULATORS)
    shown = {example["summary"]: example["value"] for example in body["examples"].values()}
    assert shown == {one.title: plain(one.example) for one in CALCULATORS.values()}
    for calculator in CALCULATORS.values():
        properties = told[calculator.name]["properties"]
        assert list(properties) == [field.name for field in calculator.inputs]
        needed = [field.name for field in calculator.inputs if field.required]
        assert told[calculator.name]["required"] == needed
        outputs = [output.name for output in calculator.outputs]
        assert all(one in post["description"] for one in (calculator.name, *outputs))
    confidence = told["success-run"]["properties"]["C"]
    assert (confidence["exclusiveMinimum"], confidence["exclusiveMaximum"]) == (0, 1)


def test_every_example_fits_its_schema() -> None:
    for calculator in CALCULATORS.values():
        shape = inputs_schema(calculator)
        jsonschema.Draft202012Validator(shape).validate(plain(calculator.example))


def test_the_answer_tells_the_policy_in_force(viewer: Api) -> None:
    PolicyVersion.objects.create(
        name="kpi", number=2, values={"conversions": 4}, state=PolicyVersion.State.ACTIVE
    )
    given = {"conversions": 2, "material_cost_reduction_pct": "5.0"}
    body = viewer.post("/calculators/shared-kpi/", given).json()
    assert body["conversion_attainment"] == "0.5000"
    assert body["policy"]["version"] == 2
    assert body["policy"]["values"]["conversions"] == 4
