"""The spec review: who decides on which difference, how long it holds, and what it keeps open."""

from __future__ import annotations

from typing import Any

import pytest

from qualification import approval, linked_work, services, spec_review
from qualification.models import AcceptedRisk, Disposition
from qualification.models.cases import State
from qualification.services import ChosenLine
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused, ValuesRefused
from suppliers import services as sourcing
from suppliers.models import Approval
from tests import factories
from tests.factories import JOB, Team
from tests.qualification.asking import refusal, refused_move
from tests.spec_review_work import compare, finish_clearance, finish_declarations

NEEDS = [
    {"parameter": "Supply", "rule": "covers", "minimum": 3.1, "maximum": 3.5, "unit": "V"},
    {"parameter": "Flash", "rule": "at_least", "minimum": 1024.0, "unit": "KB"},
    {"parameter": "Clock", "rule": "at_least", "minimum": 168.0, "unit": "MHz"},
    {"parameter": "ESD", "rule": "at_least", "minimum": 2.0, "unit": "kV"},
    {"parameter": "Colour", "rule": "informational"},
]
CANDIDATE = [
    {"name": "Supply", "minimum": 2.6, "maximum": 3.6, "unit": "V"},
    {"name": "Flash", "minimum": 512.0, "unit": "KB"},
    {"name": "Clock", "minimum": 168.0, "unit": "MHz"},
    {"name": "Colour", "text": "black"},
    {"name": "Pull-up", "typical": 40.0, "unit": "kohm"},
]
INCUMBENT = [
    {"name": "Supply", "minimum": 1.8, "maximum": 3.6, "unit": "V"},
    {"name": "Flash", "minimum": 1024.0, "unit": "KB"},
    {"name": "Colour", "text": "white"},
    {"name": "Pull-up", "typical": 50.0, "unit": "kohm"},
]


@pytest.fixture
def review(team: Team) -> Team:
    """A case at the spec review with a deviation, a missed limit and an unknown value."""
    team.fire("submit")
    team.pass_gate()
    compare(team, NEEDS, CANDIDATE, INCUMBENT)
    return team


def decide(team: Team, *parameters: str, decision: str = "accept", **fields: Any) -> Any:
    """A decision of the team's engineer."""
    fields = {"actor": team["engineering"], "reason": "The rail is 3.3 V"} | fields
    chosen = [ChosenLine(parameter) for parameter in parameters]
    return services.decide(case=team.case, chosen=chosen, decision=decision, **fields)


def states(team: Team) -> dict[str, str]:
    return {line.name: line.state for line in spec_review.lines(team.case) if line.state}


def is_met(team: Team) -> bool:
    return bool(team.case.checklist.get(link="deviations").met_at)


def blockers(team: Team) -> list[str]:
    return [reason.code for reason in linked_work.missing(team.case, "deviations")]


def test_it_asks_for_decisions_on_required_parameters_alone(review: Team) -> None:
    assert states(review) == {"Supply": "open", "Flash": "open", "ESD": "open"}
    assert blockers(review) == ["deviation_open", "blocks_open", "unknown_open"]


def test_a_decision_keeps_the_values_that_it_was_made_on(review: Team) -> None:
    decide(review, "Supply")
    made = Disposition.objects.get()
    assert (made.verdict, made.decision, made.condition) == ("deviation", "accept", "")
    assert made.required == "covers 3.1–3.5\u202fV"
    assert (made.incumbent_value, made.candidate_value) == ("1.8–3.6\u202fV", "2.6–3.6\u202fV")
    assert made.basis["candidate"]["minimum"] == 2.6
    assert (made.decided_by, made.confirmed_by) == (review.people["engineering"], None)


def test_the_step_is_met_when_all_is_decided_and_confirmed(review: Team) -> None:
    decide(review, "Supply")
    decide(review, "ESD", reason="Measured: 4 kV on 5 samples")
    [made] = decide(
        review, "Flash", decision="accept_with_condition", condition="Images up to 480 KB"
    )
    assert (is_met(review), blockers(review)) == (False, ["not_confirmed"])
    services.confirm(disposition=made, actor=review["quality"])
    assert (is_met(review), blockers(review)) == (True, [])
    assert states(review) == dict.fromkeys(("Supply", "Flash", "ESD"), "accepted")


def test_a_rejected_difference_keeps_the_step_open(review: Team) -> None:
    decide(review, "Flash", decision="reject", reason="The image has 700 KB.")
    reason = next(r for r in linked_work.missing(review.case, "deviations") if "Flash" in r.detail)
    assert (reason.code, reason.detail) == (
        "deviation_rejected", "Rejected: Flash, The image has 700 KB.",
    )  # fmt: skip
    assert reason.fix == "Withdraw the case or change the candidate."


