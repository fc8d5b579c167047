"""The history of a negotiation or a split in words, newest first."""

from __future__ import annotations

from typing import Any

from secondsource.accounts.models import User
from secondsource.core import audit
from secondsource.core.models import Event

MOST = 100
_SAID = {
    "opened": ("opened the negotiation", "plus", "info"),
    "changed": ("changed the negotiation", "pencil", ""),
    "award": ("awarded the volume", "award", "good"),
    "abandon": ("abandoned the negotiation", "ban", "bad"),
    "proposed": ("proposed the split", "plus", "info"),
    "accept": ("accepted the split", "circle-check", "good"),
    "decline": ("declined the split", "ban", "bad"),
    "withdraw": ("withdrew the split", "undo-2", ""),
    "overtake": ("withdrew the split, because it is overtaken", "archive", ""),
    "ended": ("ended the split by accepting another", "archive", ""),
}


def told(subject: Any) -> list[dict[str, Any]]:
    """Entries of ``components/timeline.html``."""
    events = list(audit.events_of(subject)[:MOST])
    people = User.objects.in_bulk({event.actor_id for event in events} - {None})
    return [_entry(event, people.get(event.actor_id)) for event in events]


def _entry(event: Event, person: User | None) -> dict[str, Any]:
    what, icon, tone = _words(event)
    return {
        "at": event.at, "who": person.name if person else event.job or "Somebody",
        "what": what, "why": event.note, "icon": icon, "tone": tone,
    }  # fmt: skip


def _words(event: Event) -> tuple[str, str, str]:
    act = event.action.rpartition(".")[2]
    if act in ("round", "round_changed"):
        verb = "recorded" if act == "round" else "changed"
        return f"{verb} round {event.data.get('round', '')}", "repeat-2", "info"
    return _SAID.get(act, (act.replace("_", " "), "circle-dot", ""))
