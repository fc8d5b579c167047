"""What every chart is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Series:
    """A measured thing with a colour that never changes its meaning.

    ``css``: f-inc, f-alt (bound to roles), f-0, f-good, f-warn, f-bad, f-acc.
    """

    name: str
    css: str


@dataclass(frozen=True)
class Chart:
    """A drawing, its sentence, and its data as a table (``head`` and ``rows``)."""

    svg: SafeString
    sentence: str
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    legend: Sequence[Series] = field(default_factory=tuple)

    def __html__(self) -> SafeString:
        """The drawing alone, for places that show the figure themselves."""
        return self.svg

    def __str__(self) -> str:
        return self.svg


def fraction(part: float, whole: float) -> float:
    """``part / whole`` kept between 0 and 1; 0 of nothing is 0."""
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def pct(share: float) -> str:
    """A fraction as an SVG length."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def tag(name: str, text: Any = None, /, **attributes: Any) -> str:
    """One SVG element; ``css`` is its class, an underscore in a name a hyphen. Escapes all."""
    pairs = (
        (key.replace("_", "-") if key != "css" else "class", value)
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(format_html(' {}="{}"', key, value) for key, value in pairs)
    return (
        f"<{name}{inside}/>"
        if text is None
        else f"<{name}{inside}>{conditional_escape(text)}</{name}>"
    )


def linked(part: str, url: str, label: str) -> str:
    """An element as a link that assistive technology names by ``label``; without a URL as it is."""
    if not url:
        return part
    return format_html('<a href="{}" aria-label="{}">{}</a>', url, label, mark_safe(part))


def svg(
    parts: Sequence[str], height: float, sentence: str, *, width: Any = "100%", role: str = "img"
) -> SafeString:
    """The drawing's frame, named by its sentence; one of fixed width shrinks where it must.

    A drawing with links in it has the ``role`` group: what is inside an image cannot be reached.
    """
    box = "" if str(width).endswith("%") else f' viewBox="0 0 {width} {height:g}"'
    return format_html(
        '<svg class="ch" width="{}" height="{}"{} role="{}" aria-label="{}">{}</svg>',
        width,
        f"{height:g}",
        mark_safe(box),
        role,
        sentence,
        mark_safe("".join(parts)),
    )
