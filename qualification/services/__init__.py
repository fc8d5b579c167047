"""Services that write qualification cases; ``workflow.CASE_FLOW`` changes their state."""

from qualification.services.breaches import clear_breach, report_breach, watch
from qualification.services.business_case import (
    add_cost_evidence,
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
from qualification.services.clearance import add_clearance, change_clearance
from qualification.services.component_tests import (
    add_test,
    propose_tests,
    record_result,
    remove_test,
    waive_test,
)
from qualification.services.customers import (
    add_customer_approval,
    add_regulatory_file,
    change_customer_approval,
    change_regulatory_file,
    withdraw_customer_approval,
    withdraw_regulatory_file,
)
from qualification.services.dossiers import start_dossier
from qualification.services.expiry import expire_approvals, refresh_dated_work
from qualification.services.fmea import (
    accept_row,
    add_row,
    add_starters,
    change_row,
    duplicate_row,
    remove_row,
    reopen_fmea,
    review_fmea,
)
from qualification.services.fmea_actions import (
    add_action,
    add_action_evidence,
    change_action,
    remove_action,
)
from qualification.services.fmea_import import import_fmea
from qualification.services.gates import sign
from qualification.services.hand_over import hand_over
from qualification.services.hold_points import judge_hold_point, refresh_hold_points
from qualification.services.inspections import (
    change_sample,
    decide_lot,
    receive_sample,
    record_inspection,
    remove_sample,
    void_inspection,
)
from qualification.services.introductions import (
    BuiltLot,
    plan_introduction,
    record_built,
    withdraw_built,
)
from qualification.services.items import (
    add_evidence,
    add_item,
    change_item,
    remove_evidence,
    set_item,
    set_value,
)
from qualification.services.lessons import change_lesson, propose_step, write_lesson
from qualification.services.ppap import (
    Judgement,
    decide_warrant,
    set_ppap_elements,
    set_ppap_level,
)
from qualification.services.risks import (
    change_risk,
    record_risk,
    sign_risk,
    state_no_risk,
    withdraw_risk,
)
from qualification.services.rollback_plan import (
    add_step,
    add_trigger,
    change_step,
    change_trigger,
    record_rehearsal,
    remove_step,
    remove_trigger,
)
from qualification.services.rollbacks import finish_rollback
from qualification.services.scope import change_scope
from qualification.services.sops import (
    add_sop_item,
    change_sop_item,
    draft_sop,
    remove_sop_item,
)
from qualification.services.spec_review import ChosenLine, confirm, decide
from qualification.services.team import change_lead, name_sponsor, pass_function_on, set_team
from qualification.services.work_files import add_work_file, remove_work_file

__all__ = [
    "BuiltLot",
    "ChosenLine",
    "Judgement",
    "accept_row",
    "add_action",
    "add_action_evidence",
    "add_clearance",
    "add_cost_evidence",
    "add_customer_approval",
    "add_evidence",
    "add_item",
    "add_regulatory_file",
    "add_row",
    "add_sop_item",
    "add_starters",
    "add_step",
    "add_test",
    "add_trigger",
    "add_work_file",
    "change_action",
    "change_business_case",
    "change_case",
    "change_clearance",
    "change_customer_approval",
    "change_item",
    "change_lead",
    "change_lesson",
    "change_planned_cost",
    "change_regulatory_file",
    "change_risk",
    "change_row",
    "change_sample",
    "change_scope",
    "change_sop_item",
    "change_step",
    "change_trigger",
    "clear_breach",
    "company_currency",
    "confirm",
    "correct_cost",
    "decide",
    "decide_lot",
    "decide_warrant",
    "draft_sop",
    "duplicate_row",
    "expire_approvals",
    "finish_rollback",
    "give_interim",
    "hand_over",
    "import_fmea",
    "judge_hold_point",
    "latest_interim_day",
    "log_cost",
    "name_sponsor",
    "open_case",
    "pass_function_on",
    "plan_cost",
    "plan_introduction",
    "propose_step",
    "propose_tests",
    "receive_sample",
    "record_built",
    "record_inspection",
    "record_rehearsal",
    "record_result",
    "record_risk",
    "refresh_dated_work",
    "refresh_hold_points",
    "remove_action",
    "remove_evidence",
    "remove_planned_cost",
    "remove_row",
    "remove_sample",
    "remove_sop_item",
    "remove_step",
    "remove_test",
    "remove_trigger",
    "remove_work_file",
    "reopen_fmea",
    "report_breach",
    "review_fmea",
    "set_item",
    "set_ppap_elements",
    "set_ppap_level",
    "set_team",
    "set_value",
    "sign",
    "sign_risk",
    "signed_version",
    "start_dossier",
    "state_no_risk",
    "void_inspection",
    "waive_test",
    "watch",
    "withdraw_built",
    "withdraw_customer_approval",
    "withdraw_regulatory_file",
    "withdraw_risk",
    "write_lesson",
]
