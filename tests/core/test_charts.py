"""Charts: geometry, the sentence, the table beside them, and nothing that a strict policy stops."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from secondsource.core import charts, clock
from secondsource.core.charts import Bar, Dot, Lane, Series

SERIES = [Series("Single", "f-bad"), Series("Two or more", "f-0")]


def shapes(svg: str, name: str) -> list[dict[str, str]]:
    """Attributes of every element of that name; the drawing must be well-formed."""
    return [dict(node.attrib) for node in ElementTree.fromstring(svg).iter(name)]


def widths(svg: str) -> list[float]:
    return [float(rect["width"].rstrip("%")) for rect in shapes(svg, "rect")]


def every_chart() -> list[str]:
    day = dt.date(2026, 8, 18)
    lane = Lane(
        '<b>"&', [Bar(dt.date(2026, 2, 1), dt.date(2026, 9, 1), "now", '<i>"&')], note="<u>"
    )
    gantt = charts.gantt(
        [lane], start=dt.date(2026, 1, 1), end=dt.date(2026, 12, 31), today=day, name_label="<x>"
    )
    evil = '<script>"&'
    dots = charts.dots([Dot(evil, evil, 99, 98, 99.5, "good", floor=97, ring=98.8)], ends=(0, 100))
    return [
        charts.blocks(7, 12, pending=3, expected=7.5, sentence=evil).svg,
        charts.stacked([(evil, (1, 2), evil)], SERIES, sentence=evil).svg,
        charts.stretch([(evil, evil, [(6.3, "f-neu")])], 26, sentence=evil, ticks=[10]).svg,
        charts.pareto([(evil, 3), (evil, 1)], sentence=evil, first=evil, second=evil).svg,
        dots.lanes[0].svg,
        dots.axis,
        gantt.head,
        gantt.lanes[0].svg,
    ]


def test_every_chart_is_well_formed_named_and_without_style_or_script() -> None:
    for svg in every_chart():
        root = ElementTree.fromstring(svg)
        assert (root.get("role"), bool(root.get("aria-label"))) == ("img", True)
        assert re.findall(r"<script|style=|\son\w+=", svg) == []


@pytest.mark.parametrize(
    ("done", "pending", "total", "states"),
    [(2, 1, 4, "gga0"), (0, 0, 2, "00"), (3, 5, 4, "ggga"), (5, 0, 4, "ggggg"), (0, 0, 0, "0")],
)
def test_blocks_count(done: int, pending: int, total: int, states: str) -> None:
    svg = charts.blocks(done, total, pending=pending, sentence="s").svg
    short = {"f-good": "g", "f-accs": "a", "f-0": "0"}
    assert "".join(short[rect["class"]] for rect in shapes(svg, "rect")) == states


def test_stacked_bars_share_one_scale() -> None:
    drawn = charts.stacked(
        [("A", (2, 2), "$4"), ("B", (1, 0), "$1")], SERIES, sentence="s", first="Category"
    )
    first, second, third = widths(drawn.svg)
    assert (first, second) == (pytest.approx(26.8), pytest.approx(26.8))
    assert third == pytest.approx(13.3)
    assert list(drawn.head) == ["Category", "Single", "Two or more", "Shown"]
    assert list(drawn.rows) == [["A", "2", "2", "$4"], ["B", "1", "0", "$1"]]


def test_no_bar_is_drawn_for_nothing() -> None:
    assert charts.stacked([("A", (0, 0), "–")], SERIES, sentence="s").svg.count("<rect") == 0


def test_a_gantt_lane_places_its_bars_by_date() -> None:
    lane = Lane(
        "A",
        [
            Bar(dt.date(2026, 1, 1), dt.date(2026, 7, 2), "done"),
            Bar(dt.date(2026, 7, 2), dt.date(2026, 12, 31), "now", "FMEA"),
        ],
    )
    with clock.at(dt.date(2026, 8, 18)):
        drawn = charts.gantt(
            [lane],
            start=dt.date(2026, 1, 1),
            end=dt.date(2026, 12, 31),
            today=dt.date(2026, 8, 18),
            name_label="Part",
        )
    bars = shapes(drawn.lanes[0].svg, "rect")
    assert [(bar["class"], bar["x"], bar["width"]) for bar in bars] == [
        ("f-goods", "0%", "49.8%"),
        ("f-acc", "50%", "49.8%"),
    ]
    assert drawn.rows[1] == ["A", "FMEA", "2 Jul", "31 Dec"]


def test_a_bar_outside_the_frame_is_kept_at_its_edge() -> None:
    lane = Lane("A", [Bar(dt.date(2025, 1, 1), dt.date(2027, 1, 1), "plan")])
    drawn = charts.gantt(
        [lane],
        start=dt.date(2026, 1, 1),
        end=dt.date(2026, 12, 31),
        today=dt.date(2026, 8, 18),
        name_label="Part",
    )
    assert [(bar["x"], bar["width"]) for bar in shapes(drawn.lanes[0].svg, "rect")] == [
        ("0%", "99.8%")
    ]


def test_a_chart_on_a_page_has_its_table_and_legend() -> None:
    drawn = charts.stacked([("A", (1, 1), "$2")], SERIES, sentence="A holds all.", first="Category")
    text = Template("{% load charts %}{% chart c %}").render(Context({"c": drawn}))
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)<', text) == [
        "Category",
        "Single",
        "Two or more",
        "Shown",
    ]
    legend = re.findall(r"</svg>\s*([^<]+?)\s*</li>", text)
    assert (text.count("<summary>"), legend[1]) == (1, "Two or more")


def test_a_note_stands_before_the_bars_where_the_frame_ends() -> None:
    lane = Lane("A", [Bar(dt.date(2026, 7, 2), dt.date(2026, 12, 31), "now")], note="on hold")
    drawn = charts.gantt(
        [lane], start=dt.date(2026, 1, 1), end=dt.date(2026, 12, 31), today=dt.date(2026, 8, 1),
        name_label="Case",
    ).lanes[0].svg  # fmt: skip
    (note,) = shapes(drawn, "text")
    assert (note["class"], note["x"], note["dx"]) == ("k2 e", "50%", "-8")


def test_dots_share_an_axis_that_stays_inside_its_ends() -> None:
    lanes = [Dot("A", "A passes", 100.0, 97.5, 100.0, floor=96), Dot("B", "B was not built")]
    drawn = charts.dots(lanes, ends=(0, 100))
    first, second = (shapes(lane.svg, "circle") for lane in drawn.lanes)
    assert [float(dot["cx"].rstrip("%")) for dot in first] == [100.0]
    assert second == []
    assert "A passes" in drawn.lanes[0].svg
    assert drawn.axis.count("<text") >= 3


def test_a_phone_shows_every_other_name_of_many_periods() -> None:
    periods = [(f"M{n}", [1.0]) for n in range(6)]
    drawn = charts.columns(periods, [Series("Saved", "c1")], sentence="Six months", table=[]).svg
    shown = re.findall(r'class="k2"[^>]*>(M\d)<', drawn)
    assert shown == ["M0", "M2", "M4"]
    assert all(f">{name}<" in drawn for name, _ in periods)
