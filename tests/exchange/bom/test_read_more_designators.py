"""Designators that go on in a second column: continued, or those of the other side."""

import pytest

from secondsource.exchange.bom import Role, guess, parse, read

from .invented import as_csv, imported

PARTS = ["RC0402FR-0710KL", "LM75BD", "GRM155R71C104KA88D"]


def rows(first: str, second: str) -> list[list[str]]:
    return [
        ["Qty", first, second, "MPN"],
        ["4", "R1,R2", "R3,R4", PARTS[0]],
        ["1", "U1", "", PARTS[1]],
        ["2", "C1", "C2", PARTS[2]],
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Designator", "Designator cont."),
        ("Designator 1", "Designator 2"),
        ("Top Designators", "Bottom Designators"),
        ("Ref Des (Top)", "Ref Des (Bottom)"),
        ("Top", "Bottom"),
        ("Bauteile oben", "Bauteile unten"),
        ("Reference", ""),
        ("Reference", "Lage"),
    ],
)
def test_both_columns_are_one_list(first, second):
    result = imported(rows(first, second))
    assert [line.designators for line in result.lines] == [
        ("R1", "R2", "R3", "R4"),
        ("U1",),
        ("C1", "C2"),
    ]
    assert result.warnings == ()


def test_without_a_quantity_the_header_decides():
    table = [row[1:] for row in rows("Top Designators", "Bottom Designators")]
    assert [line.quantity for line in imported(table).lines] == [4, 1, 2]


def test_column_that_the_quantity_does_not_count_is_asked_about():
    table = rows("Reference", "Near")
    for row, quantity in zip(table[1:], ("2", "1", "1"), strict=True):
        row[0] = quantity
    result = imported(table)
    assert result.totals.designators == 4
    assert [(w.row, w.column, w.code) for w in result.warnings] == [(1, 3, "designators_unread")]


def test_column_that_names_the_same_again_is_not_added():
    table = rows("Reference", "Bottom")
    for row in table[1:]:
        row[0], row[2] = str(len(row[1].split(","))), row[1]
    assert imported(table).totals.designators == 4


def test_column_that_the_user_leaves_is_not_asked_about():
    table = rows("Reference", "Near")
    for row, quantity in zip(table[1:], ("2", "1", "1"), strict=True):
        row[0] = quantity
    workbook = read(as_csv(table), "bom")
    assert parse(workbook, guess(workbook).with_column(0, 2, Role.IGNORE)).warnings == ()


def test_user_may_choose_the_second_column():
    table = rows("Reference", "Near")
    for row, quantity in zip(table[1:], ("2", "1", "1"), strict=True):
        row[0] = quantity
    workbook = read(as_csv(table), "bom")
    result = parse(workbook, guess(workbook).with_column(0, 2, Role.DESIGNATORS))
    assert result.totals.designators == 7
    assert [w.code for w in result.warnings] == ["quantity_differs", "quantity_differs"]
