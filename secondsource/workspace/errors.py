"""Error pages: what happened and who can help. The API keeps its own.

403 and 404 keep the frame of a signed-in reader; to htmx they answer with a note for its target.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from secondsource.accounts.models import User
from secondsource.accounts.rights import RIGHTS, Role
from secondsource.core.api import problems
from secondsource.core.faults import fault_of
from secondsource.core.views.pages import (
    DIALOG_FRAME,
    PAGE_FRAME,
    in_dialog,
    target_id,
    wants_fragment,
)
from secondsource.workspace import jump, navigation
from secondsource.workspace.context import theme_of

#: How many letters a near match may lose at its end, and the fewest that are searched.
_DROPPED, _FEWEST = (0, 2), 3
#: What no object is called: a key that only addresses have, or what the database cannot hold.
_NO_NAME = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|\x00")
_ADMINISTRATORS = 3


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context |= {"reference": request.META.get("request_id", "")}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if problems.for_api(request):
        return problems.bad_request(request, exception)
    return _page(request, "400.html", 400)


def _in_frame(
    request: HttpRequest, template: str, status: int, title: str, **context: Any
) -> HttpResponse:
    """A refusal inside the page frame of the reader, with a link to the start page."""
    user = request.user
    context |= {
        "page_title": title,
        "frame": _frame(request),
        "target": target_id(request),
        "start": navigation.start(user) if user.is_authenticated else None,
    }
    return render(request, template, context, status=status)


def _frame(request: HttpRequest) -> str:
    if in_dialog(request):
        return DIALOG_FRAME
    if wants_fragment(request):
        return "errors/fragment.html"
    return PAGE_FRAME if request.user.is_authenticated else "base_plain.html"


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the roles that have the right and the people who give roles."""
    if problems.for_api(request):
        return problems.permission_denied(request, exception)
    text = str(exception)
    is_right = "." in text and " " not in text
    return _in_frame(
        request, "403.html", 403, "No access",
        reason="" if is_right else text,
        roles=_roles_in_words(text),
        administrators=_administrators(request),
        people_url=_people_url(request.user),
    )  # fmt: skip


def _roles_in_words(permission: str) -> str:
    """The roles that hold a right in a browser: ``engineer or quality``."""
    roles = RIGHTS.get(permission, frozenset()) - {Role.INTEGRATION}
    words = [role.label.lower() for role in Role if role in roles]
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _people_url(user: Any) -> str:
    """The page of people for an administrator, else ""."""
    items = [item for item in navigation.SETTINGS if item.name == "person_list"]
    return next((item.url for item in navigation.offered(items, user, "")), "")


def _administrators(request: HttpRequest) -> list[User]:
    """Names of the administrators, for a signed-in reader."""
    if not request.user.is_authenticated:
        return []
    people = User.objects.filter(is_active=True, roles__contains=[Role.ADMIN])
    return list(people.order_by("name")[:_ADMINISTRATORS])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the sentence of the view that raised it."""
    if problems.for_api(request):
        return problems.not_found(request, exception)
    text = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    wanted = _wanted(request.path)
    return _in_frame(
        request, "404.html", 404, "Page not found",
        reason=text, wanted=wanted, near=_near(request, wanted),
    )  # fmt: skip


def _wanted(path: str) -> str:
    """The key in an address: its longest piece with a figure or a capital, else its last piece.

    ``MCU-00001`` in ``/parts/MCU-00001/files/``.
    """
    pieces = [piece for piece in path.split("/") if piece]
    names = [p for p in pieces if any(c.isdigit() or c.isupper() for c in p)]
    return max(names, key=len, default=pieces[-1] if pieces else "")[:60]


def _near(request: HttpRequest, wanted: str) -> list[jump.Hit]:
    """Objects with nearly that name that the reader may see."""
    if not request.user.is_authenticated or _NO_NAME.search(wanted):
        return []
    for dropped in _DROPPED:
        text = wanted[: len(wanted) - dropped]
        if len(text) < _FEWEST:
            break
        hits = [hit for _, group in jump.find(request.user, text) for hit in group]
        if hits:
            return hits[: jump.LIMIT]
    return []


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when a part of the infrastructure is away.

    It uses neither database nor session, as they may have failed.
    """
    fault = fault_of(sys.exc_info()[1])
    if problems.for_api(request):
        return problems.unavailable(request, fault) if fault else problems.server_error(request)
    context = {"reference": request.META.get("request_id", ""), "theme": "auto", "fault": fault}
    if fault is None:
        return HttpResponse(loader.render_to_string("500.html", context), status=500)
    headers = {"Retry-After": str(fault.retry_after)}
    return HttpResponse(loader.render_to_string("503.html", context), status=503, headers=headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose token is missing or old."""
    context = {"theme": theme_of(request), "reference": request.META.get("request_id", "")}
    return render(request, "403_csrf.html", context, status=403)
