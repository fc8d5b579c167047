"""Every component in every state, on one page. The figures are illustrations."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.html import format_html

from secondsource.core import charts
from secondsource.core.charts import Bar, Lane, Line, Series
from secondsource.core.errors import Reason
from secondsource.core.templatetags.ui import chip, pips
from secondsource.core.views import SIGNED_IN, Page

_YEAR = 2026
_TODAY = dt.date(_YEAR, 8, 18)


class PriceForm(forms.Form):
    """A form to show fields and errors with."""

    price = forms.DecimalField(
        label="Unit price",
        help_text="At the break below.",
        error_messages={"invalid": "Use a point: 0.98"},
    )
    valid_to = forms.DateField(
        label="Valid to", error_messages={"invalid": "February 2026 has 28 days."}
    )
    country = forms.ChoiceField(label="Country", choices=[("FR", "France"), ("MY", "Malaysia")])
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("spot", "Spot"), ("contract", "Contract")], widget=forms.RadioSelect
    )
    binding = forms.BooleanField(label="The supplier is bound to it", required=False)


def refused_form() -> PriceForm:
    """The form after a post with two bad values."""
    return PriceForm({"price": "0,98", "valid_to": "2026-02-30", "country": "FR", "kind": "spot"})


class StyleguidePage(Page):
    """The component gallery."""

    permission_required = SIGNED_IN
    template_name = "workspace/styleguide.html"
    page_title = "Components and states"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """An example of everything."""
        return super().get_context_data(
            lead="Every state a screen can be in, drawn once. Figures are illustrations.",
            **_marks(), **_work(), **_charts(), **_data(), **context,
        )  # fmt: skip


def _marks() -> dict[str, Any]:
    return {
        "pip_rows": [
            ("approved", "Single source, nothing started"),
            ("approved dashed", "Candidate named, no case"),
            ("approved half", "In qualification, or interim"),
            ("approved approved", "Two approved, also in transition"),
            ("approved approved approved", "Three approved"),
            ("dashed", "No approved source"),
        ],
        "form": PriceForm(),
        "bad_form": refused_form(),
    }


def _person(name: str, pk: int) -> SimpleNamespace:
    return SimpleNamespace(name=name, pk=pk)


def _work() -> dict[str, Any]:
    engineer, quality = _person("Demo Engineer", 1), _person("Demo Quality", 2)
    return {
        "gates": [
            {"label": "Business case", "state": "done", "note": "Passed 2 Mar"},
            {"label": "Spec review", "state": "done", "note": "Passed 30 Apr"},
            {"label": "FMEA", "state": "done", "note": "Passed 26 Jun"},
            {"label": "Pilot build", "state": "now", "note": "2 of 4 models pass"},
            {"label": "Approval", "state": "todo", "note": "Due 25 Sep"},
            {"label": "Transition", "state": "todo", "note": "3 months, to 40 % share"},
            {"label": "Closed", "state": "todo", "note": "≥ 1 production receipt"},
        ],
        "rollback": (
            "Rollback: the incumbent back on the line in 48 h. "
            "6 weeks of stock held until 25 Dec. Rehearsed 11 Aug, took 41 h."
        ),
        "blockers": [
            {"title": "KC-515 fails its floor", "note": "Rerun 21 Aug, you own it", "url": "#rail"},
            {"title": "KC-118 has not enough data", "note": "52 more good units", "tone": "warn"},
        ],
        "reasons": [
            Reason("sign_off_missing", "Quality has not signed.", "Ask Demo Quality."),
            Reason("evidence_missing", "Step “Boot test” has no evidence.", "Add a file."),
        ],
        "steps": [_step(1, "done", engineer, quality), _step(2, "open", engineer, quality)],
        "sequence": [
            {"state": "done", "title": "Shares agreed, 3 of 3", "note": "14 Aug"},
            {"state": "now", "title": "Executive releases", "note": "A second person"},
            {"state": "held", "title": "Held until the case is closed", "note": "1 Sep at the earliest"},
            {"state": "todo", "title": "Paid", "note": "With the payroll after closing"},
        ],
        "sign_offs": [
            {"function": "Engineering", "person": engineer, "text": "Signed 14 Aug", "tone": "good", "icon": "circle-check"},
            {"function": "Quality", "person": quality, "text": "Waits for HTOL", "tone": "warn", "icon": "hourglass"},
            {"function": "Sponsor", "person": None, "text": "After all others", "tone": "out"},
        ],
        "events": _events(),
        "comments": [
            SimpleNamespace(author=quality, created_at=dt.datetime(_YEAR, 8, 14, 9, tzinfo=dt.UTC), text="The rerun goes to line 2 under plan v2.")
        ],
        "job": {"pk": 1, "label": "Recalculating risk, 1,284 parts", "percent": 62, "done": 796, "total": 1284, "left": "about 14 s left", "state": "running"},
        "failed_job": {"pk": 2, "label": "Report", "state": "failed", "problem": "The mail server refused 3 of 14 addresses.", "ref": "7F2A"},
    }  # fmt: skip


def _step(pk: int, state: str, engineer: Any, quality: Any) -> SimpleNamespace:
    if state == "done":
        files = [SimpleNamespace(name="incoming-inspection.pdf", url="#")]
        return SimpleNamespace(
            pk=pk, state=state, title="Pilot lot received and inspected", owner=quality, files=files,
            note="1,200 pcs, lot GD2631-A, date code 2629", done_on=dt.date(_YEAR, 7, 28), due=None,
        )  # fmt: skip
    return SimpleNamespace(
        pk=pk, state=state, title="KC-515 HMI panel, rerun 240 units", owner=engineer, files=[],
        note="139 of 150 good. Fail: upper bound 95.8 % is below the floor 96.6 %.",
        done_on=None, due=dt.date(_YEAR, 8, 21),
    )  # fmt: skip


def _events() -> list[dict[str, Any]]:
    at = dt.datetime(_YEAR, 8, 18, 9, 40, tzinfo=dt.UTC)
    return [
        {"at": at, "who": "Demo Quality", "what": "signed for quality", "tone": "good", "icon": "stamp"},
        {"at": at - dt.timedelta(hours=2), "who": "Demo Engineer", "what": "passed the gate FMEA", "tone": "info", "icon": "check"},
        {"at": at - dt.timedelta(days=1), "who": "Demo Quality", "what": "sent the case back to spec review", "why": "Supply range of D-2 open", "tone": "warn", "icon": "undo-2"},
    ]  # fmt: skip


def _charts() -> dict[str, Any]:
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
    months = [(0, "Jan"), (3, "Apr"), (6, "Jul"), (9, "Oct")]
    saved = [0, 8, 20, 36, 75, 120, 185, 235, 254]
    return {
        "stacked": charts.stacked(spend, exposure, first="Category", sentence="MCU & SoC holds most single-source spend, $2.20M."),
        "pareto": charts.pareto([("FCT: USB enumeration", 8), ("ICT: flash verify", 4), ("AOI: lead skew", 2)], first="Defect", second="Units", sentence="USB enumeration causes 8 of 14 failures."),
        "lines": charts.lines(
            [
                Line("validated", list(enumerate(saved)), "s-good", area=True, last="$254k"),
                Line("forecast", [(8, 254), (9, 285), (10, 310), (11, 335)], "s-good", dashed=True, last="$335k"),
                Line("5 % target", [(0, 0), (11, 310)], "tgd", last="$310k"),
            ],
            x_ticks=months, sentence="Validated savings of $254k are ahead of the 5 % target.",
        ),
        "heat": charts.heat_map(
            [[0, 2, 3, 4, 3], [3, 9, 14, 6, 2], [18, 31, 22, 11, 4], [64, 58, 37, 12, 5], [120, 84, 41, 15, 6]],
            rows=["Very likely", "Likely", "Possible", "Unlikely", "Rare"],
            columns=["< $25k", "$25k+", "$100k+", "$500k+", "$2M+"],
            caption="Parts by likelihood and yearly revenue at stake", note="Parts per cell. 38 not rated: coverage below 70 %.",
        ),
        "gantt": _gantt(),
        "factors": [("Concentration", charts.factor(25, 25), "25.0", "25"), ("Lifecycle", charts.factor(3.8, 15), "3.8", "15"), ("ESG", charts.factor(None, 5), "–", "5")],
        "stretch": charts.stretch(
            [("now", "24,600 pieces lost", [(6.3, "f-neu"), (19.7, "f-bad")]), ("with the alternate", "8,600 pieces lost", [(6.3, "f-neu"), (3.7, "f-bad"), (16, "f-alt")])],
            26, sentence="Stock lasts 6.3 of 26 weeks; the alternate delivers from week 10.",
        ),
        "kpis": _kpis(),
    }  # fmt: skip


def _gantt() -> charts.Gantt:
    def bar(start: tuple[int, int], end: tuple[int, int], kind: str, label: str = "") -> Bar:
        return Bar(dt.date(_YEAR, *start), dt.date(_YEAR, *end), kind, label)

    lanes = [
        Lane("STM32F407VGT6", [bar((2, 20), (4, 26), "done"), bar((4, 27), (6, 20), "done"), bar((6, 21), (8, 25), "now", "Pilot build"), bar((8, 26), (9, 25), "plan"), bar((9, 26), (12, 22), "far")], "#gantt", pips("approved half")),
        Lane("W25Q128JVSIQ", [bar((1, 20), (4, 5), "done"), bar((4, 6), (6, 28), "done"), bar((6, 29), (9, 30), "final", "Transition 2/3 mo")], "#gantt", pips("approved approved")),
        Lane("GRM188R71C104KA01D", [bar((1, 10), (3, 2), "done"), bar((3, 3), (7, 17), "done")], "#gantt", pips("approved approved"), note="Closed 17 Jul"),
    ]  # fmt: skip
    return charts.gantt(
        lanes,
        start=dt.date(_YEAR, 1, 1),
        end=dt.date(_YEAR, 12, 31),
        today=_TODAY,
        name_label="Incumbent",
    )


def _kpis() -> list[dict[str, Any]]:
    trend = charts.sparkline(
        [43.3, 43, 42.1, 41, 40.2, 38.5, 37.6, 36.6], sentence="Share fell from 43.3 % to 36.6 %"
    )
    fell = format_html('<b class="good">−6.7 pts</b> <span class="t3">since 1 Jan</span>')
    return [
        {"label": "Single-source spend", "value": "$6.74M", "unit": "36.6 % of $18.40M", "chart": trend, "beside": fell, "note": "$2.12M of it in qualification"},
        {"label": "Conversions closed", "value": "7", "unit": "of 12", "chart": charts.blocks(7, 12, pending=3, expected=7.5, sentence="7 of 12 closed, 3 in transition, 7.5 expected by now"), "note": "0.5 behind · 3 in transition, not counted"},
        {"label": "Material cost reduction", "value": "4.1 %", "unit": "validated · target 5 %", "chart": charts.bullet(4.1, 5, forecast=5.4, maximum=6, sentence="4.1 % of 5 %, forecast 5.4 %", width="80%"), "note": "$254k of $6.20M in scope · forecast 5.4 %"},
        {"label": "Parts short on cover", "value": "11", "unit": "single source, under half cover", "alert": "4 would stop a line within 30 days", "note": "$31.2M revenue across 5 products"},
    ]  # fmt: skip


def _data() -> dict[str, Any]:
    def cell(value: str, verdict: str = "", consequence: str = "") -> dict[str, str]:
        return {"value": value, "verdict": verdict, "consequence": consequence}

    return {
        "spec_columns": [
            {"role": "Incumbent", "colour": 1, "title": "STM32F407VGT6", "lines": ["STMicroelectronics"], "facts": [("Lead time", "20 wk"), ("Share", "100 %")], "chip": chip("Approved", "good", icon="circle-check")},
            {"role": "Alternate 1", "colour": 2, "title": "GD32F407VGT6", "lines": ["GigaDevice"], "facts": [("Lead time", "10 wk"), ("Share cap", "pilot quantity")], "chip": chip("In qualification", "info")},
            {"role": "Alternate 2", "colour": 3, "title": "AT32F407VGT7", "lines": ["Artery"], "facts": [("Lead time", "12 wk"), ("Share cap", "0")], "chip": chip("Candidate", "out", icon="circle-dashed")},
        ],
        "spec_groups": [
            {"label": "Electrical", "rows": [
                {"label": "Supply voltage", "cells": [cell("1.8–3.6 V"), cell("2.6–3.6 V", "dv", "Floor 0.8 V higher. Rail is 3.3 V ±5 %."), cell("2.6–3.6 V", "dv", "Floor 0.8 V higher.")]},
                {"label": "Run current, 168 MHz", "cells": [cell("87 mA"), cell("64 mA", "up", "26 % lower"), cell("71 mA", "up", "18 % lower")]},
            ]},
            {"label": "Interfaces", "rows": [{"label": "USB", "cells": [cell("OTG FS + OTG HS"), cell("OTG FS + OTG HS"), cell("FS device only", "bk", "KC-340 needs host mode.")]}]},
        ],
        "definitions": [("Orders moved", "24 of 44"), ("Unit cost effect", "−$4,260 a month"), ("Rollback", "48 h, rehearsed")],
        "tab_items": [{"label": "Sources", "url": "#", "count": 3, "current": True}, {"label": "Where used", "url": "#", "count": 4}, {"label": "History", "url": "#"}],
    }  # fmt: skip
