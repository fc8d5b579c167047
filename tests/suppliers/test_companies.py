"""Companies: what quality thinks of them, the names they go by, where they work."""

from __future__ import annotations

from typing import Any

import pytest

from qualification import services as qualification
from secondsource.core.errors import PermissionRefused, RuleRefused, Stale, ValuesRefused
from secondsource.core.models import Event
from suppliers import services
from suppliers.check import check
from suppliers.models import ManufacturerPart, Site, Supplier
from tests import factories

pytestmark = pytest.mark.django_db


def assess(company: Supplier, standing: str, reason: str = "audit of 2 Nov", **more: Any) -> Any:
    actor = more.pop("actor", None) or factories.actor("quality")
    return services.assess_supplier(
        supplier=company, standing=standing, reason=reason, actor=actor, **more
    )


def test_a_new_company_is_not_assessed_and_may_be_ordered_from() -> None:
    source = factories.incumbent(factories.part())
    assert source.manufacturer_part.manufacturer.standing == "not_assessed"
    assert check(part=source.part).verdict == "allow"


def test_quality_gives_a_standing_with_its_reason() -> None:
    company = factories.manufacturer()
    row = assess(company, "preferred")
    assert (row.standing, row.version) == ("preferred", 2)
    assert row.history.first().history_change_reason == "audit of 2 Nov"
    event = Event.objects.get(action="suppliers.supplier.standing")
    assert event.data == {"from": "not_assessed", "to": "preferred"}


@pytest.mark.parametrize(
    ("standing", "status", "verdict"),
    [("phase_out", "phase_out", "warn"), ("disqualified", "disqualified", "block")],
)
def test_a_company_that_stops_takes_its_sources_along(
    standing: str, status: str, verdict: str
) -> None:
    source = factories.incumbent(factories.part())
    company = source.manufacturer_part.manufacturer
    assess(company, standing)
    source.refresh_from_db()
    assert (source.status, check(part=source.part).verdict) == (status, verdict)
    assess(company, "approved")
    source.refresh_from_db()
    assert (source.status, check(part=source.part).verdict) == ("approved", "allow")


def test_every_reason_against_a_standing_is_named() -> None:
    company = factories.manufacturer()
    with pytest.raises(ValuesRefused) as refused:
        assess(company, "not_assessed", " ")
    found = [(p.pointer, p.code) for p in refused.value.problems]
    assert found == [("/standing", "unchanged"), ("/reason", "required")]
    assess(company, "approved")
    with pytest.raises(ValuesRefused) as refused:
        assess(company, "not_assessed")
    assert [p.code for p in refused.value.problems] == ["not_a_standing"]


def test_only_quality_assesses() -> None:
    with pytest.raises(PermissionRefused):
        assess(factories.manufacturer(), "approved", actor=factories.actor("procurement"))


def test_of_two_who_assess_the_second_is_told() -> None:
    company = factories.manufacturer()
    assess(company, "approved", expected=1)
    with pytest.raises(Stale):
        assess(company, "probation", expected=1)


def nameless() -> ManufacturerPart:
    pk, _ = services.placeholder_id()
    return factories.manufacturer_part("X-1", manufacturer=Supplier.objects.get(pk=pk))


def test_a_placeholder_is_neither_assessed_nor_changed() -> None:
    nobody = nameless().manufacturer
    for act in (
        lambda: assess(nobody, "approved"),
        lambda: services.set_aliases(supplier=nobody, aliases=["X"], actor=factories.JOB),
        lambda: services.change_supplier(
            supplier=nobody, values={"country": "DE"}, actor=factories.JOB
        ),
    ):
        with pytest.raises(RuleRefused) as refused:
            act()
        assert [r.code for r in refused.value.reasons] == ["manufacturer_not_named"]


@pytest.mark.parametrize("name", ["n/a", "Various", "Manufacturer not named", "TBD"])
def test_no_company_goes_by_the_name_of_nobody(name: str) -> None:
    company = factories.manufacturer()
    for act in (
        lambda: factories.manufacturer(name),
        lambda: services.set_aliases(supplier=company, aliases=[name], actor=factories.JOB),
        lambda: services.change_supplier(
            supplier=company, values={"name": name}, actor=factories.JOB
        ),
    ):
        with pytest.raises(ValuesRefused) as refused:
            act()
        assert [p.code for p in refused.value.problems] == ["names_nobody"]


def test_an_order_from_nobody_is_warned_and_needs_a_supplier() -> None:
    source = factories.incumbent(factories.part(), manufacturer_part=nameless())
    found = check(part=source.part)
    assert (found.verdict, [r.code for r in found.reasons]) == ("warn", ["manufacturer_not_named"])
    with pytest.raises(ValuesRefused) as refused:
        factories.order_line(source)
    assert [p.pointer for p in refused.value.problems] == ["/supplier"]


def test_no_case_is_opened_on_a_part_of_nobody() -> None:
    source = factories.alternate(factories.part(), manufacturer_part=nameless())
    with pytest.raises(RuleRefused) as refused:
        qualification.open_case(source=source, actor=factories.actor("engineer"))
    assert [r.code for r in refused.value.reasons] == ["manufacturer_not_named"]


def test_a_new_name_is_a_spelling_too() -> None:
    company, other = factories.manufacturer("Alder"), factories.manufacturer("Birch")
    services.change_supplier(supplier=company, values={"name": "Elder"}, actor=factories.JOB)
    assert services.find_manufacturer("elder inc.") == services.find_manufacturer("ALDER")
    with pytest.raises(ValuesRefused) as refused:
        services.change_supplier(supplier=company, values={"name": "Birch"}, actor=factories.JOB)
    assert [p.code for p in refused.value.problems] == ["taken"]
    with pytest.raises(ValuesRefused) as refused:
        services.change_supplier(supplier=other, values={"group": other}, actor=factories.JOB)
    assert [p.pointer for p in refused.value.problems] == ["/group"]


def a_site(company: Supplier, name: str = "Fab 1") -> Site:
    return services.add_site(
        supplier=company, name=name, activity="fab", country="DE", actor=factories.JOB
    )


def test_sites_of_a_part_are_set_and_judged_again() -> None:
    part = factories.part()
    first, second = factories.incumbent(part), factories.approved(part)
    site = a_site(first.manufacturer_part.manufacturer)
    for source in (first, second):
        services.set_sites(
            manufacturer_part=source.manufacturer_part, sites=[site], actor=factories.JOB
        )
    second.refresh_from_db()
    assert second.independence == "nominal"
    made = ManufacturerPart.objects.get(pk=second.manufacturer_part_id)
    assert made.version == 2
    services.set_sites(manufacturer_part=made, sites=[site], actor=factories.JOB)
    made.refresh_from_db()
    assert made.version == 2
    with pytest.raises(Stale):
        services.set_sites(manufacturer_part=made, sites=[], actor=factories.JOB, expected=1)


def test_a_site_in_use_stays() -> None:
    made = factories.manufacturer_part("X-1")
    site, unused = a_site(made.manufacturer), a_site(made.manufacturer, "Fab 2")
    services.set_sites(manufacturer_part=made, sites=[site], actor=factories.JOB)
    with pytest.raises(RuleRefused) as refused:
        services.remove_site(site=site, actor=factories.JOB)
    assert refused.value.reasons[0].detail == "Fab 1 is a site of X-1."
    services.remove_site(site=unused, actor=factories.JOB)
    assert list(Site.objects.all()) == [site]
