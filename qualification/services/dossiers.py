"""Services for dossiers: one is asked for, a job makes it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Max

from qualification.dossier import pdf
from qualification.dossier.model import Reading
from qualification.dossier.read import SECTIONS, head, sections, seen_groups
from qualification.models import Case, Dossier
from qualification.services.work import locked_case
from secondsource.core import attachments, audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.core.models import Job
from secondsource.core.records import create

JOB = "qualification.dossier"
_WAITING = (Job.State.QUEUED, Job.State.RUNNING)


@transaction.atomic
def start_dossier(*, case: Case, actor: Actor) -> Dossier:
    """Queue the dossier of a case as this actor may read it.

    One that waits already for the same person and rights is enough.
    """
    case = locked_case(case)
    actor.require("qualification.make_dossier", case)
    if actor.user is None:
        raise PermissionRefused("Only a person makes a dossier.")
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    waiting = case.dossiers.filter(made_by=actor.user, job__state__in=_WAITING)
    for one in waiting:
        if one.scopes == scopes:
            return one
    number = (case.dossiers.aggregate(last=Max("number"))["last"] or 0) + 1
    label = f"Dossier {number} of {case.key}"
    made = create(
        Dossier(
            case=case, number=number, made_by=actor.user, scopes=scopes,
            groups=seen_groups(actor, case),
            job=jobs.start(JOB, actor=actor, payload={}, label=label),
        ),
        actor,
        duplicate="This dossier is being made.",
    )  # fmt: skip
    audit.record("qualification.dossier.started", case, actor, note=label)
    return made


@jobs.runs(JOB)
def run_dossier(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`start_dossier`: the case and the rights as they are now.

    The case stays locked, so that all sections are of the version that the dossier names.
    """
    made = Dossier.objects.select_related("made_by", "case").get(job=progress.job)
    actor = actor_of(made)
    locked_case(made.case)
    case = _readable(made.case_id, actor)
    reading, total = Reading(case, actor), len(SECTIONS) + 2
    found: list[dict[str, Any]] = []
    for section in sections(reading):
        found.append(section)
        progress.report(len(found), total)
    document = pdf.typeset({"head": head(reading, made.number), "sections": found})
    progress.report(total - 1, total)
    name = f"{case.key}-dossier-{made.number}.pdf"
    upload = SimpleUploadedFile(name, document.content, content_type="application/pdf")
    made.file = attachments.attach(subject=made, upload=upload, actor=actor)
    made.pages, made.case_version = document.pages, case.version
    made.groups = seen_groups(actor, case)
    audit.save_as(made, actor, name)
    note = f"{name}, SHA-256 {made.file.sha256}"
    audit.record("qualification.dossier.made", case, actor, note=note)
    return {"dossier": str(made.public_id), "pages": made.pages}


def actor_of(made: Dossier) -> Actor:
    """Who asked, limited to the scopes of their token."""
    scopes = None if made.scopes is None else frozenset(made.scopes)
    return Actor(user=made.made_by, origin="job", scopes=scopes)


def _readable(case_id: int, actor: Actor) -> Case:
    """The case, if the person may still read it. Raises ``RuleRefused``."""
    seen = Case.objects.visible_to(actor.user).with_list_columns().filter(pk=case_id)
    case: Case | None = seen.first()
    if case is None or not actor.may("qualification.make_dossier", case):
        raise RuleRefused.one("not_readable", "You may not read this case any more.")
    return case
