"""The page of tasks that follow a change, and another try for a failed one."""

from __future__ import annotations

import pytest
from django.test import Client

from secondsource.core import outbox
from secondsource.core.models import Event, Outbox
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(factories.person(role))
    return client


def failed() -> Outbox:
    outbox.post("test.page", {})
    Outbox.objects.update(state="failed", attempts=7, error="RuntimeError: no paper")
    return Outbox.objects.get()


def test_an_administrator_sees_what_failed_and_why() -> None:
    row, client = failed(), signed_in("admin")
    text = client.get("/jobs/follow-ups/?state=failed").content.decode()
    assert "RuntimeError: no paper" in text
    assert f"/jobs/follow-ups/{row.pk}/retry/" in text
    assert "RuntimeError: no paper" not in client.get(
        "/jobs/follow-ups/?state=waiting"
    ).content.decode()  # fmt: skip


def test_an_administrator_lets_it_be_tried_again() -> None:
    row, client = failed(), signed_in("admin")
    address = f"/jobs/follow-ups/{row.pk}/retry/"
    assert "no paper" in client.get(address).content.decode()
    assert client.post(address)["Location"] == "/jobs/follow-ups/"
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert Event.objects.filter(action="core.outbox.retried", subject_id=row.pk).count() == 1


def test_what_did_not_fail_is_not_tried_again() -> None:
    row, client = failed(), signed_in("admin")
    Outbox.objects.update(state="waiting", attempts=3)
    answer = client.post(f"/jobs/follow-ups/{row.pk}/retry/", follow=True)
    assert "only failed work can be tried again" in answer.content.decode()
    assert Outbox.objects.get().attempts == 3
    assert not Event.objects.filter(action="core.outbox.retried").exists()


def test_nobody_else_sees_or_tries() -> None:
    row, client = failed(), signed_in("quality")
    assert client.get("/jobs/follow-ups/").status_code == 403
    assert client.post(f"/jobs/follow-ups/{row.pk}/retry/").status_code == 403
    row.refresh_from_db()
    assert row.state == "failed"


def test_a_task_is_found_by_the_words_of_the_page() -> None:
    outbox.post("company_figures", {})
    client = signed_in("admin")
    for text in ("Company figures", "company_figures"):
        page = client.get("/jobs/follow-ups/", {"topic": text}).content.decode()
        assert "Company figures" in page
        assert "1 task" in page
    assert "1 task" not in client.get("/jobs/follow-ups/?topic=other").content.decode()
