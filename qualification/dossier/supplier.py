"""The sections of a dossier about the candidate: spec review, declarations, tests, PPAP."""

from __future__ import annotations

from django.utils.text import capfirst

from qualification import declarations
from qualification.component_verdicts import Judge
from qualification.dossier.model import NONE, Reading, Section, Table, date
from qualification.models import ComponentTest, Disposition, PpapSubmission
from secondsource.core import clock
from secondsource.core.formats import number
from suppliers.declared import against
from suppliers.models import Declaration


def spec_review(reading: Reading) -> Section:
    """Every difference of the candidate with the decision on it."""
    found = reading.case.dispositions.select_related("decided_by", "confirmed_by")
    rows = [
        [
            made.parameter, made.get_verdict_display(), made.required,
            made.incumbent_value, made.candidate_value, _decision(made),
        ]
        for made in found
    ]  # fmt: skip
    head = ["Parameter", "Verdict", "Required", "Incumbent", "Candidate", "Decision"]
    empty = "No difference was decided on."
    return Section(
        "Spec review", tables=[Table(head, rows, widths=(2, 1, 2, 2, 2, 4), empty=empty)]
    )


def _decision(made: Disposition) -> str:
    said = [f"{made.get_decision_display()} by {made.decided_by.name}, {date(made.decided_at)}"]
    said.append(made.reason)
    if made.condition:
        said.append(f"Condition: {made.condition}")
    if made.confirmed_by is not None:
        said.append(f"Confirmed by {made.confirmed_by.name}, {date(made.confirmed_at)}")
    return "\n".join(said)


def clearance(reading: Reading) -> Section:
    """The searches for rights of others."""
    found = reading.case.clearances.select_related("searched_by").order_by("id")
    rows = [
        [
            made.get_kind_display(), made.subject, made.searched_by.name, made.searched_in,
            date(made.searched_on), made.get_result_display(), made.licence, date(made.valid_to),
        ]
        for made in found
    ]  # fmt: skip
    head = ["Kind", "Subject", "By", "Where", "On", "Result", "Licence", "Valid to"]
    table = Table(head, rows, widths=(1, 3, 2, 2, 2, 1, 2, 2), empty="No search is recorded.")
    return Section("IP clearance", tables=[table])


def declared(reading: Reading) -> Section:
    """What the manufacturer declares about substances and minerals, by scheme."""
    known = {one.scheme: one for one in declarations.of(reading.case)}
    rows = []
    for scheme in declarations.schemes_of(reading.case):
        label, made = capfirst(Declaration.Scheme(scheme).label), known.get(scheme)
        if made is None:
            rows.append([label, "not on record", NONE, NONE, NONE, NONE, NONE])
            continue
        found = against(made, clock.business_day())
        rows.append([
            label, made.get_status_display(), made.document, made.exemption,
            date(made.exemption_expires), date(made.list_date), found.detail if found else "holds",
        ])  # fmt: skip
    head = ["Scheme", "Status", "Document", "Exemption", "Until", "List of", "Standing"]
    return Section("Declarations", tables=[Table(head, rows, widths=(2, 2, 2, 2, 2, 2, 3))])


def component_tests(reading: Reading) -> Section:
    """Component tests, samples and incoming inspections."""
    case, judge = reading.case, Judge.of_today()
    tests = case.component_tests.select_related("waived_by").order_by("position")
    samples = [
        [one.lot, number(one.quantity), date(one.received_on), one.certificate]
        for one in case.samples.order_by("id")
    ]
    lots = [
        [one.lot, number(one.size), number(one.sample_size), number(one.defects),
         one.get_level_display(), one.get_result_display()]
        for one in case.inspections.order_by("id")
    ]  # fmt: skip
    head = ["Test", "Standard", "Condition", "Failures of units", "Verdict"]
    return Section(
        "Component tests and inspections",
        tables=[
            Table(head, [_test(one, judge) for one in tests], "Tests", (3, 2, 3, 2, 4)),
            Table(["Lot", "Quantity", "Received", "Certificate"], samples, "Samples"),
            Table(["Lot", "Size", "Sample", "Defects", "Level", "Result"], lots, "Inspections"),
        ],
    )


def _test(one: ComponentTest, judge: Judge) -> list[str]:
    tested = f"{number(one.failures)} of {number(one.units_tested)}"
    found = judge.verdict(one)
    return [
        f"{one.code} {one.name}", f"{one.standard} {one.revision}".strip(), one.condition,
        tested if one.units_tested is not None else NONE, f"{found.label}: {found.detail}",
    ]  # fmt: skip


def ppap(reading: Reading) -> Section:
    """The PPAP elements and the disposition of the warrant."""
    case = reading.case
    found = PpapSubmission.objects.filter(case=case).select_related("decided_by").first()
    if found is None:
        return Section("PPAP")
    facts = [
        ("Level", str(found.level)),
        ("Warrant", found.get_disposition_display() if found.disposition else "not decided"),
        ("Decided by", found.decided_by.name if found.decided_by else NONE),
        ("Interim until", date(found.interim_until)),
    ]
    elements = case.ppap_elements.order_by("number")
    rows = [[str(one.number), one.name, one.get_status_display(), one.reason] for one in elements]
    table = Table(["No.", "Element", "Status", "Reason"], rows, widths=(1, 5, 3, 4))
    return Section("PPAP", facts, tables=[table])
