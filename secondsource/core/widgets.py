"""Form widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

#: A function (reader, typed text) → at most ``MOST_SUGGESTED`` pairs of value and description.
Suggestions = Callable[[Any, str], Iterable[tuple[str, str]]]
MOST_SUGGESTED = 50


class SuggestInput(forms.TextInput):
    """A text box that suggests, from ``/suggest/<kind>/``: once it is entered, and while typing."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(attrs={"autocomplete": "off"})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The input with its list of suggestions."""
        place = f"{(attrs or {}).get('id') or name}-list"
        asks = {
            "list": place,
            "hx-get": f"{reverse('suggest', args=[self.kind])}?field={name}",
            "hx-trigger": "focus once, input changed delay:200ms",
            "hx-target": f"#{place}",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
        }
        box = super().render(name, value, {**(attrs or {}), **asks}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', box, place)


def suggested(found: Iterable[tuple[str, str]]) -> SafeString:
    """The options of a list of suggestions."""
    return format_html_join("", '<option value="{}">{}</option>', found)


_PLAIN_SELECT = "django/forms/widgets/select.html"
_BARE = {"checkbox", "radio", "checkboxselectmultiple", "radioselect", "hidden"}


def dressed(bound: BoundField, kind: str, *, wrapped: bool) -> SafeString:
    """The widget with its CSS class."""
    attrs: dict[str, Any] = {}
    if kind == "number":  # a number input discards text that it cannot parse
        bound.field.widget.input_type = "text"
        attrs["inputmode"] = "decimal"
    if kind == "textarea" and bound.field.widget.attrs.get("rows") == "10":  # Django's default
        attrs["rows"] = "3"
    if kind not in _BARE and not wrapped:
        own = bound.field.widget.attrs.get("class", "")
        attrs["class"] = f"inp {own}".strip()
    if str(bound.field.widget.attrs.get("placeholder", "")) == str(bound.field.label):
        attrs["placeholder"] = False  # a placeholder that repeats the label
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if type(bound.field.widget).template_name == _PLAIN_SELECT:
        return drawn_select(bound, attrs)
    return bound.as_widget(attrs=attrs)


def drawn_select(bound: BoundField, attrs: dict[str, Any]) -> SafeString:
    """Render a select as Django does, without a template for each option."""
    widget = bound.field.widget
    attrs = bound.build_widget_attrs(attrs, widget)
    if bound.auto_id and "id" not in widget.attrs:
        attrs.setdefault("id", bound.auto_id)
    drawn = widget.get_context(bound.html_name, bound.value(), attrs)["widget"]
    groups = [
        format_html(
            '<optgroup label="{}">{}</optgroup>' if label else "{}{}", label or "", _options(rows)
        )
        for label, rows, _ in drawn["optgroups"]
    ]
    return format_html(
        '<select name="{}"{}>{}</select>',
        drawn["name"], flatatt(drawn["attrs"]), mark_safe("".join(groups)),
    )  # fmt: skip


def _options(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((row["value"], flatatt(row["attrs"]), row["label"]) for row in rows),
    )
