"""Stored files: removal of files without rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.fields.files import FieldFile

from secondsource.core import clock

#: A newer file can belong to an open transaction.
_YOUNGEST = dt.timedelta(hours=24)
_AT_ONCE = 1_000


@contextmanager
def removed_on_failure(file: FieldFile) -> Iterator[None]:
    """Remove a file that was saved for a row if the row is not stored."""
    try:
        yield
    except BaseException:
        file.delete(save=False)
        raise


def sweep() -> int:
    """Remove files older than a day without a row. Returns their number."""
    oldest, removed = clock.now() - _YOUNGEST, 0
    names = _names("")
    while batch := list(islice(names, _AT_ONCE)):
        for name in sorted(set(batch) - _named(batch)):
            if default_storage.get_modified_time(name) < oldest:
                default_storage.delete(name)
                removed += 1
    return removed


def _names(folder: str) -> Iterator[str]:
    if folder and not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for inner in folders:
        yield from _names(f"{folder}/{inner}".lstrip("/"))


def _named(names: Iterable[str]) -> set[str]:
    """The names that are in a file field of a table."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.filter(**{f"{field.name}__in": names})
                found |= set(rows.values_list(field.name, flat=True))
    return found
