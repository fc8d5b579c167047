"""What people and files bring stays text: no page takes it for markup, no file for a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from parts import services as catalogue
from parts.models import Part
from qualification import services
from qualification.models.cases import State
from secondsource.core import attachments, discussion
from secondsource.exchange.models import Import
from suppliers import services as sourcing
from tests import factories
from tests.exchange.imports import import_file
from tests.factories import JOB, Team
from tests.security.world import BACKEND, World, routes

pytestmark = pytest.mark.django_db
EVIL = """"'><script>x7()</script><img src=x onerror=x7()>"""
MARKS = ("<script>x7", "<img src=x onerror=x7")
FORMULA = "=cmd|' /C calc'!A0"


class EvilWorld(World):
    """The world of every address, with hostile text wherever somebody can write some."""

    def __init__(self) -> None:
        super().__init__()
        case, lead = self.case, self.people["engineer"]
        team = Team(people={"engineering": lead, "quality": self.people["quality"],
                            "procurement": self.people["procurement"],
                            "sponsor": self.people["executive"]})  # fmt: skip
        for person in self.people.values():
            person.name = EVIL[:120]
            person.save()
        actor = team.lead
        catalogue.change_part(part=case.part, values={"description": EVIL}, actor=actor)
        part = case.source.manufacturer_part
        sourcing.change_supplier(supplier=part.manufacturer, values={"name": EVIL}, actor=JOB)
        discussion.say(subject=case, text=EVIL, actor=actor)
        discussion.say(subject=case.part, text=EVIL, actor=actor)
        services.change_case(case=case, values={"summary": EVIL, "start_reason": EVIL}, actor=actor)
        item = services.add_item(case=case, gate=State.TRANSITION, text=EVIL, actor=actor)
        services.change_item(item=item, values={"note": EVIL}, actor=actor)
        file = SimpleUploadedFile(f"{EVIL}.csv", b"a,b\n")
        services.add_evidence(item=item, upload=file, actor=actor)
        team.fire("submit")
        team.fire("hold", note=EVIL)
        self.import_evil(actor)

    def import_evil(self, actor: Any) -> None:
        """A BOM whose every cell is hostile, as preview and as imported."""
        cells = io.StringIO()
        rows = [["Designator", "Quantity", "Value", "Footprint", "Manufacturer", "MPN",
                 "Manufacturer 2", "MPN 2", "Description"],
                ["U1", "1", *[f"{EVIL}{n}" for n in range(7)]]]  # fmt: skip
        csv.writer(cells).writerows(rows)
        import_file(cells.getvalue(), "EVIL-1", actor, name=f"{EVIL}.csv")
        self.values["public_id"] = Import.objects.latest("pk").key
        self.ipn = Part.objects.latest("pk").ipn


@pytest.mark.parametrize("role", ["engineer", "quality", "procurement", "viewer", "admin"])
def test_no_page_takes_text_for_markup(role: str) -> None:
    world = EvilWorld()
    client = world.client(role)
    addresses = {world.address(route) for route, p in routes() if p.name != "account_logout"}
    addresses |= {f"/parts/{world.ipn}/", f"/q/{world.case.key}/?history=all", "/q/?q=x7",
                  f"/jump/?q={EVIL}", f"/parts/?search={EVIL}", "/products/EVIL-1/"}  # fmt: skip
    spoken, raw = 0, []
    for address in sorted(addresses):
        answer = client.get(address)
        if answer.get("Content-Type", "").startswith("text/html"):
            text = answer.content.decode()
            spoken += "x7()" in text
            raw += [address for mark in MARKS if mark in text]
    assert raw == []
    assert spoken >= (3 if role == "admin" else 10)


def test_the_name_of_a_file_breaks_no_header() -> None:
    world = EvilWorld()
    client = world.client("engineer")
    item = world.case.checklist.get(text=EVIL)
    file = attachments.of(item).get()
    answer = client.get(f"/q/{world.case.key}/files/{file.public_id}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "\n" not in answer["Content-Disposition"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_of_a_file_is_a_formula(kind: str, client: Any) -> None:
    part = factories.part(ipn="CALC-1", description=FORMULA)
    factories.incumbent(part, "+1+1")
    client.force_login(factories.person("engineer"), backend=BACKEND)
    answer = client.post(f"/parts/selected/{kind}/", {"selected": [str(part.pk)]})
    body = b"".join(answer)
    if kind == "csv":
        cells = next(csv.DictReader(io.StringIO(body.decode("utf-8-sig")))).values()
    else:
        sheet = load_workbook(io.BytesIO(body)).active
        assert [c.data_type for c in sheet[2] if c.data_type == "f"] == []
        cells = [str(cell.value or "") for cell in sheet[2]]
    found = [cell for cell in cells if "cmd|" in cell or "1+1" in cell]
    assert len(found) == 2
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_control_characters_spoil_no_workbook(client: Any) -> None:
    part = factories.part(ipn="CTRL-1", description="a\x0bb\x1fc")
    client.force_login(factories.person("engineer"), backend=BACKEND)
    answer = client.post("/parts/selected/xlsx/", {"selected": [str(part.pk)]})
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    assert "abc" in [str(cell.value or "") for cell in sheet[2]]
