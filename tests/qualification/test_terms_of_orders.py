"""What an order is warned of: conditions and accepted risks of the approval."""

from __future__ import annotations

from typing import Any

from qualification import services
from qualification.models.cases import State
from secondsource.core import clock
from suppliers.check import check
from suppliers.models import Approval
from tests import factories
from tests.approval_work import risk, sign_risk
from tests.factories import Team
from tests.spec_review_work import compare

NEED = {"parameter": "Current", "rule": "at_least", "minimum": 3.0, "unit": "A"}


def at_approval(team: Team) -> None:
    """At approval, a missed limit accepted on condition and a risk that is signed."""
    compare(team, [NEED], [{"name": "Current", "minimum": 2.5, "unit": "A"}])
    [made] = services.decide(
        case=team.case, chosen=[services.ChosenLine("Current")], actor=team["engineering"],
        decision="accept_with_condition", condition="At most 2 A,\nbelow 40 °C", reason="DC-118",
    )  # fmt: skip
    services.confirm(disposition=made, actor=team["quality"])
    team.jump_to(State.APPROVAL)
    sign_risk(team, risk(team, "Longer reset", mitigation="Firmware waits"))


def warned(team: Team) -> tuple[str, list[tuple[str, str]]]:
    made = team.source.manufacturer_part
    found = check(part=team.source.part, mpn=made.mpn)
    return found.verdict, [(reason.code, reason.detail) for reason in found.reasons]


CONDITION = ("condition", "Approved on condition: Current: At most 2 A, below 40 °C")
RISK = ("accepted_risk", "Accepted risk: Longer reset – mitigation: Firmware waits")


def test_an_interim_approval_warns_of_what_is_signed_so_far(team: Team) -> None:
    at_approval(team)
    risk(team, "Nobody has signed this one")
    services.give_interim(
        case=team.case, quantity=5, until=clock.business_day(), note="line stop",
        actor=team["quality"],
    )  # fmt: skip
    verdict, reasons = warned(team)
    assert (verdict, reasons[1:]) == ("warn", [CONDITION, RISK])


def test_an_approval_warns_in_the_check_of_page_and_api(team: Team, api: Any, browse: Any) -> None:
    at_approval(team)
    team.pass_gate()
    verdict, reasons = warned(team)
    terms = [(code, text) for code, text in reasons if code in ("condition", "accepted_risk")]
    assert (verdict, terms[:2]) == ("warn", [CONDITION, RISK])
    assert terms[2][1].startswith("Accepted risk: Current: ≥ 2.5 A where")
    assert len(terms) == 3
    part, made = team.source.part, team.source.manufacturer_part
    answer = api(user=team.people["procurement"]).get("/check/", part=part.ipn, mpn=made.mpn)
    assert answer.json()["verdict"] == "warn"
    assert [(r["code"], r["detail"]) for r in answer.json()["reasons"]] == reasons
    page = browse(team.people["engineering"]).get(f"/parts/{part.ipn}/").content.decode()
    assert ("Current: At most 2 A, below 40 °C" in page, "Longer reset" in page) == (True, True)
    given = Approval.objects.get(source=team.source)
    assert given.accepted_risks.splitlines()[0] == RISK[1].removeprefix("Accepted risk: ")


def test_an_approval_without_terms_is_allowed(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.pass_gate()
    factories.product(uses={team.source.part: 1}, monthly_volume=1_000)
    assert warned(team) == ("allow", [])
