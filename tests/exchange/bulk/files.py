"""Bulk files on their way through the services, as pages and the API call them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from secondsource.core.actors import Actor
from secondsource.exchange import services
from secondsource.exchange.models import Import
from tests.exchange.imports import do


def send(
    text: str | bytes, kind: str, actor: Actor, name: str = "file.csv", **options: Any
) -> Import:
    """Upload and read."""
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, data)
    return services.upload(file=file, kind=kind, actor=actor, **options)


def take(
    text: str | bytes, kind: str, actor: Actor, *, partial: bool = False, **options: Any
) -> Import:
    """Upload, confirm, and do the job in this process."""
    imported = send(text, kind, actor, **options)
    assert imported.problem is None, imported.problem
    services.confirm(imported=imported, actor=actor, partial=partial)
    return do(imported)


def problems(imported: Import) -> list[tuple[int, str, str]]:
    """(row, role, code) of the first bad rows."""
    return [(one["row"], one["role"], one["code"]) for one in imported.errors]


def roles(imported: Import) -> dict[str, str]:
    """Header → role, of the columns that are read."""
    columns = imported.mapping["columns"]
    return {one["header"]: one["role"] for one in columns if one["role"] != "ignore"}
