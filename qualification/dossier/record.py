"""The sections of a dossier that are its record: steps, evidence, signatures, moves, versions."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from qualification import linked_work, work_files
from qualification.dossier.model import NONE, Reading, Section, Table, date, listed, moment
from qualification.economics.readers import sees_costs
from qualification.models import Case, ChecklistItem, CostEntry, CostKind, FmeaAction, SignOff
from qualification.models.cases import GATES, State
from qualification.workflow import CASE_FLOW
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import audit
from secondsource.core.models import Attachment

_FILES = ("File and SHA-256", "Gate and work", "By", "On", "Size")


def steps(reading: Reading) -> Section:
    """The steps of each gate with what was done and the note."""
    items = list(
        reading.case.checklist.select_related("done_by", "owner", "case__sop").order_by(
            "position", "id"
        )
    )
    tables = [
        Table(
            ["Step", "Done", "By", "Note"],
            [_step(item) for item in items if item.gate == gate],
            str(gate.label).capitalize(),
            (5, 2, 2, 4),
        )
        for gate in GATES
    ]
    return Section("Steps by gate", tables=tables)


def _step(item: ChecklistItem) -> list[str]:
    done = date(item.finished_at) if item.finished_at else "open"
    by = item.done_by.name if item.done_by else ("by its work" if item.met_at else NONE)
    note = item.note
    if linked_work.was_ticked_by_hand(item):
        note = f"{note}\nTicked by hand, before this was checked by the work.".strip()
    return [item.text, done if item.required else f"{done} (optional)", by, note]


def evidence(reading: Reading) -> Section:
    """Every file of the work with its hash, also removed ones; those of costs for their readers."""
    case = reading.case
    files: Any = work_files.of_cases(Case.objects.filter(pk=case.pk)).select_related("uploaded_by")
    rows = []
    names: dict[str, dict[int, str]] = {}
    for file in files.order_by("id"):
        kind = work_files.kind_of(file)
        if kind.label not in names:
            names[kind.label] = {row.pk: str(row) for row in kind.rows_of(case)}
        rows.append(_file(file, file.gate, names[kind.label][file.subject_id]))
    rows += _files_of(FmeaAction.objects.filter(row__fmea__case=case), State.FMEA)
    if sees_costs(reading.actor, case):
        bought = CostEntry.objects.filter(case=case).exclude(kind=CostKind.HOURS)
        rows += _files_of(bought, State.BUSINESS_CASE)  # hours are their person's own
    table = Table(_FILES, rows, widths=(5, 4, 2, 2, 1), empty="No file was added.")
    return Section("Evidence", tables=[table])


def _files_of(subjects: QuerySet[Any], gate: State) -> list[list[str]]:
    """The files of rows that have files of their own."""
    found = {row.pk: str(row) for row in subjects}
    files = Attachment.objects.filter(
        subject_type=audit.label(subjects.model), subject_id__in=found
    ).select_related("uploaded_by")
    return [_file(file, gate, found[file.subject_id]) for file in files.order_by("id")]


def _file(file: Attachment, gate: str, name: str) -> list[str]:
    gone = f" (removed: {file.removed_reason})" if file.removed_at else ""
    return [
        f"{file.name}{gone}\n{file.sha256}", f"{State(gate).label}: {name}",
        file.uploaded_by.name, moment(file.created_at), f"{file.size:,} B",
    ]  # fmt: skip


def signatures(reading: Reading) -> Section:
    """Every signature with the version that was signed, also void ones."""
    given = reading.case.sign_offs.select_related("signed_by").order_by("id")
    rows = [
        [
            State(one.gate).label, Function(one.function).label, one.signed_by.name,
            moment(one.signed_at), _versions(one), one.note, _void(one),
        ]
        for one in given
    ]  # fmt: skip
    head = ["Gate", "Function", "Person", "On", "Version", "Note", "Void"]
    table = Table(head, rows, widths=(2, 2, 2, 2, 2, 3, 3), empty="Nobody has signed.")
    return Section("Signatures", tables=[table])


def _versions(one: SignOff) -> str:
    own = f"case {one.case_version}" if one.case_version else ""
    work = [f"{link.replace('_', ' ')} {number}" for link, number in one.work_versions.items()]
    return listed(filter(None, [own, *work]))


def _void(one: SignOff) -> str:
    return f"{moment(one.voided_at)}: {one.void_reason}" if one.voided_at else ""


def moves(reading: Reading) -> Section:
    """Every move of the case with its reason."""
    actions = {CASE_FLOW.action(name): move.label for name, move in CASE_FLOW.transitions.items()}
    events = list(audit.events_of(reading.case).filter(action__in=actions).order_by("id"))
    people = User.objects.filter(pk__in={event.actor_id for event in events})
    names = dict(people.values_list("pk", "name"))
    rows = [
        [
            moment(event.at), actions[event.action], State(event.data["from"]).label,
            State(event.data["to"]).label, names.get(event.actor_id or 0, event.job), event.note,
        ]
        for event in events
    ]  # fmt: skip
    head = ["On", "Move", "From", "To", "By", "Reason"]
    table = Table(head, rows, widths=(3, 2, 2, 2, 2, 4), empty="The case is a draft.")
    return Section("History of moves", tables=[table])


def versions(reading: Reading) -> Section:
    """The versions of the case and the dossiers that were made before."""
    case = reading.case
    facts = [
        ("Version of the case", str(case.version)),
        ("Last change", moment(case.updated_at)),
        ("Changes on record", str(case.history.count())),
    ]
    made = case.dossiers.exclude(file=None).select_related("made_by").order_by("number")
    rows = [
        [str(one.number), moment(one.created_at), one.made_by.name, str(one.case_version), one.hash]
        for one in made.annotate(hash=F("file__sha256"))
    ]
    head = ["Dossier", "On", "By", "Version of the case", "SHA-256"]
    table = Table(head, rows, "Earlier dossiers", (1, 2, 2, 2, 5))
    return Section("Versions", facts, tables=[table])
