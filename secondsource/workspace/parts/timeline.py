"""The history of a part in words: its fields, its sources and its cases, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q

from parts.models import Part
from qualification.consequences import in_words
from qualification.models import Case
from qualification.models.cases import State
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import formats
from secondsource.core.actors import Actor
from secondsource.core.api.history import describe
from secondsource.core.api.row_history import with_rows
from secondsource.core.models import Event, Record
from suppliers.models import Source

#: How much of the past one page shows.
MOST = 200


@dataclass(frozen=True)
class Entry:
    """One line of ``components/timeline.html``."""

    at: dt.datetime
    who: str
    what: str
    why: str = ""
    icon: str = "circle-dot"
    tone: str = ""
    url: str = ""


def of_part(part: Part, actor: Actor) -> list[Entry]:
    """The newest ``MOST`` lines; hidden fields are absent for those who may not see them."""
    entries = [*_field_changes(part, actor), *_events(part, actor)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]


def _field_changes(part: Part, actor: Actor) -> list[Entry]:
    rows = list(part.history.order_by("-history_id")[:MOST])
    return _entries(part, describe(part, rows, actor), "part")


def of_record(record: Record, actor: Actor, noun: str) -> list[Entry]:
    """The newest ``MOST`` changes of a record's fields and of the rows that belong to it."""
    rows = list(record.history.order_by("-history_id")[:MOST])
    return _entries(record, with_rows(record, rows, describe(record, rows, actor), actor), noun)


def _entries(record: Record, told: list[dict[str, Any]], noun: str) -> list[Entry]:
    return [
        Entry(
            at=dt.datetime.fromisoformat(one["at"]),
            who=one["by"]["name"] if one["by"] else "A job",
            what=_changes_in_words(record, one["changes"])
            if one["changes"] and one["kind"] != "created"
            else f"added this {noun}",
            why=one["reason"],
            icon="plus" if one["kind"] == "created" else "pencil",
        )
        for one in told
        if one["changes"] or one["kind"] == "created"
    ]


def _changes_in_words(record: Record, changes: list[dict[str, Any]]) -> str:
    return f"changed {', '.join(_change_in_words(record, one) for one in changes)}"


def _change_in_words(record: Record, change: dict[str, Any]) -> str:
    name, sides = change["field"], [change["from"], change["to"]]
    if all(isinstance(side, list) for side in sides) and record._meta.get_field(name).auto_created:
        went, came = (_rows_in_words(side) for side in sides)
        said = [f"added {came}"] if came else []
        said += [f"removed {went}"] if went else []
        return f"{name.replace('_', ' ')} ({'; '.join(said)})"
    old, new = (_shown(record, name, side) for side in sides)
    return f"{_label(record, name)} from {old} to {new}"


def _rows_in_words(rows: list[Any]) -> str:
    """Rows that belong to a record by what names them, else how many there are."""
    names = [row.get("text") or row.get("name") for row in rows if isinstance(row, dict)]
    if rows and not all(names):
        return str(len(rows))
    return ", ".join(str(name) for name in names or rows)


_LABELS = {"stock_qty": "on hand", "stock_as_of": "day of the stock", "open_order_qty": "on order"}


def _label(record: Record, name: str) -> str:
    field: Any = record._meta.get_field(name)
    return _LABELS.get(name) or str(field.verbose_name)


def _shown(record: Record, name: str, value: Any) -> str:
    if formats.is_missing(value):
        return "nothing"
    field: Any = record._meta.get_field(name)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(field, models.DecimalField):
        return formats.number(value)
    if isinstance(field, models.DateField):
        return formats.day(_day(value))
    choices = dict(field.flatchoices or [])
    return str(choices.get(value, value))


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


def _events(part: Part, actor: Actor) -> list[Entry]:
    sources = {s.pk: s for s in Source.objects.filter(part=part).with_manufacturers()}
    cases = {c.pk: c for c in Case.objects.visible_to(actor.user).filter(part=part)}
    about = (
        Q(subject_type="parts.part", subject_id=part.pk)
        | Q(subject_type="suppliers.source", subject_id__in=list(sources))
        | Q(subject_type="qualification.case", subject_id__in=list(cases))
    )
    told = Event.objects.filter(about).exclude(action__in=_SEEN_AS_FIELDS)
    # A status that stayed as it was says nothing.
    told = told.exclude(action="suppliers.source.status", data__from=F("data__to"))
    events = list(told.order_by("-id")[:MOST])
    people = _names(event.actor_id for event in events)
    return [_entry(event, people, sources) for event in events]


#: These stand in the field history already.
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
    """An action's code as a sentence's end."""
    data, action = event.data, event.action
    if action == "suppliers.source.status":
        old, new = (Source.Status(data[side]).label.lower() for side in ("from", "to"))
        return f"set {subject} from {old} to {new}"
    if action == "suppliers.receipts.recorded":
        return f"recorded a receipt of {formats.number(data.get('quantity'))} of {subject}"
    if action == "qualification.case.signed":
        function = Function(data["function"]).label
        return f"signed {subject}, {in_words(data['gate'])} for {function}"
    plain = _SAYINGS.get(action)
    if plain:
        return plain.format(subject=subject, lines=data.get("lines", ""))
    if action.startswith("qualification.case.") and "from" in data and "to" in data:
        return f"moved {subject} from {in_words(data['from'])} to {in_words(data['to'])}"
    return f"{_word(action.rpartition('.')[2])} {subject}"


_SAYINGS = {
    "suppliers.source.added": "added {subject} as a candidate",
    "suppliers.source.changed": "changed the terms of {subject}",
    "parts.part.requirements": "set the requirements, {lines} lines",
    "parts.part.file_added": "attached a file",
    "parts.part.file_removed": "removed a file",
    "qualification.case.opened": "opened {subject}",
    "qualification.case.staffed": "set the team of {subject}",
    "qualification.case.changed": "changed {subject}",
    "qualification.case.planned": "changed the plan of {subject}",
    "qualification.case.interim_given": "gave {subject} an interim approval",
    "qualification.case.handed_over": "handed the lead of {subject} over",
    "qualification.holdpoint.judged": "judged a hold point of {subject}",
    "qualification.item.added": "added a step to {subject}",
    "qualification.item.done": "ticked a step of {subject}",
    "qualification.item.opened": "opened a step of {subject} again",
    "qualification.evidence.added": "added evidence to {subject}",
    "qualification.evidence.removed": "removed evidence from {subject}",
}


def _word(code: str) -> str:
    return str(code).replace("_", " ")


def _names(ids: Any) -> dict[Any, str]:
    found = User.objects.in_bulk({one for one in ids if one is not None})
    return {pk: person.name or person.email for pk, person in found.items()}
