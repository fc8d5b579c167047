"""Which of a token's scopes an act needs: sign-offs, approvals and judgements need ``approve``."""

from __future__ import annotations

import pytest

from secondsource.core.actors import scope_of


@pytest.mark.parametrize(
    ("permission", "scope"),
    [
        ("qualification.view_case", "read"),
        ("qualification.write_case", "write"),
        ("qualification.lead_case", "write"),
        ("qualification.sign_case", "approve"),
        ("qualification.pass_case", "approve"),
        ("qualification.close_case", "approve"),
        ("qualification.reject_case", "approve"),
        ("qualification.reopen_case", "approve"),
        ("qualification.rollback_case", "approve"),
        ("qualification.judge_holdpoint", "approve"),
        ("accounts.manage_people", "admin"),
    ],
)
def test_the_scope_of_a_permission(permission: str, scope: str) -> None:
    assert scope_of(permission) == scope
