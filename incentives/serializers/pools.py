"""Serializers of pools, shares and payouts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incentives.models import Allocation, BonusPool, Contribution, PayoutBatch
from parts.serializers import people
from qualification.serializers import CaseKeyField, cases
from secondsource.accounts.rights import Function
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape

MOST_PEOPLE = 200


class AllocationRow(Shape):
    """A share of a pool, as the pool lists it."""

    id = fields.PublicId()
    person = fields.Text(source="person.email")
    name = fields.Text(source="person.name")
    function = fields.Word(choices=Function.choices)
    share = fields.DecimalText(places=4, read_only=True)
    amount = fields.Money("amount", places=None, read_only=True)
    state = fields.Word(choices=Allocation.State.choices)


class PoolShape(RecordShape):
    """A pool: the formula, the shares that the caller sees, and what was paid.

    ``base`` × ``rate`` is ``pool``, with the cap and the floor of the policy; ``base`` is
    ``validated`` less the four amounts below it. Only moves change its ``state``.
    """

    case = fields.Key()
    number = fields.Whole()
    period = fields.Text()
    state = fields.Word(choices=BonusPool.State.choices)
    rate = fields.DecimalText(places=4, read_only=True)
    policy_version = fields.Whole()
    window_from = fields.Day(source="window_start", allow_null=True)
    window_before = fields.Day(source="window_end", allow_null=True)
    validated = fields.Money("validated", places=None, read_only=True)
    rebate_lost = fields.Money("rebate_lost", places=None, read_only=True)
    project_cost = fields.Money("project_cost", places=None, read_only=True)
    earlier_pools = fields.Money("earlier", places=None, read_only=True)
    taken_back = fields.Money("taken_back", places=None, read_only=True)
    base = fields.Money("base", places=None, read_only=True)
    pool = fields.Money("amount", places=None, read_only=True)
    carried_forward = fields.Money("carried_forward", places=None, read_only=True)
    held = fields.Money("held", places=None, read_only=True)
    paid = fields.Money("paid", places=None, read_only=True)
    clawed_back = fields.Money("clawed_back", places=None, read_only=True)
    released_for_finance = fields.Text(source="finance_by.email", allow_null=True)
    released_for_finance_at = fields.Moment(source="finance_at", allow_null=True)
    released_by = fields.Text(source="executive_by.email", allow_null=True)
    released_at = fields.Moment(source="executive_at", allow_null=True)
    allocations = serializers.SerializerMethodField()

    @extend_schema_field(AllocationRow(many=True))
    def get_allocations(self, pool: BonusPool) -> list[dict[str, Any]]:
        """The shares that the queryset of the caller prefetched."""
        shape = AllocationRow.for_reader({**self.context, "only": None})
        return [shape.to_representation(one) for one in pool.seen]  # type: ignore[attr-defined]


class PoolInput(Input):
    """A pool of a case that is introduced; without a rate that of the policy."""

    case = CaseKeyField(cases, "number")
    rate = fields.DecimalText(low=0, high=1, places=4, required=False)


class PoolChanges(Input):
    """The rate of a pool that is not released."""

    rate = fields.DecimalText(low=0, high=1, places=4)


class ShareInput(Input):
    """The share of a person, a fraction."""

    person = fields.Key(people, "email")
    share = fields.DecimalText(low=0, high=1, places=4)


class SharesInput(Input):
    """The shares of everybody in the pool; they sum to 1."""

    shares = ShareInput(many=True, max_length=MOST_PEOPLE)
    reason = fields.Text(max_length=300)
    expected = fields.Whole(required=False, allow_null=True, default=None, min_value=1)


class ActShape(Shape):
    """An act behind a share with its points."""

    kind = fields.Word(choices=Contribution.Kind.choices)
    what = fields.Text()
    day = fields.Day()
    quantity = fields.DecimalText(places=2, read_only=True)
    points = fields.DecimalText(places=2, read_only=True)
    page = fields.Text(source="url")


class ContributionShape(RecordShape):
    """A person's share of a pool with the acts that it comes from; moves change its ``state``."""

    case = fields.Key(source="pool.case")
    pool = fields.PublicId(source="pool.public_id")
    person = fields.Text(source="person.email")
    function = fields.Word(choices=Function.choices)
    points = fields.DecimalText(places=2, read_only=True)
    proposed_share = fields.DecimalText(places=4, read_only=True)
    share = fields.DecimalText(places=4, read_only=True)
    amount = fields.Money("amount", places=None, read_only=True)
    paid = fields.Money("paid", places=None, read_only=True)
    state = fields.Word(choices=Allocation.State.choices)
    reason = fields.Text(source="note")
    decided_by = fields.Text(source="decided_by.email", allow_null=True)
    acts = ActShape(many=True, source="contributions.all")


class PayoutShape(RecordShape):
    """A line of a payment or a clawback; lines are only added."""

    case = fields.Key(source="batch.pool.case")
    pool = fields.PublicId(source="batch.pool.public_id")
    batch = fields.PublicId(source="batch.public_id")
    kind = fields.Word(source="batch.kind", choices=PayoutBatch.Kind.choices)
    day = fields.Day(source="batch.day")
    person = fields.Text(source="person.email")
    base = fields.Money("base", places=None, read_only=True)
    rate = fields.DecimalText(source="batch.rate", places=4, read_only=True)
    share = fields.DecimalText(places=4, read_only=True)
    amount = fields.Money("amount", places=None, read_only=True)
    netted = fields.Money("netted", places=None, read_only=True)
    payroll = fields.Money("payroll", places=None, read_only=True)
