"""Accepted risks: signed by engineering and procurement, or stated that there is none."""

from __future__ import annotations

from typing import Any

import pytest

from qualification import approval, services
from qualification.models import AcceptedRisk, NoRiskStatement, RiskSignature, SignOff
from qualification.models.cases import State
from secondsource.core.actors import Actor
from secondsource.core.errors import Duplicate, ValuesRefused
from tests import factories
from tests.approval_work import risk, sign_risk
from tests.factories import Team
from tests.fmea_work import fmea_row
from tests.qualification.asking import refusal
from tests.threads import at_once


def missing(team: Team) -> list[str]:
    return [reason.code for reason in approval.missing_risks(team.case)]


def standing(of: AcceptedRisk) -> set[str]:
    return set(of.signatures.filter(voided_at=None).values_list("function", flat=True))


def test_a_risk_is_shared_by_two_signatures(team: Team) -> None:
    made = risk(team)
    assert missing(team) == ["risk_not_signed", "risk_not_signed"]
    sign_risk(team, made, "procurement")
    assert missing(team) == ["risk_not_signed"]
    sign_risk(team, made, "engineering")
    assert missing(team) == []
    names = team.people["engineering"].name, team.people["procurement"].name
    shared = approval.shared_in_words(approval.risks_of(team.case).get())
    assert shared == f"Shared by {names[0]} (engineering) and {names[1]} (procurement)"


def test_without_risks_the_lead_states_that_there_is_none(team: Team) -> None:
    assert missing(team) == ["no_risk_statement"]
    services.state_no_risk(case=team.case, reason="Same die.", actor=team.lead)
    assert missing(team) == []


def test_nobody_but_the_lead_states_it(team: Team) -> None:
    found = refusal(
        services.state_no_risk, case=team.case, reason="None", actor=team["procurement"]
    )
    assert found == ["not_permitted"]
    assert not NoRiskStatement.objects.exists()


def test_it_is_not_stated_beside_a_recorded_risk(team: Team) -> None:
    risk(team)
    found = refusal(services.state_no_risk, case=team.case, reason="None", actor=team.lead)
    assert found == ["risks_recorded"]


def test_it_is_not_stated_without_a_reason(team: Team) -> None:
    with pytest.raises(ValuesRefused):
        services.state_no_risk(case=team.case, reason="  ", actor=team.lead)


def test_a_recorded_risk_ends_the_statement(team: Team) -> None:
    services.state_no_risk(case=team.case, reason="Same die.", actor=team.lead)
    risk(team)
    assert approval.statement_of(team.case) is None
    assert NoRiskStatement.objects.get().withdrawn_reason == "a risk was recorded"


def test_other_words_void_both_signatures(team: Team) -> None:
    made = risk(team)
    sign_risk(team, made)
    services.change_risk(risk=made, values={"text": "Worse"}, actor=team.lead)
    assert standing(made) == set()
    reasons = set(made.signatures.values_list("void_reason", flat=True))
    assert reasons == {"the words of the risk were changed"}
    sign_risk(team, made)
    assert missing(team) == []


def test_the_same_words_void_nothing(team: Team) -> None:
    made = risk(team)
    sign_risk(team, made)
    services.change_risk(risk=made, values={"text": f" {made.text} "}, actor=team.lead)
    assert standing(made) == {"engineering", "procurement"}


def test_a_signature_on_older_words_is_refused(team: Team) -> None:
    made = risk(team)
    seen = made.version
    services.change_risk(risk=made, values={"mitigation": "Inspect"}, actor=team.lead)
    found = refusal(
        services.sign_risk, risk=made, function="procurement", actor=team["procurement"],
        expected=seen,
    )  # fmt: skip
    assert found == ["stale"]
    assert standing(made) == set()


@pytest.mark.parametrize(("function", "by"), [("quality", "quality"), ("procurement", "quality"),
                                              ("engineering", "sponsor")])  # fmt: skip
def test_only_who_holds_the_function_signs(team: Team, function: str, by: str) -> None:
    made = risk(team)
    found = refusal(services.sign_risk, risk=made, function=function, actor=team[by])
    assert found == ["not_permitted"]
    assert standing(made) == set()


