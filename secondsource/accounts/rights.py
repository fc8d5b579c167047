"""Roles and the rights of each role.

Every check is ``user.has_perm(name, obj)``; the names here are those permissions. Apps add
conditions on the object (a case's team, four eyes) in their ``rules.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices


class Role(TextChoices):
    """The roles that a person can have, one or several."""

    ENGINEER = "engineer"
    QUALITY = "quality"
    PROCUREMENT = "procurement"
    FINANCE = "finance"
    EXECUTIVE = "executive"
    VIEWER = "viewer"
    INTEGRATION = "integration"
    ADMIN = "admin"


def roles_in_words(roles: Iterable[str]) -> str:
    """A person's roles, the most senior first: ``Executive, Engineer``."""
    held = set(roles)
    return ", ".join(role.label for role in _SENIORITY if role in held) or "No role"


_SENIORITY = (
    Role.EXECUTIVE, Role.FINANCE, Role.PROCUREMENT, Role.QUALITY, Role.ENGINEER, Role.ADMIN,
    Role.VIEWER, Role.INTEGRATION,
)  # fmt: skip


class Function(TextChoices):
    """What a person is responsible for in a case's team; sign-offs are by function."""

    ENGINEERING = "engineering"
    QUALITY = "quality"
    MANUFACTURING = "manufacturing"
    TEST = "test"
    PROCUREMENT = "procurement"
    FINANCE = "finance"
    SPONSOR = "sponsor"


E, Q, P, F, X, V, I, A = Role  # noqa: E741

EVERYONE = frozenset(Role)
#: Roles that read parts, sources, suppliers, cases and dashboards.
READERS = EVERYONE
CASE_WORKERS = frozenset({E, Q, P, I})

#: function → roles that permit it; a person needs one of them.
HOLDERS: dict[Function, frozenset[Role]] = {
    Function.ENGINEERING: frozenset({E, Q}),
    Function.QUALITY: frozenset({Q}),
    Function.MANUFACTURING: frozenset({E, Q}),
    Function.TEST: frozenset({E, Q}),
    Function.PROCUREMENT: frozenset({P}),
    Function.FINANCE: frozenset({F}),
    Function.SPONSOR: frozenset({X}),
}


def holders_in_words(function: str) -> str:
    """The roles that may hold a function: ``engineer or quality``."""
    return " or ".join(sorted(HOLDERS[Function(function)]))


#: permission name → roles that hold it
RIGHTS: dict[str, frozenset[Role]] = {
    "workspace.view_dashboard": READERS,
    "workspace.view_my_work": frozenset({E, Q, P, F, X}),
    "parts.view_part": READERS,
    "parts.view_product": READERS,
    "parts.view_category": READERS,
    "parts.write_part": frozenset({E, I}),
    "parts.discuss_part": EVERYONE - {V, A},
    "parts.write_product": frozenset({E, I}),
    "parts.view_exchangerate": EVERYONE,
    "parts.write_exchangerate": frozenset({F, I, A}),
    "exchange.view_import": frozenset({E, Q, P, F, X, I, A}),
    "exchange.import_bom": frozenset({E, I}),
    # At least one kind of data; each kind requires a right of its own.
    "exchange.import_data": CASE_WORKERS | {F, A},
    "suppliers.view_supplier": READERS,
    "suppliers.write_supplier": frozenset({Q, P, I}),
    "suppliers.assess_supplier": frozenset({Q}),
    "suppliers.merge_supplier": frozenset({Q, P}),
    "suppliers.view_manufacturerpart": READERS,
    "suppliers.write_manufacturerpart": frozenset({E, Q, P, I}),
    # A person reads the datasheet; a program may attach it.
    "suppliers.decide_datasheetline": frozenset({E}),
    "suppliers.view_source": READERS,
    "suppliers.write_source": frozenset({E, Q, P, I}),
    "suppliers.view_takeover": READERS,
    "suppliers.propose_takeover": frozenset({E, Q, P, I}),
    "suppliers.confirm_takeover": frozenset({Q}),
    "suppliers.approve_takeover": frozenset({E, P}),
    "suppliers.refuse_takeover": frozenset({E, Q, P}),
    "suppliers.review_approval": frozenset({Q}),
    "suppliers.view_offer": frozenset({P, F, X, I}),
    "suppliers.write_offer": frozenset({P, I}),
    "suppliers.view_rfq": frozenset({E, Q, P, F, X, I}),
    "suppliers.write_rfq": frozenset({P, I}),
    "suppliers.view_quote": frozenset({P, F, X, I}),
    "suppliers.view_priceagreement": frozenset({P, F, X, I}),
    "suppliers.write_priceagreement": frozenset({P, I}),
    "suppliers.view_orderline": READERS,
    "suppliers.write_orderline": frozenset({P, I}),
    "suppliers.view_receipt": READERS,
    "suppliers.write_receipt": frozenset({P, I}),
    "suppliers.view_check": READERS,
    "qualification.view_case": READERS,
    "qualification.write_case": CASE_WORKERS,
    "qualification.hand_over": frozenset({E, Q, P, F, X}),
    "qualification.view_startsmall": frozenset({E, Q, P, F, X, I}),
    "qualification.view_lesson": READERS,
    "qualification.write_lesson": CASE_WORKERS,
    "qualification.view_sop": READERS,
    "qualification.write_sop": CASE_WORKERS,
    "qualification.activate_sop": frozenset({Q}),
    "incentives.view_saving": frozenset({E, Q, P, F, X, I}),
    "incentives.write_saving": frozenset({P, I}),
    "incentives.write_budgetrate": frozenset({F}),
    "incentives.write_index": frozenset({F, I}),
    "incentives.view_kpi": frozenset({E, Q, P, F, X, I}),
    "incentives.write_target": frozenset({F, X}),
    # In their own shares and pools; finance and executives in all.
    "incentives.view_pool": frozenset({E, Q, P, F, X}),
    "incentives.view_all_pools": frozenset({F, X}),
    "incentives.write_pool": frozenset({F, X}),
    "incentives.judge_dispute": frozenset({F, X}),
    "incentives.release_as_finance": frozenset({F}),
    "incentives.release_as_executive": frozenset({X}),
    "incentives.release_payment": frozenset({F}),
    "incentives.view_recognition": EVERYONE,
    "incentives.view_negotiation": frozenset({E, Q, P, F, X, I}),
    "incentives.write_negotiation": frozenset({P, I}),
    "incentives.award_negotiation": frozenset({P}),
    "incentives.view_split": frozenset({E, Q, P, F, X, I}),
    "incentives.propose_split": CASE_WORKERS,
    "accounts.view_plant": READERS,
    "accounts.view_person": EVERYONE,
    "accounts.manage_people": frozenset({A}),
    "accounts.manage_jobs": frozenset({A}),
    "accounts.view_policy": READERS,
    "accounts.draft_risk_policy": frozenset({Q, X, I}),
    "accounts.draft_money_policy": frozenset({F, X, I}),
    "accounts.activate_risk_policy": frozenset({Q, X}),
    "accounts.activate_money_policy": frozenset({F, X}),
    "accounts.view_audit": frozenset({A, Q}),
    "accounts.issue_own_token": EVERYONE,
}

#: group of hidden fields → roles that see it; ``integration`` also needs the token scope.
HIDDEN_FIELDS: dict[str, frozenset[Role]] = {
    "prices": frozenset({P, F, X, I}),
    "relative_prices": frozenset({E, Q, P, F, X}),
    "margins": frozenset({F, X, I}),
    "exposure": frozenset({E, Q, P, F, X, I}),
}
