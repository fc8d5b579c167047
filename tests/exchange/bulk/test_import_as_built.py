"""Lots with serials by file: refused by row, recognised when sent twice, withdrawn by undo."""

from __future__ import annotations

import pytest

from parts.models import Product
from qualification.models import AsBuilt
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.core.models import Event
from secondsource.exchange import services
from suppliers.models import Source
from tests import factories
from tests.core.tabular.files import xlsx
from tests.exchange.bulk.files import problems, send, take
from tests.factories import Team
from tests.introduction_work import built

pytestmark = pytest.mark.django_db
HEAD = "Product,Lot,Built on,Units,Failed,IPN,MPN,Lot of the part,First serial,Last serial"


@pytest.fixture
def team(db: None) -> Team:
    """The people of a case."""
    return Team()


@pytest.fixture
def source(team: Team) -> Source:
    """An alternate that PUMP uses."""
    factories.product("PUMP", uses={team.source.part: 1})
    return team.source


def rows(source: Source, *lines: str) -> str:
    """A file; ``{of}`` stands for the part and its source, ``{day}`` for today."""
    named = f"{source.part.ipn},{source.manufacturer_part.mpn}"
    text = "\n".join([HEAD, *lines, ""])
    return text.replace("{of}", named).replace("{day}", clock.business_day().isoformat())


GOOD = ("PUMP,B-1,{day},10,1,{of},GD-1,K-000100,K-000109", "PUMP,B-2,{day},20,,{of},GD-1,,")


def test_lots_are_recorded_with_their_serials(team: Team, source: Source) -> None:
    done = take(rows(source, *GOOD), "as_built", team.lead)
    assert (done.state, done.result["created"]) == ("done", 2)
    first, second = AsBuilt.objects.order_by("pk")
    assert (first.serials, first.quantity, first.failed) == ("K-100 to K-109", 10, 1)
    assert (second.serials, second.failed, second.part_lot) == ("", None, "GD-1")
    assert {first.source, second.source} == {source}
    assert first.history.get().history_user == team.lead.user
    events = Event.objects.filter(action="qualification.lot.built", subject_id=source.pk)
    assert [event.data["lot"] for event in events.order_by("pk")] == ["B-1", "B-2"]


def test_a_workbook_is_read_too(team: Team, source: Source) -> None:
    table = [line.split(",") for line in rows(source, *GOOD).splitlines()]
    done = take(xlsx({"Lots": table}), "as_built", team.lead, name="lots.xlsx")
    assert done.result["created"] == 2


def test_a_file_sent_twice_adds_nothing(team: Team, source: Source) -> None:
    take(rows(source, *GOOD), "as_built", team.lead)
    again = send(rows(source, *GOOD), "as_built", team.lead)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 2}
    assert AsBuilt.objects.count() == 2


def test_wrong_rows_are_named_and_nothing_is_written(team: Team, source: Source) -> None:
    factories.product("OTHER")
    text = rows(
        source,
        "PUMP,A,{day},0,,{of},,,", "PUMP,B,{day},5,6,{of},,,", "PUMP,C,2099-01-01,5,,{of},,,",
        "NOPE,D,{day},5,,{of},,,", "OTHER,E,{day},5,,{of},,,", "PUMP,F,{day},5,,{of},,1,",
        "PUMP,G,{day},5,,{of},,30,20", "PUMP,H,{day},5,,{of},,40,42", "PUMP,I,{day},5,,{of},,X,Y",
        "PUMP,J,{day},5,,{of},,K-1,L-9", "PUMP,K,{day},5,,,NO-SUCH,,,",
    )  # fmt: skip
    imported = send(text, "as_built", team.lead)
    assert set(problems(imported)) == {
        (2, "quantity", "not_positive"), (3, "failed", "above_quantity"),
        (4, "built_on", "in_future"), (5, "product", "unknown_product"),
        (6, "product", "does_not_use"), (7, "serial_to", "half_a_range"),
        (8, "serial_to", "range_backward"), (9, "serial_to", "too_few"),
        (10, "serial_from", "no_serial"), (10, "serial_to", "no_serial"),
        (11, "serial_to", "range_backward"), (12, "mpn", "unknown_source"),
    }  # fmt: skip
    with pytest.raises(RuleRefused):
        services.confirm(imported=imported, actor=team.lead)
    assert not AsBuilt.objects.exists()


def test_a_serial_that_two_lots_claim_is_refused_in_both(team: Team, source: Source) -> None:
    imported = send(
        rows(source, "PUMP,A,{day},5,,{of},,K-1,K-5", "PUMP,B,{day},5,,{of},,K-5,K-9"),
        "as_built", team.lead,
    )  # fmt: skip
    assert problems(imported) == [
        (2, "serial_from", "serial_claimed"), (3, "serial_from", "serial_claimed")
    ]  # fmt: skip
    assert imported.errors[1]["detail"].startswith("K-1 to K-5 are in lot A of row 2 with ")


def test_a_serial_of_a_lot_on_record_is_refused(team: Team, source: Source) -> None:
    built(team, Product.objects.get(), "A", serial_prefix="K-", serial_from=1,
          serial_to=10)  # fmt: skip
    imported = send(rows(source, "PUMP,B,{day},5,,{of},,K-10,K-14"), "as_built", team.lead)
    assert problems(imported) == [(2, "serial_from", "serial_claimed")]
    assert "K-1 to K-10 are in lot A with" in imported.errors[0]["detail"]


def test_other_counts_of_a_lot_on_record_are_refused(team: Team, source: Source) -> None:
    take(rows(source, *GOOD), "as_built", team.lead)
    changed = send(rows(source, GOOD[1].replace(",20,", ",21,")), "as_built", team.lead)
    assert problems(changed) == [(2, "lot", "on_record")]


def test_undo_withdraws_the_lots(team: Team, source: Source) -> None:
    done = take(rows(source, *GOOD), "as_built", team.lead)
    services.undo(imported=done, actor=team.lead)
    assert not AsBuilt.objects.standing().exists()
    assert {row.withdrawn_reason for row in AsBuilt.objects.all()} == {"undo of import file.csv"}
    assert take(rows(source, *GOOD), "as_built", team.lead).result["created"] == 2


def test_failures_in_a_file_breach_the_yield(team: Team, source: Source) -> None:
    team.jump_to(State.TRANSITION)
    take(rows(source, "PUMP,B-1,{day},100,9,{of},,,"), "as_built", team.lead)
    point = team.case.hold_points.first()
    assert point is not None
    assert point.figures.pilot_yield == 91


def test_who_only_reads_imports_no_lots(source: Source) -> None:
    reader: Actor = factories.actor("viewer")
    with pytest.raises(PermissionRefused):
        send(rows(source, *GOOD), "as_built", reader)
