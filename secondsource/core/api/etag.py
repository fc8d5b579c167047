"""Entity tags from an object's version, and ``If-Match``."""

from __future__ import annotations

import re
from typing import Any

from rest_framework.request import Request

from secondsource.core.api.problems import PreconditionFailed

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def etag_of(obj: Any) -> str:
    """The entity tag of a record's current version."""
    return f'"{obj.version}"'


def named_by_if_match(request: Request, version: int) -> bool:
    """Whether the caller's ``If-Match`` is this version."""
    return f'"{version}"' in _TAG.findall(request.headers.get("If-Match", ""))


def expect(request: Request, obj: Any, values: dict[str, Any]) -> None:
    """Put the version of ``If-Match`` into the body's ``expected`` if it has none."""
    seen = check_if_match(request, obj)
    if values.get("expected") is None:
        values["expected"] = seen


def check_if_match(request: Request, obj: Any) -> int | None:
    """The version in the caller's ``If-Match`` header, or None.

    Raises :class:`PreconditionFailed` if the object has another version. A weak tag, for example of
    a compressed response, is the same version.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*":
        return None
    if etag_of(obj) not in _TAG.findall(wanted):
        raise PreconditionFailed(f"The object now has the version {obj.version}.")
    version: int = obj.version
    return version
