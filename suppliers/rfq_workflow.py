"""The moves of a request for quotation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from secondsource.core import audit, clock, dates
from secondsource.core.errors import Reason
from secondsource.core.formats import day
from secondsource.core.workflow import Move, MoveDefinition, Workflow
from suppliers.models import QuoteLine, Rfq
from suppliers.services.quotes import offer_quote_line
from suppliers.services.rfqs import move_links

S = Rfq.State
_READ_AGAIN = "Read the quotes again."


def is_complete(rfq: Rfq, move: Move) -> Iterator[Reason]:
    """What is sent has lines, suppliers, and a due date that is not over."""
    if not rfq.lines.exists():
        yield Reason("no_lines", "Nothing is asked for.", "Add at least one part.")
    if not rfq.invitations.exists():
        yield Reason("no_suppliers", "Nobody is asked.", "Add at least one supplier.")
    yield from due_is_ahead(rfq, move)


def due_is_ahead(rfq: Rfq, move: Move) -> Iterator[Reason]:
    """The due date, or the new one in ``due``, is today or later."""
    try:
        due = new_due(rfq, move)
    except ValueError:
        yield Reason("due_unreadable", "Give the due date as 2026-08-21.")
        return
    if due < clock.business_day():
        yield Reason("due_over", f"The due date was {day(due)}.", "Give a later one.")
    if due.year > dates.LAST_YEAR:
        yield Reason("due_too_far", f"{due.year} is too far ahead.", "Give an earlier due date.")


def new_due(rfq: Rfq, move: Move) -> dt.date:
    """The day in ``due``, else the present due date. Raises ``ValueError``."""
    given = move.data.get("due")
    return dt.date.fromisoformat(str(given)) if given else rfq.due


def send(rfq: Rfq, move: Move) -> None:
    """Note the day."""
    rfq.sent_on = clock.business_day()


def close(rfq: Rfq, move: Move) -> None:
    """Note the day whose rates and validities the comparison uses."""
    rfq.closed_on = clock.business_day()


def reopen(rfq: Rfq, move: Move) -> None:
    """Take quotes again until the due date."""
    rfq.due, rfq.closed_on = new_due(rfq, move), None
    move_links(rfq)


def _named(move: Move) -> list[UUID] | None:
    given = move.data.get("quote_lines")
    if not isinstance(given, list):
        return None
    try:
        return [UUID(str(one)) for one in given]
    except ValueError:
        return None


def _chosen(rfq: Rfq, move: Move) -> list[QuoteLine]:
    rows = QuoteLine.objects.filter(
        public_id__in=_named(move) or (), quote__invitation__rfq=rfq
    ).select_related("line__part", "manufacturer_part__manufacturer", "quote__invitation__supplier")
    return list(rows.prefetch_related("breaks", "manufacturer_part__sources"))


def lines_can_be_accepted(rfq: Rfq, move: Move) -> Iterator[Reason]:
    """The lines in ``quote_lines`` are of last quotes that are valid, of sources on record."""
    named = _named(move)
    if not named:
        yield Reason("no_line", "No quote is chosen.", "Choose at least one quoted part.")
        return
    chosen = _chosen(rfq, move)
    if len(chosen) < len(set(named)):
        yield Reason("unknown_line", "A chosen quote is not one of this RFQ.", _READ_AGAIN)
    for line in chosen:
        yield from _against(line)


def _against(line: QuoteLine) -> Iterator[Reason]:
    quote, supplier = line.quote, line.quote.invitation.supplier
    what = f"{line.mpn or line.line.part.ipn} from {supplier.name}"
    if quote.revision < quote.invitation.revision:
        yield Reason("replaced", f"{what}: a later quote took its place.", _READ_AGAIN)
    if line.declined:
        yield Reason("declined", f"{what}: the supplier does not quote it.")
        return
    if line.accepted_on is not None:
        yield Reason("accepted", f"{what} is accepted already.")
    if quote.is_expired(clock.business_day()):
        detail = f"{what}: the quote ended on {day(quote.valid_to)}."
        yield Reason("expired", detail, "Ask for a new one.")
    number = line.manufacturer_part
    parts = {source.part_id for source in number.sources.all()} if number else set()
    if line.line.part_id not in parts:
        detail = f"{what} is no source of {line.line.part.ipn}."
        yield Reason("no_source", detail, "Add it as a source, then let it be quoted again.")


def award(rfq: Rfq, move: Move) -> None:
    """Accept the chosen lines: each becomes an offer or its new version."""
    chosen = _chosen(rfq, move)
    for line in chosen:
        offer = offer_quote_line(line=line, why=move.note, actor=move.actor)
        data = {
            "line": line.key, "offer": offer.key, "part": line.line.part.ipn,
            "supplier": line.quote.invitation.supplier.code,
        }  # fmt: skip
        audit.record("suppliers.rfq.accepted", rfq, move.actor, note=move.note, data=data)
    move.facts["lines"] = len(chosen)


_WRITE = "suppliers.write_rfq"

RFQ_FLOW: Workflow[Rfq] = Workflow(
    Rfq,
    [
        MoveDefinition("send", "Send", (S.DRAFT,), S.SENT, _WRITE, (is_complete,), send),
        MoveDefinition("close", "Close", (S.SENT,), S.CLOSED, _WRITE, (), close),
        MoveDefinition(
            "reopen", "Reopen", (S.CLOSED,), S.SENT, _WRITE, (due_is_ahead,), reopen,
            needs_note=True,
        ),
        MoveDefinition(
            "award", "Award", (S.CLOSED, S.AWARDED), S.AWARDED, _WRITE, (lines_can_be_accepted,),
            award, needs_note=True,
        ),
        MoveDefinition(
            "cancel", "Cancel", (S.DRAFT, S.SENT, S.CLOSED), S.CANCELLED, _WRITE, (),
            needs_note=True,
        ),
    ],
)  # fmt: skip
