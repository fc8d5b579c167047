"""Services that write people, their passwords and their tokens."""

from secondsource.accounts.services.links import mail_password_link, show_password_link
from secondsource.accounts.services.people import (
    activate_person,
    add_person,
    change_person,
    deactivate_person,
    set_theme,
)
from secondsource.accounts.services.tokens import issue_token, revoke_token

__all__ = [
    "activate_person",
    "add_person",
    "change_person",
    "deactivate_person",
    "issue_token",
    "mail_password_link",
    "revoke_token",
    "set_theme",
    "show_password_link",
]
