"""The sections of a dossier about the case itself and its approval."""

from __future__ import annotations

from qualification import approval, linked_work
from qualification.dossier.model import NONE, Reading, Section, Table, date, listed, moment
from qualification.models import AcceptedRisk, CustomerApproval, RegulatoryFile
from qualification.models.approval import RISK_SIGNERS
from qualification.models.cases import GATES, State
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.formats import number, percent
from suppliers.models import Approval


def summary(reading: Reading) -> Section:
    """Subject and state of the case."""
    case = reading.case
    figures = getattr(case.part, "figures", None)
    facts = [
        ("Case", case.key),
        ("Part", f"{case.part.ipn}, {case.part.description}"),
        ("Incumbent", figures.incumbent_mpn if figures else ""),
        ("Candidate", str(case.source.manufacturer_part)),
        ("Kind", case.get_kind_display()),
        ("Risk class", case.get_risk_class_display()),
        ("State", case.get_state_display()),
        ("Lead", case.lead.name),
        ("Sponsor", case.sponsor.name if case.sponsor else ""),
        ("Opened", date(case.opened_at)),
        ("Approval due", date(case.due_date)),
        ("Closed", date(case.closed_at)),
    ]
    paragraphs = [case.summary] if case.summary else []
    if case.start_reason:
        paragraphs.append(f"Reason for the start: {case.start_reason}")
    return Section("Summary", facts, paragraphs)


def team(reading: Reading) -> Section:
    """Who holds which function."""
    members = reading.case.team.select_related("user").order_by("function", "id")
    rows = [[Function(m.function).label, m.user.name, _standing(m.user)] for m in members]
    return Section("Team", tables=[Table(["Function", "Person", "Account"], rows)])


def _standing(person: User) -> str:
    return "active" if person.is_active else "has left"


def scope(reading: Reading) -> Section:
    """The products for which the candidate is qualified."""
    case = reading.case
    usages = dict(case.part.usages.values_list("product_id", "quantity"))
    rows = [
        [
            product.code, product.name, product.get_phase_display(),
            number(usages.get(product.pk)), "yes" if product.customer_approval else "no",
        ]
        for product in approval.products_of(case)
    ]  # fmt: skip
    head = ["Product", "Name", "Phase", "Units a piece", "Customers must approve"]
    said = [
        f"{label}: {listed(rows) if rows else 'all'}."
        for label, rows in (
            ("Products", [product.code for product in case.products.order_by("code")]),
            ("Plants", [plant.code for plant in case.plants.order_by("code")]),
            ("Sites of the manufacturer", [str(site) for site in case.sites.order_by("name")]),
        )
    ]
    table = Table(head, rows, widths=(2, 3, 2, 1, 2), empty="No product uses the part.")
    return Section("Scope", paragraphs=said, tables=[table])


def plan(reading: Reading) -> Section:
    """Pilot and ramp as planned; the rollback has a section of its own."""
    case = reading.case
    ramp = [f"from month {step.month}: {percent(step.share)}" for step in case.ramp]
    facts = [
        ("Pilot quantity", number(case.pilot_quantity)),
        ("Ramp", listed(ramp)),
    ]
    return Section("Pilot and ramp", facts)


def work(reading: Reading) -> Section:
    """The state of the work behind the linked steps."""
    case = reading.case
    rows = []
    for item in case.checklist.exclude(link="").order_by("pk"):
        known = linked_work.of(item.link)
        against = [reason.detail for reason in known.missing(case)]
        state = "done" if not against else "; ".join(against)
        rows.append([State(item.gate).label, item.text, known.told(case), state])
    rows.sort(key=lambda row: [gate.label for gate in GATES].index(row[0]))
    table = Table(["Gate", "Step", "State", "Open"], rows, widths=(2, 4, 4, 4))
    return Section("Verdicts of the work", tables=[table])


