"""Seals go on after a restore into a cluster whose transaction numbers begin low again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from secondsource.core import audit_numbers, audit_seals
from secondsource.core.models import AuditSeal, Event
from tests import factories
from tests.workers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_owner")]
HIGH = 5_000_000_000


def number_from(offset: int) -> None:
    for table in audit_numbers.offsets():
        audit_numbers.set_offset(table, offset)


@pytest.fixture
def old_cluster(as_owner: None) -> Iterator[None]:
    """Rows and seals of a cluster that has seen many transactions."""
    number_from(HIGH)
    factories.part()
    seal_everything()
    yield
    number_from(0)


def seal_everything() -> None:
    """Seal until nothing is left: a transaction of another test process holds it up."""
    wait_until(lambda: audit_seals.seal_all() >= 0 and sealed_events() == Event.objects.count())


def sealed_events() -> int:
    return sum(AuditSeal.objects.filter(table="core_event").values_list("rows", flat=True))


def test_numbers_stay_as_they_are_without_a_restore(old_cluster: None) -> None:
    audit_numbers.keep_rising()
    assert set(audit_numbers.offsets().values()) == {HIGH}


def test_seals_go_on_after_a_restore(old_cluster: None) -> None:
    number_from(0)  # as the new cluster counts
    audit_numbers.keep_rising()
    (offset,) = set(audit_numbers.offsets().values())
    assert offset > HIGH
    factories.part()
    seal_everything()
    assert audit_seals.verify() == []


def test_without_it_rows_would_fall_into_what_is_sealed(old_cluster: None) -> None:
    before = audit_seals.verify()
    number_from(0)
    factories.part()
    audit_seals.seal_all()
    assert (before, sealed_events() < Event.objects.count()) == ([], True)


def test_a_table_made_later_counts_as_the_others_do(old_cluster: None) -> None:
    audit_numbers.set_offset("core_event", 0)
    audit_numbers.keep_rising()
    assert set(audit_numbers.offsets().values()) == {HIGH}
