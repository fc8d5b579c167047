"""Files on objects: checked by content and size, stored by hash, never served inline."""

from __future__ import annotations

import hashlib
import re

from django.core.files.uploadedfile import UploadedFile
from django.db import models

from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Attachment

MAX_BYTES = 50 * 1024 * 1024
_CHUNK = 1024 * 1024

#: Beginning of the bytes → (content type, allowed endings).
_MAGIC: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", ("pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"PK\x03\x04", "application/zip", ("zip", "xlsx", "xlsm", "docx", "pptx", "ods", "odt")),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage", ("xls", "doc", "msg", "ppt")),
    (b"ISO-10303-21;", "model/step", ("step", "stp")),
)
_TEXT_ENDINGS = ("csv", "tsv", "txt", "log", "json", "xml", "md")
#: The allowed endings for a file input, and the same in words.
ACCEPT = ",".join(f".{one}" for one in (*(e for _, _, es in _MAGIC for e in es), *_TEXT_ENDINGS))
TYPES = "PDF, PNG, JPEG, CSV, text, office files, STEP and ZIP"


def sniff(head: bytes, name: str) -> str:
    """The content type by the bytes. Raises ``ValuesRefused`` if the ending does not fit."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    for magic, content_type, endings in _MAGIC:
        if head.startswith(magic):
            if ending not in endings:
                raise _refuse("wrong_type", f"The content is {endings[0].upper()}, not .{ending}.")
            return content_type
    if ending not in _TEXT_ENDINGS or b"\x00" in head:
        raise _refuse("type_not_allowed", f"Allowed are {TYPES}.")
    return "text/plain"


def safe_name(name: str) -> str:
    """The file's own name without path and control characters, at most 200 characters."""
    base = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", base).strip()[-200:] or "file"


def attach(*, subject: models.Model, upload: UploadedFile, actor: Actor) -> Attachment:
    """Store a file on an object. Raises ``ValuesRefused`` by ``/file``."""
    if actor.user is None:
        raise PermissionRefused("Only a person attaches a file.")
    if not upload.size:
        raise _refuse("empty", "The file is empty.")
    if upload.size > MAX_BYTES:
        raise _refuse("too_large", "A file has at most 50 MB.")
    name = safe_name(upload.name or "file")
    upload.seek(0)
    content_type = sniff(upload.read(4096), name)
    digest = _digest(upload)
    attachment = Attachment(
        subject_type=audit.label(subject), subject_id=subject.pk, name=name, size=upload.size,
        sha256=digest, content_type=content_type, uploaded_by=actor.user,
    )  # fmt: skip
    _store(attachment, upload)
    return audit.save_as(attachment, actor, name)


def _digest(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in iter(lambda: upload.read(_CHUNK), b""):
        digest.update(chunk)
    return digest.hexdigest()


def _store(attachment: Attachment, upload: UploadedFile) -> None:
    """Store the bytes under their hash, so that equal files are stored once."""
    field = attachment.file
    path = field.field.generate_filename(attachment, attachment.name)
    there = field.storage.exists(path)
    if there and not Attachment.objects.filter(file=path).exists():
        field.storage.delete(path)  # left by a failed request; the cleanup could remove it
        there = False
    if not there:
        upload.seek(0)
        path = field.storage.save(path, upload)
    attachment.file.name = path


def remove(*, attachment: Attachment, actor: Actor, reason: str) -> None:
    """Mark a file as removed; its bytes and its row stay."""
    attachment.removed_at = clock.now()
    attachment.removed_reason = reason.strip()[:300]
    audit.save_as(attachment, actor, reason)


def of(subject: models.Model) -> models.QuerySet[Attachment]:
    """The files of an object, oldest first."""
    return (
        Attachment.objects.filter(
            subject_type=audit.label(subject), subject_id=subject.pk, removed_at=None
        )
        .select_related("uploaded_by")
        .order_by("id")
    )


def _refuse(code: str, detail: str) -> ValuesRefused:
    return ValuesRefused.one("/file", code, detail)
