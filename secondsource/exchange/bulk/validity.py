"""The last day of something, with the ways in which systems write that there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from secondsource.exchange.bulk.cells import Bad, Date, plain_words

#: Years beyond those in which a date of ours can be: 31.12.9999, 2999-12-31, 99991231.
_YEAR = r"(?:[3-9]\d{3}|2[2-9]\d\d)"
_NO_END = re.compile(
    rf"\d{{1,2}}\W(?:\d{{1,2}}|[^\W\d]{{3,9}})\W{_YEAR}(?:\D.*)?"
    rf"|{_YEAR}\W?\d\d\W?\d\d(?:\D.*)?"
)
_WORDS = (
    "unlimited", "unbegrenzt", "unbefristet", "indefinite", "indefinitely", "no end", "without end",
    "open ended", "permanent", "illimite", "ilimitado", "illimitato", "onbeperkt", "sans fin",
    "sin fin", "ohne ende",
)  # fmt: skip


@dataclass(frozen=True)
class EndDate(Date):
    """A last day; ``infinity`` where the file says that there is none."""

    def read(self, text: str, form: str) -> str | Bad:
        if _NO_END.fullmatch(text.strip()) or plain_words(text) in _WORDS:
            return "infinity"
        return super().read(text, form)
