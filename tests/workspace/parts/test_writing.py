"""Forms of parts, sources, requirements and receipts: what is written, and every refusal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parts.models import Part, Requirement
from parts.services import catalogue
from secondsource.core import attachments
from secondsource.core.models import Comment, Watch
from suppliers.models import ManufacturerPart, Parameter, Receipt, Source
from tests import factories as make

pytestmark = pytest.mark.django_db

PART = "/parts/410-00217/"


def rows(prefix: str, *lines: dict[str, Any]) -> dict[str, Any]:
    """A formset's post."""
    posted: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": 0}
    for index, line in enumerate(lines):
        posted |= {f"{prefix}-{index}-{name}": value for name, value in line.items()}
    return posted


PART_FORM = {"description": "LDO 3.3 V", "criticality": "a", "lifecycle": "mature", "unit": "pcs"}


def test_a_part_gets_the_next_number_of_its_category(reader: Any) -> None:
    where = make.category("power", prefix="PWR")
    response = reader("engineer").post("/parts/new/", {**PART_FORM, "category": where.pk})
    assert (response.status_code, response["Location"]) == (302, "/parts/PWR-00001/")
    assert Part.objects.values_list("ipn", "description", "criticality").get() == (
        "PWR-00001", "LDO 3.3 V", "a",
    )  # fmt: skip


def test_a_number_that_is_taken_is_refused_and_the_typed_values_stay(
    reader: Any, shown: Any
) -> None:
    posted = {**PART_FORM, "category": shown.part.category_id, "ipn": "410-00217"}
    response = reader("engineer").post("/parts/new/", posted)
    assert response.status_code == 422
    text = response.content.decode()
    assert "410-00217 is on record: MCU." in text
    assert ('href="/parts/410-00217/"' in text, 'href="/parts/410-00217/sources/new/"' in text) == (
        True,
        True,
    )
    assert 'value="LDO 3.3 V"' in response.content.decode()
    assert Part.objects.count() == 1


@pytest.mark.parametrize("role", ["quality", "procurement", "viewer"])
def test_who_may_not_write_parts_gets_no_form(reader: Any, shown: Any, role: str) -> None:
    client = reader(role)
    for path in ("/parts/new/", f"{PART}edit/", f"{PART}requirements/"):
        assert client.get(path).status_code == 403


def test_an_engineer_meets_no_cost_in_the_form_and_cannot_post_one(reader: Any, shown: Any) -> None:
    client = reader("engineer")
    assert "standard_cost" not in client.get(f"{PART}edit/").content.decode()
    posted = {**PART_FORM, "category": shown.part.category_id, "standard_cost": "9"}
    before = Part.objects.get()
    answer = client.post(f"{PART}edit/", posted)
    assert answer.status_code == 422
    assert "You may not fill this field: Standard cost." in answer.content.decode()
    part = Part.objects.get()
    assert (part.version, part.standard_cost) == (before.version, None)


def test_a_version_that_somebody_passed_is_refused(reader: Any, shown: Any) -> None:
    posted = {**PART_FORM, "category": shown.part.category_id, "expected": "99"}
    response = reader("engineer").post(f"{PART}edit/", posted)
    assert response.status_code == 409
    assert Part.objects.get().description == "MCU"


def test_who_was_slower_is_told_both_values_and_can_keep_theirs(reader: Any, shown: Any) -> None:
    catalogue.change_part(part=shown.part, values={"description": "MCU 32 bit"}, actor=make.JOB)
    posted = {**PART_FORM, "category": shown.part.category_id, "expected": "1"}
    client = reader("engineer")
    response = client.post(f"{PART}edit/", posted)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Description: you have LDO 3.3 V, saved is MCU 32 bit" in text
    assert Part.objects.get().description == "MCU 32 bit"
    assert client.post(f"{PART}edit/", {**posted, "current": "2", "keep": "1"}).status_code == 302
    assert Part.objects.get().description == "LDO 3.3 V"


def test_a_conflict_tells_no_hidden_value(reader: Any, shown: Any) -> None:
    values = {"standard_cost": Decimal("9.87"), "standard_cost_currency": "USD"}
    catalogue.change_part(part=shown.part, values=values, actor=make.JOB)
    posted = {**PART_FORM, "category": shown.part.category_id, "expected": "1"}
    text = reader("engineer").post(f"{PART}edit/", posted).content.decode()
    assert ("9.87" in text, "Something beside the fields" in text) == (False, True)


