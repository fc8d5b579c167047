"""A datasheet of a manufacturer part: attached, read by its job, its lines decided one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parts.models import Requirement
from secondsource.core import jobs
from secondsource.core.errors import Duplicate, PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Attachment, Event, Job
from suppliers import services
from suppliers.datasheet_evidence import evidence_of
from suppliers.models import Datasheet, DatasheetLine, ManufacturerPart, Parameter, Supplier
from tests import factories
from tests.datasheet_work import attached, pdf, read
from tests.datasheets import tried
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def line_of(sheet: Datasheet, name: str) -> DatasheetLine:
    return sheet.lines.select_related("datasheet__manufacturer_part").get(name=name)


def values(part: ManufacturerPart) -> dict[str, tuple[Any, ...]]:
    fields = ("minimum", "typical", "maximum", "unit", "condition")
    return {one.name: tuple(getattr(one, f) for f in fields) for one in part.parameters.all()}


def test_reading_offers_lines_and_writes_no_parameter() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    sheet = read(part, actor)
    lines = [(one.name, one.typical, one.maximum, one.unit, one.page) for one in sheet.lines.all()]
    assert lines[0] == ("Forward voltage", 0.42, 0.5, "V", 1)
    assert sheet.lines.get(position=1).snippet == "Forward voltage | VF | 0.42 | 0.50 | V"
    assert {one.state for one in sheet.lines.all()} == {"offered"}
    assert (sheet.pages, sheet.pages_read, sheet.left_out) == (1, 1, 0)
    assert not Parameter.objects.exists()


def test_a_name_that_we_require_is_taken_over() -> None:
    source, actor = factories.alternate(factories.part()), factories.actor()
    Requirement.objects.create(
        part=source.part, parameter="Leakage Current", rule="at_most", maximum=1
    )
    sheet = read(source.manufacturer_part, actor)
    assert sheet.lines.filter(name="Leakage Current").exists()


def test_taking_writes_the_parameter_with_its_evidence() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    sheet = read(part, actor, tried.MOSFET)
    line = services.take_line(line=line_of(sheet, "Gate threshold voltage"), actor=actor)
    condition = "VDS = VGS, ID = 250 µA; TA = 25 °C unless otherwise noted"
    assert values(part) == {"Gate threshold voltage": (1.2, 1.7, 2.4, "V", condition)}
    assert evidence_of(part) == [(part.parameters.get(), line)]
    assert (line.state, line.decided_by, line.page) == ("taken", actor.user, 1)
    note = Event.objects.get(action="suppliers.manufacturerpart.line_taken").note
    assert note == "Gate threshold voltage: page 1 of mosfet.pdf"


def test_taking_replaces_the_same_condition_alone() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    old = [
        {"name": "forward voltage", "maximum": 0.7, "unit": "V"},
        {"name": "Forward voltage", "maximum": 0.9, "unit": "V", "condition": "IF = 5 A"},
    ]
    services.set_parameters(manufacturer_part=part, parameters=old, actor=actor)
    sheet = read(part, actor)
    services.take_line(line=line_of(sheet, "Forward voltage"), actor=actor)
    kept = part.parameters.order_by("condition").values_list("name", "maximum", "condition")
    assert list(kept) == [("Forward voltage", 0.5, ""), ("Forward voltage", 0.9, "IF = 5 A")]


def test_evidence_ends_with_a_change_by_hand() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    services.take_line(line=line_of(read(part, actor), "Forward voltage"), actor=actor)
    by_hand = [{"name": "Forward voltage", "typical": 0.42, "maximum": 0.6, "unit": "V"}]
    services.set_parameters(manufacturer_part=part, parameters=by_hand, actor=actor)
    assert [line for _, line in evidence_of(part)] == [None]


def test_dismissing_changes_no_parameter() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    line = services.dismiss_line(line=line_of(read(part, actor), "Forward voltage"), actor=actor)
    line.refresh_from_db()
    assert (line.state, Parameter.objects.count()) == ("dismissed", 0)


def test_a_decided_line_is_not_decided_again() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    line = line_of(read(part, actor), "Forward voltage")
    services.take_line(line=line, actor=actor)
    with pytest.raises(RuleRefused, match="taken already"):
        services.dismiss_line(line=line, actor=actor)
    line.refresh_from_db()
    assert line.state == "taken"


def test_nobody_but_an_engineer_takes_a_line() -> None:
    part = factories.manufacturer_part()
    line = line_of(read(part, factories.actor()), "Forward voltage")
    for other in (factories.actor("quality"), factories.actor("integration"), factories.JOB):
        with pytest.raises(PermissionRefused):
            services.take_line(line=line, actor=other)
    assert not Parameter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once() -> None:
    part = factories.manufacturer_part()
    line = line_of(read(part, factories.actor()), "Forward voltage")
    one, other = factories.actor(), factories.actor()
    came_to = at_once(
        lambda: services.take_line(line=line, actor=one),
        lambda: services.dismiss_line(line=line, actor=other),
    )
    assert came_to == ["decided", "done"]
    line.refresh_from_db()
    assert Parameter.objects.count() == (1 if line.state == "taken" else 0)


@pytest.mark.django_db(transaction=True)
def test_two_lines_on_the_same_version() -> None:
    part = factories.manufacturer_part()
    sheet, actor = read(part, factories.actor()), factories.actor()
    part.refresh_from_db()
    lines = [line_of(sheet, "Forward voltage"), line_of(sheet, "Leakage current")]
    came_to = at_once(*(
        lambda line=line: services.take_line(line=line, actor=actor, expected=part.version)
        for line in lines
    ))  # fmt: skip
    assert came_to == ["done", "stale"]
    assert Parameter.objects.count() == 1


def test_a_broken_file_fails_its_job_and_is_kept() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    broken = SimpleUploadedFile("broken.pdf", b"%PDF-1.7\n" + b"\xff\x00" * 999)
    sheet = attached(part, actor, broken)
    assert sheet.job is not None and sheet.file is not None  # noqa: PT018
    assert (sheet.job.state, sheet.pages, sheet.lines.count()) == ("failed", None, 0)
    assert jobs.problem_in_words(sheet.job.problem) == "The PDF is damaged and cannot be opened."
    assert sheet.file.file.size == broken.size


def test_a_failed_one_is_read_again_and_a_read_one_is_not() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    sheet = services.attach_datasheet(manufacturer_part=part, upload=pdf(), actor=actor)
    Job.objects.filter(pk=sheet.job_id).update(state="failed")
    sheet = services.read_again(datasheet=sheet, actor=actor)
    jobs.run(str(sheet.job_id))
    assert sheet.lines.count() == 4
    with pytest.raises(RuleRefused):
        services.read_again(datasheet=sheet, actor=actor)


def test_files_that_are_refused() -> None:
    part, actor = factories.manufacturer_part(), factories.actor()
    read(part, actor)
    with pytest.raises(Duplicate):
        services.attach_datasheet(manufacturer_part=part, upload=pdf(), actor=actor)
    upload = factories.text_file()
    with pytest.raises(ValuesRefused, match="A datasheet is a PDF"):
        services.attach_datasheet(manufacturer_part=part, upload=upload, actor=actor)
    assert (Datasheet.objects.count(), Attachment.objects.count()) == (1, 1)


def test_datasheets_stay_when_manufacturer_parts_are_joined() -> None:
    company = factories.manufacturer()
    one = factories.manufacturer_part("LM317", manufacturer=company)
    placeholder = Supplier.objects.get(pk=services.placeholder_id()[0])
    other = factories.manufacturer_part("LM317", manufacturer=placeholder)
    sheet = read(other, factories.actor())
    services.name_manufacturer(manufacturer_part=other, manufacturer=company, actor=factories.JOB)
    sheet.refresh_from_db()
    assert sheet.manufacturer_part == one
