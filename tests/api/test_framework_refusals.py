"""What Django itself refuses is a problem under ``/api/`` too."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.callers import Api

pytestmark = pytest.mark.django_db


def is_problem(answer: Any, status: int) -> None:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


def test_a_host_that_is_not_ours(engineer: Api, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    is_problem(engineer.client.get("/api/v1/parts/", headers={"Host": "evil.example"}), 400)


def test_more_parameters_than_are_taken(engineer: Api) -> None:
    query = "&".join(f"a{number}=1" for number in range(1500))
    is_problem(engineer.client.get(f"/api/v1/parts/?{query}", headers=engineer.headers), 400)


def test_more_fields_of_a_form_than_are_taken(engineer: Api) -> None:
    sent = {f"a{number}": "1" for number in range(1500)}
    file = SimpleUploadedFile("a.csv", b"x")
    is_problem(engineer.upload("/imports/", {**sent, "file": file, "kind": "bom"}), 422)


def test_more_files_than_are_taken(engineer: Api) -> None:
    sent = {f"f{number}": SimpleUploadedFile("a.csv", b"x") for number in range(150)}
    is_problem(engineer.upload("/imports/", {**sent, "kind": "bom"}), 400)


def test_a_body_that_is_too_large(engineer: Api) -> None:
    body = '{"description": "' + "x" * (17 * 1024 * 1024) + '"}'
    is_problem(engineer.post("/parts/", body), 413)


@pytest.mark.parametrize("address", ["/api/v1/parts/%00/", "/api/v1/%ff/", "/api/nothing", "/api/"])
def test_an_address_that_is_none(engineer: Api, address: str) -> None:
    answer = engineer.client.get(address, headers=engineer.headers)
    is_problem(answer, 404)
