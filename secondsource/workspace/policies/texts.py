"""Values of policies in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def shown(value: Any) -> str:
    """``0.05``, ``1,000,000``, ``yes``, ``USD``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
