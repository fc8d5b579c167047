"""Request ids in logs and responses, and limits of request bodies."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from secondsource.core import policies
from secondsource.core.admission import ADMITTED, HEAD_ONLY, SMALL_BODY
from secondsource.core.api.authentication import TokenAuthentication
from secondsource.core.api.problems import MEDIA_TYPE, for_api, problem
from secondsource.core.attachments import MAX_BYTES

_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


class RequestIdMiddleware:
    """Use the caller's ``X-Request-ID`` if it is harmless, else create one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _SAFE.match(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        request.META["request_id"] = request_id
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class PoliciesMiddleware:
    """Read the active policies once for a request that changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with policies.read_once():
            return self.get_response(request)


#: The largest form around a file.
_ROOM = 64 * 1024


class UploadLimitMiddleware:
    """Refuse a large body by its headers before it is read.

    It comes before the CSRF check, which reads the form. Anonymous clients may send small forms.
    For others the limit is the view's ``upload_limit``: bytes, or a function of the request;
    without one it is that of evidence. The web server first sends the headers only (``HEAD_ONLY``)
    and reads admitted bodies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Respond with 413 and both sizes, or with 401, as a page or for the API."""
        head_only = request.META.get(HEAD_ONLY, False)
        text = request.META.get("CONTENT_LENGTH") or "0"
        size = int(text) if text.isdecimal() else 0
        if size <= SMALL_BODY and not head_only:
            return None
        if not _is_known(request):
            return _refuse_stranger(request, size)
        limit = limit_of(view, request)
        if size > limit + _ROOM:
            taken = f"at most {limit // 1024**2:,} MB are allowed here."
            return _refuse(request, 413, "too_large", f"This is {_megabytes(size)}; {taken}")
        return HttpResponse(str(limit + _ROOM), status=ADMITTED) if head_only else None


def _is_known(request: HttpRequest) -> bool:
    """Whether the request has a session or a valid token."""
    if request.user.is_authenticated:
        return True
    try:
        return for_api(request) and TokenAuthentication().authenticate(Request(request)) is not None
    except (AuthenticationFailed, Throttled):
        return False


def _refuse_stranger(request: HttpRequest, size: int) -> HttpResponse:
    what = f"This is {_megabytes(size)}" if size else "This is of unknown size"
    if not for_api(request):
        return _refuse(request, 413, "too_large", f"{what}; sign in before you send a file.")
    answer = _refuse(request, 401, "not_authenticated", f"{what}; send a token with it.")
    answer["WWW-Authenticate"] = TokenAuthentication().authenticate_header(Request(request))
    return answer


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"


def _refuse(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if for_api(request):
        return JsonResponse(problem(status, code, detail), status=status, content_type=MEDIA_TYPE)
    return render(request, "413.html", {"detail": detail}, status=status)


def limit_of(view: Any, request: HttpRequest) -> int:
    """The largest file of a view in bytes."""
    holder = getattr(view, "view_class", None) or getattr(view, "cls", None)
    limit = getattr(holder, "upload_limit", MAX_BYTES)
    return int(limit(request) if callable(limit) else limit)
