"""Template tags for icons, chips, marks, values and fields.

``{% load ui %}`` in every template. Each tag escapes what it is given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from secondsource.core import formats, toasts
from secondsource.core.formats import Numeric
from secondsource.core.widgets import dressed

register = template.Library()


# --- values -------------------------------------------------------------------------------
@register.filter
def number(value: Numeric | None, places: int | None = None) -> str:
    """``{{ n|number }}`` 1,284 · ``{{ x|number:2 }}`` 0.98."""
    return formats.number(value, places)


@register.filter
def rounded(value: Numeric | None) -> str:
    """``{{ figures.month_demand|rounded }}`` 4,333 of 4,333.3333."""
    return formats.rounded(value)


@register.filter
def quantity(value: Numeric | None, unit: str) -> str:
    """``{{ v|quantity:"V" }}`` 3.3 V."""
    return formats.quantity(value, unit)


@register.filter
def percent(fraction: Numeric | None, places: int = 0) -> str:
    """``{{ share|percent:1 }}`` 36.6 % of the fraction 0.366."""
    return formats.percent(fraction, places)


@register.filter
def change(fraction: Numeric | None, places: int = 0) -> str:
    """``{{ d|change }}`` −38 % or +5 %."""
    return formats.change(fraction, places)


@register.filter
def money(value: Numeric | None, currency: str) -> str:
    """``{{ spend|money:"USD" }}`` $86,360 · ``{{ spend|money:row.currency }}``."""
    return formats.money(value, currency)


@register.filter
def money_exact(value: Numeric | None, currency: str) -> str:
    """With cents, for unit prices, ledger lines and pools; up to four places when it has them."""
    return formats.money_exact(value, currency)


@register.filter
def rate(value: Decimal) -> str:
    """``{{ e.rate|rate }}`` 1.0923."""
    return formats.rate(value)


@register.filter
def money_short(value: Numeric | None, currency: str) -> str:
    """For headlines: $6.74M, $254k."""
    return formats.money_short(value, currency)


@register.filter
def day(value: dt.date | None) -> str:
    """``21 Aug``, with the year when it is not this one."""
    return formats.day(value)


@register.filter
def weekday(value: dt.date | None) -> str:
    """``Fri 21 Aug``."""
    return formats.weekday(value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """``21 Aug, 09:40``."""
    return formats.moment(value)


@register.filter
def dash(value: Any) -> Any:
    """The value, or an en dash when there is none (0 is a value)."""
    return formats.MISSING if formats.is_missing(value) else value


register.filter("undo_of", toasts.undo_of)


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """``{{ mapping|get:key }}``, None when absent."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def count(n: int | None, one: str, many: str = "") -> str:
    """``{% count 18 "part" %}`` 18 parts; the plural is ``many`` or one + s."""
    return f"{formats.number(n)} {one if n == 1 else many or one + 's'}"


# --- marks --------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, size: int = 16, css: str = "", label: str = "") -> SafeString:
    """One symbol of the sprite, hidden from assistive technology unless it has a ``label``."""
    return _drawn_icon(_sprite(), name, size, css, label)


# cached, because a page has hundreds of equal marks
_remember = lru_cache(maxsize=2048)


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("vendor/icons.svg")


@_remember
def _drawn_icon(sprite: str, name: str, size: int, css: str, label: str) -> SafeString:
    scale = "" if size == 16 else f" s{size}"
    described = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="i{}{}" {}><use href="{}#{}"></use></svg>',
        scale, f" {css}" if css else "", described, sprite, name,
    )  # fmt: skip


@register.simple_tag
def chip(text: Any, tone: str = "", icon: str = "", title: str = "") -> SafeString:
    """``{% chip "NRND" "warn" icon="triangle-alert" %}``; tones good, warn, bad, info, out."""
    mark = _icon(icon, size=12) if icon else ""
    hint = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="chip {}"{}>{}{}</span>', tone, hint, mark, text)


_icon = icon

_RISK = {"high": "r-hi", "medium": "r-md", "low": "r-lo"}


