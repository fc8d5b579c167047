"""Payouts: what was paid of a pool and what came back, line by line; rows are only added."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incentives.models.pools import CURRENCY, Allocation, BonusPool
from incentives.pool_querysets import PayoutQuerySet
from secondsource.core.models import Record, words_known


@words_known
class PayoutBatch(Record):
    """Lines of one pool that are paid, or taken back, together; they sum to ``total``."""

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        CLAWBACK = "clawback"

    pool = models.ForeignKey(BonusPool, models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=8, choices=Kind)
    total = models.DecimalField(max_digits=18, decimal_places=3)
    currency = models.CharField(max_length=3)
    base = models.DecimalField(max_digits=18, decimal_places=3)
    rate = models.DecimalField(max_digits=5, decimal_places=4)
    day = models.DateField()
    note = models.CharField(max_length=300, blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="payment", total__gt=0) | Q(kind="clawback", total__lt=0),
                name="payout_batch_sign",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=CURRENCY), name="payout_batch_has_currency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.pool.case.key}"


class Payout(Record):
    """A person's line of a batch.

    ``amount`` is what the pool pays (a clawback: negative), ``netted`` the part of it that settles
    earlier clawbacks, and ``payroll`` what the payroll pays out, never below zero.
    """

    batch = models.ForeignKey(PayoutBatch, models.PROTECT, related_name="payouts")
    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="payouts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payouts")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    netted = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    payroll = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    objects = PayoutQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "allocation"], name="payout_line_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, netted__gte=0, payroll=F("amount") - F("netted"))
                | Q(amount__lt=0, netted=0, payroll=0),
                name="payout_line_adds_up",
            ),
            models.CheckConstraint(condition=Q(payroll__gte=0), name="payout_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.batch.currency} to {self.person_id}"

    @property
    def currency(self) -> str:
        """The currency of the batch."""
        return self.batch.currency

    @property
    def base(self) -> Decimal:
        """What the pool rested on when the batch was made."""
        return self.batch.base
