"""A Redis cache with short time limits, so that a server that is down delays few requests.

After a fault each call fails at once for a few seconds. The cache ``default`` then raises, for
limits of sign-in and the stop of jobs; ``optional`` behaves like an empty cache.
"""

from __future__ import annotations

import time
from typing import Any

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient, RedisSerializer

_LEFT_ALONE = 3.0


class ShortClient(redis.Redis):
    """A client that fails at once after a recent fault."""

    away_until = 0.0

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if time.monotonic() < ShortClient.away_until:
            raise redis.ConnectionError("The cache did not answer a moment ago.")
        try:
            return super().execute_command(*args, **options)
        except (redis.ConnectionError, redis.TimeoutError):
            ShortClient.away_until = time.monotonic() + _LEFT_ALONE
            raise


class Serializer(RedisSerializer):
    """Values whose classes an upgrade has moved or removed are missing, not an error."""

    def loads(self, data: Any) -> Any:
        try:
            return super().loads(data)
        except (ImportError, AttributeError):
            return None


class ShortCacheClient(RedisCacheClient):
    """Django's client with ``ShortClient`` connections."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._client, self._serializer = ShortClient, Serializer()


class ShortCache(RedisCache):
    """Django's Redis cache that fails at once while its server is away."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ShortCacheClient


class OptionalCache(ShortCache):
    """A cache for optional values: after a fault reads find nothing and writes are lost."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except redis.RedisError:
            return default

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        try:
            super().set(key, value, timeout, version)
        except redis.RedisError:
            return

    def has_key(self, key: Any, version: int | None = None) -> bool:
        try:
            return bool(super().has_key(key, version))
        except redis.RedisError:
            return False
