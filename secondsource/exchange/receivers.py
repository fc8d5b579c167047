"""Jobs of this app, and what follows when one fails."""

from __future__ import annotations

from secondsource.exchange.services import imports  # noqa: F401  (registers the job's runner)
