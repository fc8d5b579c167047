"""``{% load tables %}``: the body of a data table."""

from __future__ import annotations

from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from secondsource.core import formats

register = template.Library()


@register.simple_tag(takes_context=True)
def table_rows(context: Context, table: Any) -> SafeString:
    """The body of a data table, in Python because a page has hundreds of cells."""
    engine = context.template.engine  # type: ignore[union-attr]
    drawn = [
        (column, f'<td class="{column.classes}">{column.phone_label}', _compiled(column, engine))
        for column in table.columns
    ]
    parts: list[str] = []
    for row in table.page.rows:
        parts.append("<tr>")
        if table.selectable:
            parts.append(_tick_box(row))
        with context.push(row=row):
            for column, begin, compiled in drawn:
                cell = _cell(context, column, compiled, row)
                if column.mobile == "named" and strip_tags(cell).strip() == formats.MISSING:
                    # A phone shows no label without a value.
                    parts.append(f'<td class="{column.classes} hide-m">{cell}</td>')
                else:
                    parts.append(f"{begin}{cell}</td>")
        parts.append("</tr>\n")
    return mark_safe("".join(parts))


def _compiled(column: Any, engine: Any) -> Any:
    return column.compiled(engine) if column.template else None


def _tick_box(row: Any) -> str:
    return (
        f'<td class="sel"><input type="checkbox" class="cb" name="selected" value="{row.pk}"'
        f' form="bulk" aria-label="Select {escape(str(row))}"></td>'
    )


def _cell(context: Context, column: Any, compiled: Any, row: Any) -> str:
    """The column's template with ``row``, ``value`` and ``column``, else the escaped value."""
    value = column.of(row)
    if column.draw is not None:
        drawn: str = column.draw(row, value, context.get("view"))
        return drawn
    if compiled is not None:
        context["value"], context["column"] = value, column
        rendered: str = compiled.nodelist.render(context)
        return rendered
    text = conditional_escape(formats.cell(value))
    url = row.get_absolute_url() if column.link else ""
    return format_html('<a class="b" href="{}">{}</a>', url, text) if url else text
