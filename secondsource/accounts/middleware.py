"""Middleware for the requests of signed-in browsers."""

import contextlib
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class InBrowserMiddleware:
    """Mark the person of a session, because an integration writes only by a token.

    Responses to signed-in people are not cached: they can contain prices.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.user.in_browser = True
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class UserTimeZoneMiddleware:
    """Activate the signed-in person's time zone for the request, else the company's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = settings.COMPANY_TIME_ZONE
        with contextlib.suppress(zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = zoneinfo.ZoneInfo(getattr(request.user, "time_zone", zone.key))
        with timezone.override(zone):
            return self.get_response(request)
