"""Services that write requests for quotation: their fields, lines and invited suppliers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from parts.models import Part
from secondsource.core import audit, clock, dates
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.models import Counter
from secondsource.core.money import is_currency
from secondsource.core.records import change, create
from suppliers.models import QuoteLink, Rfq, RfqInvitation, RfqLine, Supplier
from suppliers.models.rfqs import MOST_VOLUMES

RFQ_FIELDS = frozenset({"title", "due", "currency", "note"})
LINE_FIELDS = frozenset({"volumes", "qualification_cost", "amortise_units", "note"})
MOST_LINES, MOST_SUPPLIERS, MOST_UNITS = 200, 20, 2_000_000_000
#: States in which more suppliers can be asked and the due date can move.
OPEN = (Rfq.State.DRAFT, Rfq.State.SENT)


@transaction.atomic
def add_rfq(
    *,
    title: str,
    due: dt.date,
    currency: str,
    actor: Actor,
    note: str = "",
    lines: Sequence[Mapping[str, Any]] = (),
    suppliers: Iterable[Supplier] = (),
) -> Rfq:
    """A draft. ``lines`` have ``part``, ``volumes`` and others of ``LINE_FIELDS``."""
    actor.require("suppliers.write_rfq")
    asked = list(suppliers)
    rfq = Rfq(title=title.strip(), due=due, currency=currency, note=note, buyer=actor.user)
    refuse_values([*rfq_problems(rfq), *line_problems(lines), *supplier_problems(asked)])
    rfq.number = Counter.take("rfq")[0]
    create(rfq, actor, duplicate="This number is taken.")
    _write_lines(rfq, lines, actor)
    _invite(rfq, asked, actor)
    audit.record("suppliers.rfq.added", rfq, actor)
    return rfq


@transaction.atomic
def change_rfq(
    *, rfq: Rfq, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Rfq:
    """Change fields (``RFQ_FIELDS``): all in a draft, the due date alone once it is sent."""
    actor.require("suppliers.write_rfq", rfq)
    row = locked_rfq(rfq)
    audit.check_version(row, expected)
    changed = {n for n, value in values.items() if getattr(row, n) != value}
    if changed and row.state not in OPEN:
        raise _closed(row)
    if row.state == Rfq.State.SENT and changed - {"due"}:
        raise RuleRefused.one(
            "sent", f"{row.reference} is sent: only its due date moves.", "Cancel it and ask again."
        )
    for name, value in values.items():
        setattr(row, name, value)
    refuse_values(rfq_problems(row))
    saved = change(rfq, values, actor, allowed=RFQ_FIELDS, expected=expected)
    move_links(saved)
    return saved


def move_links(rfq: Rfq) -> None:
    """Let the living links of suppliers follow the due date; one that expired stays so."""
    living = QuoteLink.objects.filter(invitation__rfq=rfq, revoked_at=None)
    living.filter(expires_at__gt=clock.now()).update(expires_at=QuoteLink.expiry_of(rfq.due))


@transaction.atomic
def set_lines(
    *,
    rfq: Rfq,
    lines: Sequence[Mapping[str, Any]],
    actor: Actor,
    expected: int | None = None,
) -> Rfq:
    """Replace the lines of a draft; a line of the same part stays the same row."""
    actor.require("suppliers.write_rfq", rfq)
    row = locked_rfq(rfq)
    audit.check_version(row, expected)
    _require_draft(row)
    refuse_values(line_problems(lines))
    audit.save_as(row, actor, "lines")
    wanted = {line["part"].pk for line in lines}
    for gone in row.lines.exclude(part__in=wanted):
        audit.delete_as(gone, actor, "line removed")
    _write_lines(row, lines, actor)
    audit.record("suppliers.rfq.lines", row, actor, data={"lines": len(lines)})
    return row


def _write_lines(rfq: Rfq, lines: Sequence[Mapping[str, Any]], actor: Actor) -> None:
    there = {line.part_id: line for line in rfq.lines.all()}
    for position, given in enumerate(lines, start=1):
        values = {"position": position, **{n: given[n] for n in LINE_FIELDS if n in given}}
        old = there.get(given["part"].pk)
        if old is None:
            line = RfqLine(rfq=rfq, part=given["part"], **values)
            create(line, actor, duplicate="Each part is asked once.")
        else:
            change(old, values, actor, allowed=LINE_FIELDS | {"position"})


@transaction.atomic
def cost_line(
    *,
    line: RfqLine,
    qualification_cost: Decimal | None,
    amortise_units: int | None,
    actor: Actor,
    expected: int | None = None,
) -> RfqLine:
    """What the qualification of an alternate costs; known or corrected at any time before award."""
    actor.require("suppliers.write_rfq", line.rfq)
    rfq = locked_rfq(line.rfq)
    if rfq.state in (Rfq.State.AWARDED, Rfq.State.CANCELLED):
        raise _closed(rfq)
    values = {"qualification_cost": qualification_cost, "amortise_units": amortise_units}
    refuse_values(_cost_problems("", values))
    return change(line, values, actor, allowed=LINE_FIELDS, expected=expected)


@transaction.atomic
def invite_suppliers(
    *, rfq: Rfq, suppliers: Iterable[Supplier], actor: Actor, expected: int | None = None
) -> list[RfqInvitation]:
    """Ask further suppliers, before the RFQ is closed."""
    actor.require("suppliers.write_rfq", rfq)
    row = locked_rfq(rfq)
    audit.check_version(row, expected)
    if row.state not in OPEN:
        raise _closed(row)
    known = set(row.invitations.values_list("supplier", flat=True))
    new = [one for one in suppliers if one.pk not in known]
    refuse_values(supplier_problems(new, already=len(known)))
    audit.save_as(row, actor, "suppliers")
    return _invite(row, new, actor)


def _invite(rfq: Rfq, suppliers: Sequence[Supplier], actor: Actor) -> list[RfqInvitation]:
    made = [
        create(
            RfqInvitation(rfq=rfq, supplier=one),
            actor,
            duplicate=f"{one.name} is asked already.",
        )
        for one in suppliers
    ]
    for invitation in made:
        data = {"supplier": invitation.supplier.code}
        audit.record("suppliers.rfq.invited", rfq, actor, data=data)
    return made


@transaction.atomic
def withdraw_invitation(
    *, invitation: RfqInvitation, actor: Actor, expected: int | None = None
) -> None:
    """Ask a supplier no longer, in a draft; once sent, its link is revoked instead."""
    actor.require("suppliers.write_rfq", invitation.rfq)
    rfq = locked_rfq(invitation.rfq)
    audit.check_version(rfq, expected)
    _require_draft(rfq)
    row = RfqInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    QuoteLink.objects.filter(invitation=row).delete()
    audit.save_as(rfq, actor, "suppliers")
    data = {"supplier": invitation.supplier.code}
    audit.delete_as(row, actor, "not asked")
    audit.record("suppliers.rfq.not_asked", rfq, actor, data=data)


def locked_rfq(rfq: Rfq) -> Rfq:
    """The row under a lock: everything that is written about it takes turns."""
    return Rfq.objects.select_for_update(of=("self",)).get(pk=rfq.pk)


def _require_draft(rfq: Rfq) -> None:
    if rfq.state != Rfq.State.DRAFT:
        raise RuleRefused.one(
            "not_a_draft",
            f"{rfq.reference} is {rfq.get_state_display().lower()}.",
            "What was asked stays as it was sent.",
        )


def _closed(rfq: Rfq) -> RuleRefused:
    return RuleRefused.one("closed", f"{rfq.reference} is {rfq.get_state_display().lower()}.")


def rfq_problems(rfq: Rfq) -> list[FieldProblem]:
    """Problems of the fields of an RFQ."""
    found = []
    if not rfq.title:
        found.append(FieldProblem("/title", "required", "Say what the request is about."))
    if not is_currency(rfq.currency):
        detail = "Give the ISO 4217 code of the currency."
        found.append(FieldProblem("/currency", "unknown_currency", detail))
    if rfq.due and rfq.due < clock.business_day():
        found.append(FieldProblem("/due", "in_past", "The due date is over."))
    if rfq.due and rfq.due.year > dates.LAST_YEAR:
        found.append(FieldProblem("/due", "too_far", f"{rfq.due.year} is too far ahead."))
    return found


def supplier_problems(suppliers: Sequence[Supplier], already: int = 0) -> list[FieldProblem]:
    """Problems of a list of suppliers to ask."""
    found = []
    if len(suppliers) + already > MOST_SUPPLIERS:
        detail = f"At most {MOST_SUPPLIERS} suppliers are asked at once."
        found.append(FieldProblem("/suppliers", "too_many", detail))
    for place, one in enumerate(suppliers):
        if one.placeholder or one.merged_into_id:
            detail = f"{one.name} is no company that can be asked."
            found.append(FieldProblem(f"/suppliers/{place}", "no_company", detail))
        elif one.standing == Supplier.Standing.DISQUALIFIED:
            detail = f"{one.name} is disqualified."
            found.append(FieldProblem(f"/suppliers/{place}", "disqualified", detail))
    return found


def line_problems(lines: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """Problems of the lines of an RFQ."""
    found = []
    if len(lines) > MOST_LINES:
        found.append(FieldProblem("/lines", "too_many", f"At most {MOST_LINES} lines."))
    seen: set[int] = set()
    for place, line in enumerate(lines):
        part: Part = line["part"]
        if part.pk in seen:
            detail = f"{part.ipn} is asked above already."
            found.append(FieldProblem(f"/lines/{place}/part", "duplicate", detail))
        seen.add(part.pk)
        found += _volume_problems(f"/lines/{place}", line.get("volumes") or [])
        found += _cost_problems(f"/lines/{place}", line)
    return found


def _volume_problems(at: str, volumes: Sequence[int]) -> list[FieldProblem]:
    if not volumes or len(volumes) > MOST_VOLUMES:
        detail = f"Give one to {MOST_VOLUMES} volumes."
        return [FieldProblem(f"{at}/volumes", "wrong_count", detail)]
    if any(not 1 <= one <= MOST_UNITS for one in volumes):
        return [FieldProblem(f"{at}/volumes", "not_positive", "Volumes are whole, 1 or more.")]
    if sorted(set(volumes)) != list(volumes):
        return [FieldProblem(f"{at}/volumes", "not_rising", "Give volumes rising, each once.")]
    return []


def _cost_problems(at: str, values: Mapping[str, Any]) -> list[FieldProblem]:
    cost, units = values.get("qualification_cost"), values.get("amortise_units")
    found = []
    if cost is not None and cost < 0:
        found.append(FieldProblem(f"{at}/qualification_cost", "negative", "0 or more."))
    if units is not None and not 1 <= units <= MOST_UNITS:
        found.append(FieldProblem(f"{at}/amortise_units", "not_positive", "At least 1."))
    if cost and units is None:
        detail = "Over how many units is the cost spread?"
        found.append(FieldProblem(f"{at}/amortise_units", "required", detail))
    return found