def test_a_source_of_a_known_manufacturer_becomes_a_candidate(reader: Any, shown: Any) -> None:
    make.manufacturer("Artery Technology Inc.")
    posted = {"manufacturer": "ARTERY TECHNOLOGY", "mpn": "AT32F407VGT7"}
    response = reader("quality").post(f"{PART}sources/new/", posted)
    assert (response.status_code, response["Location"]) == (302, PART)
    source = Source.objects.get(manufacturer_part__mpn="AT32F407VGT7")
    assert (source.status, source.role) == ("candidate", "alternate")


def test_a_number_on_record_in_another_spelling_is_used_again(reader: Any, shown: Any) -> None:
    other = make.manufacturer_part("AT32 F407")
    posted = {"manufacturer": other.manufacturer.name, "mpn": "at32f407"}
    reader("engineer").post(f"{PART}sources/new/", posted)
    assert Source.objects.get(manufacturer_part=other).part == shown.part


def test_a_source_that_is_there_already_is_linked(reader: Any, shown: Any) -> None:
    made = shown.candidate.manufacturer_part
    posted = {"manufacturer": made.manufacturer.name, "mpn": made.mpn.lower()}
    response = reader("engineer").post(f"{PART}sources/new/", posted)
    assert response.status_code == 422
    assert f'href="{PART}#source-{shown.candidate.public_id}"' in response.content.decode()
    assert Source.objects.count() == 2


def test_an_unknown_manufacturer_is_named_and_nothing_is_written(reader: Any, shown: Any) -> None:
    before = ManufacturerPart.objects.count()
    posted = {"manufacturer": "Nobody <b>", "mpn": "X1"}
    quality = reader("quality").post(f"{PART}sources/new/", posted).content.decode()
    engineer = reader("engineer").post(f"{PART}sources/new/", posted).content.decode()
    assert '<a class="lk" href="/suppliers/new/">Add a supplier</a>' in quality
    assert "Quality or procurement can add one." in engineer
    assert "Nobody <b>" not in quality
    assert ManufacturerPart.objects.count() == before


def test_requirements_are_replaced_in_the_order_typed(reader: Any, shown: Any) -> None:
    lines = [
        {
            "group": "Core",
            "parameter": "Clock",
            "rule": "at_least",
            "minimum": "150",
            "unit": "MHz",
        },
        {"parameter": "Package", "rule": "equal", "text": "LQFP-100"},
        {"parameter": "Gone", "rule": "informational", "DELETE": "on"},
        {"rule": "at_least"},
    ]
    response = reader("engineer").post(f"{PART}requirements/", rows("rows", *lines))
    assert response.status_code == 302
    assert list(Requirement.objects.values_list("parameter", "minimum", "position")) == [
        ("Clock", 150.0, 0),
        ("Package", None, 1),
    ]


def test_two_tables_of_requirements_at_once(reader: Any, shown: Any) -> None:
    seen = shown.part.version
    line = {"parameter": "Clock", "rule": "at_least", "minimum": "150"}
    first = reader("engineer").post(f"{PART}requirements/", rows("rows", line) | {"expected": seen})
    assert first.status_code == 302
    mine = rows("rows", {**line, "minimum": "170"}) | {"expected": seen}
    late = reader("engineer").post(f"{PART}requirements/", mine)
    text = late.content.decode()
    assert late.status_code == 409
    assert "Lines of this table, or something beside it." in text
    assert 'value="170"' in text
    assert Requirement.objects.get().minimum == 150
    kept = mine | {"keep": "1", "current": Part.objects.get(pk=shown.part.pk).version}
    assert reader("engineer").post(f"{PART}requirements/", kept).status_code == 302
    assert Requirement.objects.get().minimum == 170


