"""Sessions in the database, read from the cache while it is there."""

from django.contrib.sessions.backends import cached_db
from django.core.cache import caches


class SessionStore(cached_db.SessionStore):
    """Django's cached sessions; a cache that is away signs nobody out (``SESSION_CACHE_ALIAS``)."""

    def delete(self, session_key: str | None = None) -> None:
        """End a session in the cache first: one that stayed there would come back with it."""
        key = session_key or self.session_key
        if key:
            caches["default"].delete(self.cache_key_prefix + key)
        super().delete(session_key)
