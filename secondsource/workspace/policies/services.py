"""Services that draft, activate and discard versions of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction

from incentives.models import BonusPool, ClosedMonth
from parts.house_rules import CompanyPolicy
from secondsource.core import audit, clock, outbox, policies, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    FieldProblem,
    Reason,
    RuleRefused,
    Stale,
    ValuesRefused,
)
from secondsource.core.models import PolicyVersion
from secondsource.workspace.policies.registry import POLICIES, Policy, PolicyValue

State = PolicyVersion.State
#: Figures that rest on a policy are computed again after its activation, by job.
TOPIC = "policy_figures"
_LONGEST = 120


def read_values(policy: Policy, given: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a version, typed as the defaults are: the given ones over those in force.

    Raises ``ValuesRefused`` with every problem at its value.
    """
    known = {value.name: value for value in policy.values}
    problems = [
        FieldProblem(f"/values/{name}", "unknown_field", "This policy has no such value.")
        for name in given
        if name not in known
    ]
    values = asdict(policies.active(policy.rule)[0])
    for name, value in known.items():
        if name in given:
            try:
                values[name] = _typed(value, given[name])
            except ValueError as error:
                problems.append(FieldProblem(f"/values/{name}", "invalid", str(error)))
    problems = problems or list(policy.problems(policy.rule(**values)))
    if problems:
        raise ValuesRefused(problems)
    return values


def _typed(value: PolicyValue, given: Any) -> Any:
    """The value by the type of its default. Raises ``ValueError`` with a sentence."""
    kind = type(value.default)
    if kind is bool:
        if not isinstance(given, bool):
            raise ValueError("Write true or false.")
        return given
    if kind is str:
        if not isinstance(given, str) or not 1 <= len(given.strip()) <= _LONGEST:
            raise ValueError(f"Write a text of 1 to {_LONGEST} letters.")
        return given.strip()
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal | str):
        raise ValueError("Write a number.")
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation:
        raise ValueError("Write a number with a point, such as 0.05.") from None
    low, high = value.bounds or (-1e15, 1e15)
    if not number.is_finite() or not Decimal(str(low)) <= number <= Decimal(str(high)):
        raise ValueError(f"Write a number from {low:g} to {high:g}.")
    if kind is int and number != number.to_integral_value():
        raise ValueError("Write a whole number.")
    return kind(number)


def changes_of(policy: Policy, version: PolicyVersion) -> list[dict[str, Any]]:
    """The values by which a version differs from those in force: label, unit, now, after."""
    now = asdict(policies.active(policy.rule)[0])
    after = asdict(policies.with_values(policy.rule, version.values))
    return [
        {"name": v.name, "label": v.label, "unit": v.unit, "now": now[v.name],
         "after": after[v.name]}
        for v in policy.values
        if now[v.name] != after[v.name]
    ]  # fmt: skip


@transaction.atomic
def draft_version(
    *, policy: Policy, values: Mapping[str, Any], note: str, actor: Actor
) -> PolicyVersion:
    """A new draft; it has no effect before a second person activates it.

    Raises ``ValuesRefused``, ``RuleRefused`` where nothing differs, ``PermissionRefused``,
    ``Duplicate`` when somebody drafts at the same moment.
    """
    actor.require(policy.draft_right)
    note = note.strip()
    if not note:
        raise ValuesRefused.one("/note", "required", "Say why.")
    chosen = read_values(policy, values)
    if chosen == asdict(policies.active(policy.rule)[0]):
        reason = "Nothing differs from the values in force."
        raise RuleRefused([Reason("no_change", reason, "Change a value.")])
    last = PolicyVersion.objects.filter(name=policy.name).order_by("-number").first()
    version = PolicyVersion(
        name=policy.name, number=last.number + 1 if last else 1, values=_as_json(chosen),
        note=note, drafted_by=actor.user,
    )  # fmt: skip
    traces.attribute(actor, "drafted")
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise Duplicate("Somebody drafted a version a moment ago. Try again.") from None
    audit.record("core.policyversion.drafted", version, actor, note=note)
    return version


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: f"{v:f}" if isinstance(v, Decimal) else v for k, v in values.items()}


def hindrances(policy: Policy, version: PolicyVersion, actor: Actor) -> list[Reason]:
    """Reasons other than a missing right why this actor cannot activate the version."""
    if version.state != State.DRAFT:
        return [Reason("wrong_state", f"Version {version.number} is {version.state}.")]
    if actor.user_id is not None and version.drafted_by_id == actor.user_id:
        detail = "You drafted it, so a second person activates it."
        return [Reason("same_person", detail, f"Ask {who_activates(policy)}.")]
    return _settled(policy, version)


