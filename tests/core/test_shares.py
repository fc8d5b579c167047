"""A share typed in per cent or as a fraction, and what can be read in two ways."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from secondsource.core.shares import ShareField, as_fraction


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("40 %", "0.4"),
        ("40%", "0.4"),
        ("40", "0.4"),
        ("0.4", "0.4"),
        ("0.4 %", "0.004"),
        ("12.5", "0.125"),
        ("100", "1"),
        ("1.0", "1"),
        ("1 %", "0.01"),
        ("0", "0"),
    ],
)
def test_a_share_is_read(text: str, share: str) -> None:
    assert ShareField().clean(text) == Decimal(share)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1", "1 can mean 100 % or 1 %. Write 100 % or 1 %."),
        ("101", "101 is above 100 %."),
        ("-0.1", "-0.1 is below 0."),
        ("0.12345", "At most 2 decimals of a per cent."),
        ("0,98", "Use a point: 0.98"),
        ("much", "Write a number, 0.98 for example."),
        ("NaN", "Write a number, 0.98 for example."),
    ],
)
def test_a_share_is_refused_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ShareField().clean(text)
    assert refused.value.messages == [told]


def test_a_stored_share_is_shown_in_per_cent() -> None:
    field = ShareField()
    assert field.prepare_value(Decimal("0.4000")) == "40 %"
    assert field.clean("40 %") == Decimal("0.4")
    assert field.prepare_value("0.4") == "0.4"


@pytest.mark.parametrize(
    ("text", "fraction"), [("7 %", "0.07"), ("95%", "0.95"), ("0.07", "0.07"), ("x %", "x %")]
)
def test_per_cent_as_a_fraction(text: str, fraction: str) -> None:
    assert as_fraction(text) == fraction
