"""What a workbook says beside its text: struck through, hidden, merged."""

import pytest

from secondsource.core.tabular import Marks, read

from .marked_files import ROWS, ods, xls, xlsx

FORMATS = pytest.mark.parametrize(
    "made", [pytest.param(one, id=one.__name__) for one in (xlsx, ods, xls)]
)


@FORMATS
def test_marks_are_read_when_asked_for(made):
    marks = read(made(), "file", marks=True).sheets[0].marks
    assert marks == Marks(
        struck={(1, 1): "", (1, 2): "R1, R3"},
        hidden_rows=frozenset({2}),
        hidden_columns=frozenset({3}),
        merged=((3, 0, 4, 0),),
    )


@FORMATS
def test_text_is_the_same_with_and_without_marks(made):
    rows = read(made(), "file", marks=True).sheets[0].rows
    assert rows == read(made(), "file").sheets[0].rows == ROWS


@FORMATS
def test_no_marks_unless_asked_for(made):
    assert read(made(), "file").sheets[0].marks == Marks()


def test_text_files_have_none():
    assert read(b"a,b\n1,2\n", "file.csv", marks=True).sheets[0].marks == Marks()
