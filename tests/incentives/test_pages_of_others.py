"""What finance of one plant is told of the money of another, and years that do not exist."""

from __future__ import annotations

from typing import Any

import pytest

from incentives import statement
from secondsource.accounts.models import Plant, User
from tests import factories
from tests.incentives.pooling import Pooled


def test_a_statement_tells_the_reader_nothing_of_other_plants(saved: Pooled) -> None:
    saved.paid()
    north, south = (Plant.objects.create(code=code, name=code) for code in ("NORTH", "SOUTH"))
    factories.product(uses={saved.team.case.part: 1}, plants=[south])
    person, reader = saved.team.people["engineering"], factories.person("finance")
    year = saved.team.case.bonus_pools.get().proposed_on.year
    reader.plants.add(south)
    assert len(statement.of(person, year, reader)["payouts"]) == 1
    reader.plants.set([north])
    told = statement.of(person, year, User.objects.get(pk=reader.pk))
    assert (told["shares"], told["payouts"], told["totals"]) == ([], [], [])
    assert len(statement.of(person, year, person)["shares"]) == 1


@pytest.mark.parametrize("year", ["0000", "9999", "1999", "²⁰²⁶"])
def test_a_year_without_targets_is_this_year(db: None, browse: Any, year: str) -> None:
    client = browse(factories.person("executive"))
    assert client.get("/savings/kpi/", {"year": year}).status_code == 200
