"""Template tags that place charts: ``{% load charts %}``."""

from __future__ import annotations

from typing import Any

from django import template

from secondsource.core.charts import Chart, Gantt

register = template.Library()


@register.inclusion_tag("components/chart.html")
def chart(drawn: Chart, legend: bool = True) -> dict[str, Any]:
    """A chart with its legend and the disclosure "Table"."""
    return {"chart": drawn, "legend": drawn.legend if legend and drawn else ()}


@register.inclusion_tag("components/gantt.html")
def gantt(drawn: Gantt) -> dict[str, Any]:
    """A gantt chart with names at the left."""
    return {"gantt": drawn}
