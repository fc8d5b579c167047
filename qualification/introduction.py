"""Whether the introduction of an alternate is planned, and which units hold it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet, Sum

from qualification import linked_work
from qualification.approval import products_of
from qualification.models import AsBuilt, Case, ChecklistItem, Introduction
from qualification.models.cases import State
from secondsource.core.errors import Reason
from secondsource.core.formats import day, number

PAGE = "case_introduction"


def introduction_of(case: Case) -> Introduction | None:
    """The introduction of a case; None while nobody has planned it."""
    return Introduction.objects.filter(case=case).first()


def runs_out_by(last: dt.date) -> QuerySet[Introduction]:
    """Introductions in transition whose old stock is to run out until a day, and did not yet."""
    return Introduction.objects.filter(
        case__state=State.TRANSITION, run_out_quantity__gt=0, run_out_by__lte=last,
        run_out_done_on=None,
    )  # fmt: skip


def missing(case: Case) -> list[Reason]:
    """Every reason why the introduction is not planned."""
    row = introduction_of(case)
    if row is None:
        detail = "The introduction is not planned."
        return [Reason("not_introduced", detail, "Enter change notice, cut-in and run-out.")]
    reasons = []
    if not row.change_notice:
        detail = "No change notice is named."
        reasons.append(Reason("no_change_notice", detail, "Enter its number."))
    by_date = row.cut_in == Introduction.CutIn.DATE
    if by_date and row.cut_in_on is None:
        reasons.append(Reason("no_cut_in", "The cut-in has no day.", "Enter the first day."))
    if not by_date and not row.cut_in_serial:
        detail = "The cut-in has no serial."
        reasons.append(Reason("no_cut_in", detail, "Enter the first serial."))
    if row.run_out_quantity is None:
        detail = "Nobody has said how much old stock runs out."
        reasons.append(Reason("no_run_out", detail, "Enter the quantity, 0 for none."))
    elif row.run_out_quantity and row.run_out_by is None:
        detail = f"{number(row.run_out_quantity)} pieces of old stock have no day to run out."
        reasons.append(Reason("no_run_out", detail, "Enter the day."))
    known = set(row.revisions.values_list("product", flat=True))
    reasons += [
        Reason(
            "no_revision",
            f"{product.code} has no revision of its bill of material for the change.",
            "Choose the revision.",
            product.code,
        )
        for product in products_of(case)
        if product.pk not in known
    ]
    return reasons


def told(case: Case) -> str:
    """``ECN-1, from 3 Nov.``."""
    row = introduction_of(case)
    if row is None:
        return "Not planned yet."
    notice = row.change_notice or "No change notice"
    if row.cut_in == Introduction.CutIn.SERIAL:
        return f"{notice}, from serial {row.cut_in_serial or 'not set'}."
    return f"{notice}, from {day(row.cut_in_on) if row.cut_in_on else 'a day not set'}."


def built_in(case: Case, since: dt.date | None = None) -> Any:
    """The lots that hold the source of a case, built on or after a day, by product and lot."""
    rows = AsBuilt.objects.standing().filter(source=case.source_id)
    if since is not None:
        rows = rows.filter(built_on__gte=since)
    return rows.select_related(
        "product", "plant", "source__manufacturer_part__manufacturer"
    ).order_by("product__code", "lot", "id")


def is_before_cut_in(row: AsBuilt, plan: Introduction | None) -> bool:
    """Whether a lot was built before the day from which the alternate was to come in."""
    if plan is None or plan.cut_in != Introduction.CutIn.DATE or plan.cut_in_on is None:
        return False
    return row.built_on < plan.cut_in_on


def units_in(rows: Any) -> int:
    """The units of these lots."""
    return int(rows.order_by().aggregate(units=Sum("quantity"))["units"] or 0)


linked_work.register(
    linked_work.LinkedWork(ChecklistItem.Link.INTRODUCTION, PAGE, missing=missing, told=told)
)
