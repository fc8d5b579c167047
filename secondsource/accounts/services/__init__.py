"""Services that write people, their tokens, plants, product lines and teams."""

from secondsource.accounts.services.links import mail_password_link, show_password_link
from secondsource.accounts.services.people import (
    activate_person,
    add_person,
    change_person,
    deactivate_person,
    set_theme,
    set_time_zone,
)
from secondsource.accounts.services.places import add_place, change_place
from secondsource.accounts.services.tokens import issue_token, revoke_token

__all__ = [
    "activate_person",
    "add_person",
    "add_place",
    "change_person",
    "change_place",
    "deactivate_person",
    "issue_token",
    "mail_password_link",
    "revoke_token",
    "set_theme",
    "set_time_zone",
    "show_password_link",
]