def test_two_datasheets_at_once(reader: Any, shown: Any) -> None:
    path = f"{PART}sources/{shown.candidate.public_id}/parameters/"
    seen = shown.candidate.manufacturer_part.version
    for minimum, status in (("168", 302), ("180", 409)):
        posted = rows("rows", {"name": "Clock", "minimum": minimum}) | {"expected": seen}
        assert reader("quality").post(path, posted).status_code == status
    assert Parameter.objects.get().minimum == 168


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"rule": "at_least"}, "At least needs a minimum."),
        ({"rule": "at_most"}, "At most needs a maximum."),
        ({"rule": "within", "minimum": "1"}, "Within needs a minimum and a maximum."),
        ({"rule": "one_of"}, "Name the words, with commas."),
        ({"rule": "all_of"}, "Name the words, with commas."),
        ({"rule": "covers", "maximum": "1"}, "Covers needs a minimum and a maximum."),
        (
            {"rule": "covers", "minimum": "1", "maximum": "2", "on_typical": "on"},
            "A range is covered by guaranteed values alone.",
        ),
        ({"rule": "equal"}, "Equal needs a value."),
        ({"rule": "within", "minimum": "3", "maximum": "1"}, "Below the minimum."),
    ],
)
def test_a_rule_without_its_limit_is_refused(
    reader: Any, shown: Any, line: dict[str, str], message: str
) -> None:
    posted = rows("rows", {"parameter": "Clock", **line})
    response = reader("engineer").post(f"{PART}requirements/", posted)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Requirement.objects.count() == 0


def test_an_empty_row_is_added_without_script_and_typed_lines_stay(reader: Any, shown: Any) -> None:
    line = {"parameter": "Clock", "rule": "covers", "minimum": "x", "maximum": "3"}
    posted = rows("rows", line, {"rule": "at_least"}) | {"add": "1"}
    response = reader("engineer").post(f"{PART}requirements/", posted)
    form = response.context["form"]
    assert (response.status_code, form.total_form_count()) == (200, 3)
    assert [form[0][name].value() for name in ("parameter", "rule", "minimum")] == [
        "Clock",
        "covers",
        "x",
    ]
    assert form[1].fields["group"].widget.attrs["autofocus"]
    assert Requirement.objects.count() == 0
    saved = rows("rows", {**line, "minimum": "1"}, {"rule": "at_least"}, {"rule": "at_least"})
    assert reader("engineer").post(f"{PART}requirements/", saved).status_code == 302
    assert Requirement.objects.get().rule == "covers"


def test_a_parameter_stands_once(reader: Any, shown: Any) -> None:
    line = {"parameter": "Clock", "rule": "at_least", "minimum": "1"}
    posted = rows("rows", line, {**line, "parameter": "clock"})
    response = reader("engineer").post(f"{PART}requirements/", posted)
    assert response.status_code == 422
    assert "This parameter is listed above already." in response.content.decode()


def test_a_datasheet_is_written_line_by_line(reader: Any, shown: Any) -> None:
    path = f"{PART}sources/{shown.candidate.public_id}/parameters/"
    line = {"name": "Clock", "minimum": "168", "unit": "MHz"}
    assert reader("quality").post(path, rows("rows", line)).status_code == 302
    found = Parameter.objects.values_list("manufacturer_part", "name", "minimum", "unit").get()
    assert found == (shown.candidate.manufacturer_part_id, "Clock", 168.0, "MHz")


def test_terms_of_a_source_leave_its_status(reader: Any, shown: Any) -> None:
    path = f"{PART}sources/{shown.candidate.public_id}/"
    posted = {"share": "0.4", "conditions": "Bake before use.", "status": "approved"}
    assert reader("engineer").post(path, posted).status_code == 302
    source = Source.objects.get(pk=shown.candidate.pk)
    assert (source.share, source.conditions, source.status) == (
        Decimal("0.4"), "Bake before use.", "candidate",
    )  # fmt: skip


RECEIPT = {
    "received_date": "2026-01-05", "received_qty": "240", "rejected_qty": "2", "lot": "L-1",
    "po": "PO-7", "unit_price": "11.30", "currency": "USD", "purpose": "production",
}  # fmt: skip


def test_a_receipt_is_recorded(reader: Any, shown: Any) -> None:
    client = reader("procurement")
    posted = {**RECEIPT, "source": shown.incumbent.pk}
    response = client.post(f"{PART}receipts/new/", posted)
    assert (response.status_code, response["Location"]) == (302, PART)
    row = Receipt.objects.get()
    assert (row.source, row.received_qty, row.rejected_qty, row.unit_price, row.actor_id) == (
        shown.incumbent, Decimal(240), Decimal(2), Decimal("11.30"), client.user.pk,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"unit_price": "0,98"}, "Use a point: 0.98"),
        ({"received_date": "2026-02-30"}, "February 2026 has 28 days."),
        ({"received_date": "2099-01-01"}, "This date has not come yet."),
        ({"rejected_qty": "241"}, "Rejected is above received, 240."),
        ({"received_qty": "0", "rejected_qty": ""}, "A receipt of nothing is none."),
        ({"currency": ""}, "A price needs its currency."),
        ({"currency": "usx"}, "A currency code of ISO 4217, such as EUR or USD."),
    ],
)
def test_a_refused_receipt_says_why_and_keeps_what_was_typed(
    reader: Any, shown: Any, changed: dict[str, str], message: str
) -> None:
    posted = {**RECEIPT, **changed, "source": shown.incumbent.pk}
    response = reader("procurement").post(f"{PART}receipts/new/", posted)
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert 'value="PO-7"' in page
    assert Receipt.objects.count() == 0


