"""Parts masters: parts with their manufacturer parts, further sources, unplaceable rows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parts.models import Category, Part
from parts.services import change_part
from secondsource.accounts.models import Plant
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import, ImportedRow
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, Source, Supplier
from tests import factories
from tests.exchange.bulk.files import problems, roles, send, take

pytestmark = pytest.mark.django_db

HEAD = "IPN,MPN,Manufacturer,Description,Footprint,Capacitance\n"
FILE = (
    HEAD
    + "CAP-1,CC0603,Yageo,100 nF 50 V,0603,0.1uF\n"
    + "CAP-1,GCM188,Murata,100nF X7R,0603,0.1uF\n"
    + "CAP-2,GCM189,Murata,10 nF,0603,10nF\n"
    + "CON-9,,,Wire black ft,,\n"
)


@pytest.fixture
def caps() -> Category:
    return factories.category("capacitors", prefix="CAP")


def notes(imported: Import) -> dict[str, str]:
    return {one["code"]: one["detail"] for one in imported.warnings}


def listed() -> list[tuple[str, str, str, str]]:
    rows = Source.objects.order_by("part__ipn", "id")
    return list(rows.values_list("part__ipn", "manufacturer_part__mpn", "role", "status"))


def test_what_a_master_would_do_is_said(engineer: Actor, caps: Category) -> None:
    imported = send(FILE, "parts", engineer)
    assert roles(imported) == {
        "IPN": "ipn", "MPN": "mpn", "Manufacturer": "manufacturer", "Description": "description",
        "Footprint": "footprint", "Capacitance": "value",
    }  # fmt: skip
    assert imported.totals["would"] == {"created": 3, "updated": 0, "unchanged": 0}
    assert imported.totals["sums"] == {
        "New manufacturers": "2", "New MPNs": "3",
        "New incumbents, approved as legacy": "2", "New candidates": "1",
    }  # fmt: skip
    assert notes(imported)["new_manufacturers"] == "New manufacturers: Yageo; Murata"
    assert "1 part goes to the unsorted ones" in notes(imported)["unsorted"]
    assert "first row: 1." in notes(imported)["other_words"]
    assert not Part.objects.exists()


def test_parts_manufacturers_numbers_and_sources_are_made(engineer: Actor, caps: Category) -> None:
    done = take(FILE, "parts", engineer)
    assert (done.state, done.result["created"]) == ("done", 3)
    first = Part.objects.get(ipn="CAP-1")
    assert (first.category, first.value, first.description) == (caps, "0.1uF", "100 nF 50 V")
    assert first.history.get().history_change_reason == "import file.csv"
    assert Part.objects.get(ipn="CON-9").category.path == "unsorted"
    assert listed() == [
        ("CAP-1", "CC0603", "incumbent", "approved"),
        ("CAP-1", "GCM188", "alternate", "candidate"),
        ("CAP-2", "GCM189", "incumbent", "approved"),
    ]
    incumbent = Source.objects.get(manufacturer_part__mpn="CC0603")
    approval = incumbent.approval
    assert approval is not None
    assert (approval.kind, approval.evidence_ref) == ("legacy", "import file.csv")
    assert (approval.actor_id, incumbent.origin) == (engineer.user_id, "import file.csv, row 2")
    assert ManufacturerPart.objects.get(mpn="GCM188").description == "100nF X7R"
    assert first.figures.approved_sources == 1


def test_the_same_file_again_changes_nothing(engineer: Actor, caps: Category) -> None:
    take(FILE, "parts", engineer)
    again = send(FILE, "parts", engineer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 3}
    assert again.totals["sums"] == {}
    with pytest.raises(RuleRefused):
        services.confirm(imported=again, actor=engineer)


def test_changes_and_further_sources_are_mixed_with_new_parts(
    engineer: Actor, caps: Category
) -> None:
    take(FILE, "parts", engineer)
    more = (
        HEAD
        + "CAP-1,C0603X,TDK,,,\n"
        + "CAP-2,GCM189,Murata,10 nF C0G,,\n"
        + "CON-9,,,Wire black ft,,\n"
        + "CAP-3,GCM190,MURATA,1 nF,,\n"
    )
    done = take(more, "parts", engineer)
    counts = {name: done.result[name] for name in ("created", "updated", "unchanged")}
    assert counts == {"created": 1, "updated": 2, "unchanged": 1}
    assert Part.objects.get(ipn="CAP-2").description == "10 nF C0G"
    assert Part.objects.get(ipn="CAP-1").version == 1
    assert ("CAP-1", "C0603X", "alternate", "candidate") in listed()
    assert set(Supplier.objects.values_list("name", flat=True)) == {"Yageo", "Murata", "TDK"}


def test_undo_removes_what_was_made_and_puts_back_what_was_changed(
    engineer: Actor, caps: Category
) -> None:
    old = factories.part(ipn="CAP-2", description="as before")
    done = take(FILE, "parts", engineer)
    assert Part.objects.get(ipn="CAP-2").description == "10 nF"
    services.undo(imported=done, actor=engineer)
    assert list(Part.objects.values_list("ipn", "description")) == [("CAP-2", "as before")]
    assert not Source.objects.exists()
    assert not Supplier.objects.exists()
    assert not Category.objects.filter(path="unsorted").exists()
    old.figures.refresh_from_db()
    assert old.figures.approved_sources == 0


def test_undo_keeps_the_unsorted_ones_that_others_use(engineer: Actor) -> None:
    done = take("IPN,Description\nX-1,one\n", "parts", engineer)
    take("IPN,Description\nX-2,two\n", "parts", engineer)
    services.undo(imported=done, actor=engineer)
    assert list(Part.objects.values_list("ipn", "category__path")) == [("X-2", "unsorted")]


def test_undo_is_refused_when_something_was_built_on_it(engineer: Actor, caps: Category) -> None:
    done = take(FILE, "parts", engineer)
    factories.product(uses={Part.objects.get(ipn="CON-9"): 1})
    factories.receipt(Source.objects.get(manufacturer_part__mpn="CC0603"))
    changed = Part.objects.get(ipn="CAP-2")
    change_part(part=changed, values={"value": "9 nF"}, actor=factories.JOB)
    with pytest.raises(RuleRefused) as refused:
        services.undo(imported=done, actor=engineer)
    assert {reason.code for reason in refused.value.reasons} >= {
        "receipts",
        "changed",
        "in_other_boms",
    }
    assert Part.objects.count() == 3


def test_an_incumbent_stays_the_only_one(engineer: Actor, caps: Category) -> None:
    part = factories.part(ipn="CAP-1")
    factories.incumbent(part, "OLD")
    take(FILE, "parts", engineer)
    assert [row for row in listed() if row[0] == "CAP-1"] == [
        ("CAP-1", "OLD", "incumbent", "approved"),
        ("CAP-1", "CC0603", "alternate", "candidate"),
        ("CAP-1", "GCM188", "alternate", "candidate"),
    ]


def test_a_candidate_on_record_is_not_approved_by_a_file(engineer: Actor, caps: Category) -> None:
    manufacturer = factories.manufacturer("Yageo")
    number = factories.manufacturer_part("CC0603", manufacturer=manufacturer)
    factories.alternate(factories.part(ipn="CAP-1"), manufacturer_part=number)
    take(FILE, "parts", engineer)
    assert listed()[:2] == [
        ("CAP-1", "CC0603", "alternate", "candidate"),
        ("CAP-1", "GCM188", "alternate", "candidate"),
    ]


def test_manufacturers_are_known_by_any_spelling(engineer: Actor, caps: Category) -> None:
    known = factories.manufacturer("Texas Instruments")
    sourcing.set_aliases(supplier=known, aliases=["TI"], actor=factories.JOB)
    text = "IPN,MPN,Manufacturer\nCAP-1,A1,TI\nCAP-2,A2,texas instruments inc.\nCAP-3,a1,T.I.\n"
    imported = send(text, "parts", engineer)
    assert "New manufacturers" not in imported.totals["sums"]
    assert imported.totals["sums"]["New MPNs"] == "2"
    take(text, "parts", engineer)
    assert ManufacturerPart.objects.filter(manufacturer=known).count() == 2


def test_names_that_may_mean_one_manufacturer_are_pointed_out(
    engineer: Actor, caps: Category
) -> None:
    factories.manufacturer("Texas Instruments")
    text = "IPN,MPN,Manufacturer\nCAP-1,A1,TI\nCAP-2,A2,Yaego\nCAP-3,A3,Yageo\n"
    by_api = Actor(user=engineer.user, origin="api")
    said = notes(send(text, "parts", by_api))["similar_manufacturers"]
    assert said == "These names may mean one company: TI = Texas Instruments; Yaego = Yageo."


def test_a_number_without_a_manufacturer(engineer: Actor, caps: Category) -> None:
    factories.manufacturer_part("KNOWN")
    for _ in range(2):
        factories.manufacturer_part("TWICE")
    text = "IPN,MPN\nCAP-1,KNOWN\nCAP-2,TWICE\nCAP-3,NOBODYS\n"
    imported = send(text, "parts", engineer)
    assert problems(imported) == [(3, "mpn", "ambiguous_mpn")]
    assert "no_manufacturer" in notes(imported)
    take(text, "parts", engineer, partial=True)
    assert ManufacturerPart.objects.get(mpn="NOBODYS").manufacturer.code == "UNKNOWN"
    assert ManufacturerPart.objects.count() == 4
    again = take("IPN,MPN\nCAP-4,NOBODYS2\n", "parts", engineer)
    assert "New manufacturers" not in again.totals["sums"]
    assert ManufacturerPart.objects.get(mpn="NOBODYS2").manufacturer.code == "UNKNOWN"


@pytest.mark.parametrize("word", ["passives/caps", "Ceramic capacitors", "CAP", "cap"])
def test_a_category_by_path_name_or_prefix(engineer: Actor, word: str) -> None:
    factories.category("passives")
    where = factories.category("passives/caps", prefix="CAP")
    Category.objects.filter(pk=where.pk).update(name="Ceramic capacitors")
    take(f"IPN,Category\nX-1,{word}\n", "parts", engineer)
    assert Part.objects.get().category == where


def test_rows_that_need_a_person(engineer: Actor, caps: Category) -> None:
    text = (
        "IPN,MPN,Manufacturer,Description,Category,ABC\n"
        "CAP-1,A1,Yageo,one,capacitors,a\n"
        "CAP 2,A2,Yageo,two,,b\n"
        "CAP-3,A3,Yageo,three,capaciters,b\n"
        "CAP-4,,Yageo,four,,b\n"
        "CAP-5,A5,Yageo,five,,z\n"
        ",A6,Yageo,six,,b\n"
        "CAP-1,A1,YAGEO,again,,a\n"
    )
    imported = send(text, "parts", engineer)
    assert problems(imported) == [
        (3, "ipn", "code_form"),
        (5, "mpn", "no_number"),
        (6, "criticality", "unknown_word"),
        (7, "ipn", "missing"),
        (8, "ipn", "duplicate"),
    ]
    take(text, "parts", engineer, partial=True)
    assert listed() == [
        ("CAP-1", "A1", "incumbent", "approved"), ("CAP-3", "A3", "incumbent", "approved"),
    ]  # fmt: skip


def test_a_cost_is_for_those_who_see_prices(engineer: Actor) -> None:
    text = "IPN,Standard cost,Currency\nX-1,1.25,USD\n"
    assert roles(send(text, "parts", engineer)) == {"IPN": "ipn"}
    both = factories.actor("engineer", "procurement")
    take(text, "parts", both)
    part = Part.objects.get()
    assert (part.standard_cost, part.standard_cost_currency) == (Decimal("1.25"), "USD")


def test_a_part_outside_ones_plants_is_refused() -> None:
    north, south = (Plant.objects.create(code=c, name=c) for c in ("NORTH", "SOUTH"))
    there = factories.part(ipn="X-1", description="theirs")
    factories.product("FAN", uses={there: 1}, plants=[south])
    person = factories.person("engineer")
    person.plants.add(north)
    actor = Actor(user=person)
    imported = send("IPN,Description\nX-1,mine\nX-2,mine\n", "parts", actor)
    assert problems(imported) == [(2, "ipn", "taken")]
    take("IPN,Description\nX-1,mine\nX-2,mine\n", "parts", actor, partial=True)
    assert Part.objects.get(ipn="X-1").description == "theirs"


def test_a_viewer_imports_no_parts() -> None:
    from secondsource.core.errors import PermissionRefused

    with pytest.raises(PermissionRefused):
        send(FILE, "parts", factories.actor("procurement"))
    assert not ImportedRow.objects.exists()


REAL = Path(__file__).parents[4] / "shared" / "data" / "parts"
#: file → rows, parts, numbers
MASTERS = {
    "cap": (66, 65, 66), "con": (88, 88, 64), "dio": (15, 15, 15), "ics": (48, 48, 48),
    "ind": (21, 21, 21), "mcu": (9, 9, 9), "osc": (11, 11, 11), "reg": (17, 17, 17),
    "xtr": (19, 19, 19),
}  # fmt: skip


@pytest.mark.skipif(not REAL.exists(), reason="the real parts masters are not here")
@pytest.mark.parametrize("name", MASTERS)
def test_real_masters_lose_nothing(engineer: Actor, name: str) -> None:
    rows, parts, numbers = MASTERS[name]
    done = take((REAL / f"gitplm_g-{name}.csv").read_bytes(), "parts", engineer)
    assert (done.result["rows"], done.result["rejected"]) == (rows, 0)
    assert (Part.objects.count(), Source.objects.count()) == (parts, numbers)