def test_a_later_decision_takes_the_place_of_the_former(review: Team) -> None:
    decide(review, "Supply", decision="reject")
    decide(review, "Supply", decision="accept", reason="Tried at 2.7 V")
    made = Disposition.objects.get()
    assert (made.decision, made.reason) == ("accept", "Tried at 2.7 V")
    assert list(made.history.order_by("version").values_list("decision", flat=True)) == [
        "reject", "accept",
    ]  # fmt: skip


def test_unknown_values_are_decided_on_together(review: Team) -> None:
    compare(review, NEEDS, [])
    decide(review, "Supply", "Clock", reason="Measured on 5 samples")
    assert states(review)["Supply"] == states(review)["Clock"] == "accepted"
    assert set(Disposition.objects.values_list("reason", flat=True)) == {"Measured on 5 samples"}


def test_without_a_requirement_nothing_is_compared(review: Team) -> None:
    compare(review, [], CANDIDATE)
    assert blockers(review) == ["nothing_compared"]


def test_an_undecided_difference_blocks_the_gate(review: Team) -> None:
    finish_clearance(review)
    finish_declarations(review)
    for item in review.case.checklist.filter(gate="spec_review", link=""):
        if item.evidence_required:
            services.add_evidence(item=item, upload=factories.text_file(), actor=review.lead)
        services.set_item(item=item, done=True, actor=review.lead)
    assert refused_move(review, "pass").count("work_open") == 3


