"""Production part approval process: elements by level, process index, production run, completeness.

Source: AIAG PPAP 4th ed. 2006, retention and submission table as published. Transcribed from public
copies: check the paid book before a claim to a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method

IndexVerdict = Literal["accept", "conditional", "reject"]
RunVerdict = Literal["ok", "too_short", "too_few"]
ElementStatus = Literal["not_required", "na", "pending", "submitted", "accepted", "rejected"]

STANDARD = "AIAG PPAP, 4th ed. 2006"
METHOD = Method(name="Retention and submission table", standard=STANDARD)
INDEX_METHOD = Method(name="Acceptance of an initial process index", standard=STANDARD)
RUN_METHOD = Method(name="Significant production run", standard=STANDARD)


@dataclass(frozen=True)
class Element:
    """One PPAP element: S (submit and retain), R (retain) or * (submit on request) by level."""

    number: int
    name: str
    levels: str
    second_source: str = ""


ELEMENTS = (
    Element(1, "Design records", "RSS*R", "data sheet or specification revision: must"),
    Element(2, "Engineering change documents, if any", "RSS*R", "our change adding the part: must"),
    Element(3, "Customer engineering approval, if required", "RRS*R", "must"),
    Element(4, "Design FMEA", "RRS*R", "if design-responsible; ours must be updated"),
    Element(5, "Process flow diagram", "RRS*R", "fab, assembly and test sites: must"),
    Element(6, "Process FMEA", "RRS*R", "usually reviewed on site"),
    Element(7, "Control plan", "RRS*R", "must"),
    Element(8, "Measurement system analysis studies", "RRS*R", "key parameters"),
    Element(9, "Dimensional results", "RSS*R", "package outline: must"),
    Element(
        10, "Material and performance test results", "RSS*R", "AEC-Q or JESD47, IPC-1752: must"
    ),
    Element(11, "Initial process studies", "RRS*R", "Cpk of key parameters: must"),
    Element(12, "Qualified laboratory documentation", "RSS*R", "ISO/IEC 17025 scope: must"),
    Element(13, "Appearance approval report, if applicable", "SSS*R", "not applicable"),
    Element(14, "Sample product", "RSS*R", "must"),
    Element(15, "Master sample", "RRR*R", "golden unit"),
    Element(16, "Checking aids", "RRR*R", "rare"),
    Element(17, "Customer-specific requirements", "RRS*R", "must"),
    Element(18, "Part submission warrant", "SSSSR", "must"),
)

_ACCEPT_ABOVE = 1.67
_REJECT_BELOW = 1.33
_RUN_HOURS = 1.0
_RUN_PARTS = 300


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The requirements of a level: numbers of elements to submit, retain or submit on request."""

    level: int
    submit: tuple[int, ...]
    retain: tuple[int, ...]
    on_request: tuple[int, ...]
    method: Method = METHOD


def submission(*, level: int) -> Submission:
    """Elements by treatment for submission level 1 to 5 (3 is the customary default)."""
    column = inputs.integer("level", level, low=1, high=5) - 1

    def having(letter: str) -> tuple[int, ...]:
        return tuple(e.number for e in ELEMENTS if e.levels[column] == letter)

    return Submission(
        level=column + 1, submit=having("S"), retain=having("R"), on_request=having("*")
    )


def index_verdict(*, index: float) -> IndexVerdict:
    """Judge an initial process index (Ppk or Cpk).

    Above 1.67 accept; 1.33 to 1.67, both ends included, conditional (ask the customer); below 1.33
    reject. A negative index is valid: the mean lies outside the limits.
    """
    value = inputs.number("index", index, low=-1000, high=1000)
    if value > _ACCEPT_ABOVE:
        return "accept"
    return "reject" if value < _REJECT_BELOW else "conditional"


def run_verdict(*, hours: float, parts: int) -> RunVerdict:
    """Judge a significant production run: at least 1 hour and 300 consecutive parts.

    ``hours`` above 0 up to a year, ``parts`` 0 or more. The time is judged first. The customer may
    agree to less.
    """
    hours = inputs.number("hours", hours, low=0, high=8784)
    parts = inputs.integer("parts", parts)
    if hours < _RUN_HOURS:
        return "too_short"
    return "too_few" if parts < _RUN_PARTS else "ok"


def completeness(statuses: Sequence[ElementStatus] | Iterable[ElementStatus]) -> float | None:
    """Accepted elements ÷ those that apply; None when none applies.

    Elements that are not applicable or not required are left out of both numbers.
    """
    applying = [status for status in statuses if status not in ("na", "not_required")]
    if not applying:
        return None
    return sum(status == "accepted" for status in applying) / len(applying)
