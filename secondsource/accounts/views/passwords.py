"""Pages of passwords that differ from allauth's."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.views import PasswordResetView
from django.http import HttpResponse

#: Least time of a response, because a known address takes more work than an unknown one.
ANSWERED_AFTER_SECONDS = 0.4


class PasswordReset(PasswordResetView):  # type: ignore[misc]
    """Mails a link. The time of the response does not reveal whether the address is known."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Respond at a fixed time after the request."""
        due = time.monotonic() + ANSWERED_AFTER_SECONDS
        response: HttpResponse = super().form_valid(form)
        time.sleep(max(0.0, due - time.monotonic()))
        return response
