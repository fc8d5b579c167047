"""Jobs of this app, and what follows when one fails."""

from __future__ import annotations

from secondsource.exchange.services import exports, intake, removal, write_job  # noqa: F401  (register the runners of jobs)
