"""Large lists are written to files by jobs, with the eyes of the person who asked."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from secondsource.accounts.models import Plant
from secondsource.accounts.services import issue_token
from secondsource.core import clock, exports, jobs
from secondsource.core.models import Job
from secondsource.exchange.models import Export
from secondsource.exchange.services import exports as services
from tests import factories

pytestmark = pytest.mark.django_db
PARTS = 7


@pytest.fixture(autouse=True)
def small_world(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Seven parts, of which six are a large list."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(exports, "LARGE_ROWS", 5)
    for number in range(PARTS):
        factories.part(ipn=f"A-{number}")


def browser(*roles: str) -> Client:
    client = Client()
    client.force_login(factories.person(*roles))
    client.get("/parts/")
    return client


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))


def exported(client: Client, query: str) -> str:
    """The address of an export's page, whose job was done."""
    answer = client.get(f"/parts/?{query}")
    assert answer.status_code == 302
    jobs.run(str(Job.objects.latest("created_at").pk))
    return str(answer["Location"])


def test_a_small_list_streams_as_ever() -> None:
    answer = browser("procurement").get("/parts/?export=csv&search=A-1")
    assert (answer.status_code, len(rows_of(answer))) == (200, 2)
    assert not Job.objects.exists()


def test_a_large_list_is_written_by_a_job_and_downloaded() -> None:
    client = browser("procurement")
    where = client.get("/parts/?export=csv&sort=-ipn")["Location"]
    assert "You can leave this page" in client.get(where).content.decode()
    assert client.get(f"{where}file/")["Location"] == where
    jobs.run(str(Job.objects.get().pk))
    assert "Download 7 rows as CSV" in client.get(where).content.decode()
    answer = client.get(f"{where}file/")
    assert answer["Content-Disposition"].startswith('attachment; filename="parts-20')
    assert answer["Cache-Control"] == "private, no-store"
    head, *rows = rows_of(answer)
    assert (head[0], "Spend" in head) == ("Part", True)
    assert [row[0] for row in rows] == [f"A-{n}" for n in reversed(range(PARTS))]


def test_the_file_is_the_one_that_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser("procurement")
    written = body(client.get(f"{exported(client, 'export=csv&sort=ipn')}file/"))
    monkeypatch.setattr(exports, "LARGE_ROWS", 100)
    assert body(client.get("/parts/?export=csv&sort=ipn")) == written


def test_a_workbook() -> None:
    client = browser("procurement")
    answer = client.get(f"{exported(client, 'export=xlsx&search=A-')}file/")
    sheet = openpyxl.load_workbook(io.BytesIO(body(answer))).active
    assert (sheet.max_row, sheet["A1"].value) == (PARTS + 1, "Part")


def test_hidden_columns_are_left_out() -> None:
    client = browser("engineer")
    head = rows_of(client.get(f"{exported(client, 'export=csv')}file/"))[0]
    assert "Spend" not in head
    assert "spend" not in Export.objects.get().columns


def test_rows_out_of_scope_are_left_out() -> None:
    person = factories.person("engineer")
    person.plants.add(Plant.objects.create(code="NORTH", name="North"))
    product = factories.product(uses={factories.part(ipn="B-1"): 1})
    product.plants.add(Plant.objects.create(code="SOUTH", name="South"))
    client = Client()
    client.force_login(person)
    names = [row[0] for row in rows_of(client.get(f"{exported(client, 'export=csv')}file/"))[1:]]
    assert sorted(names) == [f"A-{n}" for n in range(PARTS)]


def test_waiting_for_the_same_rows_twice_is_one_job() -> None:
    client = browser("procurement")
    first = client.get("/parts/?export=csv")["Location"]
    assert client.get("/parts/?export=csv")["Location"] == first
    assert client.get("/parts/?export=xlsx")["Location"] != first
    assert Job.objects.count() == 2


def test_one_s_own_exports_are_listed() -> None:
    client = browser("procurement")
    page = exported(client, "export=csv")
    assert f'href="{page}"' in client.get("/exports/").content.decode()
    assert page not in browser("procurement").get("/exports/").content.decode()


def test_nobody_else_gets_it() -> None:
    where = exported(browser("procurement"), "export=csv")
    for role in ("procurement", "admin"):
        assert browser(role).get(where).status_code == 404
        assert browser(role).get(f"{where}file/").status_code == 404


@pytest.mark.parametrize("roles", [["engineer"], ["viewer"], []])
def test_who_may_see_less_by_now_gets_no_file(roles: list[str]) -> None:
    client = browser("procurement")
    where = exported(client, "export=csv")
    Export.objects.get().owner.__class__.objects.update(roles=roles)
    answer = client.get(f"{where}file/")
    assert answer.status_code == 403
    assert not hasattr(answer, "streaming_content")


