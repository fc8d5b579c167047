"""Categories in the API: which SOP a new case of each risk class takes over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from parts.models import Category
from qualification import services
from qualification.models import Sop
from qualification.sop_workflow import SOP_FLOW
from qualification.sops import sop_for
from tests import factories


def capacitors() -> Category:
    factories.category("passives")
    return factories.category("passives/mlcc")


def titles(caller: Any, path: str) -> dict[str, str]:
    rows = caller.get("/categories/", limit=500).json()["results"]
    [found] = [row for row in rows if row["path"] == path]
    return {risk: sop["title"] for risk, sop in found["sop"].items()}


def test_it_names_the_sop_of_a_new_case(db: None, api: Callable[..., Any]) -> None:
    caller = api(role="engineer")
    mlcc, odd = capacitors(), factories.category("enclosures")
    assert titles(caller, "passives/mlcc")["low"] == "Passives, low risk"
    assert titles(caller, "enclosures")["high"] == "All parts, high risk"
    for category in (mlcc, odd):
        shown = titles(caller, category.path)
        assert shown == {risk: sop_for(category, risk).title for risk in shown}


def test_a_version_of_its_own_takes_its_place(db: None, api: Callable[..., Any]) -> None:
    category = capacitors()
    draft = services.draft_sop(
        category=category, risk_class="medium", reason="DC bias", actor=factories.actor()
    )
    services.add_sop_item(
        sop=draft, gate="spec_review", text="Measure the DC bias", actor=factories.actor()
    )
    SOP_FLOW.fire(draft.pk, "propose", actor=factories.actor())
    SOP_FLOW.fire(draft.pk, "activate", actor=factories.actor("quality"), note="agreed")
    shown = titles(api(role="engineer"), "passives/mlcc")
    assert shown == {
        "low": f"{category.name}, medium risk",
        "medium": f"{category.name}, medium risk",
        "high": "Passives, high risk",
    }


def test_without_an_sop_in_force_it_is_null(db: None, api: Callable[..., Any]) -> None:
    factories.category("enclosures")
    Sop.objects.update(state="superseded")
    [row] = api(role="engineer").get("/categories/").json()["results"]
    assert row["sop"] == {"low": None, "medium": None, "high": None}


def test_many_categories_read_the_sops_once(db: None, api: Callable[..., Any]) -> None:
    caller = api(role="engineer")
    capacitors()
    caller.get("/categories/")
    with CaptureQueriesContext(connection) as few:
        caller.get("/categories/")
    for n in range(20):
        factories.category(f"passives/kind{n}")
    with CaptureQueriesContext(connection) as many:
        caller.get("/categories/")
    assert len(many) == len(few)
