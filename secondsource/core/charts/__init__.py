"""Charts drawn by the server as SVG: themeable, printable, no script.

Horizontal places are percentages, vertical ones pixels, so a chart fills its card at any width.
Each has a sentence that names the finding and the same data as a table.
"""

from secondsource.core.charts.bars import blocks, bullet, factor, stacked, stretch
from secondsource.core.charts.base import Chart, Series
from secondsource.core.charts.gantt import Bar, Gantt, Lane, gantt
from secondsource.core.charts.heat import HeatCell, HeatMap, heat_map
from secondsource.core.charts.lines import Line, lines, sparkline

__all__ = [
    "Bar",
    "Chart",
    "Gantt",
    "HeatCell",
    "HeatMap",
    "Lane",
    "Line",
    "Series",
    "blocks",
    "bullet",
    "factor",
    "gantt",
    "heat_map",
    "lines",
    "sparkline",
    "stacked",
    "stretch",
]