def test_one_person_does_not_share_a_risk_with_themselves(team: Team) -> None:
    both = factories.person("engineer", "procurement")
    members = [(both, "engineering"), (both, "procurement")]
    services.set_team(case=team.case, members=members, actor=team.lead)
    made = risk(team)
    services.sign_risk(risk=made, function="engineering", actor=Actor(user=both))
    found = refusal(services.sign_risk, risk=made, function="procurement", actor=Actor(user=both))
    assert found == ["four_eyes"]
    assert standing(made) == {"engineering"}


def test_a_function_signs_a_risk_once(team: Team) -> None:
    made = risk(team)
    sign_risk(team, made, "engineering")
    found = refusal(
        services.sign_risk, risk=made, function="engineering", actor=team["engineering"]
    )
    assert found == ["signed"]


def test_a_signer_without_the_role_does_not_count(team: Team) -> None:
    made = risk(team)
    sign_risk(team, made)
    former = team.people["procurement"]
    former.roles = ["viewer"]
    former.save()
    assert missing(team) == ["risk_not_signed"]
    after = factories.person("procurement")
    members = [(team.people["engineering"], "engineering"), (after, "procurement")]
    services.set_team(case=team.case, members=members, actor=team.lead)
    services.sign_risk(risk=made, function="procurement", actor=Actor(user=after))
    assert missing(team) == []
    assert made.signatures.filter(function="procurement").count() == 2


def test_a_member_who_left_cannot_sign_and_is_replaced(team: Team) -> None:
    made = risk(team)
    gone = team.people["procurement"]
    gone.is_active = False
    gone.save()
    found = refusal(
        services.sign_risk, risk=made, function="procurement", actor=team["procurement"]
    )
    assert found == ["not_permitted"]
    after = factories.person("procurement")
    members = [(team.people["engineering"], "engineering"), (after, "procurement")]
    services.set_team(case=team.case, members=members, actor=team.lead)
    services.sign_risk(risk=made, function="procurement", actor=Actor(user=after))
    assert standing(made) == {"procurement"}


def test_a_token_without_approve_signs_no_risk(team: Team) -> None:
    made = risk(team)
    token = Actor(team.people["engineering"], scopes=frozenset({"read", "write"}), origin="api")
    found = refusal(services.sign_risk, risk=made, function="engineering", actor=token)
    assert found == ["not_permitted"]


def test_a_withdrawn_risk_stays_on_record(team: Team) -> None:
    made = risk(team)
    sign_risk(team, made)
    services.withdraw_risk(risk=made, reason="Redesigned.", actor=team.lead)
    made.refresh_from_db()
    assert (made.withdrawn_reason, standing(made)) == ("Redesigned.", set())
    assert missing(team) == ["no_risk_statement"]
    found = refusal(
        services.sign_risk, risk=made, function="engineering", actor=team["engineering"]
    )
    assert found == ["withdrawn"]


def test_an_origin_is_recorded_once(team: Team) -> None:
    risk(team, origin="deviation", reference="row-1")
    with pytest.raises(Duplicate):
        risk(team, origin="deviation", reference="row-1")
    assert AcceptedRisk.objects.count() == 1


def test_an_accepted_row_of_the_fmea_is_to_be_recorded(team: Team, browse: Any) -> None:
    row = fmea_row(team, failure_mode="Boot hangs", effect="No start")
    services.accept_row(row=row, reason="Field data", actor=team["quality"])
    assert missing(team) == ["risk_not_recorded"]
    found = refusal(services.state_no_risk, case=team.case, reason="None", actor=team.lead)
    assert found == ["risk_not_recorded"]
    client, url = browse(team.people["engineering"]), f"{team.case.get_absolute_url()}approval/"
    address = f"{url}risks/new/?from={row.public_id}"
    assert address in client.get(url).content.decode()
    assert "Boot hangs: No start" in client.get(address).content.decode()
    assert client.post(address, {"text": "Boot hangs"}).status_code == 302
    made = AcceptedRisk.objects.get()
    assert (made.origin, made.reference) == ("fmea_row", str(row.public_id))
    assert missing(team) == ["risk_not_signed", "risk_not_signed"]
    assert client.get(address).status_code == 404


def test_a_risk_needs_words(team: Team) -> None:
    with pytest.raises(ValuesRefused):
        risk(team, text="  ")


