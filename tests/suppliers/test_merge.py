"""Two records of one company become one supplier."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from parts.models import PartFigures
from secondsource.core.errors import PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Event
from suppliers import services
from suppliers.models import ManufacturerPart, Offer, OrderLine, Site, Source, Supplier
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Supplier:
    return factories.manufacturer("Murata", code="MURATA")


@pytest.fixture
def gone() -> Supplier:
    return factories.manufacturer("Murata Electronics", code="MURATA-E", country="JP")


def merge(kept: Supplier, gone: Supplier, reason: str = "one company", **more: Any) -> Supplier:
    actor = more.pop("actor", None) or factories.actor("procurement")
    return services.merge_suppliers(kept=kept, gone=gone, reason=reason, actor=actor, **more)


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_all_that_hangs_on_both_is_of_one(kept: Supplier, gone: Supplier) -> None:
    part = factories.part()
    source = factories.incumbent(part, "GRM1", manufacturer=gone)
    line = factories.order_line(source)
    offer = services.add_offer(
        manufacturer_part=source.manufacturer_part, supplier=gone, currency="USD",
        price_breaks=[(1, 1)], actor=factories.JOB,
    )  # fmt: skip
    site = services.add_site(
        supplier=gone, name="Fukui", activity="fab", country="JP", actor=factories.JOB
    )
    merge(kept, gone)
    assert ManufacturerPart.objects.get().manufacturer == kept
    for model, row in ((OrderLine, line), (Offer, offer), (Site, site)):
        assert model._default_manager.get(pk=row.pk).supplier == kept  # type: ignore[attr-defined]
    assert services.find_manufacturer("murata electronics") == kept
    kept.refresh_from_db()
    assert (kept.country, kept.version) == ("JP", 2)
    assert PartFigures.objects.get(part=part).incumbent_manufacturer == "Murata"


def test_the_old_code_leads_to_the_company_that_stays(kept: Supplier, gone: Supplier) -> None:
    merge(kept, gone)
    assert list(Supplier.objects.companies()) == [kept]
    assert services.find_supplier("MURATA-E") == kept
    third = factories.manufacturer("Murata Manufacturing")
    merge(third, kept)
    assert services.find_supplier("MURATA-E") == third


def test_it_is_recorded_with_actor_and_reason(kept: Supplier, gone: Supplier) -> None:
    actor = factories.actor("quality")
    merge(kept, gone, "their letter of 3 Nov", actor=actor)
    events = Event.objects.filter(action="suppliers.supplier.merged")
    assert {event.subject_id for event in events} == {kept.pk, gone.pk}
    assert {(event.actor_id, event.note) for event in events} == {
        (actor.user_id, "their letter of 3 Nov")
    }
    said = gone.history.first().history_change_reason
    assert said == "MURATA-E merged into MURATA: their letter of 3 Nov"


def test_the_history_of_the_one_that_stays_tells_of_it(
    kept: Supplier, gone: Supplier, client: Client
) -> None:
    merge(kept, gone, reason="same company register")
    client.force_login(factories.person("viewer"))
    shown = client.get("/suppliers/MURATA/history/").content.decode()
    assert "merged MURATA-E into this supplier" in shown
    assert "same company register" in shown


@pytest.mark.parametrize("code", ["MURATA", "MURATA-E"])
def test_receipts_from_the_merged_company_are_found(
    kept: Supplier, gone: Supplier, client: Client, code: str
) -> None:
    factories.receipt(factories.incumbent(factories.part(), manufacturer=gone), supplier=gone)
    factories.receipt(factories.incumbent(factories.part(), manufacturer=kept), supplier=kept)
    merge(kept, gone)
    client.force_login(factories.person("procurement"))
    assert "2 receipts" in client.get("/receipts/", {"supplier": code}).content.decode()


def test_equal_mpns_become_one(kept: Supplier, gone: Supplier) -> None:
    part, other = factories.part(), factories.part()
    stays = factories.incumbent(part, "GRM1", manufacturer=kept)
    bare = factories.alternate(part, "grm1", manufacturer=gone, description="100 nF", die="D1")
    elsewhere = factories.incumbent(
        other, manufacturer_part=ManufacturerPart.objects.get(manufacturer=gone)
    )
    merge(kept, gone)
    made = ManufacturerPart.objects.get()
    assert (made.pk, made.description, made.die) == (stays.manufacturer_part_id, "100 nF", "D1")
    assert not Source.objects.filter(pk=bare.pk).exists()
    elsewhere.refresh_from_db()
    assert elsewhere.manufacturer_part == made
    assert PartFigures.objects.get(part=part).approved_sources == 1


def test_two_sources_of_one_company_are_no_longer_independent(
    kept: Supplier, gone: Supplier
) -> None:
    part = factories.part()
    factories.incumbent(part, "GRM1", manufacturer=kept)
    second = factories.approved(part, "GRM2", manufacturer=gone)
    assert "same legal group as GRM1" not in second.shared
    merge(kept, gone)
    second.refresh_from_db()
    assert "same legal group as GRM1" in second.shared


def test_the_source_that_records_name_stays(kept: Supplier, gone: Supplier) -> None:
    part = factories.part()
    bare = factories.incumbent(part, "GRM1", manufacturer=kept)
    used = factories.alternate(part, "GRM1", manufacturer=gone)
    factories.receipt(used)
    merge(kept, gone)
    assert not Source.objects.filter(pk=bare.pk).exists()
    used.refresh_from_db()
    assert (used.manufacturer_part.manufacturer, used.role) == (kept, "incumbent")


def test_every_reason_against_it_is_named(kept: Supplier, gone: Supplier) -> None:
    part, third = factories.part(), factories.part()
    factories.receipt(factories.incumbent(part, "GRM1", manufacturer=kept, die="D1"))
    factories.receipt(factories.alternate(part, "GRM1", manufacturer=gone, die="D2"))
    factories.incumbent(third, "GRM2", manufacturer=kept)
    factories.approved(third, "GRM2", manufacturer=gone)
    for number, company in enumerate((kept, gone)):
        source = Source.objects.filter(manufacturer_part__manufacturer=company).first()
        factories.order_line(source, po="PO-1", supplier=company)  # type: ignore[arg-type]
        services.add_site(
            supplier=company, name="Fukui", activity="fab", country=("JP", "TW")[number],
            actor=factories.JOB,
        )  # fmt: skip
        services.change_supplier(
            supplier=company, values={"group": factories.manufacturer()}, actor=factories.JOB
        )
    factories.standing(gone, "disqualified")
    factories.standing(kept, "preferred")
    kept.refresh_from_db()
    gone.refresh_from_db()
    with pytest.raises(RuleRefused) as refused:
        merge(kept, gone)
    assert set(codes(refused)) == {
        "other_standing", "other_group", "other_country", "same_order_line", "other_die",
        "two_sources_in_use", "approved_differently",
    }  # fmt: skip
    assert ManufacturerPart.objects.filter(manufacturer=gone).count() == 2


def test_approvals_of_one_kind_become_one(kept: Supplier, gone: Supplier) -> None:
    part = factories.part()
    factories.approved(part, "GRM1", manufacturer=kept)
    factories.approved(part, "GRM1", manufacturer=gone)
    merge(kept, gone)
    assert Source.objects.get().status == "approved"


def test_who_may_merge_what_and_why(kept: Supplier, gone: Supplier) -> None:
    with pytest.raises(PermissionRefused):
        merge(kept, gone, actor=factories.actor("engineer"))
    with pytest.raises(ValuesRefused):
        merge(kept, gone, " ")
    with pytest.raises(RuleRefused) as refused:
        merge(kept, kept)
    assert codes(refused) == ["itself"]
    nobody = Supplier.objects.get(pk=services.placeholder_id()[0])
    with pytest.raises(RuleRefused) as refused:
        merge(kept, nobody)
    assert codes(refused) == ["manufacturer_not_named"]
    merge(kept, gone)
    with pytest.raises(RuleRefused) as refused:
        merge(gone, kept)
    assert codes(refused) == ["merged"]


def test_nothing_is_written_to_a_company_that_was_merged(kept: Supplier, gone: Supplier) -> None:
    merge(kept, gone)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManufacturerPart.objects.create(manufacturer=gone, mpn="X", mpn_normal="X")
    with pytest.raises(ValuesRefused):
        factories.manufacturer_part(manufacturer=gone)


def test_a_manufacturer_is_named(kept: Supplier) -> None:
    nobody = Supplier.objects.get(pk=services.placeholder_id()[0])
    source = factories.incumbent(factories.part(), "GRM1", manufacturer=nobody)
    services.name_manufacturer(
        manufacturer_part=source.manufacturer_part, manufacturer=kept,
        actor=factories.actor("engineer"), expected=1,
    )  # fmt: skip
    made = ManufacturerPart.objects.get()
    assert (made.manufacturer, made.version) == (kept, 2)
    assert PartFigures.objects.get(part=source.part).incumbent_manufacturer == "Murata"
    with pytest.raises(ValuesRefused) as refused:
        services.name_manufacturer(
            manufacturer_part=made, manufacturer=kept, actor=factories.actor("engineer")
        )
    assert [p.code for p in refused.value.problems] == ["named"]


def test_a_number_that_the_named_manufacturer_has_is_joined(kept: Supplier) -> None:
    nobody = Supplier.objects.get(pk=services.placeholder_id()[0])
    known = factories.manufacturer_part("GRM1", manufacturer=kept)
    source = factories.incumbent(factories.part(), "GRM1", manufacturer=nobody)
    services.name_manufacturer(
        manufacturer_part=source.manufacturer_part, manufacturer=kept,
        actor=factories.actor("engineer"),
    )  # fmt: skip
    source.refresh_from_db()
    assert (source.manufacturer_part, ManufacturerPart.objects.count()) == (known, 1)
