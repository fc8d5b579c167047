"""Every component in every state, on one page. The figures are illustrations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django import forms

from secondsource.core.errors import Reason
from secondsource.core.form_fields import IsoDateField, PointDecimalField
from secondsource.core.views import SIGNED_IN, Page
from secondsource.workspace import styleguide_charts

_YEAR = 2026


class PriceForm(forms.Form):
    """A form to show fields and errors with."""

    price = PointDecimalField(label="Unit price", help_text="At the break below.")
    valid_to = IsoDateField(label="Valid to")
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
            **_small(),
            **_work(),
            **styleguide_charts.examples(),
            **_data(),
            **context,
        )


def _small() -> dict[str, Any]:
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


@dataclass(frozen=True)
class SamplePerson:
    """A made-up person."""

    name: str
    pk: int

    def __str__(self) -> str:
        return self.name


def _work() -> dict[str, Any]:
    quality = SamplePerson("Demo Quality", 2)
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
            {
                "label": "Pilot",
                "items": [
                    {
                        "title": "KC-515 fails its floor",
                        "note": "Rerun 21 Aug",
                        "url": "#rail",
                        "action": "Show",
                        "icon": "octagon-x",
                    },
                    {
                        "title": "KC-118 has not enough data",
                        "note": "52 more good units",
                        "tone": "warn",
                        "icon": "triangle-alert",
                    },
                ],
            },
        ],
        "reasons": [
            Reason("sign_off_missing", "Quality has not signed.", "Ask Demo Quality."),
            Reason("evidence_missing", "Step “Boot test” has no evidence.", "Add a file."),
        ],
        "events": _events(),
        "conflict": {
            "who": "Demo Quality",
            "at": dt.datetime(_YEAR, 8, 18, 9, 40, tzinfo=dt.UTC),
            "what": "You have O 4, the saved value is 5.",
        },
        "comments": [
            SimpleNamespace(
                author=quality,
                created_at=dt.datetime(_YEAR, 8, 14, 9, tzinfo=dt.UTC),
                said="The rerun goes to line 2 under plan v2.",
            )
        ],
        "job": {
            "pk": 1,
            "label": "Recalculating risk, 1,284 parts",
            "percent": 62,
            "done": 796,
            "total": 1284,
            "left": "about 14 s left",
            "state": "running",
        },
        "failed_job": {
            "pk": 2,
            "label": "Report",
            "state": "failed",
            "problem": "The mail server refused 3 of 14 addresses.",
            "ref": "7F2A",
        },
    }


def _events() -> list[dict[str, Any]]:
    at = dt.datetime(_YEAR, 8, 18, 9, 40, tzinfo=dt.UTC)
    return [
        {
            "at": at,
            "who": "Demo Quality",
            "what": "signed for quality",
            "tone": "good",
            "icon": "stamp",
        },
        {
            "at": at - dt.timedelta(hours=2),
            "who": "Demo Engineer",
            "what": "passed the gate FMEA",
            "tone": "info",
            "icon": "check",
        },
        {
            "at": at - dt.timedelta(days=1),
            "who": "Demo Quality",
            "what": "sent the case back to spec review",
            "why": "Supply range of D-2 open",
            "tone": "warn",
            "icon": "undo-2",
        },
    ]


def _data() -> dict[str, Any]:
    return {
        "definitions": [
            ("Orders moved", "24 of 44"),
            ("Unit cost effect", "−$4,260 a month"),
            ("Rollback", "48 h, rehearsed"),
        ],
        "tab_items": [
            {"label": "Sources", "url": "#", "count": 3, "current": True},
            {"label": "Where used", "url": "#", "count": 4},
            {"label": "History", "url": "#"},
        ],
    }
