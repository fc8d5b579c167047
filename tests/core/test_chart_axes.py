"""Charts over axes: round steps, places inside the frame, the same data as a table."""

from __future__ import annotations

import re

import pytest

from secondsource.core.charts import Curve, Interval, Mark, Rule, curves, histogram, intervals
from secondsource.core.charts.axis import Scale, decades, steps


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0.95, 1.0), (-2, 3), (5, 5), (0, 0), (1e-9, 2e-9), (1e6, 5e9)]
)
def test_steps_cover_the_range(low: float, high: float) -> None:
    found = steps(low, high)
    assert 2 <= len(found) <= 14
    assert found[0] <= low + 1e-12
    assert found[-1] >= high - 1e-12
    assert found == sorted(set(found))


def test_decades_cover_the_range() -> None:
    assert decades(3, 4000) == [1, 10, 100, 1000, 10_000]
    assert decades(5, 5) == [1, 10]
    assert decades(10, 10) == [10, 100]


def test_a_scale_keeps_values_inside() -> None:
    scale = Scale(0, 10)
    assert [scale.at(v) for v in (-5, 0, 5, 10, 99)] == [0, 0, 0.5, 1, 1]
    assert Scale(1, 100, log=True).at(10) == pytest.approx(0.5)
    assert Scale(1, 100, log=True).at(0) == 0
    assert Scale(3, 3).at(3) == 0.5


def test_intervals_draw_point_bounds_floor_and_ring() -> None:
    rows = [
        Interval("A", 0.99, 0.97, 0.995, "good", floor=0.96, ring=0.985),
        Interval("B", None, None, None),
    ]
    chart = intervals(rows, sentence="A is above its floor", ends=(0, 1))
    assert chart.svg.count("<circle") == 2
    assert chart.svg.count('class="tgt"') == 1
    assert chart.rows == [["A", "0.99", "0.97", "0.995", "0.96"], ["B", "–", "–", "–", "–"]]
    assert 'aria-label="A is above its floor"' in chart.svg


def test_intervals_stay_inside_their_ends() -> None:
    chart = intervals([Interval("A", 1.0, 0.9, 1.0)], sentence="s", ends=(0, 1))
    labels = [float(t) for t in re.findall(r'class="m"[^>]*>([\d.]+)</text>', chart.svg)]
    assert max(labels) <= 1


def test_curves_draw_lines_marks_and_rules() -> None:
    chart = curves(
        [Curve("one", [(0, 1), (5, 3)]), Curve("two", [(0, 2), (5, 1)], "s-inc", step=True)],
        sentence="they cross",
        x_name="day",
        y_name="units",
        marks=[Mark(5, 3, "here")],
        rules=[Rule("due", x=2), Rule("most", y=2.5)],
    )
    assert chart.svg.count("<path") == 2
    assert "H1000.0V" in chart.svg
    assert all(text in chart.svg for text in ("here", "due", "most", "day", "units"))
    assert [one.name for one in chart.legend] == ["one", "two"]
    assert chart.rows == [
        ["one", "0", "1"],
        ["one", "5", "3"],
        ["two", "0", "2"],
        ["two", "5", "1"],
    ]


def test_the_table_of_a_long_curve_is_short_and_keeps_its_ends() -> None:
    long = [(float(n), float(n)) for n in range(1000)]
    chart = curves([Curve("c", long)], sentence="s", x_name="x", y_name="y")
    assert len(chart.rows) == 25
    assert (chart.rows[0][1], chart.rows[-1][1]) == ("0", "999")


def test_a_histogram_counts_every_value() -> None:
    values = [1.0, 1.0, 2.0, 9.5, 10.0]
    chart = histogram(values, sentence="s", x_name="mm", rules=[Rule("USL", x=12)])
    assert sum(int(row[1]) for row in chart.rows) == len(values)
    assert "USL" in chart.svg


def test_words_are_escaped() -> None:
    chart = intervals([Interval("<b>", 1, 0, 2)], sentence='a "quote"')
    assert "<b>" not in chart.svg
    assert "&quot;quote&quot;" in chart.svg
