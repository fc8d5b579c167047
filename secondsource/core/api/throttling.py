"""Limits of requests and unknown tokens, counted in the cache by fixed windows."""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

log = structlog.get_logger(__name__)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class PerActorThrottle(BaseThrottle):
    """Counts requests by person or address; without a cache there is no limit.

    There is one counter for each window instead of DRF's list of times, which would be read and
    written with every request.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether this request is within the limit."""
        limit, self.window = parse_rate(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["actor"])
        if not limit:
            return True
        return counted(self._who(request), self.window) <= limit

    def _who(self, request: Request) -> str:
        user = request.user
        return f"u{user.pk}" if user and user.is_authenticated else f"a{self.get_ident(request)}"

    def wait(self) -> float:
        """Seconds until the next window."""
        return left_of(self.window)


class UnknownTokens:
    """Counts unknown tokens by address.

    Beyond the limit tokens from this address are not looked up until the next window.
    """

    def __init__(self, request: Request) -> None:
        rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        self.limit, self.window = parse_rate(rates.get("unknown_token", ""))
        self.who = f"t{BaseThrottle().get_ident(request)}"

    def check(self) -> None:
        """Raise ``Throttled`` (429) beyond the limit."""
        if self.limit and counted(self.who, self.window, more=0) >= self.limit:
            raise Throttled(wait=left_of(self.window))

    def note(self) -> None:
        """Count an unknown token."""
        counted(self.who, self.window)


def counted(who: str, window: int, more: int = 1) -> int:
    """The count of ``who`` in this window, plus ``more``; 0 without a cache."""
    key = f"api-rate:{who}:{int(time.time() // window)}"
    try:
        if not more:
            return int(cache.get(key, 0))
        return more if cache.add(key, more, window * 2) else int(cache.incr(key, more))
    except Exception as error:  # noqa: BLE001 (any fault of the cache)
        log.warning("throttle_without_cache", error=str(error))
        return 0


def left_of(window: int) -> float:
    """Seconds until the next window."""
    return window - time.time() % window


def parse_rate(rate: str) -> tuple[int, int]:
    """``1200/min`` → (1200, 60); an empty rate is no limit."""
    if not rate:
        return 0, 60
    count, _, period = rate.partition("/")
    return int(count), _SECONDS[period[:1]]
