"""Services for files on rows of a case's work, besides those on steps."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from qualification import work_files
from qualification.services.work import case_for_work, work_changed
from secondsource.core import attachments, audit
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.models import Attachment


@transaction.atomic
def add_work_file(
    *, kind: work_files.RowKind, row: Any, upload: UploadedFile, actor: Actor
) -> Attachment:
    """Attach a file to a row of the case's work; it is hashed and never changed.

    It voids the signatures of the row's gate.
    """
    gate = kind.gate_of(row)
    case = case_for_work(row.case, gate, actor)
    attachment = attachments.attach(subject=row, upload=upload, actor=actor)
    audit.record(
        "qualification.evidence.added", case, actor, note=attachment.name,
        data={"gate": gate, "sha256": attachment.sha256},
    )  # fmt: skip
    work_changed(case, gate, actor, f"the file “{attachment.name}” was added")
    return attachment


@transaction.atomic
def remove_work_file(
    *, kind: work_files.RowKind, row: Any, attachment: Attachment, actor: Actor, reason: str
) -> None:
    """Remove a file from a row. Refused if the gate is signed or passed."""
    gate = kind.gate_of(row)
    case = case_for_work(row.case, gate, actor)
    if case.sign_offs.filter(gate=gate, voided_at=None).exists():
        raise RuleRefused.one(
            "signed",
            "The gate is signed on this evidence.",
            "Change the work first; that voids the signatures.",
        )
    attachments.remove(attachment=attachment, actor=actor, reason=reason)
    audit.record("qualification.evidence.removed", case, actor, note=f"{attachment.name}: {reason}")
    work_changed(case, gate, actor, f"the file “{attachment.name}” was removed")
