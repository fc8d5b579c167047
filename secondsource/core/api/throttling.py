"""A limit of requests per person and minute, counted in the cache by a fixed window."""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

log = structlog.get_logger(__name__)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class PerActorThrottle(BaseThrottle):
    """Counts a person's requests (a stranger's by address); a cache that is away limits nobody.

    One counter per window instead of a list of times, because a list of a thousand times would
    be read and written with every request.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether this request is within the limit."""
        limit, self.window = parse_rate(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["actor"])
        if not limit:
            return True
        try:
            return self._count(self._who(request)) <= limit
        except Exception as error:  # noqa: BLE001 (any fault of the cache)
            log.warning("throttle_without_cache", error=str(error))
            return True

    def _who(self, request: Request) -> str:
        user = request.user
        return f"u{user.pk}" if user and user.is_authenticated else f"a{self.get_ident(request)}"

    def _count(self, who: str) -> int:
        key = f"api-rate:{who}:{int(time.time() // self.window)}"
        if cache.add(key, 1, self.window * 2):
            return 1
        return int(cache.incr(key))

    def wait(self) -> float:
        """Seconds until the next window."""
        return self.window - time.time() % self.window


def parse_rate(rate: str) -> tuple[int, int]:
    """``1200/min`` → (1200, 60); an empty rate is no limit."""
    if not rate:
        return 0, 60
    count, _, period = rate.partition("/")
    return int(count), _SECONDS[period[:1]]
