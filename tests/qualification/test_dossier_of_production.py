"""What a dossier says of the way back, of breaches, of the introduction and of what was built."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parts.models import Product
from qualification import services
from qualification.dossier import production, work
from qualification.dossier.model import Reading, Section
from qualification.models import TriggerBreach
from qualification.models.cases import State
from tests import factories
from tests.case_work import pilot_rows
from tests.factories import Team
from tests.introduction_work import built, introduce
from tests.qualification.test_dossier import has, make, own_store, words
from tests.rollback_work import rehearse, step

pytestmark = pytest.mark.django_db
__all__ = ["own_store"]


@pytest.fixture
def pump(team: Team) -> Product:
    """In transition, with a plan, an introduction and two lots."""
    product = factories.product("PUMP", uses={team.source.part: 1})
    step(team, "Block the lots in stock")
    rehearse(team, "failed", note="No programme for line 2")
    rehearse(team)
    introduce(team, change_notice="ECN-77", run_out_quantity=40)
    team.jump_to(State.TRANSITION)
    built(team, product, serial_prefix="K-", serial_from=1, serial_to=10, part_lot="GD-1")
    built(team, product, "B-2", quantity=20, failed=3)
    return product


def told(section: Section) -> str:
    data = section.as_data()
    tables = [cell for table in data["tables"] for row in table["rows"] for cell in row]
    facts = [value for fact in data["facts"] for value in fact]
    return " | ".join([*facts, *data["paragraphs"], *tables])


def contains(text: str, *wanted: str) -> list[str]:
    return [one for one in wanted if one not in text]


def test_the_way_back_is_in_it(team: Team, pump: Product) -> None:
    text = told(production.rollback_plan(Reading(team.case, team.lead)))
    assert contains(
        text, "48 h", "900", "DPPM above 1,000 within 30 days", "Block the lots in stock",
        team.people["procurement"].name, "Failed", "No programme for line 2", "Passed", "7 h",
    ) == []  # fmt: skip


def test_the_introduction_and_the_lots_are_in_it(team: Team, pump: Product) -> None:
    reading = Reading(team.case, team.lead)
    text = told(production.introduction(reading))
    assert contains(text, "ECN-77", "40", "PUMP", "have no day to run out") == []
    text = told(production.built_in(reading))
    assert contains(text, "PUMP: 30", "B-1", "K-1 to K-10", "GD-1", "B-2", "20", "3") == []


def test_breaches_and_rollbacks_are_in_it(team: Team, pump: Product) -> None:
    factories.receipt(team.source, 1000, rejected_qty=Decimal(12))
    reading = Reading(team.case, team.lead)
    assert "12,000 (12 of 1,000)" in told(production.breaches(reading))
    assert "open: it holds the ramp" in told(production.breaches(reading))
    breach = TriggerBreach.objects.get()
    services.clear_breach(breach=breach, reason="Sorted by hand", actor=team["quality"])
    team.fire("roll_back", note="Second bad lot", data={"hours": "31.5"}, by="quality")
    text = told(production.breaches(reading))
    assert contains(text, "Sorted by hand", "Second bad lot", "48 h", "31.5 h", "30") == []


def test_pilot_results_from_before_the_rollback_are_named_as_history(team: Team) -> None:
    product = factories.product("PUMP", uses={team.source.part: 1})
    pilot_rows(team.case, product, team.people["quality"])
    team.jump_to(State.TRANSITION)
    team.fire("roll_back", note="Bad lot", by="quality")
    assert "history" not in told(work.pilot(Reading(team.case, team.lead)))
    team.fire("reopen", note="Repaired", by="quality")
    assert "9 good of 9 units were built" in told(work.pilot(Reading(team.case, team.lead)))


def test_the_document_has_the_sections(team: Team, pump: Product, own_store: Any) -> None:
    text = words(make(team))
    assert has(
        text, "Rollback plan", "Breaches and rollbacks", "No trigger was breached.",
        "Introduction", "ECN-77", "Where it is built in", "K-1 to K-10",
    ) == []  # fmt: skip


def test_a_draft_says_that_nothing_is_there(team: Team) -> None:
    reading = Reading(team.case, team.lead)
    assert "The introduction is not planned." in told(production.introduction(reading))
    empty = [table.empty for table in production.built_in(reading).tables]
    assert empty == ["No lot is on record."]
