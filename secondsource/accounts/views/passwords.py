"""Pages of passwords that differ from the library's."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.views import PasswordResetView
from django.http import HttpResponse

#: A known address costs more work than an unknown one; both answers come this late at the earliest.
ANSWERED_AFTER_SECONDS = 0.4


class PasswordReset(PasswordResetView):  # type: ignore[misc]
    """Mails a link. How long it takes says nothing about whether the address is known."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Answer at a fixed time after the form came."""
        due = time.monotonic() + ANSWERED_AFTER_SECONDS
        response: HttpResponse = super().form_valid(form)
        time.sleep(max(0.0, due - time.monotonic()))
        return response
