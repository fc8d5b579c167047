"""Real BOM files through the API, from upload to the lines in the product, and back."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parts.models import BomLine, BomRevision
from secondsource.core import jobs
from suppliers.models import Source
from tests.api.callers import Api
from tests.exchange.bom.real_files import FIGURES, FOLDER, expectations

FILES = [
    "libresolar_mppt2420lc.csv", "bitaxe_gamma.csv", "microbit_v2.21.csv", "glasgow_revC3.csv",
    "ulx3s_bom.csv", "particle_photon_v1.0.0.xlsx", "odrive_v3.4_24V.csv",
    "macchina_m2_interface.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_figures_are_exact(engineer: Api, name: str) -> None:
    if name not in expectations():
        pytest.skip("../shared/data/bom is not there")
    file = SimpleUploadedFile(name, (FOLDER / name).read_bytes())
    body = {"file": file, "kind": "bom", "product": "REAL", "dry_run": "true"}
    read = engineer.upload("/imports/", body).json()
    answered = [question["key"] for question in read["result"]["questions"]]
    assert bool(answered) == (name == "ulx3s_bom.csv")
    started = engineer.post(f"/imports/{read['id']}/confirm/", {"answered": answered})
    assert started.status_code == 202, started.json()
    jobs.run(started.json()["job"].rstrip("/").rpartition("/")[2])
    shown = engineer.get(f"/imports/{started.json()['id']}/").json()
    assert shown["state"] == "done", json.dumps(shown["result"]["errors"])
    expected = expectations()[name]
    found = {ours: float(shown["result"][ours]) for ours, _ in FIGURES}
    assert found == {ours: float(expected[theirs]) for ours, theirs in FIGURES}
    assert BomLine.objects.count() == len(_all(engineer, "/products/REAL/bom/"))
    alternates = Source.objects.filter(role="alternate")
    assert set(alternates.values_list("status", flat=True)) <= {"candidate"}
    undone = engineer.post(f"/imports/{shown['id']}/undo/")
    assert (undone.status_code, BomRevision.objects.count()) == (200, 0)


@pytest.mark.parametrize("name", sorted(set(expectations()) - set(FILES)))
def test_every_other_file_is_read_the_same_over_the_api(engineer: Api, name: str) -> None:
    file = SimpleUploadedFile(name, (FOLDER / name).read_bytes())
    answer = engineer.upload("/imports/", {"file": file, "kind": "bom", "dry_run": "true"})
    assert answer.status_code == 201, answer.json()
    result, expected = answer.json()["result"], expectations()[name]
    names = [ours for ours, _ in FIGURES]
    assert list(result)[: len(names)] == names
    for ours, theirs in FIGURES:
        if ours != "designators" or expected.get("refdes_scored") is not False:
            assert float(result[ours]) == expected[theirs], ours
    assert all(w["code"] and w["detail"] and "row" in w for w in result["warnings"])


def _all(api: Api, path: str) -> list[object]:
    page, rows = api.get(path, limit=500).json(), []
    while page["next"]:
        rows += page["results"]
        page = api.client.get(page["next"], headers=api.headers).json()
    return [*rows, *page["results"]]
