"""The chart of the time to survive: stock, the gap, alternates from their lead times on."""

from __future__ import annotations

from collections.abc import Sequence

from secondsource.core.charts import Chart, stretch
from suppliers.cover import Stretch

_CSS = {"stock": "f-inc", "alternate": "f-alt", "part": "f-warn", "short": "f-bad"}


def survival_chart(
    rows: Sequence[tuple[str, str, Sequence[Stretch]]],
    span: float,
    *,
    sentence: str,
    ticks: Sequence[float] = (),
) -> Chart:
    """A bar for each row (name, figure, stretches), cut off at ``span`` weeks."""
    drawn = [(name, figure, _pieces(stretches, span)) for name, figure, stretches in rows]
    inside = [tick for tick in ticks if 0 < tick < span]
    return stretch(drawn, span, sentence=sentence, ticks=inside)


def _pieces(stretches: Sequence[Stretch], span: float) -> list[tuple[float, str]]:
    pieces, begin = [], 0.0
    for one in stretches:
        end = min(one.end, span)
        if end > begin:
            pieces.append((end - begin, _CSS[one.kind]))
            begin = end
    return pieces