def risks(reading: Reading) -> Section:
    """Accepted risks with both signatures, also withdrawn ones."""
    case = reading.case
    statement = approval.statement_of(case)
    said = []
    if statement is not None:
        who = f"{statement.stated_by.name} on {date(statement.stated_at)}"
        said.append(f"No accepted risk, stated by {who}: {statement.reason}")
    rows = [
        [risk.text, risk.severity, risk.mitigation, *_signed(risk)]
        for risk in approval.risks_of(case)
    ]
    head = ["Risk", "Severity", "Limited by", *(f.label for f in RISK_SIGNERS)]
    tables = [Table(head, rows, widths=(4, 2, 3, 2, 2), empty="No accepted risk is recorded.")]
    gone = AcceptedRisk.objects.filter(case=case).exclude(withdrawn_at=None)
    if gone:
        lines = [[r.text, date(r.withdrawn_at), r.withdrawn_reason] for r in gone]
        tables.append(Table(["Risk", "On", "Reason"], lines, "Withdrawn", widths=(4, 1, 4)))
    return Section("Accepted risks", paragraphs=said, tables=tables)


def _signed(risk: AcceptedRisk) -> list[str]:
    found = approval.signed_by_function(risk)
    return [
        f"{found[f].signed_by.name}, {date(found[f].signed_at)}, version {found[f].risk_version}"
        if f in found
        else "not signed"
        for f in RISK_SIGNERS
    ]


def customers(reading: Reading) -> Section:
    """What customers and authorities were asked, and their answers."""
    case = reading.case
    found = list(approval.customer_approvals_of(case))
    rows = [
        [
            row.product.code, row.customer, row.get_kind_display(), date(row.sent_on),
            date(row.due), _answer(row), row.conditions,
        ]
        for row in found
    ]  # fmt: skip
    unasked = [product.code for product in approval.unasked_products(case, found)]
    said = [f"Not asked, though needed: {listed(unasked)}."] if unasked else []
    head = ["Product", "Customer", "What", "Sent", "Due", "Answer", "Conditions"]
    files = [
        [f.name, f.authority, _needed(f), f.reason] for f in approval.regulatory_files_of(case)
    ]
    return Section(
        "Customers and authorities",
        paragraphs=said,
        tables=[
            Table(head, rows, "Customers' approvals", (2, 2, 2, 2, 2, 2, 3)),
            Table(["File", "Authority", "Update", "Reason"], files, "Regulatory files"),
        ],
    )


def _answer(row: CustomerApproval) -> str:
    today = clock.business_day()
    if row.answer:
        return f"{row.get_answer_display()}, {date(row.answered_on)}"
    if row.approved_by_silence(today):
        return f"approved by silence ({row.silence_clause})"
    return "overdue" if row.is_overdue(today) else "none yet"


def _needed(file: RegulatoryFile) -> str:
    if file.update_needed is None:
        return "not decided"
    if not file.update_needed:
        return "not needed"
    return f"updated {date(file.updated_on)}" if file.updated_on else "to do"


def approvals(reading: Reading) -> Section:
    """The approvals that the case has given, with their limits, conditions and ends."""
    case = reading.case
    given = Approval.objects.filter(source=case.source_id, evidence_ref=case.key)
    given = given.select_related("revocation").prefetch_related("products").order_by("pk")
    names = dict(User.objects.filter(pk__in=given.values("actor_id")).values_list("pk", "name"))
    rows = [
        [
            one.get_kind_display(), date(one.valid_from), date(one.valid_to),
            number(one.quantity) if one.quantity else NONE,
            listed(product.code for product in one.products.all()),
            names.get(one.actor_id or 0, one.job), one.conditions, _revoked(one),
        ]
        for one in given
    ]  # fmt: skip
    head = ["Kind", "From", "To", "Units", "Products", "By", "Conditions", "Ended"]
    table = Table(head, rows, widths=(1, 2, 2, 1, 2, 2, 3, 2), empty="None is given yet.")
    return Section("Approvals of the source", tables=[table])


def _revoked(one: Approval) -> str:
    ended = getattr(one, "revocation", None)
    return f"{ended.get_cause_display()}, {moment(ended.created_at)}" if ended else ""
