"""Repeated POSTs with an Idempotency-Key."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from parts.models import Part
from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.models import IdempotencyKey
from secondsource.exchange.models import Import
from tests.api.callers import Api
from tests.api.data import a_category, a_part

BODY = {"category": "regulators", "description": "Buck"}


@pytest.fixture(autouse=True)
def category(request: Any) -> None:
    if "transactional" not in request.node.name:
        request.getfixturevalue("db")
        a_category()


def test_the_first_answer_is_given_again(engineer: Api) -> None:
    first = engineer.post("/parts/", BODY, Idempotency_Key="k1")
    again = engineer.post("/parts/", dict(reversed(BODY.items())), Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert (again["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)
    assert Part.objects.count() == 1


def test_a_refusal_is_given_again(engineer: Api) -> None:
    body = {**BODY, "ipn": "R-1"}
    a_part("R-1")
    first = engineer.post("/parts/", body, Idempotency_Key="k1")
    Part.objects.all().delete()
    again = engineer.post("/parts/", body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (409, 409)
    assert again["Content-Type"] == "application/problem+json"
    assert again.json() == first.json()
    assert Part.objects.count() == 0


def test_the_key_with_another_body_is_refused(engineer: Api) -> None:
    engineer.post("/parts/", BODY, Idempotency_Key="k1")
    answer = engineer.post("/parts/", {**BODY, "description": "Boost"}, Idempotency_Key="k1")
    assert answer.status_code == 422
    assert [r["code"] for r in answer.json()["reasons"]] == ["idempotency_key_reused"]
    assert Part.objects.count() == 1


def test_the_key_at_another_address_is_refused(engineer: Api) -> None:
    engineer.post("/parts/", BODY, Idempotency_Key="k1")
    assert engineer.post("/categories/", BODY, Idempotency_Key="k1").status_code == 422


def test_keys_belong_to_a_person(engineer: Api, api: Any) -> None:
    engineer.post("/parts/", BODY, Idempotency_Key="k1")
    other = api("integration").post("/parts/", BODY, Idempotency_Key="k1")
    assert other.status_code == 201
    assert Part.objects.count() == 2


def test_a_key_is_free_again_after_a_day(engineer: Api) -> None:
    engineer.post("/parts/", BODY, Idempotency_Key="k1")
    with clock.at(clock.now() + dt.timedelta(hours=23, minutes=30)):
        engineer.post("/parts/", BODY, Idempotency_Key="k1")
        assert Part.objects.count() == 1


def test_after_24_hours_the_work_is_done_anew(engineer: Api) -> None:
    engineer.post("/parts/", BODY, Idempotency_Key="k1")
    IdempotencyKey.objects.update(created_at=clock.now() - dt.timedelta(hours=24, seconds=1))
    assert engineer.post("/parts/", BODY, Idempotency_Key="k1").status_code == 201
    assert Part.objects.count() == 2


def test_a_refusal_of_rights_is_not_kept(viewer: Api) -> None:
    assert viewer.post("/parts/", BODY, Idempotency_Key="k1").status_code == 403
    assert IdempotencyKey.objects.count() == 0


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_malformed_key(engineer: Api, key: str) -> None:
    answer = engineer.post("/parts/", BODY, Idempotency_Key=key)
    assert answer.status_code == 400
    assert Part.objects.count() == 0


def test_an_upload_is_known_by_its_bytes(engineer: Api) -> None:
    def send(text: bytes) -> Any:
        file = SimpleUploadedFile("bom.csv", text)
        body = {"file": file, "kind": "bom", "dry_run": "true"}
        return engineer.upload("/imports/", body, Idempotency_Key="k1")

    bom = b"Designator,Quantity,MPN\nR1,1,RC0603FR-0710KL\n"
    assert [send(bom).status_code, send(bom).status_code] == [201, 201]
    assert send(bom + b"C1,1,GRM188R71C104KA01D\n").status_code == 422
    assert Import.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_retries_do_the_work_once_transactional(api: Any) -> None:
    a_category()
    caller, answers = api("engineer"), []
    barrier, key = threading.Barrier(4), uuid.uuid4().hex

    def send() -> None:
        own = Api(caller.user, "")
        own.client, own.headers = Client(), caller.headers
        barrier.wait()
        answers.append(own.post("/parts/", BODY, Idempotency_Key=key))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["ipn"] for answer in answers}) == 1
    assert Part.objects.count() == 1


def test_another_token_gets_no_answer_that_shows_more(api: Any) -> None:
    body = {**BODY, "standard_cost": {"amount": "3.25", "currency": "EUR"}}
    first = api("integration", scopes=("read", "write", "prices")).post(
        "/parts/", body, Idempotency_Key="k1"
    )
    assert first.json()["standard_cost"]["amount"] == "3.250000"
    again = api("integration", scopes=("read", "write")).post("/parts/", body, Idempotency_Key="k1")
    assert (again.status_code, b"3.25" in again.content) == (422, False)
    assert Part.objects.count() == 1


def test_who_lost_a_role_gets_no_answer_that_shows_more(api: Any) -> None:
    caller = api(user=User.objects.create_user(
        "two@example.com", None, name="Two", roles=["engineer", "finance"]))  # fmt: skip
    body = {**BODY, "standard_cost": {"amount": "3.25", "currency": "EUR"}}
    assert caller.post("/parts/", body, Idempotency_Key="k1").status_code == 201
    User.objects.filter(email="two@example.com").update(roles=["engineer"])
    again = caller.post("/parts/", body, Idempotency_Key="k1")
    assert (again.status_code, b"3.25" in again.content) == (422, False)
