"""Stock of parts by file: changed, as it was, refused; put back by undo."""

from __future__ import annotations

import pytest

from parts import services as catalogue
from parts.models import Part
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import, ImportedRow
from tests import factories
from tests.exchange.bulk.files import problems, roles, send, take

FILE = "Artikel-Nr.;Bestand;Sicherheitsbestand\nA-1;1.250,0;500\nA-2;10;\nA-3;7;\n"


@pytest.fixture
def parts(db: None) -> list[Part]:
    return [factories.part(ipn=f"A-{n}", stock_qty=7) for n in (1, 2, 3)]


def test_stock_is_changed_where_it_differs(engineer: Actor, parts: list[Part]) -> None:
    imported = send(FILE, "stock", engineer)
    assert roles(imported) == {
        "Artikel-Nr.": "ipn", "Bestand": "stock_qty", "Sicherheitsbestand": "safety_stock",
    }  # fmt: skip
    assert imported.totals["would"] == {"created": 0, "updated": 2, "unchanged": 1}
    assert imported.totals["sums"] == {"In stock": "1267.0000"}
    done = take(FILE, "stock", engineer)
    assert (done.state, done.result["updated"], done.result["unchanged"]) == ("done", 2, 1)
    rows = Part.objects.order_by("ipn").values_list("stock_qty", "safety_stock", "version")
    assert list(rows) == [(1250, 500, 2), (10, None, 2), (7, None, 1)]
    entry = Part.history.filter(ipn="A-1").latest("history_id")
    assert (entry.history_type, entry.history_change_reason) == ("~", "import file.csv")
    assert entry.history_user_id == engineer.user_id
    assert entry.stock_qty == 1250


def test_undo_puts_back_what_was(engineer: Actor, parts: list[Part]) -> None:
    done = take(FILE, "stock", engineer)
    undone = services.undo(imported=done, actor=engineer)
    assert undone.state == "undone"
    rows = Part.objects.order_by("ipn").values_list("stock_qty", "safety_stock", "version")
    assert list(rows) == [(7, None, 3), (7, None, 3), (7, None, 1)]


def test_undo_is_refused_when_a_part_changed_since(engineer: Actor, parts: list[Part]) -> None:
    done = take(FILE, "stock", engineer)
    part = Part.objects.get(ipn="A-1")
    catalogue.change_part(part=part, values={"stock_qty": 3}, actor=engineer)
    with pytest.raises(RuleRefused) as refusal:
        services.undo(imported=done, actor=engineer)
    assert [r.detail for r in refusal.value.reasons] == ["1 part was changed since: A-1."]
    assert Part.objects.get(ipn="A-2").stock_qty == 10
    assert Import.objects.get().state == "done"


def test_nothing_is_written_while_rows_need_a_person(engineer: Actor, parts: list[Part]) -> None:
    text = "IPN,Stock,On order\nA-1,12,\nA-9,3,\nA-2,lots,-1\nA-1,4,\nA-3,,\n"
    imported = send(text, "stock", engineer)
    assert problems(imported) == [
        (3, "ipn", "unknown_part"),
        (4, "open_order_qty", "negative"),
        (4, "stock_qty", "no_number"),
        (5, "ipn", "duplicate"),
        (6, "stock_qty", "nothing_given"),
    ]
    assert (imported.totals["good"], imported.totals["bad"]) == (1, 4)
    with pytest.raises(RuleRefused) as refusal:
        services.confirm(imported=imported, actor=engineer)
    assert [r.code for r in refusal.value.reasons] == ["rows_refused"]
    assert not ImportedRow.objects.exists()
    done = take(text, "stock", engineer, partial=True)
    assert (done.result["updated"], done.result["rejected"], done.partial) == (1, 4, True)
    assert list(Part.objects.order_by("ipn").values_list("stock_qty", flat=True)) == [12, 7, 7]
