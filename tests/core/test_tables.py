"""Columns, sorting and the addresses of a table."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.template import Context, Template

from secondsource.core.keyset import KeysetPage, Total
from secondsource.core.tables import Column, Sort, Table

IPN = Column("ipn", "Part", order="ipn")
RISK = Column("risk", "Risk", order=("-figures__risk", "ipn"), source="figures__risk")
NOTE = Column("note", "Note")
COLUMNS = [IPN, RISK, NOTE]


def table(query: str = "", *, following: str | None = None, before: str | None = None) -> Table:
    given = QueryDict(query)
    page = KeysetPage(["row"], Total(1, exact=True), 1, following, before)
    sort = Sort.parse(given.get("sort", ""), COLUMNS, "ipn")
    return Table(COLUMNS, page, sort, given, "Parts", noun=("part", "parts"))


def test_a_value_is_read_through_relations() -> None:
    row = SimpleNamespace(figures=SimpleNamespace(risk=78))
    assert RISK.of(row) == 78


def test_a_missing_relation_is_a_missing_value() -> None:
    assert RISK.of(SimpleNamespace(figures=None)) is None


def test_a_source_can_be_a_function() -> None:
    assert Column("n", "N", source=lambda row: row.a + 1).of(SimpleNamespace(a=1)) == 2


def test_files_can_get_another_value() -> None:
    column = Column("n", "N", export=lambda row: "plain")
    assert column.exported(SimpleNamespace(n=1)) == "plain"


def test_a_phone_shows_no_label_without_a_value() -> None:
    column = Column("interim", "Interim to", mobile="named")
    rows = [SimpleNamespace(interim=one) for one in (None, "30 Dec")]
    page = KeysetPage(rows, Total(2, exact=True), 1, None, None)
    sort = Sort.parse("", [column], "")
    shown = Table([column], page, sort, QueryDict(""), "Cases", noun=("case", "cases"))
    body = Template("{% load tables %}{% table_rows table %}").render(Context({"table": shown}))
    empty, full = body.split("</tr>")[:2]
    assert ("hide-m" in empty, "Interim to" in empty) == (True, False)
    assert ("hide-m" in full, "Interim to" in full) == (False, True)


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        ("ipn", ("ipn",)),
        ("-ipn", ("-ipn",)),
        ("-risk", ("-figures__risk", "ipn")),
        ("risk", ("figures__risk", "-ipn")),
        ("note", ("ipn",)),
        ("nothing", ("ipn",)),
        ("", ("ipn",)),
    ],
)
def test_sorting_turns_every_path_of_a_column(wanted: str, paths: tuple[str, ...]) -> None:
    assert Sort.parse(wanted, COLUMNS, "ipn").paths == paths


def test_a_hidden_column_cannot_be_sorted_by() -> None:
    assert Sort.parse("risk", [IPN], "ipn").column is IPN


def test_a_head_turns_its_own_order_and_starts_others_as_declared() -> None:
    heads = table("sort=ipn").heads
    assert [head.url for head in heads] == ["?sort=-ipn", "?sort=-risk", ""]
    assert [head.aria_sort for head in heads] == ["ascending", "", ""]


def test_sorting_goes_back_to_the_first_page_and_keeps_the_filter() -> None:
    head = table("q=mcu&cursor=abc").heads[1]
    assert head.url == "?q=mcu&sort=-risk"


def test_page_links_keep_filter_and_order() -> None:
    drawn = table("q=mcu&sort=-risk&cursor=x", following="n", before="b")
    links = (drawn.first_url, drawn.previous_url, drawn.next_url, drawn.last_url)
    assert links == (
        "?q=mcu&sort=-risk",
        "?q=mcu&sort=-risk&cursor=b",
        "?q=mcu&sort=-risk&cursor=n",
        "?q=mcu&sort=-risk&cursor=end",
    )


def test_a_single_page_has_no_neighbours() -> None:
    drawn = table()
    assert (drawn.paged, drawn.next_url, drawn.previous_url) == (False, "", "")


def test_rows_are_counted_in_words() -> None:
    assert table().counted == "1 part"


def test_classes_say_alignment_and_place_on_a_phone() -> None:
    assert Column("n", "N", align="r", css="nw", mobile="end").classes == "r nw m-end"
