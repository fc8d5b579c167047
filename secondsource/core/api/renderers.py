"""Answers as JSON, by an encoder that is several times faster than Python's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer

_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class FastJSONRenderer(JSONRenderer):
    """The framework's JSON; what the fast encoder does not take goes the framework's own way.

    It takes no whole number beyond 64 bits, no key but text, and nothing that the framework writes
    in a manner of its own, such as a time or a lazy text. What is no number in JSON (NaN, an
    infinite one) is null: missing.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The answer's bytes; none for None."""
        if data is not None:
            try:
                return orjson.dumps(data, option=_PLAIN)
            except TypeError:
                pass
        written: bytes = super().render(data, accepted_media_type, renderer_context)
        return written
