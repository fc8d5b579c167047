"""The history of a request for quotation in words, newest first, without prices."""

from __future__ import annotations

from typing import Any

from secondsource.accounts.models import User
from secondsource.core import audit
from secondsource.core.views.history import MOST, Entry
from suppliers.models import Rfq, Supplier

#: Verb of the event → what was done, icon and tone.
_SAID = {
    "added": ("added this RFQ", "plus", ""),
    "changed": ("changed the RFQ", "pencil", ""),
    "lines": ("changed the parts", "pencil", ""),
    "invited": ("asked {supplier}", "user-plus", ""),
    "not_asked": ("does not ask {supplier}", "user", ""),
    "link_issued": ("made the link of {supplier}", "link-2", ""),
    "link_revoked": ("revoked the link of {supplier}", "link-2", "warn"),
    "quoted": ("recorded quote {revision} of {supplier}", "receipt", "info"),
    "accepted": ("accepted the quote of {supplier} for {part}", "check", "good"),
    "send": ("sent the RFQ", "send", "info"),
    "close": ("closed the RFQ", "lock", ""),
    "reopen": ("reopened the RFQ", "undo-2", "warn"),
    "award": ("awarded the RFQ", "award", "good"),
    "cancel": ("cancelled the RFQ", "ban", "bad"),
}


def of_rfq(rfq: Rfq) -> list[Entry]:
    """Entries of ``components/timeline.html``."""
    events = list(audit.events_of(rfq)[:MOST])
    people = User.objects.in_bulk({event.actor_id for event in events} - {None})
    codes = {event.data.get("supplier") for event in events} - {None}
    names = dict(Supplier.objects.filter(code__in=codes).values_list("code", "name"))
    return [_entry(event, people, names) for event in events]


def _entry(event: Any, people: dict[Any, User], names: dict[str, str]) -> Entry:
    verb = event.action.rpartition(".")[2]
    said, icon, tone = _SAID.get(verb, (verb.replace("_", " "), "pencil", ""))
    data = event.data
    code = data.get("supplier", "")
    words = said.format(
        supplier=names.get(code, code), revision=data.get("revision", ""),
        part=data.get("part", ""),
    )  # fmt: skip
    person = people.get(event.actor_id)
    who = str(person) if person else (event.job or "somebody").capitalize()
    return Entry(at=event.at, who=who, what=words, why=event.note, icon=icon, tone=tone)
