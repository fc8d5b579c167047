"""Charts drawn by the server as SVG: themeable, printable, no script.

Horizontal places are percentages, vertical ones pixels, so a chart fills its card at any width.
Each has a sentence that names the finding and the same data as a table.
"""

from secondsource.core.charts.bars import blocks, pareto, stacked, stretch
from secondsource.core.charts.base import Chart, Series
from secondsource.core.charts.columns import columns
from secondsource.core.charts.dots import Dot, Dots, dots
from secondsource.core.charts.gantt import Bar, Gantt, Lane, gantt
from secondsource.core.charts.lines import Line, Mark, lines

__all__ = [
    "Bar",
    "Chart",
    "Dot",
    "Dots",
    "Gantt",
    "Lane",
    "Line",
    "Mark",
    "Series",
    "blocks",
    "columns",
    "dots",
    "gantt",
    "lines",
    "pareto",
    "stacked",
    "stretch",
]
