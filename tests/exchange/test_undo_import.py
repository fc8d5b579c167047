"""An import taken back: exactly, or refused with every reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from parts import services as catalogue
from parts.models import BomRevision, Part, Product
from qualification import services as qualification
from secondsource.core import attachments, database_roles, discussion
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused, Stale
from secondsource.exchange import services
from secondsource.exchange.models import Import
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, Source, Supplier
from tests import factories
from tests.exchange.imports import BOM, HEAD, row_counts, upload


def reasons(imported: Import, actor: Actor) -> list[str]:
    before = row_counts()
    with pytest.raises(RuleRefused) as refusal:
        services.undo(imported=imported, actor=actor)
    assert row_counts() == before
    assert Import.objects.get(pk=imported.pk).state == "done"
    return [reason.code for reason in refusal.value.reasons]


def test_every_table_is_back_to_its_rows(run: Any, engineer: Actor) -> None:
    before = row_counts()
    imported = run(BOM)
    services.undo(imported=imported, actor=engineer)
    after = row_counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {
        "exchange_import": 1, "suppliers_approval": 3, "suppliers_revocation": 3,
    }  # fmt: skip
    imported.refresh_from_db()
    assert (imported.state, imported.revision, imported.product) == ("undone", None, None)


def test_history_keeps_the_last_values(run: Any, engineer: Actor) -> None:
    services.undo(imported=run(BOM), actor=engineer)
    for model, count in ((Part, 3), (Source, 5), (ManufacturerPart, 5), (Supplier, 5)):
        gone = model.history.filter(history_type="-")  # type: ignore[attr-defined]
        assert gone.count() == count
        assert set(gone.values_list("history_change_reason", flat=True)) == {
            "undo of import bom.csv"
        }


def test_the_revision_before_is_current_again(run: Any, engineer: Actor) -> None:
    first = run(BOM)
    before = row_counts()
    second = run(BOM + "R9,1,1k,0402,Yageo,RC0402FR-071KL,Vishay,CRCW04021K00FKED\n")
    services.undo(imported=second, actor=engineer)
    after = row_counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {
        "exchange_import": 1, "suppliers_approval": 1, "suppliers_revocation": 1,
    }  # fmt: skip
    current = BomRevision.objects.get(current=True)
    assert (current.pk, current.number) == (first.revision_id, 1)
    assert Product.objects.get().code == "PUMP"


def test_a_product_that_was_worked_on_stays(run: Any, engineer: Actor) -> None:
    imported = run(BOM)
    catalogue.change_product(
        product=imported.product, values={"monthly_volume": 400}, actor=engineer
    )
    services.undo(imported=imported, actor=engineer)
    assert Product.objects.get().monthly_volume == 400
    assert Part.objects.count() == 0


def test_a_product_that_an_approval_names_stays(run: Any, engineer: Actor) -> None:
    imported = run(BOM)
    assert imported.product is not None
    source = factories.alternate(factories.part(ipn="OTHER"))
    source.scope.add(imported.product)
    sourcing.approve_source(source=source, kind="case", evidence_ref="SSQ-9999", actor=engineer)
    services.undo(imported=imported, actor=engineer)
    assert Product.objects.get().code == "PUMP"


def test_undo_needs_no_more_than_the_rights_of_the_application(run: Any, engineer: Actor) -> None:
    imported = run(BOM)
    database_roles.grant("secondsource_app")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE secondsource_app")
        services.undo(imported=imported, actor=engineer)
        cursor.execute("RESET ROLE")
    assert (Product.objects.count(), Part.objects.count()) == (0, 0)


def test_existing_sources_keep_their_figures(run: Any, engineer: Actor) -> None:
    run(BOM)
    part = Part.objects.get(value="100n")
    second = run(HEAD + "C1,1,100n,0402,Murata,GRM155R71C104KA88D,Kemet,C0402C104K8RAC\n", "FAN")
    part.figures.refresh_from_db()
    assert part.figures.candidate_sources == 1
    services.undo(imported=second, actor=engineer)
    part.figures.refresh_from_db()
    assert part.figures.candidate_sources == 0


def open_case(made: Import) -> None:
    source = Source.objects.filter(role="alternate").first()
    assert source is not None
    qualification.open_case(source=source, actor=factories.actor("engineer"))


def other_bom(made: Import) -> None:
    part = Part.objects.first()
    assert part is not None
    factories.product("FAN", uses={part: 2})


def receipt(made: Import) -> None:
    source = Source.objects.filter(role="incumbent").first()
    assert source is not None
    factories.receipt(source)


def approval(made: Import) -> None:
    source = Source.objects.filter(role="alternate").first()
    assert source is not None
    sourcing.approve_source(
        source=source, kind="case", evidence_ref="SSQ-9999", actor=factories.JOB
    )


def further_source(made: Import) -> None:
    part = Part.objects.first()
    assert part is not None
    factories.alternate(part)


def requirement(made: Import) -> None:
    part = Part.objects.first()
    assert part is not None
    line = {"parameter": "resistance", "rule": "at_least", "minimum": 1.0, "unit": "Ω"}
    catalogue.set_requirements(part=part, requirements=[line], actor=factories.JOB)


def offer(made: Import) -> None:
    number = ManufacturerPart.objects.first()
    assert number is not None
    sourcing.add_offer(
        manufacturer_part=number, supplier=number.manufacturer, price_breaks=[(1, Decimal("0.10"))],
        currency="USD", actor=factories.JOB,
    )  # fmt: skip


def further_number(made: Import) -> None:
    manufacturer = Supplier.objects.first()
    factories.manufacturer_part("OTHER-1", manufacturer=manufacturer)


def changed_part(made: Import) -> None:
    part = Part.objects.first()
    assert part is not None
    catalogue.change_part(part=part, values={"criticality": "a"}, actor=factories.JOB)


def comment(made: Import) -> None:
    part = Part.objects.first()
    assert part is not None
    discussion.say(subject=part, text="Keep this one.", actor=factories.actor("engineer"))


def attachment(made: Import) -> None:
    part = Part.objects.first()
    assert part is not None
    attachments.attach(
        subject=part, upload=factories.text_file(), actor=factories.actor("engineer")
    )


def assembly(made: Import) -> None:
    part = Part.objects.first()
    factories.product("BOARD", part=part)


@pytest.mark.parametrize(
    ("build", "codes"),
    [
        (open_case, ["cases"]),
        (other_bom, ["in_other_boms"]),
        (receipt, ["receipts"]),
        (approval, ["approvals", "changed"]),
        (further_source, ["sources"]),
        (requirement, ["requirements"]),
        (offer, ["offers"]),
        (further_number, ["manufacturerparts"]),
        (changed_part, ["changed"]),
        (comment, ["comments"]),
        (attachment, ["attachments"]),
        (assembly, ["products"]),
    ],
)
def test_refused_when_something_was_built_on_it(
    run: Any, engineer: Actor, build: Callable[[Import], None], codes: list[str]
) -> None:
    imported = run(BOM)
    build(imported)
    assert sorted(set(reasons(imported, engineer)) - {"changed"} or {"changed"}) == sorted(
        set(codes) - {"changed"} or {"changed"}
    )


def test_every_reason_is_named_at_once(run: Any, engineer: Actor) -> None:
    imported = run(BOM)
    for build in (other_bom, receipt, comment):
        build(imported)
    assert set(reasons(imported, engineer)) == {"in_other_boms", "receipts", "comments"}


def test_a_case_is_named_once_with_its_page(run: Any, engineer: Actor) -> None:
    imported = run(BOM)
    open_case(imported)
    with pytest.raises(RuleRefused) as refused:
        services.undo(imported=imported, actor=engineer)
    found = [(one.detail, one.about) for one in refused.value.reasons if one.code == "cases"]
    assert len(found) == 1
    assert ("SSQ-" in found[0][0], found[0][1].startswith("/")) == (True, True)


def test_a_newer_revision_goes_first(run: Any, engineer: Actor) -> None:
    first, second = run(BOM), run(BOM)
    assert "newer_revision" in reasons(first, engineer)
    services.undo(imported=second, actor=engineer)
    services.undo(imported=first, actor=engineer)
    assert Part.objects.count() == 0


def test_only_what_is_done_is_undone(run: Any, engineer: Actor) -> None:
    with pytest.raises(RuleRefused):
        services.undo(imported=upload(BOM, engineer, "FAN"), actor=engineer)
    imported = run(BOM)
    services.undo(imported=imported, actor=engineer)
    with pytest.raises(RuleRefused):
        services.undo(imported=imported, actor=engineer)


def test_only_by_an_engineer_and_of_the_version_seen(run: Any, engineer: Actor) -> None:
    imported = run(BOM)
    with pytest.raises(PermissionRefused):
        services.undo(imported=imported, actor=factories.actor("quality"))
    with pytest.raises(Stale):
        services.undo(imported=imported, actor=engineer, expected=imported.version - 1)
    assert Part.objects.count() == 3
