"""The fast encoder writes what the framework would, or lets it."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from secondsource.core.api.renderers import FastJSONRenderer


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, "ä", None, True, 1.5], "b": {}},
        {"large": 2**70, "negative": -(2**70)},
        {1: "a number as a name"},
        {"at": dt.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=dt.UTC)},
        {"day": dt.date(2026, 1, 2), "exact": Decimal("1.10")},
        {"lazy": gettext_lazy("text")},
        ["line\u2028separator", "\u0000", "</script>"],
        [1e16, 1e-7, 0.1 + 0.2, -0.0],
        "text",
    ],
)
def test_the_same_values(value: Any) -> None:
    written = FastJSONRenderer().render(value)
    assert json.loads(written) == json.loads(JSONRenderer().render(value))


def test_nothing_is_no_body() -> None:
    assert FastJSONRenderer().render(None) == b""


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_number_in_json_is_missing(value: str) -> None:
    assert json.loads(FastJSONRenderer().render({"limit": float(value)})) == {"limit": None}