def test_who_works_elsewhere_by_now_gets_no_file() -> None:
    client = browser("procurement")
    where = exported(client, "export=csv")
    Export.objects.get().owner.plants.add(Plant.objects.create(code="NORTH", name="North"))
    assert client.get(f"{where}file/").status_code == 403


def test_the_job_sees_what_its_person_may_see_when_it_runs() -> None:
    client = browser("procurement")
    client.get("/parts/?export=csv")
    Export.objects.get().owner.__class__.objects.update(roles=["engineer"])
    job = Job.objects.get()
    jobs.run(str(job.pk))
    assert "spend" not in Export.objects.get().columns


def test_the_job_of_somebody_without_rights_is_refused() -> None:
    client = browser("procurement")
    where = client.get("/parts/?export=csv")["Location"]
    Export.objects.get().owner.__class__.objects.update(roles=[])
    job = Job.objects.get()
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.problem["reasons"][0]["code"]) == ("failed", "not_permitted")
    assert "failed" in client.get(where).content.decode()
    assert Export.objects.get().file.name == ""


def test_too_many_rows_for_a_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports.write_xlsx, "__defaults__", (5,))
    client = browser("procurement")
    exported(client, "export=xlsx")
    job = Job.objects.get()
    assert (job.state, job.problem["reasons"][0]["code"]) == ("failed", "too_many_rows")


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_files_go_after_three_days(tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    exported(browser("procurement"), "export=csv")
    assert services.forget_old() == 0
    assert len(stored(tmp_path)) == 1
    later = clock.at(clock.now() + dt.timedelta(days=3, minutes=1))
    with later, django_capture_on_commit_callbacks(execute=True):
        assert services.forget_old() == 1
    assert (stored(tmp_path), Export.objects.count()) == ([], 0)


class Api:
    def __init__(self, role: str, *scopes: str) -> None:
        self.person = factories.person(role)
        _, secret = issue_token(user=self.person, scopes=scopes, days=9, actor=factories.JOB)
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def post(self, **fields: Any) -> Any:
        return self.client.post(
            "/api/v1/exports/", fields, content_type="application/json", headers=self.headers
        )

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers)


def test_the_api_exports_by_a_job() -> None:
    api = Api("procurement", "read", "prices")
    answer = api.post(list="parts", query="search=A-&sort=ipn")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer["Location"].endswith(f"/jobs/{Job.objects.get().pk}/")
    where = f"/exports/{answer.json()['id']}/"
    assert api.get(f"{where}file/").status_code == 422
    jobs.run(str(Job.objects.get().pk))
    assert (api.get(where).json()["state"], api.get(where).json()["rows"]) == ("done", PARTS)
    assert "Spend" in rows_of(api.get(f"{where}file/"))[0]
    assert [one["id"] for one in api.get("/exports/").json()["results"]] == [answer.json()["id"]]


def test_a_token_sees_what_its_scopes_allow() -> None:
    api = Api("procurement", "read")
    answer = api.post(list="parts")
    jobs.run(str(Job.objects.get().pk))
    where = f"/exports/{answer.json()['id']}/file/"
    assert "Spend" not in rows_of(api.get(where))[0]


def test_a_narrower_token_gets_no_file_of_a_wider_one() -> None:
    wide = Api("procurement", "read", "prices")
    answer = wide.post(list="parts")
    jobs.run(str(Job.objects.get().pk))
    _, secret = issue_token(user=wide.person, scopes=["read"], days=9, actor=factories.JOB)
    wide.headers = {"Authorization": f"Bearer {secret}"}
    assert wide.get(f"/exports/{answer.json()['id']}/file/").status_code == 403


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"list": "people"}, "/list"),
        ({"list": "parts", "format": "exe"}, "/format"),
        ({"list": "parts", "query": "nothing=1"}, "/query"),
        ({"list": "parts", "query": "criticality=huge"}, "/query"),
        ({"list": "parts", "query": "sort=-size"}, "/query"),
        ({"list": "parts", "query": "columns=ipn&columns=size"}, "/query"),
        ({"list": "parts", "query": "search=a&search=b"}, "/query"),
        ({"list": "parts", "query": "x" * 2001}, "/query"),
        ({"list": "parts", "query": ["a"]}, "/query"),
        ({}, "/list"),
    ],
)
def test_the_api_refuses_what_the_list_does_not_take(fields: Any, pointer: str) -> None:
    answer = Api("procurement", "read", "prices").post(**fields)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {pointer}
    assert (Export.objects.count(), Job.objects.count()) == (0, 0)


def test_the_api_refuses_a_text_that_no_database_takes() -> None:
    answer = Api("procurement", "read").post(list="parts", query="search=%00")
    assert (answer.status_code, Export.objects.count()) == (400, 0)


def test_a_role_that_sees_no_imports_exports_none() -> None:
    answer = Api("viewer", "read").post(list="imports")
    assert (answer.status_code, Export.objects.count()) == (403, 0)
