"""The workspace of a case, as people with different rights meet it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from qualification import services
from qualification.models import Case
from qualification.models.cases import State
from secondsource.accounts.models import Plant
from secondsource.core import clock
from tests import factories
from tests.factories import Team, text_file


def page(client: Any, team: Team, query: str = "") -> str:
    answer = client.get(team.case.get_absolute_url() + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_it_names_both_parts_and_every_blocker(team: Team, browse: Callable[..., Any]) -> None:
    team.fire("submit")
    text = page(browse(team.people["engineering"]), team)
    first = team.source.part.sources.get(role="incumbent").manufacturer_part.mpn
    assert f'<span class="mono">{first}</span>' in text
    assert f'<span class="mono">{team.source.manufacturer_part.mpn}</span>' in text
    assert "Business case, 5 blockers" in text
    assert "What blocks spec review" in text
    assert "Steps 1 · Signatures 4" in text
    card = text.partition('id="why"')[2].partition("</section>")[0]
    assert "Open<span" in card  # the linked step leads to its work
    assert card.count("can sign.") == 4
    added = services.add_item(
        case=team.case, gate=State.BUSINESS_CASE, text="Ask the market", actor=team.lead
    )
    text = page(browse(team.people["engineering"]), team)
    card = text.partition('id="why"')[2].partition("</section>")[0]
    assert f'href="{team.case.get_absolute_url()}#step-{added.pk}"' in card
    assert re.search(r'<button class="btn pri" [^>]*disabled aria-describedby="why">', text)


def test_the_way_on_is_a_link_when_nothing_blocks(team: Team, browse: Callable[..., Any]) -> None:
    team.fire("submit")
    team.do_items()
    team.sign()
    text = page(browse(team.people["engineering"]), team)
    url = f"{team.case.get_absolute_url()}moves/pass/"
    assert f'<a class="btn pri" href="{url}" data-dialog>Pass to Spec review</a>' in text


def test_a_viewer_reads_and_changes_nothing(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.SPEC_REVIEW)
    text = page(browse(factories.person("viewer")), team)
    assert "disabled" not in text
    assert f"{team.people['engineering'].name}, the lead, does this step." in text
    facts = re.search(r"Spec review, (\d+) blockers", text)
    assert facts, "the chip counts what the case lacks, not who looks at it"
    found = re.search(r'<h2>What blocks FMEA</h2> ?<span class="chip bad">([^<]+)</span>', text)
    assert found, "the card counts by kind"
    assert sum(map(int, re.findall(r"\d+", found[1]))) == int(facts[1])
    main = text.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'<form[^>]* action="([^"]*)"', main) == [
        f"{team.case.get_absolute_url()}watch/"
    ]
    for word in ("Add evidence", "Edit team", "Plan and rollback", "Withdraw"):
        assert word not in text


def test_each_person_gets_the_signature_of_their_function(
    team: Team, browse: Callable[..., Any]
) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    url = team.case.get_absolute_url()
    text = page(browse(team.people["quality"]), team)
    assert re.findall(rf"{url}sign/(\w+)/", text) == ["quality"]
    assert re.findall(rf"{url}sign/(\w+)/", page(browse(factories.person("quality")), team)) == []


def test_another_gate_can_be_read(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.FMEA)
    text = page(browse(team.people["engineering"]), team, "?gate=business_case")
    assert "Gate 1, Business case" in text
    assert "This gate is passed." in text
    assert "4 of 4, Business case" in text


def test_an_unknown_gate_shows_the_present_one(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.FMEA)
    assert "Gate 3, FMEA" in page(browse(team.people["quality"]), team, "?gate=nowhere")


def test_the_return_trace_tells_the_way_back(team: Team, browse: Callable[..., Any]) -> None:
    text = page(browse(team.people["quality"]), team)
    assert "back on the line in 48 h. 900 pieces held. Rehearsed" in text


@pytest.mark.parametrize(
    ("state", "word"),
    [("draft", "Blocked"), ("pilot_build", "Allowed"), ("transition", "Warned")],
)
def test_it_says_what_an_order_is_answered(
    team: Team, browse: Callable[..., Any], state: str, word: str
) -> None:
    team.jump_to(state)
    orders = page(browse(team.people["procurement"]), team).partition('id="orders"')[2]
    assert word in orders.partition("</header>")[0]


def test_files_stand_with_their_hash(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.SPEC_REVIEW)
    item = team.case.checklist.filter(gate="spec_review")[0]
    file = services.add_evidence(item=item, upload=text_file("a<b>.txt"), actor=team.lead)
    text = page(browse(team.people["engineering"]), team)
    assert f'title="{file.sha256}"' in text
    assert "a&lt;b&gt;.txt" in text
    assert "a<b>" not in text


def test_voided_signatures_are_shown(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.fire("send_back", note="wrong lot")
    text = page(browse(team.people["engineering"]), team)
    assert text.count("<b>Void:</b>") == 4
    assert "sent back: wrong lot" in text


def test_history_names_people(team: Team, browse: Callable[..., Any]) -> None:
    team.fire("submit")
    name = team.people["engineering"].name
    history = page(browse(team.people["quality"]), team).partition('id="history"')[2]
    assert f"<b>{name}</b> submitted the case" in history
    assert f"{team.people['quality'].name} (quality)" in history


def test_a_long_history_is_shown_whole_on_request(team: Team, browse: Callable[..., Any]) -> None:
    team.go_to(State.FMEA)
    client = browse(team.people["quality"])
    short, whole = page(client, team), page(client, team, "?history=all")
    assert "Show the whole history" in short
    assert "opened the case" not in short
    assert "opened the case" in whole


def test_a_hold_says_why(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.fire("hold", note="no samples")
    text = page(browse(team.people["quality"]), team)
    assert "put it on hold at Spec review" in text
    assert "“no samples”" in text
    assert "frozen until it is resumed" in text


def test_a_closed_case_says_whether_it_counts(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.TRANSITION)
    team.finish_transition()
    client = browse(team.people["procurement"])
    assert "Does not count as a conversion yet." in page(client, team)
    factories.receipt(team.source, 5)
    assert "Counts as a conversion." in page(client, team)


def test_a_due_hold_point_can_be_judged_from_the_page(
    team: Team, browse: Callable[..., Any]
) -> None:
    team.jump_to(State.TRANSITION)
    first = team.case.hold_points.all()[0]
    client = browse(team.people["quality"])
    url = f"{team.case.get_absolute_url()}hold-points/{first.public_id}/"
    assert url not in page(client, team)
    with clock.at(first.due):
        assert url in page(client, team)


def test_quality_is_offered_the_interim_and_the_lead_is_not(
    team: Team, browse: Callable[..., Any]
) -> None:
    team.jump_to(State.APPROVAL)
    url = f"{team.case.get_absolute_url()}interim/"
    assert url in page(browse(team.people["quality"]), team)
    assert url not in page(browse(team.people["engineering"]), team)


def test_a_case_outside_ones_plants_does_not_exist(team: Team, browse: Callable[..., Any]) -> None:
    here, there = (Plant.objects.create(code=code, name=code) for code in ("HERE", "THERE"))
    factories.product(uses={team.source.part: 1}, plants=[here])
    stranger = factories.person("quality")
    stranger.plants.add(there)
    client, url = browse(stranger), team.case.get_absolute_url()
    for path in ("", "plan/", "team/", "interim/", "moves/reject/", "sign/quality/", "steps/new/"):
        assert client.get(url + path).status_code == 404
    team.people["quality"].plants.add(there)
    assert browse(team.people["quality"]).get(url).status_code == 200


def test_without_sign_in_it_leads_to_the_login(team: Team, client: Any) -> None:
    answer = client.get(team.case.get_absolute_url())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("key", ["SSQ-9999", "SSQ-00001", "SSQ-1", "ssq-0001", "1"])
def test_other_keys_lead_nowhere(team: Team, browse: Callable[..., Any], key: str) -> None:
    assert browse(team.people["quality"]).get(f"/q/{key}/").status_code == 404


def test_nothing_inline_reaches_the_page(team: Team, browse: Callable[..., Any]) -> None:
    team.jump_to(State.SPEC_REVIEW)
    text = page(browse(team.people["engineering"]), team)
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", text)


def test_every_open_step_takes_a_file_where_it_stands(
    team: Team, browse: Callable[..., Any]
) -> None:
    team.jump_to(State.SPEC_REVIEW)
    text = page(browse(team.people["engineering"]), team)
    steps = team.case.checklist.filter(gate="spec_review", link="")
    for item in steps:
        assert f'<input type="file" id="file-{item.pk}" name="file"' in text
        assert f"steps/{item.public_id}/evidence/" in text


def test_a_step_of_an_older_case_says_that_it_was_ticked_by_hand(
    team: Team, browse: Callable[..., Any]
) -> None:
    client = browse(team.people["engineering"])
    told = "Ticked before this was checked by the work."
    assert told not in page(client, team)
    Case.objects.filter(pk=team.case.pk).update(sop=None)
    step = team.case.checklist.filter(code="business-case")
    step.update(link="", met_at=None, done_at=clock.now(), done_by=team.people["engineering"])
    assert told in page(client, team)
    step.update(done_at=None, done_by=None)
    assert "Ticked by hand: the case opened before this was checked by the work." in page(
        client, team
    )
