"""The charts of the component gallery. The figures are illustrations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.safestring import mark_safe

from secondsource.core import charts
from secondsource.core.charts import Bar, Lane, Series
from secondsource.core.templatetags.ui import pips

_YEAR = 2026
_TODAY = dt.date(_YEAR, 8, 18)


def examples() -> dict[str, Any]:
    """One of each kind."""
    exposure = [
        Series("Single, no case", "f-bad"),
        Series("Single, in qualification", "f-alt"),
        Series("Two or more", "f-0"),
    ]
    spend = [
        ("MCU & SoC", (1.40, 0.50, 0.30), "$2.20M"),
        ("Memory", (0.25, 0.58, 0.86), "$0.97M"),
        ("Power", (0.8, 0.2, 1.56), "$1.16M"),
    ]
    return {
        "stacked": charts.stacked(
            spend,
            exposure,
            first="Category",
            sentence="MCU & SoC holds most single-source spend, $2.20M.",
        ),
        "gantt": _gantt(),
        "stretch": charts.stretch(
            [
                ("now", "24,600 pieces lost", [(6.3, "f-neu"), (19.7, "f-bad")]),
                (
                    "with the alternate",
                    "8,600 pieces lost",
                    [(6.3, "f-neu"), (3.7, "f-bad"), (16, "f-alt")],
                ),
            ],
            26,
            sentence="Stock lasts 6.3 of 26 weeks; the alternate delivers from week 10.",
        ),
        "kpis": _kpis(),
    }


def _gantt() -> charts.Gantt:
    def bar(start: tuple[int, int], end: tuple[int, int], kind: str, label: str = "") -> Bar:
        return Bar(dt.date(_YEAR, *start), dt.date(_YEAR, *end), kind, label)

    lanes = [
        Lane(
            "STM32F407VGT6",
            [
                bar((2, 20), (4, 26), "done"),
                bar((4, 27), (6, 20), "done"),
                bar((6, 21), (8, 25), "now", "Pilot build"),
                bar((8, 26), (9, 25), "plan"),
                bar((9, 26), (12, 22), "plan"),
            ],
            "#gantt",
            pips("approved half"),
        ),
        Lane(
            "W25Q128JVSIQ",
            [
                bar((1, 20), (4, 5), "done"),
                bar((4, 6), (6, 28), "done"),
                bar((6, 29), (9, 30), "final", "Transition 2/3 mo"),
            ],
            "#gantt",
            pips("approved approved"),
        ),
        Lane(
            "GRM188R71C104KA01D",
            [bar((1, 10), (3, 2), "done"), bar((3, 3), (7, 17), "done")],
            "#gantt",
            pips("approved approved"),
            note="Closed 17 Jul",
        ),
    ]
    return charts.gantt(
        lanes,
        start=dt.date(_YEAR, 1, 1),
        end=dt.date(_YEAR, 12, 31),
        today=_TODAY,
        name_label="Incumbent",
    )


def _kpis() -> list[dict[str, Any]]:
    fell = mark_safe('<b class="good">−6.7 pts</b> <span class="t3">since 1 Jan</span>')
    return [
        {
            "label": "Single-source spend",
            "value": "$6.74M",
            "unit": "36.6 % of $18.40M",
            "beside": fell,
            "note": "$2.12M of it in qualification",
        },
        {
            "label": "Conversions closed",
            "value": "7",
            "unit": "of 12",
            "chart": charts.blocks(
                7,
                12,
                pending=3,
                expected=7.5,
                sentence="7 of 12 closed, 3 in transition, 7.5 expected by now",
            ),
            "note": "0.5 behind · 3 in transition, not counted",
        },
        {
            "label": "Material cost reduction",
            "value": "4.1 %",
            "unit": "validated · target 5 %",
            "note": "$254k of $6.20M in scope · forecast 5.4 %",
        },
        {
            "label": "Parts short on cover",
            "value": "11",
            "unit": "single source, under half cover",
            "note": "$31.2M revenue across 5 products",
        },
    ]
