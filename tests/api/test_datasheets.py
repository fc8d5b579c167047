"""Datasheets over the API: attached, read, their lines listed, taken and dismissed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from secondsource.core import jobs
from secondsource.core.models import Job
from suppliers.models import DatasheetLine, Parameter
from tests import factories
from tests.api.callers import Api
from tests.datasheet_work import pdf


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_attached_listed_taken_and_dismissed(engineer: Api) -> None:
    part = factories.manufacturer_part()
    url = f"/manufacturer-parts/{part.key}"
    made = engineer.upload(f"{url}/datasheets/", {"file": pdf()})
    assert (made.status_code, made.json()["state"]) == (201, "queued"), made.json()
    jobs.run(str(Job.objects.get().pk))
    (sheet,) = engineer.get(f"{url}/datasheets/").json()["results"]
    assert (sheet["state"], sheet["pages_read"], sheet["name"]) == ("done", 1, "diode.pdf")
    lines = engineer.get(f"{url}/datasheet-lines/?state=offered").json()["results"]
    first, second = lines[:2]
    assert (first["name"], first["typ"], first["max"], first["unit"], first["page"]) == (
        "Forward voltage", 0.42, 0.5, "V", 1,
    )  # fmt: skip
    version = engineer.get(f"{url}/").json()["version"]
    taken = engineer.post(f"{url}/datasheet-lines/{first['id']}/take/", {"expected": version})
    assert (taken.status_code, taken.json()["state"]) == (200, "taken")
    stale = engineer.post(f"{url}/datasheet-lines/{second['id']}/take/", {"expected": version})
    assert stale.status_code == 409
    put_aside = engineer.post(f"{url}/datasheet-lines/{second['id']}/dismiss/", {})
    assert put_aside.json()["state"] == "dismissed"
    (parameter,) = engineer.get(f"{url}/").json()["parameters"]
    assert (parameter["name"], parameter["max"]) == ("Forward voltage", 0.5)


def test_quality_attaches_and_does_not_take(quality: Api) -> None:
    part = factories.manufacturer_part()
    url = f"/manufacturer-parts/{part.key}"
    assert quality.upload(f"{url}/datasheets/", {"file": pdf()}).status_code == 201
    jobs.run(str(Job.objects.get().pk))
    line = DatasheetLine.objects.all()[0]
    assert quality.post(f"{url}/datasheet-lines/{line.key}/take/", {}).status_code == 403
    assert not Parameter.objects.exists()
