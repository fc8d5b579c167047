"""Lots that a pilot plan names, each with the manufacturer's site that makes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from qualification import linked_work
from qualification.models import PilotLot, PilotPlan
from qualification.models.cases import State
from qualification.pilot_verdicts import results_of
from qualification.services.pilot_builds import BuildResult, record_pilot_build
from qualification.services.pilot_plans import PlannedLot, lock_pilot_plan
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from suppliers import services as sourcing
from suppliers.models import Site
from tests import case_work
from tests.factories import JOB, Team

pytestmark = pytest.mark.django_db


def site(team: Team, name: str, *, makes_it: bool = True) -> Site:
    made = team.source.manufacturer_part
    found = sourcing.add_site(
        supplier=made.manufacturer, name=name, activity="fab", country="CN", actor=JOB
    )
    if makes_it:
        present = [link.site for link in made.part_sites.select_related("site")]
        sourcing.set_sites(manufacturer_part=made, sites=[*present, found], actor=JOB)
    return found


@pytest.fixture
def plan(team: Team) -> PilotPlan:
    """A locked plan with a lot of each of two sites."""
    xiamen, wuxi = site(team, "Xiamen"), site(team, "Wuxi")
    lots = [PlannedLot(lot="XM-1", site=xiamen), PlannedLot(lot="WX-1", site=wuxi)]
    team.jump_to(State.PILOT_BUILD)
    drafted = case_work.draft_pilot(team, lots=2, planned_lots=lots)
    return lock_pilot_plan(plan=drafted, actor=team["quality"])


def build(team: Team, lot: str, share: int = 2) -> None:
    """Units of every model from a lot, all good."""
    plan = team.case.pilot_plans.get()
    for model in plan.models.select_related("product"):
        units = model.units // share
        result = BuildResult(
            product=model.product, lot=lot, built_on=clock.business_day(), started=units,
            good=units,
        )  # fmt: skip
        record_pilot_build(case=team.case, result=result, actor=team["engineering"])


def test_the_pilot_passes_once_every_planned_lot_is_built_from(team: Team, plan: PilotPlan) -> None:
    build(team, "XM-1", share=4)
    build(team, "OTHER", share=2)
    results = results_of(plan)
    assert (results.lots_missing, results.verdict) == (0, "not_enough_data")
    reasons = linked_work.missing(team.case, "pilot_results")
    assert [(one.code, one.detail) for one in reasons] == [
        ("pilot_lot_not_built", "Nothing was built from the planned lot WX-1, Wuxi.")
    ]
    build(team, "WX-1", share=4)
    assert results_of(plan).verdict == "pass"
    assert linked_work.missing(team.case, "pilot_results") == []


def test_a_lot_is_planned_once_at_a_site_that_makes_the_part(team: Team) -> None:
    elsewhere = site(team, "Elsewhere", makes_it=False)
    lots = [PlannedLot(lot="A"), PlannedLot(lot=" A"), PlannedLot(lot="", site=elsewhere)]
    with pytest.raises(ValuesRefused) as refused:
        case_work.draft_pilot(team, lots=2, planned_lots=lots)
    assert {one.pointer: one.code for one in refused.value.problems} == {
        "/lots": "below_named", "/planned_lots/1/lot": "duplicate",
        "/planned_lots/2/lot": "required", "/planned_lots/2/site": "not_made_there",
    }  # fmt: skip
    assert not PilotLot.objects.exists()


def test_lots_of_a_locked_plan_never_change(team: Team, plan: PilotPlan) -> None:
    for change in (
        lambda: PilotLot.objects.filter(plan=plan).update(lot="B"),
        lambda: PilotLot.objects.filter(plan=plan).delete(),
        lambda: PilotLot.objects.create(plan=plan, lot="B"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert list(plan.planned_lots.values_list("lot", flat=True)) == ["XM-1", "WX-1"]


def test_the_form_keeps_lots_and_names_the_wrong_one(team: Team, browse: Any) -> None:
    xiamen = site(team, "Xiamen")
    products = case_work.pilot_products(team)
    client, url = browse(team.people["engineering"]), f"/q/{team.case.key}/pilot/plan/"
    body = {"margin": "2", "confidence": "95 %", "lots": "2", "lot-l0": "XM-1",
            "site-l0": xiamen.pk, "lot-l1": "XM-1"}  # fmt: skip
    for one in products:
        body |= {f"in-{one.pk}": "on", f"floor-{one.pk}": "90 %", f"units-{one.pk}": "60"}
    refused = client.post(url, body)
    assert refused.status_code == 422
    assert "Name each lot once." in refused.content.decode()
    assert client.post(url, body | {"lot-l1": "XM-2"}).status_code == 302
    kept = PilotLot.objects.values_list("lot", "site__name")
    assert list(kept) == [("XM-1", "Xiamen"), ("XM-2", None)]
    assert 'value="XM-2"' in client.get(url).content.decode()


def test_the_page_shows_each_lot_with_its_site(team: Team, plan: PilotPlan, browse: Any) -> None:
    build(team, "XM-1", share=4)
    text = browse(team.people["quality"]).get(f"/q/{team.case.key}/pilot/").content.decode()
    assert re.search(r"XM-1</span></dt>\s*<dd>\s*Xiamen\s*</dd>", text)
    assert re.search(r"Wuxi,\s*<span class=\"warn\">not built yet</span>", text)


def test_the_api_plans_lots_with_sites(team: Team, api: Any) -> None:
    xiamen = site(team, "Xiamen")
    models = [{"product": one.code, "units": 60, "floor": "0.9"}
              for one in case_work.pilot_products(team)]  # fmt: skip
    lots = [{"lot": "XM-1", "site": str(xiamen.public_id)}, {"lot": "XM-2"}]
    caller = api(user=team.people["engineering"])
    body = {"models": models, "lots": 2, "planned_lots": lots}
    answer = caller.post(f"/cases/{team.case.key}/pilot-plans/", body)
    assert answer.status_code == 201
    shown = [(one["lot"], one["site"] and one["site"]["name"])
             for one in answer.json()["planned_lots"]]  # fmt: skip
    assert shown == [("XM-1", "Xiamen"), ("XM-2", None)]
