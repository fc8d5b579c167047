"""Manufacturers and incumbents that files bring by the thousand."""

from __future__ import annotations

import pytest

from secondsource.core import clock
from secondsource.core.bulk import take_ids
from suppliers import services
from suppliers.models import Approval, Supplier, SupplierAlias
from tests import factories

pytestmark = pytest.mark.django_db


def test_each_manufacturer_gets_a_code_of_its_own() -> None:
    factories.manufacturer("Yageo", code="YAGEO")
    names = {"YAGEO TW": "Yageo (TW)", "YAGEO  TW": "Yageo TW", "MURATA": "Murata"}
    wanted = services.free_codes([*names.values(), "Yageo"])
    assert wanted == ["YAGEO-TW", "YAGEO-TW-2", "MURATA", "YAGEO-2"]
    ids = services.add_manufacturers(names)
    made = Supplier.objects.in_bulk(ids.values())
    assert [made[pk].code for pk in ids.values()] == ["YAGEO-TW", "YAGEO-TW-2", "MURATA"]
    assert {made[pk].name for pk in ids.values()} == set(names.values())
    assert all(one.kinds == ["manufacturer"] for one in made.values())
    assert {one.standing for one in made.values()} == {"not_assessed"}
    assert (
        dict(SupplierAlias.objects.filter(supplier__in=made).values_list("normal", "supplier_id"))
        == ids
    )


def test_no_manufacturers_make_nothing() -> None:
    before = Supplier.objects.count()
    assert services.add_manufacturers({}) == {}
    assert Supplier.objects.count() == before


def test_one_placeholder_stands_for_all_who_are_not_named() -> None:
    first, made = services.placeholder_id()
    assert (services.placeholder_id(), made) == ((first, False), True)
    assert not Supplier.objects.companies().filter(pk=first).exists()
    assert {services.find_manufacturer(n).pk for n in ("n/a", "various")} == {first}  # type: ignore[union-attr]


def test_a_legacy_approval_says_who_and_by_what() -> None:
    source = factories.alternate(factories.part())
    (pk,) = take_ids(Approval, 1)
    actor = factories.actor("engineer")
    services.approve_as_legacy([(pk, source.pk)], evidence_ref="import " + "x" * 300, actor=actor)
    approval = Approval.objects.get()
    assert (approval.pk, approval.source_id, approval.kind) == (pk, source.pk, "legacy")
    assert (approval.actor_id, approval.job, len(approval.evidence_ref)) == (actor.user_id, "", 200)
    assert approval.valid_from == clock.business_day()
