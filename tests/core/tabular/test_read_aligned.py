"""Text that is set in columns by blanks."""

from secondsource.core.tabular import read
from secondsource.core.tabular.aligned import split_aligned

TEXT = """Partlist of board 7

Qty Value       Parts        Order Code    Manufacturer
2   100n        C1, C2       GRM155R71C    Murata
1   10k 1 %     R1           RC0402FR-07   Yageo

1   LM75        IC1                        NXP
"""


def test_gaps_of_all_rows_are_the_columns() -> None:
    assert split_aligned(TEXT.splitlines()) == [
        ["Partlist of board 7"],
        [],
        ["Qty", "Value", "Parts", "Order Code", "Manufacturer"],
        ["2", "100n", "C1, C2", "GRM155R71C", "Murata"],
        ["1", "10k 1 %", "R1", "RC0402FR-07", "Yageo"],
        [],
        ["1", "LM75", "IC1", "", "NXP"],
    ]


def test_a_file_set_by_blanks() -> None:
    workbook = read(TEXT.encode(), "parts.txt")
    assert workbook.sheets[0].rows[3] == ["2", "100n", "C1, C2", "GRM155R71C", "Murata"]


def test_prose_and_short_texts_have_no_columns() -> None:
    assert split_aligned(["one two three", "four five six and more", "seven"]) is None
    assert split_aligned(["a  b  c", "d  e  f"]) is None
    assert split_aligned([]) is None


def test_two_header_words_over_one_column_stay_together() -> None:
    lines = ["No Part Name   Qty", "1  R1          2", "2  R2          3", "3  R3          4"]
    assert split_aligned(lines) == [
        ["No", "Part Name", "Qty"], ["1", "R1", "2"], ["2", "R2", "3"], ["3", "R3", "4"],
    ]  # fmt: skip


def test_tabs_under_titles_are_no_columns_of_blanks() -> None:
    titles = ["Date\t2026-01-02"] * 2 + ["Bill of Materials"] * 2
    table = [
        "Ref\tQty\t1st Source\t1st Source PN\t2nd Source\t2nd Source PN",
        "R1\t1\tYageo\tRC0402FR-0710KL\tVishay\tCRCW040210K0FKED",
        "U1\t1\tTI\tTPS62130RGTR\tDiodes\tAP63300WU-7",
        "Component Count:\t58",
    ]
    workbook = read("\n".join(titles + table).encode(), "parts.txt")
    assert workbook.sheets[0].rows[5] == table[1].split("\t")