@pytest.mark.parametrize(
    ("parameters", "fields", "code"),
    [
        (["Flash"], {"decision": "accept"}, "limit_missed"),
        (["Clock"], {}, "no_difference"),
        (["Colour"], {}, "no_difference"),
        (["Supply", "Flash"], {"decision": "reject"}, "one_at_a_time"),
    ],
)
def test_a_decision_against_the_rules_is_refused(
    review: Team, parameters: list[str], fields: dict[str, Any], code: str
) -> None:
    assert refusal(decide, review, *parameters, **fields) == [code]
    assert not Disposition.objects.exists()


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"reason": " "}, "/reason"),
        ({"decision": "accept_with_condition"}, "/condition"),
        ({"condition": "Derate"}, "/condition"),
        ({"decision": "perhaps"}, "/decision"),
    ],
)
def test_an_incomplete_decision_is_refused(
    review: Team, fields: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(ValuesRefused) as caught:
        decide(review, "Supply", **fields)
    assert [problem.pointer for problem in caught.value.problems] == [pointer]
    assert not Disposition.objects.exists()


def test_a_line_that_is_not_compared_is_refused(review: Team) -> None:
    with pytest.raises(ValuesRefused) as caught:
        decide(review, "Weight")
    assert caught.value.problems[0].code == "unknown_line"


@pytest.mark.parametrize("function", ["quality", "procurement", "sponsor"])
def test_who_holds_no_engineering_does_not_decide(review: Team, function: str) -> None:
    assert refusal(decide, review, "Supply", actor=review[function]) == ["not_permitted"]
    assert not Disposition.objects.exists()


def test_engineers_outside_the_team_and_jobs_do_not_decide(review: Team) -> None:
    assert refusal(decide, review, "Supply", actor=factories.actor()) == ["not_permitted"]
    assert refusal(decide, review, "Supply", actor=JOB) == ["not_permitted"]


def test_a_token_without_the_scope_approve_does_not_decide(review: Team) -> None:
    token = Actor(user=review.people["engineering"], origin="api", scopes=frozenset({"write"}))
    assert refusal(decide, review, "Supply", actor=token) == ["not_permitted"]


def test_a_passed_gate_is_not_decided_on(review: Team) -> None:
    finish(review)
    review.pass_gate()
    assert refusal(decide, review, "Supply") == ["gate_passed"]


def test_only_quality_confirms_and_not_the_same_person(review: Team) -> None:
    team = [(review.people[f], f) for f in ("quality", "procurement")]
    team.append((review.people["quality"], "engineering"))
    services.set_team(case=review.case, members=team, actor=review.lead)
    [made] = decide(
        review, "Flash", actor=review["quality"], decision="accept_with_condition", condition="c"
    )
    assert refusal(services.confirm, disposition=made, actor=review["quality"]) == ["four_eyes"]
    assert refusal(services.confirm, disposition=made, actor=review.lead) == ["not_permitted"]
    made.refresh_from_db()
    assert made.confirmed_by is None


def test_a_confirmation_of_what_needs_none_is_refused(review: Team) -> None:
    [made] = decide(review, "Supply")
    answer = refusal(services.confirm, disposition=made, actor=review["quality"])
    assert answer == ["nothing_to_confirm"]


def test_another_value_opens_the_decision_again(review: Team) -> None:
    finish(review)
    review.do_items()
    services.sign(case=review.case, function="engineering", actor=review["engineering"])
    changed = [{**CANDIDATE[0], "minimum": 2.7}, *CANDIDATE[1:]]
    sourcing.set_parameters(
        manufacturer_part=review.source.manufacturer_part, parameters=changed, actor=JOB
    )
    review.reload()
    assert (is_met(review), blockers(review)) == (False, ["decision_outdated"])
    assert not review.case.sign_offs.filter(gate="spec_review", voided_at=None).exists()
    decide(review, "Supply")
    assert is_met(review)


def test_another_requirement_opens_the_decision_again(review: Team) -> None:
    finish(review)
    compare(review, [{**NEEDS[0], "minimum": 3.0}, *NEEDS[1:]])
    assert (is_met(review), states(review)["Supply"]) == (False, "changed")


def test_what_is_said_beside_the_values_opens_nothing(review: Team) -> None:
    finish(review)
    compare(review, [{**NEEDS[0], "consequence": "The rail is 3.3 V."}, *NEEDS[1:]])
    assert is_met(review)


def test_a_value_that_changes_later_blocks_the_approval(review: Team) -> None:
    finish(review)
    review.go_to(State.APPROVAL)
    review.do_items()
    compare(review, NEEDS, [{**CANDIDATE[0], "minimum": 2.9}, *CANDIDATE[1:]])
    assert "work_open" in refused_move(review, "pass")
    answer = refusal(services.sign, case=review.case, function="quality", actor=review["quality"])
    assert set(answer) == {"work_open"}


def at_approval_with_another_value(review: Team, minimum: float = 2.9) -> None:
    """At approval, signed by quality, when a value changes."""
    finish(review)
    review.go_to(State.APPROVAL)
    review.do_items()
    services.sign(case=review.case, function="quality", actor=review["quality"])
    compare(review, NEEDS, [{**CANDIDATE[0], "minimum": minimum}, *CANDIDATE[1:]])


def test_a_decision_is_renewed_at_approval(review: Team) -> None:
    at_approval_with_another_value(review)
    assert "work_open" in refused_move(review, "pass")
    decide(review, "Supply", condition="At most 3.0 V", decision="accept_with_condition")
    assert (is_met(review), review.reload().state) == (True, State.APPROVAL)
    assert not review.case.sign_offs.filter(gate="approval", voided_at=None).exists()
    assert review.case.sign_offs.filter(gate="spec_review", voided_at=None).exists()
    review.pass_gate()
    given = Approval.objects.get(source=review.source)
    assert "Supply: At most 3.0 V" in given.conditions.splitlines()


def test_a_renewed_decision_voids_the_signatures_that_rest_on_it(review: Team) -> None:
    finish(review)
    review.go_to(State.APPROVAL)
    review.do_items()
    services.sign(case=review.case, function="quality", actor=review["quality"])
    flash = Disposition.objects.get(case=review.case, parameter="Flash")
    risk = AcceptedRisk.objects.get(case=review.case, reference=str(flash.public_id))
    lower = [{**line, "minimum": 256.0, "maximum": 256.0} if line["name"] == "Flash" else line
             for line in CANDIDATE]  # fmt: skip
    compare(review, NEEDS, lower)
    decide(review, "Flash", decision="accept_with_condition", condition="Images up to 200 KB")
    assert not risk.signatures.filter(voided_at=None).exists()
    assert blockers(review) == ["not_confirmed"]
    services.confirm(disposition=Disposition.objects.get(pk=flash.pk), actor=review["quality"])
    assert is_met(review)
    assert approval.missing_risks(review.case)[0].code == "risk_not_signed"


def test_a_decision_that_holds_is_not_changed_at_approval(review: Team) -> None:
    at_approval_with_another_value(review)
    decide(review, "Supply")
    with pytest.raises(RuleRefused) as refused:
        decide(review, "Supply")
    [reason] = refused.value.reasons
    assert (reason.code, reason.fix) == (
        "gate_passed", "To decide again, send the case back to the spec review.",
    )  # fmt: skip


def test_nobody_but_an_engineer_of_the_team_renews(review: Team) -> None:
    at_approval_with_another_value(review)
    for who in (review["quality"], factories.actor("engineer")):
        assert refusal(decide, review, "Supply", actor=who) == ["not_permitted"]
    assert not is_met(review)


def test_a_line_that_changed_since_it_was_read_is_not_decided_on(review: Team) -> None:
    line = next(one for one in spec_review.lines(review.case) if one.name == "Supply")
    seen = [ChosenLine("Supply", "", line.seen)]
    compare(review, NEEDS, [{**CANDIDATE[0], "minimum": 2.9}, *CANDIDATE[1:]])
    answer = refusal(
        services.decide, case=review.case, chosen=seen, decision="accept", reason="why",
        actor=review["engineering"],
    )  # fmt: skip
    assert answer == ["line_changed"]


def finish(team: Team) -> None:
    """Every difference accepted."""
    decide(team, "Supply")
    decide(team, "ESD", reason="Measured: 4 kV")
    [made] = decide(team, "Flash", decision="accept_with_condition", condition="Images ≤ 480 KB")
    services.confirm(disposition=made, actor=team["quality"])
    team.reload()
