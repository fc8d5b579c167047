"""A pool with a paid share, for tests that need a row of each table."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from incentives.models import Allocation, BonusPool, Payout, PayoutBatch
from qualification.models import Case
from secondsource.core import clock
from tests import factories

if TYPE_CHECKING:
    from secondsource.accounts.models import User


@transaction.atomic
def pool_rows(case: Case, person: User) -> dict[str, str]:
    """A row of each table of pools: step of its address → its id. The person has the one share."""
    today = clock.business_day()
    pool = BonusPool.objects.create(
        case=case, number=1, proposed_on=today, rate=Decimal("0.07"), currency="USD",
        state="in_agreement", base=Decimal(1000), amount=Decimal(70),
        finance_by=factories.person("finance"), executive_by=factories.person("executive"),
    )  # fmt: skip
    share = Allocation.objects.create(
        pool=pool, person=person, function="engineering", share=1, amount=Decimal(70)
    )
    batch = PayoutBatch.objects.create(
        pool=pool, kind="payment", total=Decimal(70), currency="USD", base=pool.base,
        rate=pool.rate, day=today,
    )  # fmt: skip
    payout = Payout.objects.create(
        batch=batch, allocation=share, person=person, share=1, amount=Decimal(70),
        payroll=Decimal(70),
    )  # fmt: skip
    return {
        "bonus-pools": pool.key, "contributions": share.key, "payouts": payout.key,
        "pool": pool.key, "share": share.key,
    }  # fmt: skip
