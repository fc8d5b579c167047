"""Versions of SOPs: drafted by one person, activated by another of quality."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qualification import services
from qualification.models import Sop, SopItem
from qualification.sop_changes import changes_of
from qualification.sop_workflow import SOP_FLOW
from secondsource.accounts.models import User
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    PermissionRefused,
    RuleRefused,
    Stale,
    ValuesRefused,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(db: None) -> Actor:
    return factories.actor("engineer")


@pytest.fixture
def quality(db: None) -> Actor:
    return factories.actor("quality")


def draft(actor: Actor, **fields: Any) -> Sop:
    fields = {"family": "power", "risk_class": "medium", "reason": "a field failure"} | fields
    return services.draft_sop(actor=actor, **fields)


def proposed(actor: Actor, **fields: Any) -> Sop:
    sop = draft(actor, **fields)
    services.add_sop_item(
        sop=sop, gate="pilot_build", text="Measure the inrush current", actor=actor,
        kind="value", unit="A", upper=Decimal(12), functions=["test"],
    )  # fmt: skip
    return SOP_FLOW.fire(sop.pk, "propose", actor=actor)


def activated(sop: Sop, actor: Actor) -> Sop:
    return SOP_FLOW.fire(sop.pk, "activate", actor=actor, note="agreed in the review")


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_next_version_comes_into_force(engineer: Actor, quality: Actor) -> None:
    sop = activated(proposed(engineer), quality)
    before = Sop.objects.get(family="power", risk_class="medium", number=1)
    assert (sop.number, sop.state, sop.activated_by) == (2, "active", quality.user)
    assert (before.state, sop.derived_from) == ("superseded", before)
    assert sop.items.count() == before.items.count() + 1
    (change,) = changes_of(sop)
    assert (change.kind, change.item.code) == ("added", "measure-the-inrush-current")
    part = factories.part(category=factories.category("power", "medium"))
    case = services.open_case(source=factories.alternate(part), actor=engineer)
    assert case.sop == sop
    assert case.checklist.get(code="measure-the-inrush-current").limits == "at most 12\u202fA"
    signers = case.required_signatures.filter(gate="pilot_build")
    assert list(signers.values_list("function", flat=True)) == ["engineering", "quality", "test"]


def test_drafter_does_not_activate(quality: Actor) -> None:
    sop = proposed(quality)
    with pytest.raises(RuleRefused) as refusal:
        activated(sop, quality)
    assert codes(refusal) == ["same_person"]
    sop.refresh_from_db()
    assert sop.state == "proposed"


def test_who_wrote_a_step_does_not_activate(engineer: Actor, quality: Actor) -> None:
    sop = draft(engineer)
    services.remove_sop_item(item=sop.items.get(code="esd-class"), actor=quality)
    SOP_FLOW.fire(sop.pk, "propose", actor=engineer)
    with pytest.raises(RuleRefused) as refusal:
        activated(sop, quality)
    assert codes(refusal) == ["same_person"]


def test_only_quality_activates(engineer: Actor) -> None:
    sop = proposed(engineer)
    with pytest.raises(PermissionRefused):
        activated(sop, factories.actor("engineer"))
    with pytest.raises(PermissionRefused):
        draft(factories.actor("viewer"), family="memory")
    sop.refresh_from_db()
    assert sop.state == "proposed"


def test_activation_needs_a_reason(engineer: Actor, quality: Actor) -> None:
    sop = proposed(engineer)
    with pytest.raises(RuleRefused) as refusal:
        SOP_FLOW.fire(sop.pk, "activate", actor=quality)
    assert codes(refusal) == ["note_missing"]


def test_a_draft_without_a_change_is_not_proposed(engineer: Actor) -> None:
    sop = draft(engineer)
    with pytest.raises(RuleRefused) as refusal:
        SOP_FLOW.fire(sop.pk, "propose", actor=engineer)
    assert codes(refusal) == ["no_change"]


def test_one_draft_at_a_time(engineer: Actor, quality: Actor) -> None:
    draft(engineer)
    with pytest.raises(Duplicate, match="is draft already"):
        draft(quality)
    assert Sop.objects.filter(family="power", risk_class="medium").count() == 2


def test_only_a_draft_is_written(engineer: Actor, quality: Actor) -> None:
    sop = proposed(engineer)
    item = sop.items.first()
    assert item is not None
    for act in (
        lambda: services.add_sop_item(sop=sop, gate="fmea", text="Late", actor=engineer),
        lambda: services.change_sop_item(item=item, values={"text": "Late"}, actor=engineer),
        lambda: services.remove_sop_item(item=item, actor=engineer),
    ):
        with pytest.raises(RuleRefused) as refusal:
            act()
        assert codes(refusal) == ["not_a_draft"]
    assert not SopItem.objects.filter(text="Late").exists()


def test_steps_change_at_their_place(engineer: Actor) -> None:
    sop = draft(engineer)
    first = services.add_sop_item(
        sop=sop, gate="fmea", text="First of all", position=1, actor=engineer
    )
    texts = list(sop.items.filter(gate="fmea").values_list("text", flat=True))
    assert texts[:2] == ["First of all", "Rate the failure modes of the change"]
    services.change_sop_item(
        item=first, values={"gate": "approval", "position": None}, actor=engineer
    )
    last = sop.items.filter(gate="approval").last()
    assert (last, sop.items.filter(gate="fmea").first().code) == (first, "failure-modes")  # type: ignore[union-attr]


def test_stale_step_is_refused(engineer: Actor) -> None:
    item = draft(engineer).items.get(code="esd-class")
    services.change_sop_item(item=item, values={"lower": Decimal(2000)}, actor=engineer)
    with pytest.raises(Stale):
        services.change_sop_item(
            item=item, values={"lower": Decimal(500)}, actor=engineer, expected=item.version
        )
    item.refresh_from_db()
    assert item.lower == Decimal(2000)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"code": "Not good"}, "/code"),
        ({"code": "esd-class"}, "/code"),
        ({"gate": "closed"}, "/gate"),
        ({"kind": "value"}, "/unit"),
        ({"kind": "document", "link": "pilot_plan"}, "/link"),
        ({"functions": ["sales"]}, "/functions"),
    ],
)
def test_step_is_refused(engineer: Actor, fields: dict[str, Any], pointer: str) -> None:
    sop = draft(engineer)
    before = sop.items.count()
    with pytest.raises(ValuesRefused) as refusal:
        services.add_sop_item(
            **{"sop": sop, "gate": "fmea", "text": "A step", "actor": engineer} | fields
        )
    assert pointer in [problem.pointer for problem in refusal.value.problems]
    assert sop.items.count() == before


def test_a_category_gets_an_sop_of_its_own(engineer: Actor) -> None:
    factories.category("power", "medium")
    category = factories.category("power/ldo", "medium")
    sop = draft(engineer, category=category, family="")
    assert (sop.number, str(sop.derived_from)) == (1, "Power, medium risk, version 1")
    assert sop.items.count() == sop.derived_from.items.count()  # type: ignore[union-attr]


def test_outdated_draft_is_not_activated(engineer: Actor, quality: Actor) -> None:
    sop = proposed(engineer)
    Sop.objects.filter(family="power", risk_class="medium", number=1).update(state="superseded")
    Sop.objects.create(family="power", risk_class="medium", number=9, state="active")
    with pytest.raises(RuleRefused) as refusal:
        activated(sop, quality)
    assert codes(refusal) == ["outdated"]


def test_pages_walk_a_version_into_force(
    engineer: Actor, quality: Actor, browse: Callable[[Any], Client]
) -> None:
    assert isinstance(engineer.user, User)
    writes, approves = browse(engineer.user), browse(quality.user)
    in_force = Sop.objects.get(family="power", risk_class="medium")
    listed = writes.get(reverse("sop_list")).content.decode()
    assert in_force.get_absolute_url() in listed
    url = f"{reverse('sop_create')}?from={in_force.public_id}"
    body = {"family": "power", "risk_class": "medium", "reason": "a field failure"}
    assert writes.post(url, body).status_code == 302
    sop = Sop.objects.get(state="draft")
    page = writes.get(sop.get_absolute_url()).content.decode()
    assert "Nothing differs yet." in page
    add = reverse("sop_item_create", args=[sop.public_id])
    refused = writes.post(add, {"gate": "fmea", "text": "Inrush", "kind": "value"})
    assert refused.status_code == 422
    assert "A value needs a unit." in refused.content.decode()
    step = {"gate": "fmea", "text": "Inrush", "kind": "value", "unit": "A", "upper": "12"}
    assert writes.post(add, step).status_code == 302
    item = sop.items.get(code="inrush")
    edit = reverse("sop_item", args=[sop.public_id, item.public_id])
    assert writes.post(edit, step | {"upper": "10", "position": "1"}).status_code == 302
    gone = sop.items.get(code="msl")
    remove = reverse("sop_item_remove", args=[sop.public_id, gone.public_id])
    assert writes.post(remove).status_code == 302
    for client, move in ((writes, "propose"), (approves, "activate")):
        address = reverse("sop_move", args=[sop.public_id, move])
        assert client.get(address).status_code == 200
        assert client.post(address, {"note": "agreed"}).status_code == 302
    sop.refresh_from_db()
    assert (sop.state, sop.activated_by) == ("active", quality.user)
    shown = approves.get(sop.get_absolute_url()).content.decode()
    assert "Added at FMEA" in shown
    assert "Removed at spec review" in shown


def test_api_walks_a_version_into_force(api: Callable[..., Any]) -> None:
    writes, approves = api("engineer"), api("quality")
    body = {"family": "memory", "risk_class": "low", "reason": "a field failure"}
    made = writes.post("/sops/", body)
    assert made.status_code == 201
    url = f"/sops/{made.json()['id']}/"
    step = {"gate": "fmea", "text": "Check the wear levelling", "functions": ["test"]}
    assert writes.post(f"{url}items/", step).status_code == 201
    gate = next(g for g in writes.get(url).json()["gates"] if g["name"] == "fmea")
    assert gate["required_signers"] == ["engineering", "quality", "test"]
    assert gate["items"][-1]["code"] == "check-the-wear-levelling"
    assert writes.send("DELETE", f"{url}items/{gate['items'][0]['id']}/").status_code == 204
    assert writes.post(f"{url}moves/", {"name": "propose"}).status_code == 200
    mine = writes.post(f"{url}moves/", {"name": "activate", "note": "agreed"})
    assert mine.status_code == 403
    done = approves.post(f"{url}moves/", {"name": "activate", "note": "agreed"})
    assert (done.status_code, done.json()["state"]) == (200, "active")
    listed = writes.get("/sops/", family="memory", risk_class="low").json()["results"]
    assert [(one["number"], one["state"]) for one in listed] == [(1, "superseded"), (2, "active")]