def _settled(policy: Policy, version: PolicyVersion) -> list[Reason]:
    """Closed months and pools stay in their currency, and two are never summed."""
    if policy.rule is not CompanyPolicy:
        return []
    now = policies.active(CompanyPolicy)[0].currency
    if policies.with_values(CompanyPolicy, version.values).currency == now:
        return []
    pools = BonusPool.objects.exclude(state__in=(BonusPool.State.DRAFT, BonusPool.State.CANCELLED))
    if not (ClosedMonth.objects.exists() or pools.exists()):
        return []
    detail = f"Savings of closed months and bonus pools are in {now}, and they never change."
    return [Reason("settled_currency", detail, f"Keep {now}.")]


def who_activates(policy: Policy) -> str:
    """The roles that activate a version of this policy, in words."""
    return f"{'quality' if policy.area == 'risk' else 'finance'} or an executive"


@transaction.atomic
def activate_version(
    *, version: PolicyVersion, actor: Actor, expected: int | None = None
) -> PolicyVersion:
    """Put a draft in force, retire the version before it, and let figures follow by job.

    ``expected`` is the number of the version in force that the actor saw, 0 for the defaults; only
    with it is a draft activated that is older than the version in force.
    Raises ``PermissionRefused``, ``RuleRefused``, ``Stale``, ``ValuesRefused``.
    """
    policy = POLICIES[version.name]
    actor.require(policy.activate_right)
    rows = PolicyVersion.objects.select_for_update().filter(name=policy.name).order_by("number")
    locked = {row.pk: row for row in rows}
    version = locked.get(version.pk) or _gone(version)
    in_force = next((row for row in locked.values() if row.state == State.ACTIVE), None)
    number = in_force.number if in_force else 0
    if expected is not None and expected != number:
        raise Stale(expected=expected, current=number)
    reasons = hindrances(policy, version, actor)
    if not reasons and expected is None and in_force is not None:
        reasons = _overtaken(version, in_force)
    if reasons:
        raise RuleRefused(reasons)
    read_values(policy, version.values)
    changes = changes_of(policy, version)
    traces.attribute(actor, "activated")
    if in_force is not None:
        in_force.state = State.RETIRED
        in_force.save(update_fields=["state"])
    version.state, version.activated_by, version.activated_at = (
        State.ACTIVE, actor.user, clock.now(),
    )  # fmt: skip
    version.save(update_fields=["state", "activated_by", "activated_at"])
    data = {"changes": [_as_json(change) for change in changes], "before": number}
    audit.record("core.policyversion.activated", version, actor, data=data)
    if policy.follows:
        outbox.post(TOPIC, {"follows": policy.follows}, key=f"{TOPIC}.{policy.follows}")
    return version


def _overtaken(version: PolicyVersion, in_force: PolicyVersion) -> list[Reason]:
    """A version holds all values, so that an older draft takes back what a newer one changed."""
    if in_force.activated_at is None or in_force.activated_at < version.created_at:
        return []
    detail = f"Version {in_force.number} came into force after this was drafted."
    return [
        Reason("overtaken", detail, f"Look at what it changes now, expecting {in_force.number}.")
    ]


def _gone(version: PolicyVersion) -> PolicyVersion:
    reason = f"Version {version.number} was discarded."
    raise RuleRefused([Reason("discarded", reason, "Draft another one.")])


def right_to_discard(version: PolicyVersion, actor: Actor) -> str:
    """The right that the actor needs to discard a draft: a lesser one for an own draft."""
    policy = POLICIES[version.name]
    own = actor.user_id is not None and version.drafted_by_id == actor.user_id
    return policy.draft_right if own else policy.activate_right


@transaction.atomic
def discard_version(*, version: PolicyVersion, actor: Actor) -> None:
    """Remove a draft: one's own, or as somebody who could activate it."""
    actor.require(right_to_discard(version, actor))
    found = PolicyVersion.objects.select_for_update().filter(pk=version.pk).first()
    row = found or _gone(version)
    if row.state != State.DRAFT:
        reason = f"Version {row.number} is {row.state}; only a draft is discarded."
        raise RuleRefused([Reason("wrong_state", reason)])
    audit.record("core.policyversion.discarded", row, actor, note=row.note)
    traces.attribute(actor, "discarded")
    row.delete()
