"""Services for what customers and authorities need before the approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from parts.models import Product
from qualification import approval
from qualification.models import Case, CustomerApproval, RegulatoryFile
from qualification.models.cases import State
from qualification.services.risks import reason_problems
from qualification.services.work import case_for_work, work_changed
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, ValuesRefused, refuse_values
from secondsource.core.records import change, create

GATE = State.APPROVAL
CUSTOMER_FIELDS = frozenset({
    "customer", "kind", "sent_on", "due", "silence_clause", "answered_on", "answer", "conditions",
})  # fmt: skip
FILE_FIELDS = frozenset({"name", "authority", "update_needed", "reason", "updated_on"})
_CONDITIONAL = CustomerApproval.Answer.APPROVED_WITH_CONDITIONS


@transaction.atomic
def add_customer_approval(
    *, case: Case, product: Product, values: Mapping[str, Any], actor: Actor
) -> CustomerApproval:
    """Record that a customer of a product is asked, as far as it is known.

    Raises ``ValuesRefused``; ``Duplicate`` for a customer that is recorded for the product.
    """
    case = case_for_work(case, GATE, actor)
    problems = []
    if not approval.products_of(case).filter(pk=product.pk).exists():
        detail = f"{product.code} does not use this source."
        problems.append(FieldProblem("/product", "not_affected", detail))
    row = CustomerApproval(case=case, product=product, **_stripped(values))
    refuse_values([*problems, *customer_problems(row)])
    row = create(row, actor, duplicate=f"{row.customer} is recorded for {product.code} already.")
    audit.record("qualification.customer.added", case, actor, note=_named(row))
    work_changed(case, GATE, actor, f"{row.customer} was added to the customers' approvals")
    return row


@transaction.atomic
def change_customer_approval(
    *, row: CustomerApproval, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> CustomerApproval:
    """Change what was sent and answered (``CUSTOMER_FIELDS``)."""
    case = case_for_work(row.case, GATE, actor)
    before = _standing(CustomerApproval, row)
    given = _stripped(values)
    wanted = CustomerApproval(case=case, product_id=before.product_id)
    for name in CUSTOMER_FIELDS:
        setattr(wanted, name, given.get(name, getattr(before, name)))
    audit.check_version(before, expected)
    refuse_values(customer_problems(wanted))
    after = change(before, given, actor, allowed=CUSTOMER_FIELDS, expected=expected)
    if after.version != before.version:
        answered = after.answer and after.answer != before.answer
        action = "answered" if answered else "changed"
        said = f": {after.get_answer_display()}" if answered else ""
        audit.record(f"qualification.customer.{action}", case, actor, note=f"{_named(after)}{said}")
        work_changed(case, GATE, actor, f"the approval of {after.customer} was changed")
    return after


@transaction.atomic
def withdraw_customer_approval(
    *, row: CustomerApproval, reason: str, actor: Actor, expected: int | None = None
) -> CustomerApproval:
    """Take back a row that was recorded by mistake; it stays on record."""
    case = case_for_work(row.case, GATE, actor)
    found: CustomerApproval = _withdrawn(row, reason, actor, expected)
    audit.record("qualification.customer.withdrawn", case, actor, note=f"{_named(found)}: {reason}")
    work_changed(case, GATE, actor, f"the approval of {found.customer} was withdrawn")
    return found


def customer_problems(row: CustomerApproval) -> Iterator[FieldProblem]:
    """Problems of what is said of a customer's approval."""
    if not row.customer:
        yield FieldProblem("/customer", "required", "Name the customer.")
    yield from _date_problems(row, clock.business_day())
    if row.answer and row.answered_on is None:
        yield FieldProblem("/answered_on", "required", "Enter the day of the answer.")
    if row.answered_on is not None and not row.answer:
        yield FieldProblem("/answer", "required", "Enter the answer.")
    if row.answer == _CONDITIONAL and not row.conditions:
        yield FieldProblem("/conditions", "required", "Write the conditions.")
    if row.conditions and row.answer != _CONDITIONAL:
        detail = "Conditions belong to an approval with conditions."
        yield FieldProblem("/conditions", "without_answer", detail)


