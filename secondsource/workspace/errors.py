"""Error pages: what happened, who can help, the reference in the log. The API keeps its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from secondsource.core.api import problems
from secondsource.workspace.context import theme_of


def _page(request: HttpRequest, template: str, status: int, **context: str) -> HttpResponse:
    context |= {"reference": request.META.get("request_id", "")}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if problems.for_api(request):
        return problems.bad_request(request, exception)
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, naming the right that is missing."""
    if problems.for_api(request):
        return problems.permission_denied(request, exception)
    text = str(exception)
    return _page(request, "403.html", 403, permission=text if "." in text else "", reason=text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the sentence of the view that looked for it."""
    if problems.for_api(request):
        return problems.not_found(request, exception)
    text = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return _page(request, "404.html", 404, reason=text)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Asks neither database nor session: they may be what failed."""
    if problems.for_api(request):
        return problems.server_error(request)
    context = {"reference": request.META.get("request_id", ""), "theme": "auto"}
    return HttpResponse(loader.render_to_string("500.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose token is missing or old."""
    context = {"theme": theme_of(request), "reference": request.META.get("request_id", "")}
    return render(request, "403_csrf.html", context, status=403)
