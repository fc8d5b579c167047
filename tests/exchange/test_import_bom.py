"""A BOM on its way from the upload into the data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parts.models import BomLine, BomRevision, Part, PartUsage, Product
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Job
from secondsource.exchange import services
from secondsource.exchange.models import Import
from suppliers.models import Approval, ManufacturerPart, Source, Supplier, SupplierAlias
from tests import factories
from tests.exchange.bom.real_files import FIGURES, FOLDER, expectations
from tests.exchange.imports import BOM, HEAD, do, import_file, row_counts, upload

EIGHT = [
    "libresolar_mppt2420lc.csv",
    "bitaxe_gamma.csv",
    "microbit_v2.21.csv",
    "glasgow_revC3.csv",
    "ulx3s_bom.csv",
    "particle_photon_v1.0.0.xlsx",
    "odrive_v3.4_24V.csv",
    "macchina_m2_interface.csv",
]


def codes(refusal: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in refusal.value.problems]


def test_upload_writes_nothing_but_the_preview(engineer: Actor) -> None:
    before = row_counts()
    imported = upload(BOM, engineer, "PUMP")
    after = row_counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {
        "exchange_import": 1
    }
    assert imported.state == "previewed"
    assert imported.totals["would"] == {
        "groups": {"capacitors": 1, "integrated_circuits": 1, "resistors": 1},
        "parts_new": 3, "parts_matched": 0, "matched_by_ipn": 0, "matched_by_mpn": 0,
        "matched_by_previous_revision": 0, "incumbents_new": 3, "candidates_new": 2,
        "manufacturers_new": 5, "manufacturer_parts_new": 5,
    }  # fmt: skip


def test_import_writes_everything(run: Any) -> None:
    imported = run(BOM)
    assert (imported.state, imported.revision.number) == ("done", 1)
    lines = BomLine.objects.filter(revision=imported.revision)
    assert list(lines.values_list("position", "quantity", "designators", "mpn")) == [
        (1, Decimal(2), ["R1", "R2"], "RC0402FR-0710KL"),
        (2, Decimal(1), ["C1"], "GRM155R71C104KA88D"),
        (3, Decimal(1), ["U1"], "STM32F103RBT6"),
    ]
    assert lines[0].alternates == [
        {"manufacturer": "Vishay", "mpn": "CRCW040210K0FKED", "read_from": "row 2, MPN 2"}
    ]
    assert imported.result["incumbents"] == 3
    assert imported.result["candidates"] == 2
    assert PartUsage.objects.filter(product__code="PUMP").count() == 3
    figures = Part.objects.get(bom_lines=lines[2]).figures
    assert (figures.approved_sources, figures.candidate_sources) == (1, 1)
    assert figures.incumbent_mpn == "STM32F103RBT6"


def test_what_the_preview_promises_is_what_is_written(run: Any, engineer: Actor) -> None:
    for text, code in ((BOM, "PUMP"), (BOM.replace("C1,1", "C9,4"), "FAN")):
        imported = upload(text, engineer, code)
        would = imported.totals["would"]
        services.confirm(imported=imported, actor=engineer)
        before = (Source.objects.count(), Part.objects.count())
        done = do(imported)
        assert done.result["incumbents"] == would["incumbents_new"]
        assert done.result["candidates"] == would["candidates_new"]
        assert Source.objects.count() - before[0] == (
            would["incumbents_new"] + would["candidates_new"]
        )
        assert Part.objects.count() - before[1] == would["parts_new"]


def test_incumbents_are_approved_as_legacy_and_alternates_never(run: Any) -> None:
    imported = run(BOM)
    incumbents = Source.objects.filter(role="incumbent")
    assert set(incumbents.values_list("status", "share_cap")) == {("approved", None)}
    alternates = Source.objects.filter(role="alternate")
    assert set(alternates.values_list("status", "approval", "share_cap")) == {
        ("candidate", None, Decimal(0))
    }
    assert set(Approval.objects.values_list("kind", "evidence_ref", "actor_id")) == {
        ("legacy", "import bom.csv", imported.uploaded_by_id)
    }
    assert set(Approval.objects.values_list("source", flat=True)) == set(
        incumbents.values_list("pk", flat=True)
    )
    assert sorted(alternates.values_list("origin", flat=True)) == [
        "import bom.csv, row 2, MPN 2",
        "import bom.csv, row 4, MPN 2",
    ]


def test_every_new_row_has_its_history(run: Any) -> None:
    imported = run(BOM)
    for model in (Part, Source, ManufacturerPart, Supplier):
        entries = model.history.filter(history_type="+")  # type: ignore[attr-defined]
        assert entries.count() == model._default_manager.count()
        assert set(entries.values_list("history_change_reason", "history_user_id")) == {
            ("import bom.csv", imported.uploaded_by_id)
        }


def test_the_same_file_again_makes_revision_2_and_no_part(run: Any) -> None:
    run(BOM)
    before = row_counts()
    again = run(BOM)
    after = row_counts()
    assert again.revision.number == 2
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {
        "exchange_import": 1, "parts_bomrevision": 1, "parts_bomline": 3
    }  # fmt: skip
    assert again.result["parts_matched"] == again.result["matched_by_mpn"] == 3
    current = BomRevision.objects.filter(product__code="PUMP", current=True)
    assert list(current.values_list("number", flat=True)) == [2]


def test_another_product_shares_the_parts(run: Any) -> None:
    run(BOM)
    run(HEAD + "C7,3,100n,0402,Murata,grm155r71c104ka88d,,\n", "FAN")
    assert Part.objects.count() == 3
    used = BomLine.objects.get(revision__product__code="FAN").part
    assert set(used.usages.values_list("product__code", "quantity")) == {
        ("PUMP", Decimal(1)), ("FAN", Decimal(3))
    }  # fmt: skip


def test_a_changed_number_in_the_same_place_is_a_candidate_of_the_same_part(run: Any) -> None:
    run(BOM)
    again = run(BOM.replace("GRM155R71C104KA88D", "CL05B104KO5NNNC").replace("Murata", "Samsung"))
    assert Part.objects.count() == 3
    assert again.result["matched_by_previous_revision"] == 1
    new = Source.objects.get(manufacturer_part__mpn="CL05B104KO5NNNC")
    assert (new.role, new.status, new.part.value) == ("alternate", "candidate", "100n")
    assert [(w["row"], w["code"]) for w in again.warnings] == [(3, "not_the_incumbent")]


def test_another_number_with_another_value_is_another_part(run: Any) -> None:
    run(BOM)
    run(BOM.replace("GRM155R71C104KA88D", "GRM155R61A225KE95D").replace("100n", "2u2"))
    assert Part.objects.count() == 4
    new = Source.objects.get(manufacturer_part__mpn="GRM155R61A225KE95D")
    assert (new.role, new.status) == ("incumbent", "approved")


def test_two_numbers_of_one_look_are_two_parts(run: Any) -> None:
    run(BOM)
    run(BOM + "C2,1,100n,0402,Kemet,C0402C104K8RAC,,\n")
    assert Part.objects.count() == 4


def test_a_line_without_number_gets_the_part_of_the_same_look(run: Any) -> None:
    run(BOM)
    again = run(HEAD + "C5,1,100n,0402,,,,\n")
    assert again.result["matched_by_previous_revision"] == 1
    assert BomLine.objects.get(revision=again.revision).part.value == "100n"


def test_one_manufacturer_under_two_names_is_asked_about(engineer: Actor) -> None:
    rows = (
        "U1,1,,,ON SEMI,NCV8408,,\nU2,1,,,ON Semiconductor,NCV8406,,\n"
        "U3,1,,,ON SEMICONDUCTOR,NCV8402,,\nU4,1,,,NXP,LM75BD,,\n"
    )
    asked = upload(HEAD + rows, Actor(user=engineer.user, origin="api")).warnings
    assert [(one["row"], one["code"]) for one in asked] == [(3, "one_manufacturer_two_names")]
    assert "ON Semiconductor and ON SEMI may be one manufacturer" in asked[0]["detail"]


def test_nobody_is_no_new_manufacturer(engineer: Actor, run: Any) -> None:
    rows = HEAD + "U1,1,,,,NCV8408,,\nU2,1,,,NXP,LM75BD,,\nU3,1,,,various,LM75A,,\n"
    assert upload(rows, engineer).totals["would"]["manufacturers_new"] == 1
    done = run(rows)
    assert (done.result["manufacturers_new"], Supplier.objects.companies().count()) == (1, 1)
    assert Supplier.objects.get(placeholder=True).manufacturer_parts.count() == 2
    assert upload(rows, engineer).totals["would"]["manufacturers_new"] == 0


def test_two_names_are_asked_about_in_the_row_of_the_second_one(engineer: Actor) -> None:
    rows = "U1,1,,,ON SEMI,NCV8408,,\n,,,,ON Semiconductor,NCV8406,,\nX1,1,,,YAEGO,CC0402,,\n"
    by_api = Actor(user=engineer.user, origin="api")
    asked = upload(HEAD + rows, by_api).warnings
    assert [(one["row"], one["code"]) for one in asked] == [
        (3, "one_manufacturer_two_names"),
        (4, "manufacturer_misspelled"),
    ]
    answered = upload(HEAD + rows, engineer).warnings
    assert [one["code"] for one in answered] == ["manufacturer_misspelled"]


def test_names_on_record_for_one_supplier_are_not_asked_about(engineer: Actor) -> None:
    manufacturer = factories.manufacturer("ON SEMI")
    SupplierAlias.objects.create(
        supplier=manufacturer, text="ON Semiconductor", normal="ON SEMICONDUCTOR"
    )
    rows = "U1,1,,,ON SEMI,NCV8408,,\nU2,1,,,ON Semiconductor,NCV8406,,\n"
    assert upload(HEAD + rows, engineer).warnings == []


def test_our_own_number_wins(run: Any) -> None:
    known = factories.part(ipn="100-00042")
    run("IPN,Designator,Quantity,Manufacturer,MPN\n100-00042,R1,1,Yageo,RC0402\n"
        "100-00043,R2,1,Yageo,RC0403\n")  # fmt: skip
    assert list(BomLine.objects.values_list("part__ipn", flat=True)) == ["100-00042", "100-00043"]
    assert known.sources.get().role == "incumbent"


def test_a_number_without_manufacturer_is_kept_apart(run: Any) -> None:
    run("Designator,Quantity,MPN\nU1,1,LM358DR\n")
    assert ManufacturerPart.objects.get().manufacturer.name == "Manufacturer not named"


@pytest.mark.parametrize("name", EIGHT)
def test_real_file_from_upload_to_database(engineer: Actor, name: str) -> None:
    if name not in expectations():
        pytest.skip(f"{name} is not beside the project")
    expected, data = expectations()[name], (FOLDER / name).read_bytes()
    done = import_file(data, "REAL", engineer, name=name, as_read=True)
    assert done.state == "done", done.problem
    for figure, key in FIGURES:
        if expected.get(key) is not None:
            assert Decimal(str(done.result[figure])) == Decimal(str(expected[key])), figure
    lines = BomLine.objects.filter(revision=done.revision)
    positions = done.totals["lines"] - _named_twice(done)
    assert lines.count() == positions
    assert sum(line.quantity for line in lines) == Decimal(str(done.result["quantity_total"]))
    fitted = sum(line.quantity - line.quantity_not_fitted for line in lines)
    assert fitted == Decimal(str(done.result["quantity_fitted"]))
    assert sum(len(line.designators) for line in lines) == done.result["designators"]
    assert Source.objects.filter(role="incumbent").exclude(approval__kind="legacy").count() == 0
    assert Source.objects.filter(role="alternate").exclude(status="candidate").count() == 0


def _named_twice(done: Import) -> int:
    """Rows of quantity zero name an alternate: they are counted, but are no positions."""
    result = services.result_of(done)
    assert result is not None
    return sum(line.alternate_of is not None for line in result.lines)


def test_only_an_engineer_imports(engineer: Actor) -> None:
    imported = upload(BOM, engineer, "PUMP")
    for role in ("quality", "procurement", "finance", "executive", "viewer", "admin"):
        other = factories.actor(role)
        with pytest.raises(PermissionRefused):
            upload(BOM, other)
        with pytest.raises(PermissionRefused):
            services.confirm(imported=imported, actor=other)
        with pytest.raises(PermissionRefused):
            services.discard(imported=imported, actor=other)
    assert list(Import.objects.values_list("state", flat=True)) == ["previewed"]


@pytest.mark.parametrize("code", ["pump", "-PUMP", "PU MP", "PUMP\n", "P" * 41, "PÜMP"])
def test_a_code_of_another_form(engineer: Actor, code: str) -> None:
    with pytest.raises(ValuesRefused) as refusal:
        upload(BOM, engineer, code)
    assert codes(refusal) == [("/product", "code_form")]
    assert Import.objects.count() == 0


def test_a_product_of_another_plant(engineer: Actor) -> None:
    from secondsource.accounts.models import Plant

    here, there = (Plant.objects.create(code=code, name=code) for code in ("TLL", "BRQ"))
    factories.product("PUMP", plants=[there])
    assert engineer.user is not None
    engineer.user.plants.set([here])
    engineer.user.__dict__.pop("places", None)
    with pytest.raises(ValuesRefused) as refusal:
        upload(BOM, engineer, "PUMP")
    assert codes(refusal) == [("/product", "taken")]
    made = import_file(BOM, "FAN", engineer)
    assert list(made.product.plants.all()) == [here]


def test_without_a_product_it_is_not_confirmed(engineer: Actor) -> None:
    imported = upload(BOM, engineer)
    with pytest.raises(ValuesRefused) as refusal:
        services.confirm(imported=imported, actor=engineer)
    assert codes(refusal) == [("/product", "required")]
    assert Job.objects.count() == 0


def test_without_lines_it_is_not_confirmed(engineer: Actor) -> None:
    imported = upload(BOM, engineer, "PUMP")
    mapping = imported.mapping
    mapping["tables"][0]["use"] = False
    imported = services.correct_mapping(imported=imported, mapping=mapping, actor=engineer)
    with pytest.raises((ValuesRefused, RuleRefused)):
        services.confirm(imported=imported, actor=engineer)
    assert Job.objects.count() == 0


def test_a_second_confirmation_is_refused(engineer: Actor) -> None:
    imported = upload(BOM, engineer, "PUMP")
    services.confirm(imported=imported, actor=engineer)
    with pytest.raises(RuleRefused) as refusal:
        services.confirm(imported=imported, actor=engineer)
    assert [reason.code for reason in refusal.value.reasons] == ["wrong_state"]
    assert Job.objects.count() == 1
    assert Product.objects.count() == 0
