"""The history of a part in words: its fields, its sources and its cases, newest first."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from parts.models import Part
from qualification.consequences import in_words
from qualification.models import Case
from qualification.models.cases import State
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import formats
from secondsource.core.actors import Actor
from secondsource.core.models import Event
from secondsource.core.templatetags.ui import count
from secondsource.core.views.history import MOST, Entry, changes_of
from suppliers.models import Source


def of_part(part: Part, actor: Actor) -> list[Entry]:
    """The newest ``MOST`` lines; hidden fields are absent for those who may not see them."""
    entries = [*changes_of(part, actor, "part", rows=False), *_events(part, actor)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]


def _events(part: Part, actor: Actor) -> list[Entry]:
    sources = {s.pk: s for s in Source.objects.filter(part=part).with_manufacturers()}
    cases = {c.pk: c for c in Case.objects.visible_to(actor.user).filter(part=part)}
    about = (
        Q(subject_type="parts.part", subject_id=part.pk)
        | Q(subject_type="suppliers.source", subject_id__in=list(sources))
        | Q(subject_type="qualification.case", subject_id__in=list(cases))
    )
    told = Event.objects.filter(about).exclude(action__in=_SEEN_AS_FIELDS)
    # A status that did not change is left out.
    told = told.exclude(action="suppliers.source.status", data__from=F("data__to"))
    events = list(told.order_by("-id")[:MOST])
    people = _names(event.actor_id for event in events)
    return [_entry(event, people, sources) for event in events]


#: The field history has these already.
_SEEN_AS_FIELDS = ("parts.part.changed", "parts.part.added")


def _entry(event: Event, people: dict[Any, str], sources: dict[int, Source]) -> Entry:
    who = people.get(event.actor_id) or event.job.replace("_", " ") or "A job"
    subject = event.subject_key
    if event.subject_type == "suppliers.source" and event.subject_id in sources:
        subject = sources[event.subject_id].manufacturer_part.mpn
    icon, tone = _LOOKS.get(event.action, ("circle-dot", ""))
    return Entry(event.at, who, in_a_sentence(event, subject), _why(event), icon, tone)


def _why(event: Event) -> str:
    """The note; the state of a case that it ends with, in words."""
    first, _, last = event.note.rpartition(" ")
    if event.action == "suppliers.source.status" and last in State.values:
        return f"{first}, {in_words(last)}"
    return event.note


_LOOKS = {
    "suppliers.source.added": ("plus", ""),
    "suppliers.source.status": ("route", "info"),
    "suppliers.receipts.recorded": ("truck", ""),
    "parts.part.requirements": ("clipboard-check", ""),
    "parts.part.file_added": ("paperclip", ""),
    "parts.part.file_removed": ("trash-2", ""),
    "qualification.case.opened": ("play", "info"),
    "qualification.case.signed": ("stamp", "good"),
    "qualification.case.pass": ("check", "good"),
    "qualification.item.done": ("check", ""),
    "qualification.evidence.added": ("paperclip", ""),
    "qualification.case.roll_back": ("undo-2", "bad"),
    "qualification.case.reject": ("ban", "bad"),
}


def in_a_sentence(event: Event, subject: str) -> str:
    """The end of a sentence for an event: ``opened SSQ-0001``."""
    data, action = event.data, event.action
    if action == "suppliers.source.status":
        old, new = (Source.Status(data[side]).label.lower() for side in ("from", "to"))
        return f"set {subject} from {old} to {new}"
    if action == "suppliers.receipts.recorded":
        return f"recorded a receipt of {formats.number(data.get('quantity'))} of {subject}"
    if action == "qualification.case.signed":
        function = Function(data["function"]).label
        return f"signed {subject}, {in_words(data['gate'])} for {function}"
    if action == "parts.part.requirements":
        return f"set the requirements, {count(data.get('lines') or 0, 'line')}"
    plain = _SAYINGS.get(action)
    if plain:
        return plain.format(subject=subject)
    if action.startswith("qualification.case.") and "from" in data and "to" in data:
        return f"moved {subject} from {in_words(data['from'])} to {in_words(data['to'])}"
    _, thing, verb = action.rsplit(".", 2)
    if thing in _WORK:
        return f"worked on {_WORK[thing]} of {subject}"
    return f"{_word(verb)} {subject}"


#: Work of a case, which its own page tells by row.
_WORK = {
    "business_case": "the business case", "planned_cost": "the business case",
    "cost": "the cost", "item": "the steps", "fmea": "the FMEA", "pilot_plan": "the pilot plan",
    "pilot_build": "the pilot results", "pilot_results": "the pilot results",
    "pilot_reliability": "the reliability tests", "measurements": "the measurements",
    "tests": "the component tests", "test": "the component tests", "sample": "the samples",
    "lot": "the inspections", "ppap": "the PPAP", "risk": "the accepted risks",
    "customer": "the customers' approvals", "file": "the regulatory files",
    "dossier": "the dossier", "trigger": "the rollback triggers", "rollback": "the rollback",
    "work": "the work", "introduction": "the introduction",
}  # fmt: skip
_SAYINGS = {
    "suppliers.source.added": "added {subject} as a candidate",
    "suppliers.source.changed": "changed the terms of {subject}",
    "suppliers.source.scope": "set the products of {subject}",
    "suppliers.approval.reviewed": "reviewed the approval of {subject}",
    "suppliers.receipts.corrected": "corrected a receipt of {subject}",
    "parts.part.file_added": "attached a file",
    "parts.part.file_removed": "removed a file",
    "qualification.case.opened": "opened {subject}",
    "qualification.case.scoped": "set the scope of {subject}",
    "qualification.case.taught": "wrote a lesson of {subject}",
    "qualification.case.lesson_changed": "changed a lesson of {subject}",
    "qualification.case.work_handed_over": "handed over work of {subject}",
    "qualification.case.staffed": "set the team of {subject}",
    "qualification.case.sponsored": "named the sponsor of {subject}",
    "qualification.case.signatures_voided": "voided signatures of {subject}",
    "qualification.case.changed": "changed {subject}",
    "qualification.case.planned": "changed the plan of {subject}",
    "qualification.case.interim_given": "gave {subject} an interim approval",
    "qualification.case.handed_over": "handed the lead of {subject} over",
    "qualification.holdpoint.judged": "judged a hold point of {subject}",
    "qualification.holdpoint.outdated": "changed the figures behind a hold point of {subject}",
    "qualification.lot.built": "built in a lot of {subject}",
    "qualification.lot.withdrawn": "withdrew a lot of {subject}",
    "qualification.deviation.decided": "decided on a difference in {subject}",
    "qualification.deviation.confirmed": "confirmed a decision in {subject}",
    "qualification.clearance.added": "recorded a search for {subject}",
    "qualification.clearance.changed": "changed a search for {subject}",
    "qualification.item.added": "added a step to {subject}",
    "qualification.item.done": "completed a step of {subject}",
    "qualification.item.opened": "opened a step of {subject} again",
    "qualification.evidence.added": "added evidence to {subject}",
    "qualification.evidence.removed": "removed evidence from {subject}",
    "incentives.baseline.frozen": "froze the baseline of {subject}",
    "incentives.baseline.entered": "entered the baseline of {subject}",
    "incentives.saving.entered": "entered a saving of {subject}",
    "incentives.saving.withdrawn": "withdrew a saving of {subject}",
    "incentives.saving.validated": "validated savings of {subject}",
    "incentives.saving.reversed": "reversed savings of {subject}",
}


def _word(code: str) -> str:
    return str(code).replace("_", " ")


def _names(ids: Any) -> dict[Any, str]:
    found = User.objects.in_bulk({one for one in ids if one is not None})
    return {pk: person.name or person.email for pk, person in found.items()}
