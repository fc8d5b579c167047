"""The page of component tests and its forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from qualification import services
from qualification.models import ComponentTest
from secondsource.core import clock
from secondsource.core.models import Attachment
from tests.component_work import passing_data
from tests.factories import Team, text_file


def url(team: Team, name: str, *more: Any) -> str:
    return reverse(name, args=[team.case.number, *more])


@pytest.fixture
def page(team: Team, browse: Callable[[Any], Any]) -> Any:
    """The browser of the case's engineer."""
    return browse(team.people["engineering"])


@pytest.fixture
def solder(team: Team) -> ComponentTest:
    """The test of solderability, without data."""
    services.propose_tests(
        case=team.case, standard="jesd47", changes=["lead_finish"], actor=team.lead
    )
    return team.case.component_tests.get(code="SD")


def data(**other: Any) -> dict[str, Any]:
    today = clock.business_day().isoformat()
    return {
        "origin": "manufacturer", "data_date": today, "lots_tested": "1", "units_tested": "1,000",
        "failures": "0",
    } | other  # fmt: skip


def test_the_empty_page_asks_what_is_new(team: Team, page: Any) -> None:
    text = page.get(url(team, "case_tests")).content.decode()
    assert "No tests listed" in text
    assert url(team, "case_tests_propose") in text


def test_what_is_not_known_to_be_the_same_is_checked_at_first(team: Team, page: Any) -> None:
    form = page.get(url(team, "case_tests_propose")).context["form"]
    assert form.initial == {
        "standard": "jesd47", "changes": ["die", "fab", "package", "assembly"],
    }  # fmt: skip
    answer = page.post(
        url(team, "case_tests_propose"), {"standard": "aec_q101", "changes": ["lead_finish"]}
    )
    assert answer.url == url(team, "case_tests") + "#tests"
    assert set(team.case.component_tests.values_list("code", flat=True)) == {"SD", "WHISKER"}


def test_nothing_new_is_refused_at_the_field(team: Team, page: Any) -> None:
    answer = page.post(url(team, "case_tests_propose"), {"standard": "jesd47"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"changes"}


def test_data_are_entered_and_judged_on_the_page(
    team: Team, page: Any, solder: ComponentTest
) -> None:
    form = url(team, "case_test", solder.public_id)
    answer = page.post(form, data(expected=solder.version))
    assert answer.url == url(team, "case_tests") + "#tests"
    text = page.get(url(team, "case_tests")).content.decode()
    assert "1 of 2 tests pass." in text
    assert "1,000 tested, none failed" in text


def test_refused_data_keep_what_was_typed(team: Team, page: Any, solder: ComponentTest) -> None:
    form = url(team, "case_test", solder.public_id)
    answer = page.post(form, data(expected=solder.version, origin="generic", failures="2000"))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"failures", "family"}
    assert 'value="2000"' in answer.content.decode()
    assert ComponentTest.objects.get(pk=solder.pk).origin == ""


def test_somebody_faster_is_shown(team: Team, page: Any, solder: ComponentTest) -> None:
    services.record_result(test=solder, values=passing_data(solder), actor=team["quality"])
    form = url(team, "case_test", solder.public_id)
    answer = page.post(form, data(expected=solder.version, failures="3"))
    assert answer.status_code == 409
    assert ComponentTest.objects.get(pk=solder.pk).failures == 0


def test_a_test_is_added_waived_and_removed(team: Team, page: Any, solder: ComponentTest) -> None:
    page.post(
        url(team, "case_test_create"),
        {"code": "SAM", "name": "Acoustic", "standard": "J-STD-035", "reason": "Delamination."},
    )
    added = team.case.component_tests.get(code="SAM")
    why = {"reason": "Not soldered.", "expected": 1}
    page.post(url(team, "case_test_waive", solder.public_id), why)
    page.post(url(team, "case_test_remove", added.public_id), why)
    assert ComponentTest.objects.get(pk=solder.pk).waived_reason == "Not soldered."
    assert not team.case.component_tests.filter(code="SAM").exists()


def test_a_file_lies_on_a_test_and_is_downloaded_and_removed(
    team: Team, page: Any, solder: ComponentTest
) -> None:
    page.post(
        url(team, "case_work_file", "component-tests", solder.public_id), {"file": text_file()}
    )
    file = Attachment.objects.get()
    assert (file.subject_type, file.subject_id) == ("qualification.componenttest", solder.pk)
    download = page.get(url(team, "case_file", file.public_id))
    assert b"".join(download.streaming_content) == b"measured"
    assert "evidence.txt" in page.get(url(team, "case_tests")).content.decode()
    page.post(url(team, "case_file_remove", file.public_id), {"reason": "Wrong part."})
    file.refresh_from_db()
    assert file.removed_reason == "Wrong part."


def test_rows_of_another_case_or_kind_are_not_found(
    team: Team, page: Any, solder: ComponentTest
) -> None:
    other = Team()
    assert page.get(url(other, "case_test", solder.public_id)).status_code == 404
    for kind, case in (("component-tests", other), ("colours", team)):
        address = url(case, "case_work_file", kind, solder.public_id)
        assert page.get(address).status_code == 404


def test_readers_see_no_buttons(
    team: Team, solder: ComponentTest, browse: Callable[[Any], Any]
) -> None:
    text = browse(team.people["sponsor"]).get(url(team, "case_tests")).content.decode()
    assert "Solderability" in text
    assert url(team, "case_test", solder.public_id) not in text


def test_the_page_asks_the_same_however_many_tests(
    team: Team, page: Any, solder: ComponentTest, django_assert_max_num_queries: Any
) -> None:
    services.propose_tests(
        case=team.case, standard="jesd47", changes=["die", "package"], actor=team.lead
    )
    with django_assert_max_num_queries(25):
        page.get(url(team, "case_tests"))
