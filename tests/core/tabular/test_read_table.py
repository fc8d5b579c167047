"""Tables come out of files as cells, whatever the file is called."""

import io

import pytest

from secondsource.core.tabular import read

from .files import changed, ods, xlsx

ROWS = [["Qty", "Part", "Größe"], ["2", "AB-1", "10 µm"], ["3", 'x"y', "a,b"]]


def text(delimiter: str) -> str:
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in ROWS]
    return "\r\n".join(delimiter.join(row) for row in quoted) + "\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_any_delimiter_in_any_encoding(delimiter, encoding):
    workbook = read(text(delimiter).encode(encoding), "table.txt")
    assert workbook.sheets[0].rows == ROWS
    assert workbook.delimiter == delimiter
    assert workbook.format == "csv"


@pytest.mark.parametrize("encoding", ["cp1251", "gb18030", "cp932"])
def test_other_alphabets_are_recognised(encoding):
    words = {
        "cp1251": "Количество;Обозначение;Наименование",
        "gb18030": "数量;位号;元件型号和描述信息",
        "cp932": "数量;部品記号;メーカー型番とコメント",
    }[encoding]
    rows = [words, *(f"{n};R{n};{words.split(';')[2]}" for n in range(1, 30))]
    workbook = read("\n".join(rows).encode(encoding), "table.csv")
    assert workbook.sheets[0].rows[0] == words.split(";")


def test_line_that_declares_its_delimiter():
    workbook = read(b"sep=^\nQty^Part\n1^A;B\n2^C;D\n", "table.csv")
    assert workbook.sheets[0].rows == [["Qty", "Part"], ["1", "A;B"], ["2", "C;D"]]


def test_columns_aligned_with_blanks():
    workbook = read(b"Qty  Part     Ref\n1    AB 12    R1\n2    CD       R2\n", "t.txt")
    assert workbook.sheets[0].rows[1] == ["1", "AB 12", "R1"]


def test_lone_quote_does_not_swallow_the_file():
    lines = ["Qty,Part", '1,"3 inch cable', *(f"{n},part {n}" for n in range(2, 200))]
    workbook = read("\n".join(lines).encode(), "t.csv")
    assert len(workbook.sheets[0].rows) == 200


def test_line_breaks_in_cells_stay():
    workbook = read(b'A,B\n"one\ntwo",3\n', "t.csv")
    assert workbook.sheets[0].rows == [["A", "B"], ["one\ntwo", "3"]]


def test_empty_rows_and_columns_at_the_end_are_cut():
    workbook = read(b"A,B,,\n1,,,\n,,,\n,,,\n", "t.csv")
    assert workbook.sheets[0].rows == [["A", "B"], ["1"]]


def test_workbook_is_known_by_content_not_by_name():
    data = xlsx({"One": [["Qty", "Part"], [2, "0603"]], "Two": [["x"]]})
    workbook = read(data, "old.xls")
    assert workbook.format == "xlsx"
    assert [sheet.name for sheet in workbook.sheets] == ["One", "Two"]
    assert workbook.sheets[0].rows == [["Qty", "Part"], ["2", "0603"]]


def test_numbers_read_as_people_write_them():
    data = xlsx({"S": [[5000751517, 0.012, 2.0, 1e-7, True, None, 15150502601000]]})
    rows = read(data, "t.xlsx").sheets[0].rows
    assert rows == [["5000751517", "0.012", "2", "0.0000001", "TRUE", "", "15150502601000"]]


def test_formulas_are_never_evaluated():
    data = xlsx({"S": [["a", "b", "=1+1", "c"]]})
    assert read(data, "t.xlsx").sheets[0].rows[0][:2] == ["a", "b"]
    assert "2" not in read(data, "t.xlsx").sheets[0].rows[0]


def test_hidden_sheets_are_marked():
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx({"A": [["x"]], "B": [["y"]]})))
    book["B"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert [sheet.hidden for sheet in read(stream.getvalue(), "t").sheets] == [False, True]


def test_opendocument_sheet():
    data = ods([["Qty", "Part"], [2, "A\nB"], [0.5, "C"]])
    workbook = read(data, "t.ods")
    assert workbook.format == "ods"
    assert workbook.sheets[0].rows == [["Qty", "Part"], ["2", "A\nB"], ["0.5", "C"]]


def test_stream_and_path_are_read_alike(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"A,B\n1,2\n")
    assert read(path, "t.csv") == read(io.BytesIO(b"A,B\n1,2\n"), "t.csv")


def test_cached_value_of_a_formula_is_read():
    data = changed(
        xlsx({"S": [["a", "=1+1", "b"]]}),
        "xl/worksheets/sheet1.xml",
        b"<f>1+1</f><v />",
        b"<f>1+1</f><v>7</v>",
    )
    assert read(data, "t.xlsm").sheets[0].rows == [["a", "7", "b"]]
