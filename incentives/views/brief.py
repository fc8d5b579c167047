"""The brief of a negotiation, made to be printed."""

from __future__ import annotations

from typing import Any

from incentives.brief import arguments, lines_of
from incentives.price_ladder import ladder_of
from incentives.quoted import newest_quotes
from incentives.views.negotiations import NegotiationPage


class BriefPage(NegotiationPage):
    """Figures, sources, arguments, what moved, target and should-cost notes on one sheet."""

    template_name = "incentives/brief.html"
    page_title = "Brief of {self.object.key}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the sources and the arguments; quotes for readers with prices alone."""
        one, context = self.object, super().get_context_data(**context)
        sight = self.sight
        quoted = newest_quotes(one, self.actor.user) if sight.exact else []
        rungs = ladder_of(one.part, one.quantity, one.currency)
        lines = lines_of(one, self.leverage, rungs, quoted)
        shown = [
            {"line": line, "last": sight.show(line.last), "offered": sight.show(line.offered)}
            for line in lines
        ]
        return context | {"sources": shown, "arguments": list(arguments(one, lines))}
