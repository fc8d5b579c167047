"""Faults of the infrastructure: database, cache, broker or disk.

They are temporary. Jobs are tried again, requests get 503 with ``Retry-After``.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
from django.db import utils
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

#: Lock not available, deadlock, serialization failure.
_CONTENTION = {"55P03", "40P01", "40001"}
#: Statement time-out; more temporary files than one session may write.
_TOO_SLOW = {"57014", "53400"}
#: Disk full, out of memory, too many connections, read-only, shutdowns.
_AWAY = {"53100", "53200", "53300", "25006", "57P01", "57P02", "57P03", "57P05"}
_CONNECTION_CLASS = "08"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_DATABASE = (utils.DatabaseError, utils.InterfaceError, psycopg2.Error)


@dataclass(frozen=True)
class Fault:
    """Why a request cannot be served now, and the seconds until another try."""

    code: str
    detail: str
    retry_after: int


BUSY = Fault("busy", "Somebody else is changing the same data. Nothing was stored; try again.", 1)
SLOW = Fault("too_slow", "This took too long and was stopped. Nothing was stored; try again.", 5)
AWAY = Fault(
    "unavailable", "A part of the system cannot be reached now. Nothing was stored; try again.", 5
)


def fault_of(error: BaseException | None) -> Fault | None:
    """The fault that caused an exception, directly or indirectly."""
    for cause in _causes(error):
        if isinstance(cause, (RedisError, BrokerError)):
            return AWAY
        if isinstance(cause, OSError) and cause.errno in _NO_ROOM:
            return AWAY
        if isinstance(cause, _DATABASE) and (found := _of_database(cause)) is not None:
            return found
    return None


def _of_database(error: BaseException) -> Fault | None:
    code = getattr(error, "pgcode", None) or getattr(error.__cause__, "pgcode", None)
    if code in _CONTENTION:
        return BUSY
    if code in _TOO_SLOW:
        return SLOW
    if code is not None:
        return AWAY if code in _AWAY or code.startswith(_CONNECTION_CLASS) else None
    # Without a code the connection failed or was lost. The driver has no class for some of these;
    # Django's own errors of the plain class, such as of a row that is gone, are none of them.
    lost = (utils.OperationalError, utils.InterfaceError, psycopg2.OperationalError)
    plain = type(error) is psycopg2.DatabaseError
    return AWAY if plain or isinstance(error, lost) else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