def test_a_source_of_another_part_takes_no_receipt(reader: Any, shown: Any) -> None:
    other = make.incumbent(make.part())
    response = reader("procurement").post(f"{PART}receipts/new/", {**RECEIPT, "source": other.pk})
    assert response.status_code == 422
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("role", ["engineer", "quality", "executive", "viewer"])
def test_receipts_are_procurements(reader: Any, shown: Any, role: str) -> None:
    posted = {**RECEIPT, "source": shown.incumbent.pk}
    assert reader(role).post(f"{PART}receipts/new/", posted).status_code == 403
    assert Receipt.objects.count() == 0


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def test_a_file_is_attached_and_comes_back_as_a_download(
    reader: Any, shown: Any, media: None
) -> None:
    client = reader("engineer")
    upload = SimpleUploadedFile("sheet.pdf", b"%PDF-1.4 x")
    assert client.post(f"{PART}files/add/", {"file": upload}).status_code == 302
    stored = attachments.of(shown.part).get()
    response = reader("viewer").get(f"{PART}files/{stored.public_id}/")
    assert b"".join(response.streaming_content) == b"%PDF-1.4 x"
    assert response["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
    assert response["Content-Type"] == "application/octet-stream"


def test_a_file_that_is_not_what_it_says_is_refused(reader: Any, shown: Any, media: None) -> None:
    upload = SimpleUploadedFile("sheet.pdf", b"<script>alert(1)</script>")
    response = reader("engineer").post(f"{PART}files/add/", {"file": upload})
    assert response.status_code == 422
    assert attachments.of(shown.part).count() == 0


def test_a_viewer_attaches_nothing(reader: Any, shown: Any) -> None:
    upload = SimpleUploadedFile("sheet.pdf", b"%PDF-1.4 x")
    assert reader("viewer").post(f"{PART}files/add/", {"file": upload}).status_code == 403


def test_a_removed_file_is_gone_from_the_page_and_stays_on_record(
    reader: Any, shown: Any, media: None
) -> None:
    client = reader("engineer")
    client.post(f"{PART}files/add/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")})
    stored = attachments.of(shown.part).get()
    address = f"{PART}files/{stored.public_id}/remove/"
    assert "Remove a.pdf" in client.get(address).content.decode()
    assert attachments.of(shown.part).count() == 1
    client.post(address, {"note": "wrong part"})
    assert attachments.of(shown.part).count() == 0
    stored.refresh_from_db()
    assert stored.removed_reason == "wrong part"
    assert client.get(f"{PART}files/{stored.public_id}/").status_code == 404


def test_who_works_with_parts_may_comment(reader: Any, shown: Any) -> None:
    client = reader("finance")
    assert client.post(f"{PART}comments/", {"text": "Seen <b>"}).status_code == 302
    assert Comment.objects.values_list("author", "text").get() == (client.user.pk, "Seen <b>")
    assert "Seen &lt;b&gt;" in client.get(PART).content.decode()


def test_a_viewer_reads_the_discussion_only(reader: Any, shown: Any) -> None:
    client = reader("viewer")
    assert client.post(f"{PART}comments/", {"text": "Seen"}).status_code == 403
    assert Comment.objects.count() == 0
    assert "Post comment" not in client.get(PART).content.decode()


def test_an_empty_comment_is_refused(reader: Any, shown: Any) -> None:
    response = reader("engineer").post(f"{PART}comments/", {"text": "  "})
    assert response.status_code == 422
    assert "Write something." in response.content.decode()


def test_watching_begins_and_ends(reader: Any, shown: Any) -> None:
    client = reader("viewer")
    for _ in range(2):
        client.post(f"{PART}watch/", {"watch": "1"})
    assert Watch.objects.values_list("user", "subject_id").get() == (client.user.pk, shown.part.pk)
    client.post(f"{PART}watch/", {"watch": "0"})
    assert Watch.objects.count() == 0
