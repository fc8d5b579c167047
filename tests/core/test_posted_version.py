"""The version that a form posts is a guard: what cannot be read never counts as none."""

from __future__ import annotations

import pytest

from secondsource.core.errors import RuleRefused
from secondsource.core.views.conflicts import posted_version


@pytest.mark.parametrize("text", ["abc", "", " ", "-1", "1.0", "1e3", "²", "١", "9" * 30, "None"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        posted_version({"expected": text})
    assert [reason.code for reason in refused.value.reasons] == ["version_unreadable"]


def test_a_version_is_read() -> None:
    assert posted_version({"expected": "12"}) == 12


def test_a_form_without_a_guard_has_none() -> None:
    assert posted_version({}) is None
