"""Refusals of the API as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response

from secondsource.core.errors import (
    Duplicate,
    FieldProblem,
    PermissionRefused,
    Reason,
    Refused,
    Stale,
    ValuesRefused,
)
from secondsource.core.faults import Fault, fault_of
from secondsource.core.inputs import InputError

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
#: Most errors in a response; ``errors_total`` counts all of them.
MOST_ERRORS = 100


class QueryRefused(Exception):
    """A query parameter that is unknown or has an invalid value (400)."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(problem.detail for problem in self.problems))

    @classmethod
    def one(cls, name: str, code: str, detail: str) -> QueryRefused:
        """A refusal of a single parameter."""
        return cls([FieldProblem(f"/{name}", code, detail)])


class PreconditionFailed(Exception):
    """``If-Match`` is not the current version (412)."""


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Iterable[FieldProblem] = (),
    reasons: Iterable[Reason] = (),
    total: int = 0,
) -> dict[str, Any]:
    """The body of a problem; ``code`` is the stable last part of its ``type``.

    ``total`` is the number of errors if there are more than the given ones.
    """
    body: dict[str, Any] = {
        "type": f"urn:secondsource:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    found = list(errors)
    body |= {"errors": [error.as_json() for error in found[:MOST_ERRORS]]} if found else {}
    total = max(total, len(found))
    body |= {"errors_total": total} if total > MOST_ERRORS else {}
    body |= {"reasons": given} if (given := [reason.as_json() for reason in reasons]) else {}
    return body


def answer(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A response with a problem."""
    response = Response(body, status=body["status"], headers=dict(headers or {}))
    response.content_type = MEDIA_TYPE
    return response


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The response to a refusal; None for unexpected exceptions."""
    if isinstance(error, exceptions.ValidationError):
        error = ValuesRefused(problems_in(error.detail))
    if isinstance(error, exceptions.APIException):
        return answer(_framework(error), _headers(error))
    if (fault := fault_of(error)) is not None:
        log.warning("unavailable", code=fault.code, error=str(error))
        return answer(
            problem(503, fault.code, fault.detail), {"Retry-After": str(fault.retry_after)}
        )
    body = _own(error) or _django(error) or _database(error, context)
    return None if body is None else answer(body)


def _own(error: Exception) -> dict[str, Any] | None:
    match error:
        case ValuesRefused():
            summary = _summary(error.problems, error.total)
            return problem(422, "values_refused", summary, errors=error.problems, total=error.total)
        case InputError():
            found = FieldProblem(error.pointer, error.code, error.message)
            return problem(422, "values_refused", error.message, errors=[found])
        case QueryRefused():
            summary = _summary(error.problems, len(error.problems))
            return problem(400, "query_refused", summary, errors=error.problems)
        case PreconditionFailed():
            return problem(412, "precondition_failed", str(error))
        case Refused():
            status, code = _refused(error)
            return problem(status, code, str(error), reasons=error.reasons)
    return None


def _refused(error: Refused) -> tuple[int, str]:
    if isinstance(error, Stale):
        return 409, "stale"
    if isinstance(error, Duplicate):
        return 409, "duplicate"
    return (403, "not_permitted") if isinstance(error, PermissionRefused) else (422, "refused")


def _django(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing here that you may see.")
    if isinstance(error, PermissionDenied):
        return problem(403, "not_permitted", "You may not do this.")
    if isinstance(error, SuspiciousOperation):
        return problem(400, "bad_request", "The request cannot be read.")
    return None


def _database(error: Exception, context: Mapping[str, Any]) -> dict[str, Any] | None:
    code = getattr(error.__cause__, "pgcode", None)
    if isinstance(error, IntegrityError):
        if code == "23505":
            return problem(409, "duplicate", "An object with this key exists already.")
        return problem(422, "values_refused", "The values break a rule of the data.")
    if isinstance(error, DataError):
        request = context.get("request")
        status = 400 if request is not None and request.method in ("GET", "HEAD") else 422
        return problem(status, "out_of_range", "A value is out of the range that can be stored.")
    return None


def _framework(error: exceptions.APIException) -> dict[str, Any]:
    code = error.get_codes()
    detail = error.detail if isinstance(error.detail, str) else error.default_detail
    return problem(error.status_code, code if isinstance(code, str) else "refused", str(detail))


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers


def problems_in(detail: Any, pointer: str = "") -> list[FieldProblem]:
    """DRF's nested error details as a flat list with JSON pointers."""
    if isinstance(detail, Mapping):
        pairs = ((_step(name), inner) for name, inner in detail.items())
    elif isinstance(detail, list) and any(isinstance(item, (Mapping, list)) for item in detail):
        pairs = ((f"/{index}", inner) for index, inner in enumerate(detail))
    else:
        texts = detail if isinstance(detail, list) else [detail]
        return [FieldProblem(pointer, getattr(t, "code", None) or "invalid", str(t)) for t in texts]
    return [found for step, inner in pairs for found in problems_in(inner, pointer + step)]


def _step(name: Any) -> str:
    escaped = str(name).replace("~", "~0").replace("/", "~1")
    return "" if name == "non_field_errors" else f"/{escaped}"


def _summary(problems: list[FieldProblem], total: int) -> str:
    if total == 1:
        return str(problems[0].as_json()["detail"])
    return f"{total:,} values are refused."


def for_api(request: HttpRequest) -> bool:
    """Whether a request is for the API, which never responds with HTML."""
    return request.path.startswith("/api/")


def _plain(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(problem(status, code, detail), status=status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``."""
    if for_api(request):
        return _plain(400, "bad_request", "The request cannot be read.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``."""
    if for_api(request):
        return _plain(403, "not_permitted", "You may not do this.")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler404``."""
    if for_api(request):
        return _plain(404, "not_found", "There is nothing here that you may see.")
    return defaults.page_not_found(request, exception)


def unavailable(request: HttpRequest, fault: Fault) -> HttpResponse:
    """503 for a part of the infrastructure that is not available."""
    answer = _plain(503, fault.code, fault.detail)
    answer["Retry-After"] = str(fault.retry_after)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``."""
    if for_api(request):
        request_id = request.META.get("request_id", "")
        return _plain(500, "failed", f"This is our mistake. Request {request_id}.")
    return defaults.server_error(request)
