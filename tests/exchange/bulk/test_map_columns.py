"""Which column holds what: by header in several languages and by content, corrected, remembered."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused, ValuesRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import, RememberedMapping
from tests import factories
from tests.core.tabular.files import ods, xlsx
from tests.exchange.bulk.files import roles, send
from tests.exchange.bulk.world import Sourcing


def column(imported: Import, header: str) -> dict[str, Any]:
    """The column of this header in the mapping."""
    found: dict[str, Any] = next(
        one for one in imported.mapping["columns"] if one["header"] == header
    )
    return found


@pytest.mark.parametrize(
    "head",
    [
        "Part number,On hand,Safety stock",
        "ARTIKEL-NR.,Lagerbestand,Mindestbestand",
        "Code article,En stock,Stock de sécurité",
        "Código,Existencias,Stock de seguridad",
        "Codice articolo,Giacenza,Scorta di sicurezza",
        "item_no,STOCK QTY,safety-stock",
    ],
)
def test_headers_in_several_languages(engineer: Actor, head: str) -> None:
    factories.part(ipn="A-1")
    imported = send(f"{head}\nA-1,5,3\n", "stock", engineer)
    assert list(roles(imported).values()) == ["ipn", "stock_qty", "safety_stock"]


def test_short_headers_of_orders_and_receipts(sourcing: Sourcing) -> None:
    """`Date` of an arrival and `Ordered` over days are told apart by what stands below."""
    order = (
        "PO;Pos;Our part;Qty;Promised;Ordered;Price;Cur\n"
        "1;1;470-00020;1;31.03.2027;15.01.2026;1;USD\n"
    )
    assert list(roles(send(order, "order_lines", sourcing.buyer)).values()) == [
        "po", "line", "ipn", "ordered_qty", "agreed_date", "ordered_on", "unit_price", "currency",
    ]  # fmt: skip
    arrival = "Date,Qty,Part no\n2026-02-28,5,470-00020\n"
    assert list(roles(send(arrival, "receipts", sourcing.buyer)).values()) == [
        "received_date", "received_qty", "ipn",
    ]  # fmt: skip


def test_title_rows_and_a_table_beside_notes(engineer: Actor) -> None:
    factories.part(ipn="A-1")
    text = "Stock report,,\nprinted 2026-03-31,,\n,,\nPart number,Note,Stock\nA-1,ok,5\n"
    imported = send(text, "stock", engineer)
    assert (imported.mapping["header_row"], imported.totals["good"]) == (3, 1)
    rows = [["Stock", None], ["Part number", "Stock"], ["A-1", 1250.5], ["A-9", "x"]]
    for data, name in (
        (xlsx({"Notes": [["hello"]], "Data": rows}), "f.xlsx"),
        (ods([["Part number", "Stock"], ["A-1", 4], ["A-9", "x"]]), "f.xlsx"),
    ):
        imported = send(data, "stock", engineer, name=name)
        assert [(one["row"], one["code"]) for one in imported.errors][-1][1] == "no_number"
        assert imported.totals["rows"] == 2


def test_content_outweighs_a_header_that_cannot_be(engineer: Actor) -> None:
    factories.part(ipn="A-1")
    text = "Part number,Stock,On hand\nA-1,shelf 7,5\nA-1,shelf 8,6\n"
    imported = send(text, "stock", engineer)
    assert roles(imported) == {"Part number": "ipn", "On hand": "stock_qty"}


def test_a_column_that_could_be_read_in_two_ways_is_asked_about(sourcing: Sourcing) -> None:
    text = "Received date,Part number,Qty\n03/04/2026,470-00020,1.234\n05/06/2026,470-00020,2.000\n"
    imported = send(text, "receipts", sourcing.buyer)
    assert (imported.state, "would" in imported.totals) == ("uploaded", False)
    assert [one["code"] for one in imported.problem["errors"]] == ["unclear_form", "unclear_form"]
    with pytest.raises(RuleRefused):
        services.confirm(imported=imported, actor=sourcing.buyer)
    said = {"columns": [
        {"header": "Received date", "form": "mdy"}, {"header": "Qty", "form": ","},
    ]}  # fmt: skip
    read = services.correct_mapping(imported=imported, mapping=said, actor=sourcing.buyer)
    assert (read.state, read.problem, read.totals["sums"]["Pieces received"]) == (
        "previewed", None, "3234.0000",
    )  # fmt: skip
    assert send(text, "receipts", sourcing.buyer).state == "previewed"
    other = factories.actor("procurement")
    assert send(text, "receipts", other).state == "uploaded"


def test_an_unclear_column_follows_a_clear_one(sourcing: Sourcing) -> None:
    text = (
        "PO,Line,Part number,Qty,Order date,Due date\n"
        "1,1,470-00020,1,25/03/2026,03/04/2026\n2,1,470-00020,1,26/03/2026,05/04/2026\n"
    )
    imported = send(text, "order_lines", sourcing.buyer)
    due = column(imported, "Due date")
    assert (due["form"], "as in “Order date”" in due["why"]) == ("dmy", True)


def test_a_correction_is_remembered_and_can_be_taken_back(engineer: Actor) -> None:
    factories.part(ipn="A-1")
    text = "Part number,Amount\nA-1,5\n"
    imported = send(text, "stock", engineer)
    assert imported.problem["code"] == "columns_missing"
    assert "In stock or On order or Safety stock" in imported.problem["detail"]
    said = {"columns": [{"index": 1, "role": "stock_qty"}]}
    assert services.correct_mapping(
        imported=imported, mapping=said, actor=engineer
    ).totals["would"]["updated"] == 1  # fmt: skip
    again = send(text, "stock", engineer)
    assert (column(again, "Amount")["role"], column(again, "Amount")["why"]) == (
        "stock_qty", "as last time",
    )  # fmt: skip
    full = again.mapping
    full["columns"][1]["role"] = "ignore"
    services.correct_mapping(imported=again, mapping=full, actor=engineer)
    assert send(text, "stock", engineer).state == "uploaded"
    assert RememberedMapping.objects.count() == 1


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({}, "malformed"),
        ({"columns": 3}, "malformed"),
        ({"columns": ["ipn"]}, "malformed"),
        ({"columns": [{"header": "Colour", "role": "ipn"}]}, "malformed"),
        ({"columns": [{"index": 9, "role": "ipn"}]}, "malformed"),
        ({"columns": [{"index": 0, "role": "colour"}]}, "malformed"),
        ({"columns": [{"index": 0, "role": "ipn", "number": 2}]}, "malformed"),
        ({"columns": [{"index": 0, "role": "ipn", "number": "x"}]}, "malformed"),
        ({"columns": [{"index": 1, "role": "stock_qty", "form": "mdy"}]}, "malformed"),
    ],
)
def test_a_mapping_of_no_meaning(engineer: Actor, mapping: dict[str, Any], code: str) -> None:
    imported = send("Part number,Stock\nA-1,5\n", "stock", engineer)
    before = Import.objects.values().get()
    with pytest.raises(ValuesRefused) as refusal:
        services.correct_mapping(imported=imported, mapping=mapping, actor=engineer)
    assert [(p.pointer, p.code) for p in refusal.value.problems] == [("/mapping", code)]
    assert Import.objects.values().get() == before


def test_one_field_from_two_columns(engineer: Actor) -> None:
    imported = send("Part number,Stock,Other\nA-1,5,6\n", "stock", engineer)
    said = {"columns": [{"header": "Other", "role": "stock_qty"}]}
    read = services.correct_mapping(imported=imported, mapping=said, actor=engineer)
    assert read.problem["code"] == "twice"


def test_a_header_that_a_person_points_at(engineer: Actor) -> None:
    factories.part(ipn="A-1")
    text = "Part number,Stock\nignore,this\nPart number,Stock\nA-1,5\n"
    imported = send(text, "stock", engineer)
    assert imported.totals["rows"] == 3
    read = services.choose_header(imported=imported, sheet=0, row=2, actor=engineer)
    assert (read.totals["rows"], read.totals["good"]) == (1, 1)
    with pytest.raises(ValuesRefused) as refusal:
        services.choose_header(imported=imported, sheet=0, row=99, actor=engineer)
    assert [p.pointer for p in refusal.value.problems] == ["/header"]


def test_prices_are_not_filled_by_who_may_not_see_them(sourcing: Sourcing) -> None:
    text = "Received date,Part number,Qty,Unit price,Currency\n2026-03-01,470-00020,5,1.25,EUR\n"
    token = Actor(user=sourcing.buyer.user, origin="api", scopes=frozenset({"read", "write"}))
    imported = send(text, "receipts", token)
    assert "Unit price" not in roles(imported)
    with pytest.raises(ValuesRefused) as refusal:
        services.correct_mapping(
            imported=imported, actor=token,
            mapping={"columns": [{"header": "Unit price", "role": "unit_price"}]},
        )  # fmt: skip
    assert [p.code for p in refusal.value.problems] == ["hidden_field"]
    engineer = factories.actor("engineer")
    assert not services.may_see_cells(imported, engineer)
    assert services.may_see_cells(imported, factories.actor("finance"))
