"""A body above the limit of its page is refused by its length, before anybody reads it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.views import View

from secondsource.core.attachments import MAX_BYTES
from secondsource.core.middleware import limit_of
from secondsource.exchange.models import Import
from tests import factories

MEGA = 1024 * 1024


@pytest.fixture
def client(db: None) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.person("engineer"))
    return client


def send(client: Client, path: str, size: int) -> Any:
    """A post that announces ``size`` bytes."""
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n"
    return client.generic(
        "POST", path, body.ljust(size), content_type="multipart/form-data; boundary=x"
    )


def test_a_bom_above_20_megabytes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*args: Any) -> None:
        raise AssertionError("the form was read")

    monkeypatch.setattr("django.http.request.MultiPartParser", parse)
    answer = send(client, "/imports/new/", 21 * MEGA)
    assert answer.status_code == 413
    text = answer.content.decode()
    assert "This is 21 MB; at most 20 MB are allowed here." in text
    assert 'href="/imports/new/"' in text
    assert Import.objects.count() == 0


def test_a_bom_below_reaches_the_form(client: Client) -> None:
    assert send(client, "/imports/new/", MEGA).status_code == 403  # no token: the form was read


def test_the_api_answers_with_a_problem(client: Client) -> None:
    size = {"Content-Length": str(501 * MEGA)}
    answer = client.post("/api/v1/imports/", {}, headers=size)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["type"].endswith(":too_large")


def test_the_limit_may_follow_from_the_address() -> None:
    class ByKind(View):
        @staticmethod
        def upload_limit(request: Any) -> int:
            return 500 * MEGA if request.GET.get("kind") == "receipts" else 20 * MEGA

    view, requests = ByKind.as_view(), RequestFactory()
    assert limit_of(view, requests.post("/x/?kind=receipts")) == 500 * MEGA
    assert limit_of(view, requests.post("/x/")) == 20 * MEGA
    assert limit_of(View.as_view(), requests.post("/x/")) == MAX_BYTES
