"""Idempotent POSTs: the first response to an ``Idempotency-Key`` is repeated for 24 hours.

The key's row and the work are one transaction. A retry in the meantime waits at the row's unique
index for the first request. If that commits, the retry gets the stored response; if it is rolled
back, the retry does the work itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.core import clock
from secondsource.core.api.problems import QueryRefused
from secondsource.core.errors import RuleRefused
from secondsource.core.models import IdempotencyKey

KEPT_FOR = dt.timedelta(hours=24)
_KEPT_HEADERS = ("ETag", "Location")
#: Status codes that are not stored, because another try can have another result.
_NOT_KEPT = (401, 403, 429)


def answer_once(
    request: Request,
    key: str,
    work: Callable[[], Response],
    refuse: Callable[[Exception], Response],
) -> Response:
    """Do ``work`` for a new key, return the stored response for a known one.

    ``refuse`` converts an expected exception of the work to its response. Raises ``QueryRefused``
    for a malformed key, ``RuleRefused`` for a key of another request.
    """
    if not 1 <= len(key) <= 255 or not key.isprintable() or not key.isascii():
        raise QueryRefused.one(
            "Idempotency-Key", "malformed", "A key is 1 to 255 ASCII characters."
        )
    digest = fingerprint(request)
    with transaction.atomic():
        row = _claim(request.user.pk, key, digest)
        if row.status is not None:
            return _again(row, digest)
        response = _do(work, refuse)
        if response.status_code >= 500 or response.status_code in _NOT_KEPT:
            transaction.set_rollback(True)
            return response
        _keep(row, response)
        return response


def _do(work: Callable[[], Response], refuse: Callable[[Exception], Response]) -> Response:
    try:
        with transaction.atomic():
            return work()
    except Exception as error:  # noqa: BLE001 (refuse raises what nobody foresaw)
        return refuse(error)


def _claim(user_id: int, key: str, digest: str) -> IdempotencyKey:
    """The new row (status None), or the committed one of the first request."""
    now = clock.now()
    IdempotencyKey.objects.filter(user_id=user_id, key=key, created_at__lt=now - KEPT_FOR).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_idempotencykey (user_id, key, request_hash, headers, created_at)"
            " VALUES (%s, %s, %s, '{}', %s) ON CONFLICT (user_id, key) DO NOTHING",
            (user_id, key, digest, now),
        )
    return IdempotencyKey.objects.get(user_id=user_id, key=key)


def _again(row: IdempotencyKey, digest: str) -> Response:
    if row.request_hash != digest:
        raise RuleRefused.one(
            "idempotency_key_reused",
            "This Idempotency-Key belongs to another request.",
            "Use a new key for a new request.",
        )
    body = json.loads(bytes(row.body)) if row.body else None
    headers = {name: value for name, value in row.headers.items() if name != "Content-Type"}
    response = Response(body, status=row.status, headers=headers | {"Idempotency-Replayed": "true"})
    response.content_type = row.headers.get("Content-Type")
    return response


def _keep(row: IdempotencyKey, response: Response) -> None:
    """Store the response without the secrets named in ``response.shown_once``."""
    row.status, data = response.status_code, response.data
    if once := getattr(response, "shown_once", ()):
        data = {name: None if name in once else value for name, value in data.items()}
    row.body = JSONRenderer().render(data) if data is not None else None
    kept = {name: response[name] for name in _KEPT_HEADERS if response.has_header(name)}
    if response.content_type:
        kept["Content-Type"] = response.content_type
    row.headers = kept
    row.save(update_fields=["status", "body", "headers"])


def fingerprint(request: Request) -> str:
    """A hash of method, URL, body and the caller's rights.

    A form's boundary and the order of names do not matter. Roles and a token's scopes do, because
    responses can contain fields that are hidden from another token of the same person.
    """
    rights = [sorted(request.user.roles), request.auth and sorted(request.auth.scopes)]
    head = [request.method, request.get_full_path(), rights]
    digest = hashlib.sha256(json.dumps(head).encode())
    digest.update(_canonical(request.data))
    return digest.hexdigest()


def _canonical(data: Any) -> bytes:
    if isinstance(data, QueryDict):
        values = {name: [_value(item) for item in data.getlist(name)] for name in data}
        return json.dumps(values, sort_keys=True).encode()
    return json.dumps(data, sort_keys=True).encode()


def _value(item: Any) -> Any:
    if not isinstance(item, UploadedFile):
        return item
    digest = hashlib.sha256()
    for chunk in item.chunks():
        digest.update(chunk)
    item.seek(0)
    return [item.name, digest.hexdigest()]
