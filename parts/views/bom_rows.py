"""Rows of a bill of material, drawn without templates: a page has up to two thousand of them."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe

from parts.models import BomLine, PartFigures
from parts.views import cells, chips
from secondsource.core import formats
from secondsource.core.templatetags.ui import dash

#: Letters of designators, value and footprint before "…", and alternates before "+n".
_MOST_LETTERS, _MOST_ALTERNATES = 20, 3
_NONE = f'<span class="t3">{formats.MISSING}</span>'


def row(line: BomLine) -> SafeString:
    """The table row of a line, with the pips of its part."""
    figures = figures_of(line)
    words = escape(dash(line.part.description))
    return mark_safe(
        f'<tr><td class="r num m-hide">{line.position}</td>'
        f'<td class="nw m-title">{_number(line, figures)}</td>'
        f'<td class="m-end">{_sources(figures)}</td>'
        f'<td class="ell m-sub">{words}</td>'
        f'<td class="s nw m-hide">{_cut(line.value)}</td>'
        f'<td class="s nw m-hide">{_cut(line.footprint)}</td>'
        f'<td class="r num nw m-hide">{_quantity(line)}</td>'
        f'<td class="mono s nw m-hide">{_cut(", ".join(line.designators))}</td>'
        f'<td class="s m-hide">{_alternates(line.alternates)}</td></tr>\n'
    )


def figures_of(line: BomLine) -> PartFigures | None:
    """The figures of a line's part, None where they were never computed."""
    return getattr(line.part, "figures", None)


def _number(line: BomLine, figures: PartFigures | None) -> str:
    link = cells.part_link(line, line.part.ipn, None)
    mpn = escape(figures.incumbent_mpn) if figures else ""
    return f'{link}<span class="sub mono">{mpn}</span>' if mpn else link


def _sources(figures: PartFigures | None) -> str:
    if figures is None:
        return _NONE
    return chips.pips(figures)


def _quantity(line: BomLine) -> str:
    not_fitted = line.quantity_not_fitted
    sub = f'<span class="sub">{formats.number(not_fitted)} not fitted</span>' if not_fitted else ""
    return formats.number(line.quantity) + sub


def _cut(text: str) -> str:
    shown = text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"
    return f'<span title="{escape(text)}">{escape(shown or formats.MISSING)}</span>'


def _alternates(given: list[dict[str, str]]) -> str:
    if not given:
        return _NONE
    shown = ", ".join(
        f'<span class="mpn">{escape(one.get("mpn") or formats.MISSING)}</span>'
        for one in given[:_MOST_ALTERNATES]
    )
    more = len(given) - _MOST_ALTERNATES
    return f'{shown} <span class="t3">+{more}</span>' if more > 0 else shown
