"""Jobs that follow a committed change of a person."""

from __future__ import annotations

from typing import Any

from secondsource.accounts.models import User
from secondsource.accounts.services import links
from secondsource.core import outbox


@outbox.handles(links.TOPIC)
def mail_password_link(payload: dict[str, Any]) -> None:
    """Mail the link, or a notice that a link was shown."""
    user = User.objects.get(pk=payload["user"])
    links.send(user=user, root=payload["root"], with_link=payload["with_link"])
