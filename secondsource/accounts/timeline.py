"""The history of an account as sentences."""

from __future__ import annotations

from typing import Any

from secondsource.accounts.models import User
from secondsource.accounts.rights import roles_in_words
from secondsource.core import audit
from secondsource.core.models import Event

MOST = 50
#: Action → its sentence and icon.
_SAID = {
    "accounts.user.added": ("added the account", "user-plus"),
    "accounts.user.changed": ("changed", "pencil"),
    "accounts.user.activated": ("activated the account", "play"),
    "accounts.user.deactivated": ("deactivated the account", "ban"),
    "accounts.link.mailed": ("mailed a link to set a password", "mail"),
    "accounts.link.shown": ("made a link to set a password", "link-2"),
    "accounts.token.issued": ("issued the token", "key-round"),
    "accounts.token.revoked": ("revoked the token", "x"),
}
_FIELDS = {"email": "email address", "product_lines": "product lines"}


def timeline(person: User) -> list[dict[str, Any]]:
    """The events of the account, newest first."""
    events = list(audit.events_of(person)[:MOST])
    ids = {event.actor_id for event in events if event.actor_id}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "at": event.at,
            "who": names.get(event.actor_id or 0, "") or event.job or "Somebody",
            "what": _what(event),
            "icon": _SAID.get(event.action, ("", "circle-dot"))[1],
        }
        for event in events
    ]


def _what(event: Event) -> str:
    said = _SAID.get(event.action, (event.action, ""))[0]
    data = event.data
    if "prefix" in data:
        scopes = f" ({', '.join(data['scopes'])})" if "scopes" in data else ""
        return f"{said} {data['prefix']}…{scopes}"
    if event.action == "accounts.user.added":
        return f"{said}: {roles_in_words(data['roles'])}"
    if event.action != "accounts.user.changed":
        return said
    plain = [_FIELDS.get(name, name) for name in data["fields"] if name != "roles"]
    told = [", ".join(plain)] if plain else []
    if "roles" in data:
        before, after = (roles_in_words(data["roles"][side]) for side in ("before", "after"))
        told.append(f"roles from {before} to {after}")
    return f"{said} {' and '.join(told)}"
