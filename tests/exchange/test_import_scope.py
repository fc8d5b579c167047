"""A BOM shows its importer no part that lies outside their plants, and gives them none."""

from __future__ import annotations

import pytest

from parts.models import BomLine, Part
from secondsource.accounts.models import Plant
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import
from tests import factories
from tests.exchange.imports import do, import_file, upload

pytestmark = pytest.mark.django_db

BY_IPN = "Designator,Quantity,IPN,Value\nR1,1,X-1,10k\nR2,1,X-2,12k\n"
BY_MPN = "Designator,Quantity,MPN,Manufacturer\nU1,1,SECRET-7,Yageo\n"


@pytest.fixture
def theirs() -> Part:
    """A part of another plant."""
    south = Plant.objects.create(code="SOUTH", name="South")
    part = factories.part(ipn="X-1")
    factories.incumbent(part, "SECRET-7", manufacturer=factories.manufacturer("Yageo"))
    factories.product("FAN", uses={part: 1}, plants=[south])
    return part


@pytest.fixture
def scoped(theirs: Part) -> Actor:
    person = factories.person("engineer")
    person.plants.add(Plant.objects.create(code="NORTH", name="North"))
    return Actor(user=person)


def sees(actor: Actor, part: Part) -> bool:
    return Part.objects.visible_to(actor.user).filter(pk=part.pk).exists()


def test_a_part_outside_ones_plants_named_by_its_number_is_refused(
    scoped: Actor, theirs: Part
) -> None:
    imported = upload(BY_IPN, scoped, "MINE")
    assert [one["row"] for one in imported.warnings if one["code"] == "taken"] == [2]
    with pytest.raises(RuleRefused) as refused:
        services.confirm(imported=imported, actor=scoped)
    assert [reason.code for reason in refused.value.reasons] == ["taken"]
    assert not sees(scoped, theirs)
    assert Import.objects.get().state == "previewed"


def test_the_job_refuses_it_too(scoped: Actor, theirs: Part) -> None:
    BomLine.objects.all().delete()
    part = Part.objects.get(ipn="X-1")
    part.usages.all().delete()
    imported = upload(BY_IPN, scoped, "MINE")
    services.confirm(imported=imported, actor=scoped)
    factories.product("PUMP", uses={part: 1}, plants=[Plant.objects.get(code="SOUTH")])
    assert do(imported).state == "failed"
    assert not sees(scoped, part)


def test_a_manufacturers_number_finds_no_part_outside_ones_plants(
    scoped: Actor, theirs: Part
) -> None:
    imported = import_file(BY_MPN, "MINE", scoped)
    assert imported.state == "done"
    line = BomLine.objects.get(revision__product__code="MINE")
    assert line.part != theirs
    assert not sees(scoped, theirs)


def test_who_sees_everything_imports_it(theirs: Part, engineer: Actor) -> None:
    assert import_file(BY_IPN, "ALL", engineer).state == "done"
    assert BomLine.objects.filter(part=theirs, revision__product__code="ALL").exists()
