"""House rules that no standard gives: typed defaults in the apps, overrides as versions."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from secondsource.core.models import PolicyVersion

P = TypeVar("P")


def active(policy: type[P]) -> tuple[P, int]:
    """The active version of a policy dataclass and its number; 0 = the shipped defaults.

    The class names itself by ``policy_name``; values that a version does not set keep the
    default, values that the class does not know are ignored.
    """
    name: str = policy.policy_name  # type: ignore[attr-defined]
    row = PolicyVersion.objects.filter(name=name, state=PolicyVersion.State.ACTIVE).first()
    if row is None:
        return policy(), 0
    known = {f.name: f for f in fields(policy)}  # type: ignore[arg-type]
    values: dict[str, Any] = {
        k: _typed(known[k].default, v) for k, v in row.values.items() if k in known
    }
    return policy(**values), row.number


def _typed(default: Any, value: Any) -> Any:
    return (
        type(default)(str(value))
        if default is not None and not isinstance(value, type(default))
        else value
    )
