"""Services for the links by which suppliers quote without a login."""

from __future__ import annotations

import secrets

from django.core import signing
from django.db import transaction

from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from suppliers.models import QuoteLink, Rfq, RfqInvitation
from suppliers.services.rfqs import locked_rfq

_SIGNER = signing.Signer(salt="suppliers.quote_link")
#: Who acts when a supplier answers by its link; what it quoted names the supplier.
BY_LINK = Actor(job="supplier's link", origin="web")


@transaction.atomic
def issue_link(*, invitation: RfqInvitation, actor: Actor) -> tuple[QuoteLink, str]:
    """A new link and its token, which is not stored; the one before ends."""
    actor.require("suppliers.write_rfq", invitation.rfq)
    rfq = locked_rfq(invitation.rfq)
    if rfq.state != Rfq.State.SENT:
        state = rfq.get_state_display().lower()
        raise RuleRefused.one("closed", f"{rfq.reference} is {state}: it takes no quotes.")
    _end(invitation)
    token = _SIGNER.sign(secrets.token_urlsafe(32))
    link = QuoteLink.objects.create(
        invitation=invitation, digest=QuoteLink.digest_of(token), created_at=clock.now(),
        expires_at=QuoteLink.expiry_of(rfq.due),
    )  # fmt: skip
    data = {"supplier": invitation.supplier.code, "until": link.expires_at.isoformat()}
    audit.record("suppliers.rfq.link_issued", rfq, actor, data=data)
    return link, token


@transaction.atomic
def revoke_link(*, invitation: RfqInvitation, actor: Actor) -> None:
    """End the link of a supplier at once."""
    actor.require("suppliers.write_rfq", invitation.rfq)
    rfq = locked_rfq(invitation.rfq)
    if not _end(invitation):
        raise RuleRefused.one("no_link", f"{invitation.supplier.name} has no link.")
    data = {"supplier": invitation.supplier.code}
    audit.record("suppliers.rfq.link_revoked", rfq, actor, data=data)


def _end(invitation: RfqInvitation) -> int:
    living = QuoteLink.objects.filter(invitation=invitation, revoked_at=None)
    return living.update(revoked_at=clock.now())


def link_of(token: str) -> QuoteLink | None:
    """The living link of a token, or None; a token that we did not sign is not looked up."""
    try:
        _SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    rows = QuoteLink.objects.select_related("invitation__rfq", "invitation__supplier")
    return rows.filter(
        digest=QuoteLink.digest_of(token), revoked_at=None, expires_at__gt=clock.now()
    ).first()
