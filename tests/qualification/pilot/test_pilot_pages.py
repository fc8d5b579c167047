"""Pages of a pilot build: draft, proposed units, lock, result, correction, lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qualification.models import Dossier, PilotBuild, PilotPlan, ReliabilityTest
from qualification.models.cases import State
from qualification.pilot_verdicts import locked_plan
from secondsource.core import clock
from tests import case_work, factories
from tests.factories import Team
from tests.qualification.pilot import picture

pytestmark = pytest.mark.django_db


def flat(response: Any) -> str:
    return " ".join(response.content.decode().split())


def typed(team: Team, **fields: Any) -> dict[str, Any]:
    """A plan over both products of the part."""
    values = {"margin": "2", "confidence": "95 %", "lots": "1", "note": "", "expected": "0"}
    for product in case_work.pilot_products(team):
        values |= {f"in-{product.pk}": "on", f"started-{product.pk}": "1000",
                   f"good-{product.pk}": "980", f"floor-{product.pk}": "",
                   f"units-{product.pk}": "300"}  # fmt: skip
    return values | {"name-p0": "Vout", "unit-p0": "V", "high-p0": "3.4"} | fields


def test_a_plan_is_drafted_proposed_and_locked(team: Team, browse: Any) -> None:
    url = f"/q/{team.case.key}/pilot/"
    first, second = case_work.pilot_products(team)
    client = browse(team.people["engineering"])
    proposed = client.post(f"{url}plan/", typed(team, propose="1"))
    assert proposed.status_code == 200
    assert "Proposed: <b>452 units</b>." in flat(proposed)
    assert f'name="units-{first.pk}" value="452"' in flat(proposed)
    assert not PilotPlan.objects.exists()

    saved = client.post(f"{url}plan/", typed(team))
    assert (saved.status_code, saved["Location"]) == (302, url)
    plan = PilotPlan.objects.get()
    assert [(m.product, m.floor, m.units) for m in plan.models.all()] == [
        (first, Decimal("0.96"), 300), (second, Decimal("0.96"), 300),
    ]  # fmt: skip
    assert [(p.name, p.upper_limit) for p in plan.parameters.all()] == [("Vout", 3.4)]

    quality = browse(team.people["quality"])
    assert "Lock plan" in flat(quality.get(url))
    done = quality.post(f"{url}lock/", {"expected": plan.version})
    assert done.status_code == 302
    assert locked_plan(team.case) == plan


def test_wrong_values_stand_at_their_fields(team: Team, browse: Any) -> None:
    url = f"/q/{team.case.key}/pilot/plan/"
    product = case_work.pilot_products(team)[0]
    wrong = typed(team, **{f"good-{product.pk}": "1001", "low-p0": "5"})
    answer = browse(team.people["engineering"]).post(url, wrong)
    assert answer.status_code == 422
    assert "Good is above started, 1,000." in flat(answer)
    assert "The lower limit must be below the upper one, 3.4." in flat(answer)
    assert 'value="1001"' in flat(answer)
    assert not PilotPlan.objects.exists()


def test_a_draft_of_somebody_else_is_a_conflict(team: Team, browse: Any) -> None:
    values = typed(team)
    case_work.draft_pilot(team)
    answer = browse(team.people["procurement"]).post(f"/q/{team.case.key}/pilot/plan/", values)
    assert answer.status_code == 409
    assert PilotPlan.objects.get().version == 1


def test_a_model_is_taken_out_of_the_scope(team: Team, browse: Any) -> None:
    picture.built(team)
    page = browse(team.people["engineering"]).get(f"/q/{team.case.key}/pilot/plan/?without=KC-515")
    gone = picture.product(team, "KC-515")
    kept = picture.product(team, "KC-210")
    text = flat(page)
    assert f'name="in-{kept.pk}" id="id_in-{kept.pk}" checked' in text
    assert f'name="in-{gone.pk}" id="id_in-{gone.pk}" checked' not in text
    assert "Pilot plan v2" in text


def test_a_result_is_entered_and_corrected(team: Team, browse: Any) -> None:
    team.jump_to(State.PILOT_BUILD)
    case_work.finish_pilot_plan(team)
    url = f"/q/{team.case.key}/pilot/"
    client = browse(team.people["engineering"])
    product = case_work.pilot_products(team)[0]
    values = {"product": product.pk, "built_on": clock.business_day().isoformat(), "lot": "L-1",
              "started": "240", "good": "241", "defect-0": "skew", "count-0": "1"}  # fmt: skip
    wrong = client.post(f"{url}results/new/", values)
    assert wrong.status_code == 422
    assert "Good is above started, 240." in flat(wrong)

    assert client.post(f"{url}results/new/", values | {"good": "239"}).status_code == 302
    build = PilotBuild.objects.get()
    assert (build.started, build.good, build.defects.get().description) == (240, 239, "skew")

    done = client.post(f"{url}results/{build.public_id}/correct/", {"reason": "Wrong lot"})
    assert done.status_code == 302
    assert PilotBuild.objects.standing().count() == 0
    assert "Corrected" in flat(client.get(url))


def test_a_life_test_is_shown_with_its_bound(team: Team, browse: Any) -> None:
    team.jump_to(State.PILOT_BUILD)
    case_work.finish_pilot_plan(team)
    url = f"/q/{team.case.key}/pilot/"
    client = browse(team.people["quality"])
    values = {"name": "HTOL", "devices": "231", "hours": "1000", "failures": "0", "use_c": "55",
              "stress_c": "125", "activation_energy_ev": "0.7", "confidence": "60 %"}  # fmt: skip
    assert client.post(f"{url}reliability/", values).status_code == 302
    assert ReliabilityTest.objects.get().devices == 231
    assert "No failure: not 0 FIT, but at most <b>51.1 FIT</b>" in flat(client.get(url))


def test_the_list_shows_those_without_a_verdict_first(team: Team, browse: Any) -> None:
    done = Team(people=team.people)
    for one in (done, team):
        one.jump_to(State.PILOT_BUILD)
    case_work.finish_pilot_results(done)
    case_work.finish_pilot_plan(team)
    page = flat(browse(team.people["quality"]).get("/pilots/"))
    assert page.index(f">{team.case.key}<") < page.index(f">{done.case.key}<")
    assert "No results" in page
    assert browse(factories.person("viewer")).get("/pilots/?standing=passed").status_code == 200


def test_the_lead_releases_the_pilot_from_its_page_and_takes_its_report(
    team: Team, browse: Any
) -> None:
    team.go_to(State.PILOT_BUILD)
    lead, url = browse(team.people["engineering"]), f"/q/{team.case.key}/pilot/"
    move = f"/q/{team.case.key}/moves/pass/"
    assert "block the release" in flat(lead.get(url))
    assert move not in flat(lead.get(url))
    team.do_items()
    team.sign()
    assert f'href="{move}" data-dialog>Release to approval' in flat(lead.get(url))
    assert "Release to approval" not in flat(browse(team.people["quality"]).get(url))
    made = lead.post(f"/q/{team.case.key}/dossiers/new/")
    assert f'action="/q/{team.case.key}/dossiers/new/"' in flat(lead.get(url))
    assert (made.status_code, Dossier.objects.filter(case=team.case).count()) == (302, 1)
