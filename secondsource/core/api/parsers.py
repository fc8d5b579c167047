"""Strict JSON: UTF-8, finite numbers, names once, and text that the database can store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

#: The largest JSON body; larger ones are refused before they are read.
MAX_BODY_BYTES = 16 * 1024 * 1024


class TooLarge(APIException):
    """The body is larger than the endpoint allows."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The body is too large."


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object. Raises ``ValueError`` for a repeated name."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"an object has the name {name[:100]!r} more than once")
    return found


def read_json(body: bytes, constant: Callable[[str], float] = _no_constant) -> Any:
    """Parse JSON. Raises ``ParseError``, also for text that the database cannot store."""
    try:
        text = body.decode("utf-8")
        data = json.loads(text, parse_constant=constant, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"The body is not JSON: {error}") from None
    if "\\u" in text or "\x00" in text:
        _check_text(data)
    return data


class StrictJSONParser(BaseParser):
    """Refuses invalid JSON, repeated names, large bodies, NaN, NUL and half surrogates."""

    media_type = "application/json"
    renderer_class = JSONRenderer
    constant: Callable[[str], float] = staticmethod(_no_constant)

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed body. Raises ``ParseError`` (400) and ``TooLarge`` (413)."""
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge(f"A JSON body has at most {MAX_BODY_BYTES} bytes.")
        return read_json(body, self.constant)


class CalculationParser(StrictJSONParser):
    """Accepts NaN and Infinity, so that the calculation can name the refused input."""

    constant = float


def check_length(request: Any, limit: int) -> None:
    """Refuse an upload by its ``Content-Length`` before it is read.

    Raises ``TooLarge`` (413). The form around the file can be a little larger. Requests without
    ``Content-Length`` are refused.
    """
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not text.isdecimal() or int(text) > limit + 64 * 1024:
        raise TooLarge(f"An upload has at most {limit} bytes.")


def _check_text(data: Any) -> None:
    try:
        whole = json.dumps(data, ensure_ascii=False)
        whole.encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        raise ParseError("The body contains half a surrogate pair.") from None
    if "\\u0000" in whole:
        raise ParseError("The body contains a NUL character.")
