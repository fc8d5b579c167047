"""Links with which a person sets a password: mailed by a worker, or shown once."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from secondsource.accounts.models import User
from secondsource.accounts.services.people import MANAGE
from secondsource.core import audit, outbox
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused

TOPIC = "password_link"


@transaction.atomic
def mail_password_link(*, user: User, root: str, actor: Actor) -> None:
    """Mail the link; ``root`` is the address of the product. Raises ``RuleRefused``."""
    _check(user, actor)
    audit.record("accounts.link.mailed", user, actor)
    outbox.post(TOPIC, {"user": user.pk, "root": root, "with_link": True})


@transaction.atomic
def show_password_link(*, user: User, root: str, actor: Actor) -> str:
    """The link itself, for an administrator to hand over. The person gets a notice by mail.

    The link is not stored. Raises ``RuleRefused`` when the person is deactivated.
    """
    _check(user, actor)
    audit.record("accounts.link.shown", user, actor)
    outbox.post(TOPIC, {"user": user.pk, "root": root, "with_link": False})
    return link_of(user, root)


def _check(user: User, actor: Actor) -> None:
    actor.require(MANAGE)
    if not user.is_active:
        raise RuleRefused.one(
            "deactivated", f"{user} is deactivated.", "Activate the account first."
        )


def link_of(user: User, root: str) -> str:
    """A link that works once, for ``PASSWORD_RESET_TIMEOUT`` seconds."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return root.rstrip("/") + path


def send(*, user: User, root: str, with_link: bool) -> None:
    """Send the mail unless the person is deactivated."""
    if not user.is_active:
        return
    context = {
        "user": user,
        "link": link_of(user, root) if with_link else "",
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    text = render_to_string("account/email/password_link.txt", context)
    subject = "Set your password" if with_link else "A link that sets your password was made"
    send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text, None, [user.email])