@register.simple_tag
def risk(score: Numeric | None, level: str = "", word: bool = False) -> SafeString:
    """A 0–100 square; ``level`` is high, medium or low by the policy."""
    rated = not formats.is_missing(score) and level in _RISK
    name = level.capitalize() if rated else "Not rated"
    figure = formats.number(score, 0) if rated else formats.MISSING
    spoken = '<span class="l">{}</span>' if word else '<span class="vh">{}</span>'
    return format_html(
        '<span class="risk {}"><span class="sq">{}</span>' + spoken + "</span>",
        _RISK.get(level, "r-nr") if rated else "r-nr", figure, name,
    )  # fmt: skip


@register.simple_tag
def avatar(person: Any, big: bool = False) -> SafeString:
    """Initials in a circle with a constant look for each person; a dash for nobody.

    Twelve tints, each with and without a ring, give 24 looks.
    """
    if not person:
        return format_html('<span class="t3">{}</span>', formats.MISSING)
    name = person if isinstance(person, str) else getattr(person, "name", "") or str(person)
    key = getattr(person, "pk", None) or sum(map(ord, name))
    look = f"h{key % _TINTS}{' ring' if key // _TINTS % 2 else ''}"
    return format_html(
        '<span class="av {}{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="vh">{}</span></span>',
        look, " big" if big else "", name, formats.initials(name), name,
    )  # fmt: skip


_TINTS = 12
_SHAPES = {"approved": "full", "full": "full", "half": "half", "dashed": "dashed"}
_SPOKEN = {"full": "approved", "half": "in qualification", "dashed": "candidate"}
_MOST_PIPS = 5


@register.simple_tag
def pips(shapes: str | Iterable[str], label: str = "", alone: bool | None = None) -> SafeString:
    """Source pips: ``{% pips "approved half dashed" %}`` or a list; ``label`` is the text.

    ``alone`` makes them red; the default is true for one full pip without a half one. More than
    five end in +n.
    """
    words = tuple(shapes.split() if isinstance(shapes, str) else shapes)
    return _drawn_pips(words, label, alone)


@_remember
def _drawn_pips(words: tuple[str, ...], label: str, alone: bool | None) -> SafeString:
    drawn = sorted((_SHAPES[word] for word in words), key=["full", "half", "dashed"].index)
    spoken = label or _pips_in_words(drawn)
    lonely = drawn.count("full") == 1 and "half" not in drawn
    single = lonely if alone is None else alone
    shown, more = drawn[:_MOST_PIPS], max(0, len(drawn) - _MOST_PIPS)
    marks = [_pip(shape, index) for index, shape in enumerate(shown)] or [_pip("dashed", 0)]
    width = 2 + 14 * len(marks) + (22 if more else 0)
    if more:
        marks.append(f'<text class="more" x="{2 + 14 * len(shown)}" y="11">+{more}</text>')
    return format_html(
        '<svg class="pips{}" width="{}" height="14" role="img" aria-label="{}">'
        "<title>{}</title>{}</svg>",
        " one" if single else "", width, spoken, spoken, mark_safe("".join(marks)),
    )  # fmt: skip


def _pips_in_words(drawn: list[str]) -> str:
    if not drawn:
        return "no source"
    parts = [f"{drawn.count(shape)} {word}" for shape, word in _SPOKEN.items() if shape in drawn]
    return ", ".join(parts)


def _pip(shape: str, index: int) -> str:
    x = 8 + 14 * index
    trace = f'<line class="tr" x1="{x - 9}" x2="{x - 5}" y1="7" y2="7"/>' if index else ""
    if shape == "full":
        return f'{trace}<circle class="q" cx="{x}" cy="7" r="4.6"/>'
    if shape == "half":
        half = f'<path class="hf" d="M{x} 3a4 4 0 0 1 0 8z"/>'
        return f'{trace}<circle class="h" cx="{x}" cy="7" r="4"/>{half}'
    return f'{trace}<circle class="o" cx="{x}" cy="7" r="4"/>'


@register.simple_tag
def mrail(current: int, total: int = 7, blocked: bool = False, label: str = "") -> SafeString:
    """The small gate rail of tables: ``current`` counts from 1; total + 1 means all passed."""
    return _drawn_mrail(current, total, blocked, label)


