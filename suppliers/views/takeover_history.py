"""The history of a take-over in words, newest first."""

from __future__ import annotations

from typing import Any

from secondsource.accounts.models import User
from secondsource.core import audit
from secondsource.core.formats import number
from suppliers.models import Takeover

MOST = 100
_ICONS = {
    "confirm": ("check", "info"), "approve": ("stamp", "good"), "refuse": ("ban", "bad"),
    "proposed": ("plus", "info"),
}  # fmt: skip
_DONE = {"confirm": "confirmed", "approve": "approved", "refuse": "refused"}


def of_takeover(takeover: Takeover) -> list[dict[str, Any]]:
    """Entries of ``components/timeline.html``."""
    events = list(audit.events_of(takeover)[:MOST])
    people = User.objects.in_bulk({event.actor_id for event in events} - {None})
    found = []
    for event in events:
        verb = event.action.rpartition(".")[2]
        icon, tone = _ICONS.get(verb, ("pencil", ""))
        person = people.get(event.actor_id)
        found.append(
            {
                "at": event.at, "who": person.name if person else event.job or "Somebody",
                "what": _what(verb, event.data), "why": event.note, "icon": icon, "tone": tone,
            }
        )  # fmt: skip
    return found


def _what(verb: str, data: dict[str, Any]) -> str:
    """``confirmed 3 rows``, ``approved 2 rows, 1 refused``."""
    if verb not in _DONE or "rows" not in data:
        return f"{_DONE.get(verb, verb.replace('_', ' '))} the take-over"
    rows = f"{number(data['rows'])} row" + ("" if data["rows"] == 1 else "s")
    refused = f", {number(data['refused'])} refused" if data.get("refused") else ""
    return f"{_DONE[verb]} {rows}{refused}"
