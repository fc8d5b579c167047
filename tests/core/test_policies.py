"""Versions of house rules: the active one, one by its number, and that they stand."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from parts.house_rules import CompanyPolicy
from secondsource.core import policies
from secondsource.core.models import PolicyVersion

pytestmark = pytest.mark.django_db
ACTIVE, DRAFT, RETIRED = (PolicyVersion.State[n] for n in ("ACTIVE", "DRAFT", "RETIRED"))


def _version(number: int, state: str = ACTIVE, **values: object) -> PolicyVersion:
    given = {"currency": "USD"} | values
    return PolicyVersion.objects.create(name="company", number=number, values=given, state=state)


def test_the_shipped_defaults_are_version_0() -> None:
    assert policies.active(CompanyPolicy) == (CompanyPolicy(), 0)
    assert policies.version(CompanyPolicy, 0) == CompanyPolicy()


def test_a_version_by_its_number_whatever_is_active_now() -> None:
    _version(1, RETIRED, currency="CHF")
    _version(2)
    assert policies.active(CompanyPolicy)[0].currency == "USD"
    assert policies.version(CompanyPolicy, 1).currency == "CHF"


def test_a_version_is_read_once() -> None:
    _version(1)
    first = policies.version(CompanyPolicy, 1)
    with CaptureQueriesContext(connection) as asked:
        assert policies.version(CompanyPolicy, 1) is first
    assert len(asked) == 0


def test_a_draft_is_no_version_yet() -> None:
    _version(1, DRAFT)
    with pytest.raises(PolicyVersion.DoesNotExist):
        policies.version(CompanyPolicy, 1)
    PolicyVersion.objects.update(values={"currency": "JPY"}, state=ACTIVE)
    assert policies.version(CompanyPolicy, 1).currency == "JPY"


def test_what_a_policy_does_not_know_is_ignored() -> None:
    _version(1, unheard_of=3)
    assert policies.version(CompanyPolicy, 1).currency == "USD"


@pytest.mark.parametrize(
    "change", [{"values": {}}, {"number": 9}, {"name": "other"}, {"state": DRAFT}]
)
@pytest.mark.parametrize("state", [ACTIVE, RETIRED])
def test_what_was_once_active_is_not_changed(state: str, change: dict[str, object]) -> None:
    _version(1, state)
    with pytest.raises(ProgrammingError, match="was active"), transaction.atomic():
        PolicyVersion.objects.update(**change)
    kept = PolicyVersion.objects.get()
    assert (kept.name, kept.number, kept.values) == ("company", 1, {"currency": "USD"})
    assert kept.state == state


def test_what_was_once_active_is_not_removed() -> None:
    _version(1)
    with pytest.raises(ProgrammingError, match="was active"), transaction.atomic():
        PolicyVersion.objects.all().delete()
    assert PolicyVersion.objects.count() == 1


def test_an_active_version_is_retired_and_a_draft_removed() -> None:
    _version(1)
    _version(2, DRAFT)
    PolicyVersion.objects.filter(number=1).update(state=RETIRED, note="replaced")
    PolicyVersion.objects.filter(number=2).delete()
    assert list(PolicyVersion.objects.values_list("number", "state")) == [(1, "retired")]
