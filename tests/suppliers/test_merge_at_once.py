"""Two people at one merger, and one who adds to the company that goes meanwhile."""

from __future__ import annotations

from contextlib import suppress

import pytest

from secondsource.core.errors import ValuesRefused
from suppliers import services
from suppliers.models import ManufacturerPart, Supplier
from tests import factories
from tests.qualification.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def companies() -> tuple[Supplier, Supplier]:
    kept, gone = factories.manufacturer("Murata"), factories.manufacturer("Murata Electronics")
    for company in (kept, gone):
        factories.incumbent(factories.part(), "GRM1", manufacturer=company)
    return kept, gone


def test_of_two_mergers_of_the_same_two_one_is_done() -> None:
    one, other = companies()
    first, second = factories.actor("quality"), factories.actor("procurement")
    found = at_once(
        lambda: services.merge_suppliers(kept=one, gone=other, reason="one", actor=first),
        lambda: services.merge_suppliers(kept=other, gone=one, reason="one", actor=second),
    )
    assert sorted(found) in (["busy", "done"], ["done", "merged"])
    assert Supplier.objects.companies().count() == 1
    assert ManufacturerPart.objects.count() == 1


def test_what_is_added_to_the_company_that_goes_is_not_lost() -> None:
    kept, gone = companies()
    actor = factories.actor("quality")

    def add() -> None:
        with suppress(ValuesRefused):  # the company was merged by now
            factories.manufacturer_part("NEW-1", manufacturer=gone)

    at_once(lambda: services.merge_suppliers(kept=kept, gone=gone, reason="one", actor=actor), add)
    gone.refresh_from_db()
    left = ManufacturerPart.objects.filter(manufacturer=gone)
    assert not (gone.merged_into and left.exists())