def test_the_step_follows_the_risks_and_cannot_be_ticked(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    item = team.case.checklist.get(link="accepted_risks")
    assert refusal(services.set_item, item=item, done=True, actor=team.lead) == ["linked"]
    made = risk(team)
    sign_risk(team, made)
    item.refresh_from_db()
    assert item.met_at is not None
    services.change_risk(risk=made, values={"text": "Worse"}, actor=team.lead)
    item.refresh_from_db()
    assert item.met_at is None


def test_a_new_risk_voids_the_signatures_of_the_approval(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    team.sign()
    risk(team)
    assert not SignOff.objects.filter(case=team.case, gate="approval", voided_at=None).exists()
    with pytest.raises(Exception, match="not signed by engineering"):
        team.fire("pass")


def test_no_risk_is_recorded_after_the_approval(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    assert refusal(risk, team) == ["gate_passed"]
    assert not AcceptedRisk.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_signatures_at_once_one_is_given(transactional_db: None) -> None:
    team = Team()
    made = risk(team)

    def sign() -> None:
        services.sign_risk(risk=made, function="procurement", actor=team["procurement"])

    assert at_once(sign, sign) == ["done", "signed"]
    assert RiskSignature.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_signature_and_a_change_of_words_wait_for_each_other(transactional_db: None) -> None:
    team = Team()
    made = risk(team)
    seen = made.version

    def sign() -> None:
        services.sign_risk(
            risk=made, function="procurement", actor=team["procurement"], expected=seen
        )

    def reword() -> None:
        services.change_risk(risk=made, values={"text": "Worse"}, actor=team.lead)

    assert at_once(sign, reword) in (["done", "done"], ["done", "stale"])
    assert standing(made) == set()


def test_the_page_shows_a_risk_as_shared(team: Team, browse: Any) -> None:
    made = risk(team, severity="A reset, no harm to people", mitigation="Tightened inspection")
    url = f"{team.case.get_absolute_url()}approval/"
    buyer = browse(team.people["procurement"])
    text = buyer.get(url).content.decode()
    sign_url = f"{url}risks/{made.public_id}/sign/procurement/"
    assert sign_url in text
    assert f"{url}risks/{made.public_id}/sign/engineering/" not in text
    answer = buyer.post(sign_url, {"expected": made.version})
    assert answer.status_code == 302
    sign_risk(team, made, "engineering")
    text = buyer.get(url).content.decode()
    assert f"{team.people['procurement'].name} (procurement)" in text
    assert sign_url not in text


def test_the_forms_write_risks(team: Team, browse: Any) -> None:
    client, url = browse(team.people["engineering"]), f"{team.case.get_absolute_url()}approval/"
    words = {"text": "Drift", "severity": "", "mitigation": ""}
    assert client.post(f"{url}risks/new/", words).status_code == 302
    made = AcceptedRisk.objects.get()
    page = f"{url}risks/{made.public_id}/"
    assert client.post(page, words | {"text": "More drift", "expected": 1}).status_code == 302
    late = client.post(page, words | {"text": "Less drift", "expected": 1})
    assert late.status_code == 409
    assert "Less drift" in late.content.decode()
    assert client.post(f"{page}withdraw/", {"reason": "", "expected": 2}).status_code == 422
    assert client.post(f"{page}withdraw/", {"reason": "Gone", "expected": 2}).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.withdrawn_reason) == ("More drift", "Gone")


def test_the_api_writes_and_signs_risks(team: Team, api: Any) -> None:
    engineer, buyer = (api(user=team.people[f]) for f in ("engineering", "procurement"))
    url = f"/cases/{team.case.key}/accepted-risks/"
    made = engineer.post(url, {"text": "Drift"})
    assert made.status_code == 201
    one = f"{url}{made.json()['id']}/"
    assert engineer.patch(one, {"severity": "minor"}).json()["version"] == 2
    assert buyer.post(f"{one}sign/", {"function": "procurement", "expected": 1}).status_code == 409
    assert buyer.post(f"{one}sign/", {"function": "engineering"}).status_code == 403
    assert not buyer.post(f"{one}sign/", {"function": "procurement"}).json()["shared"]
    assert engineer.post(f"{one}sign/", {"function": "engineering"}).json()["shared"]
    refused = engineer.post(f"/cases/{team.case.key}/no-risk/", {"reason": "None"})
    assert refused.status_code == 422
    assert engineer.post(f"{one}withdraw/", {"reason": "Gone"}).json()["withdrawn_reason"] == "Gone"
    stated = engineer.post(f"/cases/{team.case.key}/no-risk/", {"reason": "None left"})
    assert (stated.status_code, stated.json()["reason"]) == (201, "None left")
