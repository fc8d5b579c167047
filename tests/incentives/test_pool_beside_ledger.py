"""A pool that is proposed while its savings are taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

from incentives import services as ledger
from incentives.models import BonusPool
from tests.incentives.pooling import Pooled
from tests.threads import held_open, in_thread


def test_a_pool_rests_on_what_was_taken_back_meanwhile(transactional_db: None) -> None:
    case = Pooled()
    line = case.save("100000.00")

    def take_back() -> None:
        ledger.reverse_lines(lines=[line], reason="wrong receipts", actor=case.finance)

    with ThreadPoolExecutor(1) as other:
        with held_open(take_back):
            proposed = other.submit(in_thread, case.propose)
            wait([proposed], timeout=3)  # time enough to read what is not committed yet
        proposed.result()
    assert (BonusPool.objects.get().base, BonusPool.objects.get().amount) == (0, 0)
