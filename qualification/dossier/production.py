"""The sections of a dossier about production: the way back, the way in, and what was built."""

from __future__ import annotations

from django.db.models import Sum

from qualification import introduction as plans
from qualification.dossier.model import NONE, Reading, Section, Table, date, listed, moment
from qualification.models import Rollback, TriggerBreach
from secondsource.core.formats import number

#: Lots that are listed one by one; the list of the case has all.
MOST_LOTS = 500


def rollback_plan(reading: Reading) -> Section:
    """What is watched, what is done, by whom, and the rehearsals."""
    plan = reading.case.rollback
    if plan is None:
        return Section("Rollback plan")
    facts = [
        ("Back on the line in", f"{number(plan.hours)} h" if plan.hours is not None else ""),
        ("Incumbent stock held", number(plan.stock)),
        ("Rehearsed as it is now", date(plan.rehearsed_on) if plan.rehearsed_on else "no"),
    ]
    steps = [
        [str(step.position), step.text, step.owner.name, f"{number(step.hours)} h"]
        for step in plan.steps.select_related("owner")
    ]
    held = [
        [
            date(one.held_on), one.get_result_display(),
            f"{number(one.hours)} h" if one.hours is not None else NONE,
            one.held_by.name if one.held_by else NONE, one.note,
        ]
        for one in plan.rehearsals.select_related("held_by")
    ]  # fmt: skip
    limits = [[trigger.limit] for trigger in plan.triggers.all()]
    return Section(
        "Rollback plan",
        facts,
        tables=[
            Table(["Trigger"], limits, "Triggers", empty="Nothing is watched."),
            Table(["Step", "What", "Owner", "Hours"], steps, "Steps", (1, 6, 3, 1)),
            Table(["On", "Result", "Hours", "By", "Note"], held, "Rehearsals", (2, 1, 1, 2, 5)),
        ],
    )


def breaches(reading: Reading) -> Section:
    """Every breached trigger with its end, and the rollbacks that were decided."""
    case = reading.case
    found = TriggerBreach.objects.filter(transition__case=case)
    rows = [
        [
            moment(one.breached_at), str(one.transition.run), one.in_words,
            f"{date(one.counted_from)} to {date(one.counted_to)}",
            " ".join(filter(None, [one.reported_by.name if one.reported_by else "", one.note])),
            _ending(one),
        ]
        for one in found.select_related("transition", "reported_by", "ended_by")
    ]  # fmt: skip
    decided = Rollback.objects.filter(transition__case=case).order_by("pk")
    back = [
        [
            moment(one.decided_at), one.decided_by.name if one.decided_by else NONE, one.reason,
            f"{number(one.planned_hours)} h" if one.planned_hours is not None else NONE,
            f"{number(one.hours)} h" if one.hours is not None else "under way",
            number(one.units),
        ]
        for one in decided.select_related("decided_by")
    ]  # fmt: skip
    head = ["On", "Run", "Breach", "Counted", "Reported", "Ended"]
    took = ["On", "By", "Reason", "Planned", "Took", "Units held"]
    return Section(
        "Breaches and rollbacks",
        tables=[
            Table(head, rows, "Breached triggers", (3, 1, 4, 3, 3, 4), "No trigger was breached."),
            Table(took, back, "Rollbacks", (3, 2, 4, 1, 1, 1), "Nothing was rolled back."),
        ],
    )


def _ending(one: TriggerBreach) -> str:
    if one.ended_at is None:
        return "open: it holds the ramp"
    by = one.ended_by.name if one.ended_by else ""
    told = f"{one.get_ending_display()}, {moment(one.ended_at)}"
    return f"{told}, {by}: {one.reason}" if by else f"{told}: {one.reason}"


def introduction(reading: Reading) -> Section:
    """Change notice, cut-in, run-out, and the revision of each product."""
    row = plans.introduction_of(reading.case)
    if row is None:
        return Section("Introduction", paragraphs=["The introduction is not planned."])
    by_day = row.cut_in == row.CutIn.DATE
    facts = [
        ("Change notice", row.change_notice),
        ("Cut-in", f"from {date(row.cut_in_on)}" if by_day else f"serial {row.cut_in_serial}"),
        ("Old stock that runs out", number(row.run_out_quantity)),
        ("To run out by", date(row.run_out_by)),
        ("Ran out on", date(row.run_out_done_on)),
    ]
    revisions = [
        [one.product.code, str(one.revision)]
        for one in row.revisions.select_related("product", "revision")
    ]
    table = Table(["Product", "BOM revision"], revisions, "Revisions", empty="None is chosen.")
    lacking = [reason.detail for reason in plans.missing(reading.case)]
    return Section("Introduction", facts, lacking, [table])


def built_in(reading: Reading) -> Section:
    """The lots and serials of products that hold the source."""
    lots = plans.built_in(reading.case)
    by_product = lots.order_by("product__code").values_list("product__code")
    units = [f"{code}: {number(n)}" for code, n in by_product.annotate(n=Sum("quantity"))]
    rows = [
        [
            row.product.code, row.lot, row.serials, row.part_lot, number(row.quantity),
            NONE if row.failed is None else number(row.failed),
            row.plant.name if row.plant else NONE, date(row.built_on),
        ]
        for row in lots[:MOST_LOTS]
    ]  # fmt: skip
    said = [f"Units by product: {listed(units)}."] if units else []
    if (count := lots.count()) > MOST_LOTS:
        said.append(f"The first {number(MOST_LOTS)} of {number(count)} lots.")
    head = ["Product", "Lot", "Serials", "Lot of the part", "Units", "Failed", "Plant", "Built"]
    table = Table(head, rows, "", (2, 2, 4, 2, 1, 1, 2, 2), "No lot is on record.")
    return Section("Where it is built in", paragraphs=said, tables=[table])
