"""The page of datasheets, and the same over the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from secondsource.core import jobs
from secondsource.core.models import Job
from suppliers import services
from suppliers.models import Datasheet, DatasheetLine, ManufacturerPart, Parameter
from tests import factories
from tests.datasheet_work import attached, pdf, read
from tests.workspace.notifications.reading import row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def part() -> ManufacturerPart:
    return factories.manufacturer_part()


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_who_attached_it_is_told_and_led_to_its_lines(part: ManufacturerPart) -> None:
    actor = factories.actor("engineer")
    attached(part, actor)
    found = row(actor.user, "job")
    assert (found.url, found.text) == (page(part), "4 lines · 1 page")


def page(part: ManufacturerPart) -> str:
    return reverse("datasheets", args=[part.public_id])


def act(part: ManufacturerPart, line: DatasheetLine, how: str) -> str:
    return reverse(f"datasheet_line_{how}", args=[part.public_id, line.public_id])


def test_attach_read_take(part: ManufacturerPart) -> None:
    actor = factories.actor()
    client = browser(actor.user)
    answer = client.post(f"{page(part)}attach/", {"file": pdf()})
    assert (answer.status_code, answer["Location"]) == (302, page(part))
    assert "Reading diode.pdf" in client.get(page(part)).content.decode()
    jobs.run(str(Job.objects.get().pk))
    shown = client.get(page(part)).content.decode()
    assert "Forward voltage | VF | 0.42 | 0.50 | V" in shown
    first, second = DatasheetLine.objects.all()[:2]
    part.refresh_from_db()
    answer = client.post(act(part, first, "take"), {"expected": part.version})
    assert answer["Location"] == f"{page(part)}#line-{second.public_id}"
    assert Parameter.objects.get().maximum == 0.5
    shown = client.get(reverse("manufacturer_part", args=[part.public_id])).content.decode()
    assert "3 lines to decide" in shown
    assert "diode.pdf</a>, page 1" in " ".join(shown.split())


def test_what_is_on_record_stands_beside(part: ManufacturerPart) -> None:
    actor = factories.actor()
    old = [{"name": "Forward voltage", "maximum": 0.7, "unit": "V"}]
    services.set_parameters(manufacturer_part=part, parameters=old, actor=actor)
    read(part, actor)
    shown = " ".join(browser(actor.user).get(page(part)).content.decode().split())
    assert "On record: ≤ 0.7" in shown
    assert shown.count(">Replace") == 1


def test_a_stale_page_writes_nothing(part: ManufacturerPart) -> None:
    actor = factories.actor()
    read(part, actor)
    line = DatasheetLine.objects.all()[0]
    services.change_manufacturer_part(
        manufacturer_part=part, values={"description": "x"}, actor=actor
    )
    answer = browser(actor.user).post(act(part, line, "take"), {"expected": part.version})
    assert answer.status_code == 409
    assert "Somebody changed this" in answer.content.decode()
    assert not Parameter.objects.exists()


def test_a_viewer_reads_without_buttons(part: ManufacturerPart) -> None:
    read(part, factories.actor())
    client = browser(factories.person("viewer"))
    shown = client.get(page(part)).content.decode()
    assert "Forward voltage" in shown
    assert "Dismiss" not in shown
    line = DatasheetLine.objects.all()[0]
    assert client.post(act(part, line, "take")).status_code == 403


def test_a_refused_upload_says_why(part: ManufacturerPart) -> None:
    client = browser(factories.person())
    answer = client.post(f"{page(part)}attach/", {"file": factories.text_file()})
    assert (answer.status_code, Datasheet.objects.count()) == (422, 0)
    assert "A datasheet is a PDF." in answer.content.decode()


def test_300_megabytes_are_refused_by_their_length(part: ManufacturerPart) -> None:
    answer = browser(factories.person()).generic(
        "POST", f"{page(part)}attach/", b"--x--", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(300 * 2**20),
    )  # fmt: skip
    assert (answer.status_code, Datasheet.objects.count()) == (413, 0)


def test_a_broken_one_says_why_and_is_downloaded(part: ManufacturerPart) -> None:
    actor = factories.actor()
    broken = SimpleUploadedFile("broken.pdf", b"%PDF-1.7\n" + b"\xff\x00" * 999)
    sheet = attached(part, actor, broken)
    client = browser(actor.user)
    shown = client.get(page(part)).content.decode()
    assert "The PDF is damaged and cannot be opened." in shown
    assert "Try again" in shown
    file = client.get(reverse("datasheet_file", args=[part.public_id, sheet.public_id]))
    assert b"".join(file.streaming_content).startswith(b"%PDF-1.7")


def test_a_line_of_another_part_is_not_found(part: ManufacturerPart) -> None:
    actor = factories.actor()
    read(factories.manufacturer_part(), actor)
    line = DatasheetLine.objects.all()[0]
    assert browser(actor.user).post(act(part, line, "take")).status_code == 404
    assert not Parameter.objects.exists()


def test_queries_do_not_grow_with_lines(
    part: ManufacturerPart, django_assert_max_num_queries: Any
) -> None:
    actor = factories.actor()
    read(part, actor)
    client = browser(actor.user)
    client.get(page(part))
    with django_assert_max_num_queries(16):
        client.get(page(part))
