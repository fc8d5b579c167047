"""Everything that goes wrong is problem+json."""

from typing import Any

import pytest
from django.test import Client

from tests.api.callers import Api

JOB = "/jobs/00000000-0000-4000-8000-000000000000/"


def test_unknown_address_is_a_problem(engineer: Api) -> None:
    answer = engineer.get("/nowhere/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json() == {
        "type": "urn:secondsource:problem:not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here that you may see.",
    }


def test_an_address_without_its_slash(engineer: Api) -> None:
    for method in ("GET", "POST", "PUT"):
        answer = engineer.send(method, "/parts", {})
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["detail"].endswith("Addresses end with a slash.")


def test_development_shows_no_html_either(engineer: Api, settings: Any) -> None:
    settings.DEBUG = True
    answer = engineer.get("/nowhere/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_unknown_page_outside_the_api_is_no_problem_document(db: None) -> None:
    assert "json" not in Client().get("/nowhere/at/all/")["Content-Type"]


def test_method_that_does_not_exist(engineer: Api) -> None:
    answer = engineer.send("PUT", JOB, {})
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, DELETE"
    assert answer.json()["type"] == "urn:secondsource:problem:method_not_allowed"


def test_unknown_parameter_is_refused(engineer: Api) -> None:
    answer = engineer.get(JOB, colour="red")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "pointer": "/colour",
            "code": "unknown_parameter",
            "detail": "There is no parameter 'colour' here.",
        }
    ]


def test_a_parameter_with_one_value_is_given_once(engineer: Api) -> None:
    for path in ("/check/?part=A&quantity=1&quantity=2", "/parts/?search=a&search=b"):
        answer = engineer.get(path)
        assert answer.status_code == 400
        assert [e["code"] for e in answer.json()["errors"]] == ["repeated"]
    assert engineer.get("/parts/?lifecycle=active&lifecycle=nrnd").status_code == 200


def test_a_name_stands_once_in_an_object(engineer: Api) -> None:
    for body in ('{"ipn": "A-1", "ipn": "A-2"}', '{"requirements": [{"name": 1, "name": 1}]}'):
        answer = engineer.post("/parts/", body)
        assert answer.status_code == 400
        assert "more than once" in answer.json()["detail"]


@pytest.mark.parametrize("body", [5, []])
def test_a_body_is_an_object(engineer: Api, body: Any) -> None:
    answer = engineer.send("POST", "/parts/", body)
    assert answer.status_code == 422, answer.content
    assert "named fields" in answer.json()["errors"][0]["detail"]


def test_a_form_gives_a_field_once(engineer: Api) -> None:
    answer = engineer.upload("/imports/", {"kind": ["bom", "parts"], "dry_run": ["true", "false"]})
    assert answer.status_code == 422
    assert {e["pointer"] for e in answer.json()["errors"]} >= {"/kind", "/dry_run"}
    assert {e["code"] for e in answer.json()["errors"]} == {"repeated"}


def test_accept_header_does_not_bring_html(engineer: Api) -> None:
    engineer.headers["Accept"] = "text/html"
    answer = engineer.get(JOB)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_too_many_requests(engineer: Api, settings: Any) -> None:
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": {"actor": "2/hour"},
    }
    assert [engineer.get(JOB).status_code for _ in range(3)] == [404, 404, 429]
    answer = engineer.get(JOB)
    assert 1 <= int(answer["Retry-After"]) <= 3600
    assert answer.json()["type"] == "urn:secondsource:problem:throttled"


def test_job_address_that_is_no_uuid(engineer: Api) -> None:
    assert engineer.get(f"/jobs/{'-' * 36}/").status_code == 404


def test_no_cache_keeps_an_answer(engineer: Api) -> None:
    assert engineer.get("/parts/")["Cache-Control"] == "no-store"
