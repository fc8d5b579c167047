"""Fields for shares: 40 %, 40 and 0.4 are the same."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from secondsource.core.form_fields import PointDecimalField

HELP = "In % or as a fraction: 40 % is 0.4."
_WHOLE = Decimal(1)


class ShareField(PointDecimalField):
    """A fraction from 0 to 1, typed in per cent or as a fraction and shown in per cent.

    A number above 1 is in per cent. 1 alone is ambiguous and requires a per cent sign.
    """

    def __init__(self, *, decimal_places: int = 4, **options: Any) -> None:
        self.share_places = decimal_places
        options.setdefault("help_text", HELP)
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        text = str(value if value is not None else "").strip()
        sign = text.endswith("%")
        number = super().to_python(text.removesuffix("%").strip())
        if number is None:
            return None
        if number == 1 and not sign and "." not in text:
            raise ValidationError(
                "1 can mean 100 % or 1 %. Write 100 % or 1 %.", code="two_readings"
            )
        share = number / 100 if sign or number > 1 else number
        self._check(share, text)
        return share

    def _check(self, share: Decimal, text: str) -> None:
        if share > _WHOLE:
            raise ValidationError(f"{text.removesuffix('%').strip()} is above 100 %.", "max_value")
        if share < 0:
            raise ValidationError(f"{text} is below 0.", "min_value")
        exponent = share.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.share_places:
            most = self.share_places - 2
            raise ValidationError(f"At most {most} decimals of a per cent.", "max_decimal_places")

    def prepare_value(self, value: Any) -> Any:
        """Show a stored 0.4 as 40 %, and typed text unchanged."""
        if not isinstance(value, Decimal) or not value.is_finite():
            return value
        return f"{(value * 100).normalize():f} %"


def as_fraction(text: str) -> str:
    """``40 %`` as ``0.4``; other texts are unchanged."""
    bare = text.strip()
    if not bare.endswith("%"):
        return text
    try:
        return f"{(Decimal(bare[:-1].strip()) / 100).normalize():f}"
    except InvalidOperation:
        return text
