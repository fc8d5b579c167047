"""Repeated POSTs: the first answer to an ``Idempotency-Key`` is given again for 24 hours.

The key's row and the work are one transaction. A retry that comes meanwhile waits at the row's
unique index until the first one ended: committed, it gives the stored answer; rolled back (a
crash, a dead connection), it does the work itself. So neither a double nor a lost effect.
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
#: Answers that say nothing about the work: another try may get another one.
_NOT_KEPT = (401, 403, 429)


def answer_once(
    request: Request,
    key: str,
    work: Callable[[], Response],
    refuse: Callable[[Exception], Response],
) -> Response:
    """Do ``work`` for a key that is new, give the stored answer for one that is known.

    ``refuse`` turns an exception of the work into its answer, or raises what nobody foresaw.
    Raises ``QueryRefused`` for a malformed key, ``RuleRefused`` for one used with another body.
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
    """Our own new row (status None), or the committed one of the first request."""
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
            "This Idempotency-Key came with another request.",
            "Use a new key for a new request.",
        )
    body = json.loads(bytes(row.body)) if row.body else None
    headers = {name: value for name, value in row.headers.items() if name != "Content-Type"}
    response = Response(body, status=row.status, headers=headers | {"Idempotency-Replayed": "true"})
    response.content_type = row.headers.get("Content-Type")
    return response


def _keep(row: IdempotencyKey, response: Response) -> None:
    """Store the answer; ``response.shown_once`` names secrets, which no second answer holds."""
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
    """A hash of method, address, body and what the caller may see.

    A form's boundary and the order of names do not count. Roles and a token's scopes do: an answer
    may hold fields that another token of the same person must not show.
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
