"""Files of any length, row by row: the same cells as when they are read whole."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest

from secondsource.core.tabular import Limits, TabularError, examine, read, rows_of
from tests.core.tabular.files import xlsx

LINES = "Part;Müller Menge;Note\nA-1;1.234,5;gut\nA-2;2;\n"


def both(data: bytes, name: str = "f.csv") -> list[list[str]]:
    """The rows by the stream, which must be those of the whole file."""
    stream = io.BytesIO(data)
    found = examine(stream, name)
    rows = [list(row) for row in rows_of(stream, name, form=found.form)]
    trimmed = [row for row in rows if any(row)]
    whole = read(data, name)
    assert [[c for c in row if c] for row in trimmed] == [
        [c for c in row if c] for row in whole.sheets[0].rows if any(row)
    ]
    if found.form is not None:
        assert (found.form.encoding, found.form.delimiter) == (whole.encoding, whole.delimiter)
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_encoding(encoding: str) -> None:
    assert both(LINES.encode(encoding))[1] == ["A-1", "1.234,5", "gut"]


def test_signs_far_behind_the_head_decide_the_encoding() -> None:
    far = b"part,qty\n" + b"A-1,1\n" * 400_000 + "Größe,2\n".encode()
    found = examine(io.BytesIO(far), "f.csv")
    assert found.form is not None
    assert found.form.encoding == "utf-8"
    old = b"part,qty\n" + b"A-1,1\n" * 400_000 + "Größe,2\n".encode("cp1252")
    found = examine(io.BytesIO(old), "f.csv")
    assert found.form is not None
    assert found.form.encoding == "cp1252"
    *_, last = rows_of(io.BytesIO(old), "f.csv", form=found.form)
    assert last == ["Größe", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n1,2,3\n4,5,6\n",
        "a\tb\tc\n1\t2\t3\n",
        "a|b|c\r\n1|2|3\r\n",
        "sep=;\na;b\n1;2\n",
        'a, "b, c", d\n1, "2, 3", 4\n',
        'a,b\n1,"two\nlines"\n',
        "part  qty\nA-1   3\nA-2   4\n",
    ],
)
def test_every_delimiter(text: str) -> None:
    both(text.encode())


def test_a_lone_quote_does_not_swallow_the_rest() -> None:
    text = 'part,note\nA-1,5" reel\n' + 'A-0,"\n' + "".join(f"A-{n},x\n" for n in range(2, 200))
    rows = both(text.encode())
    assert len(rows) == 201
    assert rows[-1] == ["A-199", "x"]


def test_a_spreadsheet() -> None:
    data = xlsx({"S": [["part", "qty"], ["A-1", 3], ["A-2", 4.5]]})
    assert both(data, "f.xlsx")[2] == ["A-2", "4.5"]


def test_the_sample_stands_for_the_whole() -> None:
    data = "".join(f"A-{n},{n}\n" for n in range(20_000)).encode()
    (sheet,) = examine(io.BytesIO(data), "f.csv").sheets
    assert sheet.rows == 20_000
    assert [index for index, _ in sheet.sample[4_998:5_002]] == [4_998, 4_999, 5_044, 5_141]
    assert sheet.sample[-1][0] > 19_900


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b",,,\n,,,\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "picture"),
        (b"part,qty\nA\0B,1\n", "not_a_table"),
        (b"part,qty\n" + b"A,1\n" * 400_000 + b"A\0,1\n", "not_a_table"),
        (b"<html><table></table></html>", "unsupported"),
        (b"part,qty\n" + b"," * 1_200 + b"\n", "too_many_columns"),
        ("part,qty\nA,1\n".encode("utf-16") + b"\x00\xd8", "damaged"),
    ],
)
def test_what_is_no_table_says_why(data: bytes, code: str) -> None:
    with pytest.raises(TabularError) as refusal:
        examine(io.BytesIO(data), "f.csv")
    assert refusal.value.code == code


def test_a_spreadsheet_above_its_limit() -> None:
    data = xlsx({"S": [["part"], ["A-1"]]})
    with pytest.raises(TabularError) as refusal:
        examine(io.BytesIO(data), "f.xlsx", Limits(bytes=100))
    assert refusal.value.code == "too_large"


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(lines: int) -> int:
        place = tmp_path / f"{lines}.csv"
        place.write_bytes(b"part,qty,note\n" + b"A-1,1,something longer\n" * lines)
        with place.open("rb") as stream:
            tracemalloc.start()
            found = examine(stream, "f.csv")
            assert sum(1 for _ in rows_of(stream, "f.csv", form=found.form)) == lines + 1
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    small, large = peak(20_000), peak(200_000)
    assert large < small * 1.6
