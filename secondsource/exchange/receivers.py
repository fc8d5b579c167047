"""Jobs of this app and what follows when one fails; the filter that it adds to lists of parts."""

from __future__ import annotations

from parts.filters import PartFilter
from secondsource.exchange.filters import OF_IMPORT
from secondsource.exchange.services import exports, intake, removal, write_job  # noqa: F401  (register the runners of jobs)

PartFilter.base_filters["import"] = OF_IMPORT
