"""JSON responses by ``orjson``, which is several times faster than ``json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer

_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class FastJSONRenderer(JSONRenderer):
    """JSON by ``orjson``, with DRF's renderer as a fallback.

    ``orjson`` does not support integers beyond 64 bits, keys that are not text, and types with a
    format of DRF's own, such as times and lazy texts. NaN and infinite numbers become null.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The bytes of the response; empty for None."""
        if data is not None:
            try:
                return orjson.dumps(data, option=_PLAIN)
            except TypeError:
                pass
        written: bytes = super().render(data, accepted_media_type, renderer_context)
        return written