def _date_problems(row: CustomerApproval, today: dt.date) -> Iterator[FieldProblem]:
    if row.sent_on is not None and row.sent_on > today:
        yield FieldProblem("/sent_on", "in_future", "It is sent today or earlier.")
    if row.sent_on is not None and row.due is None:
        yield FieldProblem("/due", "required", "Enter the day on which the answer is due.")
    if row.sent_on is not None and row.due is not None and row.due < row.sent_on:
        yield FieldProblem("/due", "before_sent", "The answer is due after it was sent.")
    if row.answered_on is not None and row.sent_on is None:
        yield FieldProblem("/sent_on", "required", "Enter the day on which it was sent.")
    elif row.answered_on is not None and row.sent_on and row.answered_on < row.sent_on:
        yield FieldProblem("/answered_on", "before_sent", "The answer follows what was sent.")
    if row.answered_on is not None and row.answered_on > today:
        yield FieldProblem("/answered_on", "in_future", "The answer came today or earlier.")


@transaction.atomic
def add_regulatory_file(*, case: Case, values: Mapping[str, Any], actor: Actor) -> RegulatoryFile:
    """Record a file with an authority that the change may touch."""
    case = case_for_work(case, GATE, actor)
    row = RegulatoryFile(case=case, **_stripped(values))
    refuse_values(file_problems(row))
    row = create(row, actor, duplicate=f"{row} is recorded already.")
    audit.record("qualification.file.added", case, actor, note=str(row))
    work_changed(case, GATE, actor, f"the regulatory file {row} was added")
    return row


@transaction.atomic
def change_regulatory_file(
    *, row: RegulatoryFile, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> RegulatoryFile:
    """Decide on a file, or enter the day of its update (``FILE_FIELDS``)."""
    case = case_for_work(row.case, GATE, actor)
    before = _standing(RegulatoryFile, row)
    given = _stripped(values)
    wanted = RegulatoryFile(case=case)
    for name in FILE_FIELDS:
        setattr(wanted, name, given.get(name, getattr(before, name)))
    audit.check_version(before, expected)
    refuse_values(file_problems(wanted))
    after = change(before, given, actor, allowed=FILE_FIELDS, expected=expected)
    if after.version != before.version:
        audit.record("qualification.file.changed", case, actor, note=str(after))
        work_changed(case, GATE, actor, f"the regulatory file {after} was changed")
    return after


@transaction.atomic
def withdraw_regulatory_file(
    *, row: RegulatoryFile, reason: str, actor: Actor, expected: int | None = None
) -> RegulatoryFile:
    """Take back a file that was recorded by mistake; it stays on record."""
    case = case_for_work(row.case, GATE, actor)
    found: RegulatoryFile = _withdrawn(row, reason, actor, expected)
    audit.record("qualification.file.withdrawn", case, actor, note=f"{found}: {reason}")
    work_changed(case, GATE, actor, f"the regulatory file {found} was withdrawn")
    return found


def file_problems(row: RegulatoryFile) -> Iterator[FieldProblem]:
    """Problems of what is said of a regulatory file."""
    if not row.name:
        yield FieldProblem("/name", "required", "Name the file.")
    if row.update_needed is False and not row.reason:
        yield FieldProblem("/reason", "required", "Give the reason why no update is needed.")
    if row.updated_on is not None and not row.update_needed:
        detail = "Only a file that needs an update is updated."
        yield FieldProblem("/updated_on", "not_needed", detail)
    if row.updated_on is not None and row.updated_on > clock.business_day():
        yield FieldProblem("/updated_on", "in_future", "It was updated today or earlier.")


def _stripped(values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v.strip() if isinstance(v, str) else v for n, v in values.items()}


def _named(row: CustomerApproval) -> str:
    return f"{row.customer} for {row.product.code}"


def _standing(model: type[Any], row: Any) -> Any:
    """The row under a lock. Raises ``RuleRefused`` for a withdrawn one."""
    found = model.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found.withdrawn_at is not None:
        raise RuleRefused.one("withdrawn", f"{found} is withdrawn.")
    return found


def _withdrawn(row: Any, reason: str, actor: Actor, expected: int | None) -> Any:
    found = _standing(type(row), row)
    audit.check_version(found, expected)
    if problems := reason_problems(reason):
        raise ValuesRefused(problems)
    found.withdrawn_at, found.withdrawn_reason = clock.now(), reason.strip()[:300]
    return audit.save_as(found, actor, reason)