@_remember
def _drawn_mrail(current: int, total: int, blocked: bool, label: str) -> SafeString:
    here = f"gate {current} of {total}" if current else f"before the first of {total} gates"
    spoken = label or f"{here}{', blocked' if blocked else ''}"
    states = ["d" if n < current else "f" for n in range(1, total + 1)]
    if 1 <= current <= total:
        states[current - 1] = "x" if blocked else "n"
    blocks = "".join(
        f'<rect class="{state}" x="{9 * n}" y="2" width="7" height="6" rx="1.5"/>'
        for n, state in enumerate(states)
    )
    return format_html(
        '<svg class="mrail" width="{}" height="10" role="img" aria-label="{}">{}</svg>',
        9 * total, spoken, mark_safe(blocks),
    )  # fmt: skip


@register.inclusion_tag("components/rail.html")
def rail(
    gates: Iterable[Mapping[str, Any]],
    rollback: str = "",
    return_from: int = 0,
    label: str = "Gates",
) -> dict[str, Any]:
    """The gate rail; its parameters are in ``components/rail.html``."""
    pads = [dict(gate, number=index) for index, gate in enumerate(gates, start=1)]
    end = return_from or max(1, len(pads) - 1)
    trace = f"{(end - 1) / len(pads) * 100:.2f}%" if pads else "0%"
    return {"gates": pads, "rollback": rollback, "trace_end": trace, "label": label}


# --- forms --------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    unit: str = "",
    label: str = "",
    help: str = "",
    optional: bool = False,
) -> dict[str, Any]:
    """A form field with label, help, error and typed value.

    ``needed`` of its form describes what an optional field is needed for.
    """
    kind = getattr(bound.field.widget, "input_type", bound.field.widget.__class__.__name__.lower())
    return {
        "field": bound,
        "widget": dressed(bound, kind, wrapped=bool(unit)),
        "kind": kind,
        "unit": unit,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "optional": optional and not bound.field.required,
        "needed": "" if bound.field.required else getattr(bound.form, "needed", {}).get(bound.name),
        "group": bool(getattr(bound.field.widget, "use_fieldset", False)),
    }


@register.simple_tag
def filter_menu(fields: Iterable[BoundField]) -> SafeString:
    """The fields of a list's filters, cached by fields and values."""
    bound = list(fields)
    key = repr([_said(one) for one in bound])
    drawn = _menus.get(key)
    if drawn is None:
        if len(_menus) >= _MOST_MENUS:
            _menus.clear()
        draw = get_template("components/field.html").render
        shown = (str(one) if one.is_hidden else draw(field(one)) for one in bound)
        drawn = _menus[key] = SafeString("".join(shown))
    return drawn


_MOST_MENUS = 256
_menus: dict[str, SafeString] = {}


def _said(bound: BoundField) -> tuple[Any, ...]:
    """The visible content of a filter's field."""
    widget = bound.field.widget
    asked = () if bound.is_hidden else getattr(bound.field, "choices", ())
    choices = list(iter(asked))  # without len()
    if choices:
        widget.choices = choices  # rendered from these choices
    options = [f"{key} {label}" for key, label in choices]
    words = (bound.html_name, bound.label, bound.help_text, bound.value(), bound.errors)
    return (*words, options, type(widget), widget.attrs)


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The summary above a refused form, with a link to each field."""
    bound = [field for field in form if field.errors] if form.is_bound else []
    return {
        "form": form,
        "fields": bound,
        "general": form.non_field_errors() if form.is_bound else [],
    }


@register.simple_tag(takes_context=True)
def keep_others(context: Context, *names: str) -> SafeString:
    """Hidden inputs for all parameters of the URL but the given ones."""
    given = context["request"].GET
    return keep(context, *(name for name in given if name not in names))


@register.simple_tag(takes_context=True)
def keep(context: Context, *names: str) -> SafeString:
    """Hidden inputs for the given parameters of the URL, so that a GET form keeps them."""
    given = context["request"].GET
    return mark_safe(
        "".join(
            format_html('<input type="hidden" name="{}" value="{}">', name, value)
            for name in names
            for value in given.getlist(name)
        )
    )
