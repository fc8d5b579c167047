"""Sessions in the database, cached if the cache is available."""

from django.contrib.sessions.backends import cached_db
from django.core.cache import caches


class SessionStore(cached_db.SessionStore):
    """Django's cached sessions, which also work without the cache (``SESSION_CACHE_ALIAS``)."""

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session in the cache first, where it would otherwise stay valid."""
        key = session_key or self.session_key
        if key:
            caches["default"].delete(self.cache_key_prefix + key)
        super().delete(session_key)
