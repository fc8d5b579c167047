"""Mails: written once by their key, then sent by the outbox.

A worker that dies between the mail server's answer and its own commit sends the mail again, under
the same Message-ID, by which mail systems tell that it is the same one.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from secondsource.core import clock, outbox, queries
from secondsource.core.models import Mail

TOPIC = "mail"

_WRITE = """
INSERT INTO core_mail (reader_id, key, subject, text, written_at)
VALUES (%(reader)s, %(key)s, %(subject)s, %(text)s, %(now)s)
ON CONFLICT (reader_id, key) DO NOTHING
RETURNING id
"""


def write(*, reader_id: int, key: str, subject: str, text: str) -> bool:
    """Write a mail in the caller's transaction; False if one with this key was written before.

    Of two at once the second waits for the first.
    """
    given = {"reader": reader_id, "key": key, "text": text, "now": clock.now()}
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"[:300]
    written = queries.column(_WRITE, {**given, "subject": subject})
    if written:
        outbox.post(TOPIC, {"mail": written[0]}, key=f"mail {written[0]}")
    return bool(written)


@outbox.handles(TOPIC)
def send(payload: dict[str, Any]) -> None:
    """Send a mail that was not sent yet. Raises the fault of the mail server, so it is retried."""
    rows = Mail.objects.select_for_update(of=("self",)).select_related("reader")
    mail = rows.filter(pk=payload["mail"], sent_at=None, reader__is_active=True).first()
    if mail is None:
        return
    # Marked first: a mail that fails takes the mark back with it.
    mail.sent_at = clock.now()
    mail.save(update_fields=["sent_at"])
    EmailMessage(
        mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.reader.email],
        headers={"Message-ID": f"<mail-{mail.pk}@{urlsplit(settings.SITE_URL).hostname}>"},
    ).send()  # fmt: skip
