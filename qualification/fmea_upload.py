"""An uploaded table of an FMEA: read in a process of its own, compared, carried to its writing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from qualification import fmea_sheet
from qualification.fmea_files import Change, Differences, NotThisTable, compare
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.core.errors import ValuesRefused
from secondsource.core.tabular import Limits, TabularError, read

_MB = 1024 * 1024
LIMITS = Limits(bytes=5 * _MB, unpacked_bytes=50 * _MB, rows=5_000, cells=200_000, seconds=20)
_SALT = "qualification.fmea.import"
#: So long a comparison can be written.
_SECONDS = 24 * 3600


def differences(case: Case, upload: UploadedFile) -> Differences:
    """What an uploaded table would change. Raises ``ValuesRefused`` by ``/file``."""
    if (upload.size or 0) > LIMITS.bytes:
        raise _refuse("too_large", "A table has at most 5 MB.")
    try:
        book = read(upload.read(), upload.name or "fmea.xlsx", LIMITS)
    except TabularError as error:
        raise _refuse(error.code, str(error)) from None
    seen = fmea_sheet.shape(case)
    people = {user.email: user for user in User.objects.filter(is_active=True)}
    for sheet in book.sheets:
        try:
            found = compare(sheet.rows, fmea_sheet.rows_of(case), people)
        except NotThisTable:
            continue
        found.seen = seen
        return found
    raise _refuse(
        "no_head", "No sheet has the columns Failure mode, S, O and D. Export the FMEA to see them."
    )


def _refuse(code: str, detail: str) -> ValuesRefused:
    return ValuesRefused.one("/file", code, detail)


def sealed(case: Case, found: Differences, name: str) -> str:
    """The changes as signed text, for a form."""
    changes = [_plain(one) for one in found.changes]
    content = {"case": case.pk, "name": name, "seen": found.seen, "changes": changes}
    return signing.dumps(content, salt=_SALT, compress=True)


def opened(case: Case, text: str) -> tuple[Differences, str]:
    """Differences from signed text, and the file's name. Raises ``ValuesRefused`` by ``/file``."""
    try:
        content = signing.loads(text, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        content = {}
    if content.get("case") != case.pk:
        raise _refuse("outdated", "This preview cannot be used any more. Choose the file again.")
    found = [_change(one) for one in content["changes"]]
    owners = [one.values["owner"] for one in found if one.values.get("owner")]
    people = User.objects.in_bulk(owners)
    for one in found:
        if one.values.get("owner"):
            one.values["owner"] = people.get(one.values["owner"])
    return Differences(changes=found, seen=content.get("seen", [])), content["name"]


def _plain(one: Change) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in one.values.items():
        day = value.isoformat() if isinstance(value, dt.date) else value
        values[name] = value.pk if isinstance(value, User) else day
    plain = {name: getattr(one, name) for name in one.__dataclass_fields__}
    return plain | {"values": values}


def _change(one: dict[str, Any]) -> Change:
    values = one["values"]
    if values.get("due_date"):
        values["due_date"] = dt.date.fromisoformat(values["due_date"])
    return Change(**{**one, "cells": [tuple(cell) for cell in one["cells"]]})
