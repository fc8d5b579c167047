"""House rules: typed defaults in the apps, overrides as versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from secondsource.core.models import PolicyVersion

P = TypeVar("P")
_read: ContextVar[Callable[[], dict[str, PolicyVersion]] | None] = ContextVar("read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Read all active versions with the first one that is asked for, and no more within.

    For a request that only reads: a page asks for the same few versions many times.
    """
    token = _read.set(cache(_active_rows))
    try:
        yield
    finally:
        _read.reset(token)


def active(policy: type[P]) -> tuple[P, int]:
    """The active version of a policy dataclass and its number; 0 = the shipped defaults.

    The class has a ``policy_name``. Values that a version does not set keep the default; unknown
    values are ignored.
    """
    name: str = policy.policy_name  # type: ignore[attr-defined]
    row = _active_row(name)
    return (policy(), 0) if row is None else (with_values(policy, row.values), row.number)


def _active_row(name: str) -> PolicyVersion | None:
    if read := _read.get():
        return read().get(name)
    return PolicyVersion.objects.filter(name=name, state=PolicyVersion.State.ACTIVE).first()


def _active_rows() -> dict[str, PolicyVersion]:
    active = PolicyVersion.objects.filter(state=PolicyVersion.State.ACTIVE)
    return {row.name: row for row in active}


@cache
def version(policy: type[P], number: int) -> P:
    """A version by its number as in :func:`active`; 0 = the shipped defaults.

    It is cached, because active versions never change (a trigger prevents it).
    Raises ``PolicyVersion.DoesNotExist``.
    """
    name: str = policy.policy_name  # type: ignore[attr-defined]
    if number == 0:
        return policy()
    activated = PolicyVersion.objects.exclude(state=PolicyVersion.State.DRAFT)
    return with_values(policy, activated.get(name=name, number=number).values)


def with_values(policy: type[P], given: dict[str, Any]) -> P:
    """The policy with these stored values and the shipped defaults of the others."""
    known = {f.name: f for f in fields(policy)}  # type: ignore[arg-type]
    return policy(**{k: _typed(known[k].default, v) for k, v in given.items() if k in known})


def _typed(default: Any, value: Any) -> Any:
    return (
        type(default)(str(value))
        if default is not None and not isinstance(value, type(default))
        else value
    )
