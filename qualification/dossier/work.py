"""The sections of a dossier about the work of the gates."""

from __future__ import annotations

from django.db.models import Sum

from qualification import fmea_sheet
from qualification.dossier.model import NONE, Reading, Section, Table, date, listed
from qualification.economics import readers
from qualification.economics.figures import CaseFigures
from qualification.models import PilotBuild, ReliabilityTest
from qualification.pilot_verdicts import ModelResult, defects_of, locked_plan, results_of
from qualification.pilot_work import beside, floor_in_words, reasons_of
from qualification.reopened import before_rollback
from secondsource.core.formats import money, number


def business_case(reading: Reading) -> Section:
    """The six figures that were signed, else today's, as the reader sees them."""
    case, view = reading.case, readers.sight(reading.actor, reading.case)
    stored = case.business_case_versions.order_by("number").last()
    seen = readers.version(stored, view) if stored else readers.for_actor(case, reading.actor)
    found = seen.figures

    def shown(name: str, value: str) -> str:
        return "hidden from the reader" if name in seen.hidden else value

    payback = "never" if found.pays_back is False else f"{number(found.payback_months, 1)} months"
    facts = [
        ("Expected saving a year", shown("saving", money(found.saving, found.currency))),
        ("One-time cost", shown("one_time_cost", money(found.one_time_cost, found.currency))),
        ("Payback", shown("payback_months", payback)),
        ("Net present value", shown("npv", money(found.npv, found.currency))),
        ("Exposure before and after", shown("exposure_before", _change(found))),
        ("Time to survive before and after", shown("survival_before", _weeks(found))),
    ]
    of = f"version {stored.number}, signed" if stored else "today's figures, not signed yet"
    about = f"As of {date(found.day)}, {of}."
    if seen.rounded:
        about += " Sums are rounded to two significant digits."
    basis = [[name.replace("_", " "), words] for name, words in found.basis.items()]
    table = Table(["Figure", "Basis"], basis, "Basis of the figures", (1, 4))
    return Section("Business case", facts, [about], [table])


def _change(found: CaseFigures) -> str:
    before = money(found.exposure_before, found.currency)
    return f"{before} and {money(found.exposure_after, found.currency)}"


def _weeks(found: CaseFigures) -> str:
    before, after = number(found.survival_before, 1), number(found.survival_after, 1)
    return f"{before} and {after} weeks"


def pilot(reading: Reading) -> Section:
    """The verdict of the pilot build, by product model."""
    plan = locked_plan(reading.case)
    if plan is None:
        return Section("Pilot build")
    results = results_of(plan)
    facts = [
        ("Verdict", results.verdict.replace("_", " ")),
        ("Plan", f"version {plan.number}, locked {date(plan.locked_at)}"),
        ("Drafted by", plan.drafted_by.name),
        ("Locked by", plan.locked_by.name if plan.locked_by else NONE),
        ("Margin", f"{100 * plan.margin:.3g} points"),
        ("Confidence", floor_in_words(float(plan.confidence))),
        ("Units", f"{number(results.good)} good of {number(results.started)}"),
        ("Lots", f"{number(results.lots)} of {number(plan.lots)} planned"),
    ]
    head = ["Model", "Good", "Started", "Lower bound", "Floor", "Verdict"]
    defects = [[name, number(count)] for name, count in defects_of(plan)]
    lots = [
        [
            one.lot,
            one.site.name if one.site else NONE,
            "no" if one in results.lots_to_build else "yes",
        ]
        for one in plan.planned_lots.select_related("site")
    ]
    tests = ReliabilityTest.objects.filter(plan=plan).order_by("pk")
    return Section(
        "Pilot build",
        facts,
        [*(reason.detail for reason in reasons_of(results)), *_history(reading)],
        [
            Table(head, [_model(one) for one in results.models], "Yield by model"),
            Table(["Lot", "Site", "Built"], lots, "Planned lots", empty="No lot is named."),
            Table(["Defect", "Units"], defects, "Defects", (4, 1)),
            Table(["Reliability test"], [[str(one)] for one in tests], "Reliability tests"),
        ],
    )


def _history(reading: Reading) -> list[str]:
    """What was built before a rollback and counts no more."""
    before = PilotBuild.objects.standing().filter(
        before_rollback(reading.case.pk, "created_at"), plan__case=reading.case
    )
    found = before.aggregate(good=Sum("good"), started=Sum("started"))
    if not found["started"]:
        return []
    told = f"{number(found['good'])} good of {number(found['started'])} units"
    return [f"Before the rollback {told} were built. They are history and do not count."]


def _model(one: ModelResult) -> list[str]:
    lower = beside(one.judged.lower, float(one.model.floor)) if one.judged else NONE
    return [
        one.code, number(one.good), number(one.started), lower,
        floor_in_words(float(one.model.floor)), one.verdict.replace("_", " "),
    ]  # fmt: skip


def fmea(reading: Reading) -> Section:
    """The rows of the FMEA before and after their actions, and who accepted what."""
    rows = list(fmea_sheet.rows_of(reading.case))
    head = [
        "Row",
        "Failure mode and effect",
        "Cause",
        "S O D",
        "AP",
        "AP now",
        "Actions",
        "Accepted",
    ]
    lines = [
        [
            str(row.position), f"{row.failure_mode}: {row.effect}", row.cause,
            " ".join(str(one or NONE) for one in (row.severity, row.occurrence, row.detection)),
            row.action_priority, row.priority_now,
            "; ".join(f"{one} ({one.get_status_display()})" for one in row.actions.all()),
            f"{row.accepted_by.name}: {row.accepted_reason}" if row.accepted_by else "",
        ]
        for row in rows
    ]  # fmt: skip
    if not rows:
        return Section("FMEA")
    table = Table(head, lines, widths=(1, 4, 3, 2, 1, 1, 4, 3))
    return Section("FMEA", tables=[table])


def sop(reading: Reading) -> Section:
    """The SOP whose steps and signatures the case took over at its start."""
    case = reading.case
    facts = [("SOP", str(case.sop) if case.sop else "of an earlier version, without a number")]
    required = case.required_signatures.values_list("gate", "function")
    gates: dict[str, list[str]] = {}
    for gate, function in required:
        gates.setdefault(gate, []).append(function)
    rows = [[gate.replace("_", " "), listed(functions)] for gate, functions in gates.items()]
    table = Table(["Gate", "Functions that sign"], rows, widths=(1, 3))
    return Section("SOP and required signatures", facts, tables=[table])
