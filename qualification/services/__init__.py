"""Services that write qualification cases; ``workflow.CASE_FLOW`` changes their state."""

from qualification.services.business_case import (
    change_business_case,
    change_planned_cost,
    company_currency,
    correct_cost,
    log_cost,
    plan_cost,
    remove_planned_cost,
    signed_version,
)
from qualification.services.cases import change_case, give_interim, latest_interim_day, open_case
from qualification.services.expiry import expire_approvals
from qualification.services.gates import judge_hold_point, sign
from qualification.services.items import (
    add_evidence,
    add_item,
    change_item,
    remove_evidence,
    set_item,
    set_value,
)
from qualification.services.scope import change_scope
from qualification.services.team import change_lead, name_sponsor, set_team

__all__ = [
    "add_evidence",
    "add_item",
    "change_business_case",
    "change_case",
    "change_item",
    "change_lead",
    "change_planned_cost",
    "change_scope",
    "company_currency",
    "correct_cost",
    "expire_approvals",
    "give_interim",
    "judge_hold_point",
    "latest_interim_day",
    "log_cost",
    "name_sponsor",
    "open_case",
    "plan_cost",
    "remove_evidence",
    "remove_planned_cost",
    "set_item",
    "set_team",
    "set_value",
    "sign",
    "signed_version",
]
