"""Which SOP a case gets, and what it takes over from it."""

from __future__ import annotations

from typing import Any

import pytest

from parts.models import Category
from qualification import services
from qualification.families import family_of
from qualification.guards import missing_signatures
from qualification.models import Case, ChecklistItem, Sop, SopItem, StepKind
from qualification.models.cases import State
from qualification.sops import ship_starters, sop_for
from secondsource.core.errors import RuleRefused
from tests import factories
from tests.factories import Team

pytestmark = pytest.mark.django_db


def case_on(path: str, risk_class: str = "medium") -> Case:
    """A case on a part of this category."""
    of = factories.part(category=factories.category(path, risk_class))
    return services.open_case(
        source=factories.alternate(of), actor=factories.actor("engineer"), start_reason="early"
    )


def codes(case: Case) -> set[str]:
    return set(case.checklist.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("passives/capacitors", "passives"),
        ("power-inductors", "passives"),
        ("connectors/power", "power"),
        ("ics/power-management", "power"),
        ("memory", "memory"),
        ("ics/mcu-with-flash", "mcu"),
        ("optocouplers", "discretes"),
        ("interface", ""),
    ],
)
def test_family_by_deepest_name(path: str, family: str) -> None:
    assert family_of(path) == family


def test_low_risk_passive_gets_the_short_sop() -> None:
    low, medium = case_on("passives", "low"), case_on("passives/mlcc", "medium")
    assert (low.sop.family, low.sop.risk_class) == ("passives", "low")
    assert "incumbent-stock" in codes(case_on("interface", "low")) - codes(low)
    assert codes(low) < codes(medium)
    assert {"dc-bias", "load-capacitance", "reflow-peak"} <= codes(low)


def test_case_takes_over_the_whole_step() -> None:
    case = case_on("power")
    item = case.checklist.get(code="reflow-peak")
    frozen = SopItem.objects.get(sop=case.sop, code="reflow-peak")
    assert {name: getattr(item, name) for name in ChecklistItem.FROZEN} == {
        name: getattr(frozen, name) for name in ChecklistItem.FROZEN
    }
    assert (item.kind, item.limits) == (StepKind.VALUE, "at least 245\u202f°C")


def own_sop(category: Category, risk_class: str, **fields: Any) -> Sop:
    sop = Sop.objects.create(
        category=category, risk_class=risk_class, number=1, state=Sop.State.ACTIVE, **fields
    )
    SopItem.objects.create(sop=sop, gate="fmea", position=1, code="own", text="Our own step")
    return sop


def test_nearest_category_then_nearest_class_above() -> None:
    above = factories.category("ics", "low")
    below = factories.category("ics/power", "low")
    high = own_sop(above, "high")
    assert sop_for(below, "low") == high
    medium = own_sop(above, "medium")
    assert sop_for(below, "low") == medium
    own = own_sop(below, "low")
    assert sop_for(below, "low") == own
    assert sop_for(below, "high") == high


def test_no_sop_is_refused() -> None:
    Sop.objects.filter(state=Sop.State.ACTIVE).update(state=Sop.State.SUPERSEDED)
    with pytest.raises(RuleRefused) as refusal:
        case_on("interface")
    assert [reason.code for reason in refusal.value.reasons] == ["no_sop"]
    assert not Case.objects.exists()


def test_steps_decide_who_signs() -> None:
    case = case_on("power")
    assert missing_signatures(case, State.FMEA) == ["engineering", "quality", "manufacturing"]
    assert missing_signatures(case, State.SPEC_REVIEW) == ["engineering", "quality"]
    assert missing_signatures(case, State.APPROVAL)[-1] == "sponsor"


def test_gate_waits_for_a_function_that_nobody_holds() -> None:
    part = factories.part(category=factories.category("power", "medium"))
    factories.incumbent(part)
    team = Team(factories.alternate(part))
    team.jump_to(State.FMEA)
    team.do_items()
    for function in ("engineering", "quality"):
        services.sign(case=team.case, function=function, actor=team[function])
    with pytest.raises(RuleRefused) as refusal:
        team.fire("pass")
    assert [(r.code, r.about, r.fix) for r in refusal.value.reasons] == [
        ("function_missing", "manufacturing", "Add a manufacturing engineer."),
        ("not_signed", "manufacturing", "Nobody in the team can sign for it."),
    ]
    maker = factories.person("engineer")
    pairs = [(m.user, m.function) for m in team.case.team.all()]
    services.set_team(case=team.case, members=[*pairs, (maker, "manufacturing")], actor=team.lead)
    services.sign(case=team.reload(), function="manufacturing", actor=factories.Actor(user=maker))
    assert team.fire("pass").state == State.PILOT_BUILD


def test_case_keeps_its_steps_when_another_version_comes_into_force() -> None:
    case = case_on("interface")
    before = codes(case)
    Sop.objects.filter(pk=case.sop_id).update(state=Sop.State.SUPERSEDED)
    newer = Sop.objects.create(risk_class="medium", number=2, state=Sop.State.ACTIVE)
    SopItem.objects.create(sop=newer, gate="fmea", position=1, code="newer", text="Newer step")
    case.refresh_from_db()
    assert (case.sop.number, codes(case)) == (1, before)
    assert codes(case_on("interface")) == {"newer"}


def test_raised_risk_class_adds_the_steps_of_its_sop() -> None:
    case = case_on("mcu", "medium")
    lead = factories.Actor(user=case.lead)
    services.change_case(case=case, values={"risk_class": "high"}, actor=lead)
    case.refresh_from_db()
    assert (case.sop.family, case.sop.risk_class) == ("mcu", "high")
    assert codes(case) == set(case.sop.items.values_list("code", flat=True))
    added = case.checklist.get(code="reliability")
    assert added.history.latest().history_change_reason == "risk class high"


def test_starters_are_written_once() -> None:
    before = list(Sop.objects.values_list("pk", "state"))
    ship_starters()
    assert list(Sop.objects.values_list("pk", "state")) == before


def test_changed_starter_supersedes_the_shipped_one_only() -> None:
    shipped = Sop.objects.get(family="memory", risk_class="low", number=1)
    own = Sop.objects.get(family="mcu", risk_class="low", number=1)
    SopItem.objects.filter(sop__in=[shipped, own], code="deviations").update(text="Old text")
    Sop.objects.filter(pk=own.pk).update(state=Sop.State.SUPERSEDED)
    Sop.objects.create(family="mcu", risk_class="low", number=2, state=Sop.State.ACTIVE)
    ship_starters()
    versions = Sop.objects.filter(risk_class="low").order_by("number")
    assert list(versions.filter(family="memory").values_list("number", "state")) == [
        (1, "superseded"),
        (2, "active"),
    ]
    assert list(versions.filter(family="mcu").values_list("number", "state", "shipped")) == [
        (1, "superseded", True),
        (2, "active", False),
        (3, "draft", True),
    ]


def test_history_of_a_shipped_sop_names_the_job() -> None:
    sop = Sop.objects.filter(shipped=True).earliest("pk")
    assert sop.history.get().history_change_reason == "Starter SOP"
