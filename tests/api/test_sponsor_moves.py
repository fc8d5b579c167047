"""Who may move a case is the workflow's to say, not the endpoint's."""

from __future__ import annotations

from typing import Any

import pytest

from qualification.models import Case
from tests import factories

pytestmark = pytest.mark.django_db


def reject(caller: Any, case: Case) -> Any:
    return caller.post(f"/cases/{case.key}/moves/", {"name": "reject", "note": "no budget"})


def test_the_sponsor_rejects_over_the_api(api: Any) -> None:
    team = factories.Team()
    team.go_to("business_case")
    sponsor = api("executive")
    Case.objects.filter(pk=team.case.pk).update(sponsor=sponsor.user)
    assert reject(sponsor, team.case).status_code == 200
    assert team.reload().state == "rejected"


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("finance", 403), ("admin", 403)])
def test_others_are_refused(api: Any, role: str, status: int) -> None:
    team = factories.Team()
    team.go_to("business_case")
    assert reject(api(role), team.case).status_code == status
    assert team.reload().state == "business_case"
