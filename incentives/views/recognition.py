"""The recognition of a year, for everybody and without amounts."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from incentives import recognition
from incentives.pool_words import FIRST_YEAR, LAST_YEAR
from secondsource.core import clock
from secondsource.core.views import Page


class RecognitionPage(Page):
    """What the teams achieved in a year: conversions, exposure removed, lessons."""

    permission_required = "incentives.view_recognition"
    template_name = "incentives/recognition.html"

    @property
    def year(self) -> int:
        """The year of the address, else this one. Raises ``Http404`` for one out of range."""
        found = int(self.kwargs.get("year") or clock.business_day().year)
        if not FIRST_YEAR <= found <= LAST_YEAR:
            raise Http404(f"There is no year {found}.")
        return found

    def get_page_title(self) -> str:
        """The year."""
        return f"Recognition {self.year}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The year as the reader sees it."""
        reader = self.actor.user
        years = {*recognition.years(reader), self.year, clock.business_day().year}
        return super().get_context_data(
            year=self.year,
            years=sorted(years),
            empty=(
                "No conversion in this year",
                "A case counts when it is closed and a production receipt of its source is in.",
            ),
            found=recognition.of_year(reader, self.year),
            **context,
        )
