"""Every address declares a permission and answers every role as the tables below say."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.accounts.rights import Role
from tests.security.world import World, routes

STRANGER = ""
ROLES = (STRANGER, *Role.values)
LETTERS = dict(zip(ROLES, "-EQPFXVIA", strict=True))

#: Pages that are functions, or the sign-in library's own.
WITHOUT_PERMISSION = {
    "health-live", "health-ready", "account_login", "account_logout", "account_inactive",
    "account_signup", "account_reauthenticate", "account_change_password", "account_set_password",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}  # fmt: skip

#: An integration writes by its token alone, so it stands at no page that writes.
ALL, READERS, WORKERS = "EQPFXVIA", "EQPFXVIA", "EQP"
WITHOUT_I = "EQPFXVA"
#: Name of the address → who is answered 200; of the others strangers are sent to the sign-in
#: (the API: 401) and everybody else is refused (403), unless the next table says otherwise.
MAY_READ = {
    "health-live": "-" + ALL, "schema": "-" + ALL, "docs": "-" + ALL,
    "account_login": "-", "account_signup": "-", "account_inactive": "-" + ALL,
    "account_reauthenticate": ALL, "account_change_password": ALL, "account_set_password": "",
    "account_reset_password": "-" + ALL, "account_reset_password_done": "-" + ALL,
    "account_reset_password_from_key": "-" + ALL,
    "account_reset_password_from_key_done": "-" + ALL,
    "health-ready": "", "home": "", "theme": "", "saved_view": "", "nothing-here": "",
    "my_work": "EQPFX", "my_work_count": "EQPFX", "my_share": "EQPFX", "bell_mark": ALL,
    "notification_list": ALL, "notification_settings": ALL, "watch_list": ALL,
    "notifications_read": "", "notification_open": "", "watch_end": "",
    "jump": ALL, "keys": ALL, "time_zone": ALL, "help": ALL, "dashboard": READERS,
    "part_list": READERS, "part_create": "E", "part_bulk": "", "part_detail": READERS,
    "part_edit": "E", "part_where_used": READERS, "part_cases": READERS, "part_files": READERS,
    "part_attach": WORKERS, "part_file": READERS, "part_file_remove": WORKERS,
    "part_history": READERS,
    "part_comment": "EQPFX", "part_watch": "", "requirements_edit": "E",
    "source_create": WORKERS, "source_edit": WORKERS, "parameters_edit": WORKERS,
    "receipt_list": READERS, "receipt_choose": "P", "receipt_create": "P", "receipt_correct": "P",
    **dict.fromkeys(
        ("negotiation_list", "negotiation_detail", "part_split", "split_list", "split_detail",
         "negotiation-list", "negotiation-detail", "negotiation-history", "negotiation-leverage",
         "negotiation_brief",
         "negotiation-round-list", "negotiation-round-detail", "negotiation-round-history",
         "split-list", "split-detail", "split-history"),
        "EQPFX",
    ),
    **dict.fromkeys(
        ("negotiation_create", "negotiation_edit", "negotiation_round_create",
         "negotiation_round", "negotiation_award", "negotiation_abandon", "negotiation_quotes",
         "negotiation-quotes", "split_accept", "split_decline"),
        "P",
    ),
    "negotiation-award": "", "negotiation-abandon": "", "split-accept": "", "split-decline": "",
    "split-withdraw": "", "split_withdraw": "",
    "split-bought": "", "split-calculate": "",
    "offer_list": "PFX", "offer_detail": "PFX", "part_offers": "PFX", "offer_create": "P",
    "offer_edit": "P",
    "rfq_list": "EQPFXI", "rfq_detail": "EQPFXI", "rfq_matrix": "EQPFXI", "quote_detail": "PFX",
    "agreement_list": "PFX", "agreement_detail": "PFX", "rfq_move": "P", "quote_by_link": "",
    "quote_by_link_sheet": "", "rfq_withdraw": "", "quote_link": "", "quote_link_revoke": "",
    **dict.fromkeys(
        (
            "rfq_create", "rfq_edit", "rfq_lines", "rfq_line_cost", "rfq_suppliers", "rfq_reopen",
            "quote_create", "quote_sheet", "quote_upload", "rfq_award", "agreement_create",
            "agreement_edit",
        ),
        "P",
    ),
    "rfq-list": "EQPFXI", "rfq-detail": "EQPFXI", "rfq-history": "EQPFXI", "rfq-moves": "EQPFXI",
    "rfq-matrix": "EQPFXI", "rfq-link": "", "rfq-revoke-link": "", "rfq-sheet": "",
    "quote-list": "PFX", "quote-detail": "PFX", "quote-history": "PFX",
    "price-agreement-list": "PFX", "price-agreement-detail": "PFX",
    "price-agreement-history": "PFX",
    "order_list": READERS, "order_choose": "P", "order_create": "P", "order_edit": "P",
    "order_cancel": "P",
    "receipt-correct": "", "order-line-cancel": "",
    "hand_over": "EQPFX", "effort_log": "", "effort_undo": "", "my-work-held": "EQPFX",
    "task_snooze": "", "my-work-snooze": "",
    "my-work-hand-over": "", "case-effort": "PFX",
    "start_small": "EQPFXI", "start-small": "EQPFXI", "case_open_at_once": "",
    "product_design_in": READERS,
    "product_list": READERS, "product_create": "E", "product_detail": READERS,
    "product_edit": "E", "bom_compare": READERS,
    "supplier_list": READERS, "supplier_create": "QP", "supplier_detail": READERS,
    "supplier_edit": "QP", "site_create": "QP", "supplier_history": READERS,
    "supplier_assess": "Q", "supplier_merge": "QP", "site_edit": "QP", "site_remove": "QP",
    "case-pilot-plan-lock": "", "case-pilot-build-correct": "",
    "supplier-standing": "", "supplier-merge": "",
    "datasheets": READERS, "datasheet_file": READERS, "datasheet_attach": "",
    "datasheet_read": "", "datasheet_line_take": "", "datasheet_line_dismiss": "",
    "datasheet-line-take": "", "datasheet-line-dismiss": "",
    "manufacturer_part": READERS, "manufacturer_part_edit": WORKERS, "manufacturer_name": WORKERS,
    "category_list": READERS, "category_create": "E", "category_edit": "E",
    "exchange_rate_list": ALL, "exchange_rate_create": "FA", "exchange_rate_correct": "FA",
    "exchange-rate-list": ALL, "exchange-rate-detail": ALL, "exchange-rate-history": ALL,
    "takeover_list": READERS, "takeover_create": WORKERS, "takeover_detail": READERS,
    "takeover_edit": WORKERS, "takeover_move": "",
    "review_list": READERS, "review_keep": "", "review_withdraw": "",
    "calculator_list": ALL, "calculator_detail": ALL,
    "case_list": READERS, "case_create": WORKERS, "case_detail": READERS, "case_edit": WORKERS,
    "case_team": "Q", "case_lead": "Q", "case_sponsor": "XA", "case_interim": "",
    "case_comment": "EQPFX",
    # People outside of the team see the cost of a case if they see prices.
    "case_business_case": READERS, "case_business_case_edit": "P", "case_planned_cost": "P",
    "case_planned_cost_create": "P", "case_planned_cost_remove": "P", "case_cost_log": "PFX",
    "case_cost_create": "P", "case_cost_correct": "P", "case_cost_file": "PFX",
    "case_sign": "", "case_watch": "",
    "case_move": READERS, "case_item_create": WORKERS, "case_item": WORKERS,
    "case_item_done": "", "case_evidence": WORKERS, "case_file": READERS,
    "case_file_remove": WORKERS, "case_hold_point": "Q", "case_item_value": WORKERS,
    "case_gates": WORKERS, "lesson_list": READERS, "case_lesson_create": WORKERS,
    "case_lesson": "Q",
    "sop_list": READERS, "sop_detail": READERS, "sop_create": WORKERS, "sop_move": "",
    "sop_item_create": WORKERS, "sop_item": WORKERS, "sop_item_remove": "",
    "fmea_list": READERS, "case_fmea_import": WORKERS, "case_fmea_versions": READERS,
    "case_fmea_file": READERS, "case-fmea-accept": "", "case-fmea-duplicate": "",
    "case-fmea-review": "", "case-fmea-import-table": "", "case-fmea-reopen": "",
    "case_fmea": READERS, "case_fmea_evidence": READERS, "case_fmea_row_create": WORKERS,
    "case_fmea_starters": WORKERS, "case_fmea_row": WORKERS, "case_fmea_row_remove": WORKERS,
    "case_fmea_action": WORKERS, "case_fmea_action_create": WORKERS,
    "case_fmea_review": "", "case_fmea_accept": "", "case_fmea_reopen": WORKERS,
    "case_fmea_cell": "", "case_fmea_duplicate": "", "case_fmea_action_remove": "",
    "pilot_list": READERS, "case_measurements": READERS,
    "case_pilot": READERS, "case_pilot_plan": WORKERS, "case_pilot_lock": "Q",
    "case_pilot_result": WORKERS, "case_pilot_correct": WORKERS, "case_pilot_reliability": WORKERS,
    "case_tests": READERS, "case_tests_propose": WORKERS, "case_test_create": WORKERS,
    "case_test": WORKERS, "case_test_remove": WORKERS, "case_test_waive": "",
    "case_work_file": WORKERS,
    "case_sample_create": WORKERS, "case_sample": WORKERS, "case_sample_remove": WORKERS,
    "case_lot_inspect": WORKERS, "case_lot_decide": "Q", "case_lot_void": WORKERS,
    "case_ppap_level": WORKERS, "case_ppap_elements": WORKERS, "case_ppap_warrant": "Q",
    "case-inspection-next": "", "case-inspection-decide": "", "case-inspection-void": "",
    "case-ppap": "", "case-ppap-warrant": "", "case-component-test-propose": "",
    "case-component-test-waive": "",
    "case_declaration": WORKERS, "case_clearance_create": WORKERS, "case_clearance": WORKERS,
    "case_spec_review": READERS, "case_deviation": "", "case_deviation_confirm": "",
    "case_dossier_create": "", "case_dossier": "PFX", "case_dossier_file": "",
    "case-dossier-detail": "PFX", "case-dossier-history": "PFX", "case-dossier-file": "",
    "case_scope": WORKERS,
    "approval_list": READERS, "case_approval": READERS, "case_no_risk": "", "case_risk_sign": "",
    **dict.fromkeys(
        (
            "case_risk_create", "case_risk", "case_risk_withdraw", "case_customer_create",
            "case_customer", "case_customer_withdraw", "case_regulatory_create",
            "case_regulatory", "case_regulatory_withdraw",
        ),
        WORKERS,
    ),
    "case_rollback": READERS, "case_introduction": READERS, "built_in_list": READERS,
    "case_introduction_edit": WORKERS, "case_built": WORKERS, "case_built_withdraw": WORKERS,
    "as-built-bulk": "", "as-built-withdraw": "",
    **dict.fromkeys(
        (
            "case_rollback_stock", "case_rollback_trigger_create", "case_rollback_trigger",
            "case_rollback_trigger_remove", "case_rollback_step_create", "case_rollback_step",
            "case_rollback_step_remove", "case_rollback_rehearse", "case_rollback_breach_report",
        ),
        WORKERS,
    ),
    "case_rollback_breach_clear": "Q", "case_rollback_finish": "Q",
    "case-breach-clear": "", "case-rollback-done-finish": "",
    "case-risk-sign": "", "case-risk-withdraw": "", "case-customer-approval-withdraw": "",
    "case-regulatory-file-withdraw": "",
    # The engineer has the one share of the pool; the move of the world is one of cases.
    "incentives": "EQPFX", "pool_create": "FX", "pool_detail": "EFX", "pool_move": "",
    "pool_rate": "FX", "pool_shares": "FX", "pool_split": "", "share_detail": "EFX",
    "share_move": "", "payout_list": "EQPFX", "statement": "EQPFX", "statement_of": "FX",
    "recognition": ALL, "recognition_of": ALL,
    "bonus-pool-list": "EQPFX", "bonus-pool-detail": "EFX", "bonus-pool-history": "EFX",
    "bonus-pool-moves": "EFX", "bonus-pool-split": "", "bonus-pool-shares": "",
    "contribution-list": "EQPFX", "contribution-detail": "EFX", "contribution-history": "EFX",
    "contribution-moves": "EFX", "payout-list": "EQPFX", "payout-detail": "EFX",
    "import_list": "EQPFXIA", "import_create": "EQPFA", "import_detail": "EQPFXIA",
    "import_progress": "", "import_mapping": "", "import_companies": "",
    "import_confirm": "", "import_undo": "",
    "import_discard": "E", "import_file": "EQPFXIA", "import_template": "E",
    "import_rejected": "",
    "notification-detail": "", "notification-read": "", "watch-detail": "", "my-work": "EQPFX",
    "notification-list": ALL, "notification-choices": ALL, "watch-list": ALL,
    "job_list": ALL, "job_stop": "EA", "job-detail": "EA",
    "export_list": ALL, "export_detail": "E", "export_file": "", "export-list": ALL,
    "export-detail": "E", "export-file": "",
    "follow_up_list": "A", "follow_up_retry": "A",
    "executive": "", "check": "", "calculators": ALL, "calculator": ALL,
    # An integration reads offers by token alone.
    "offer-list": "PFX", "offer-detail": "PFX", "offer-history": "PFX",
    "import-list": "EQPFXIA", "import-detail": "EQPFXIA", "import-history": "EQPFXIA",
    "import-rejected": "EQPFXIA",
    "plant-list": ALL, "plant-detail": ALL, "plant-history": ALL,
    "product-line-list": ALL, "product-line-detail": ALL, "product-line-history": ALL,
    "team-list": ALL, "team-detail": ALL, "team-history": ALL,
    "plant_list": "A", "plant_create": "A", "plant_edit": "A",
    "product_line_list": "A", "product_line_create": "A", "product_line_edit": "A",
    "team_list": "A", "team_create": "A", "team_edit": "A",
    "person_list": "A", "person_create": "A", "person_detail": "A", "person_edit": "A",
    "person_activate": "", "person_deactivate": "", "person_link": "",
    "person-list": "A", "person-detail": "A", "person-history": "A", "person-password-link": "",
    "own_token_list": WITHOUT_I, "own_token_create": WITHOUT_I, "token_list": "A",
    "token_create": "A", "token_revoke": "", "token-list": WITHOUT_I, "token-detail": "EA",
    "policy_list": ALL, "policy_detail": ALL, "policy_draft": "FX", "policy_version": ALL,
    "policy_activate": "", "policy_discard": "", "policies": ALL, "policy": ALL,
    "policy-versions": ALL, "policy-version": ALL, "policy-version-moves": ALL,
    "import-confirm": "", "import-undo": "", "case-interim": "", "case-sponsor": "",
    "case-planned-cost-list": "PFX", "case-planned-cost-detail": "PFX",
    "case-planned-cost-history": "PFX", "case-cost-entry-list": "PFX",
    "case-cost-entry-detail": "PFX", "case-cost-entry-file": "PFX",
    "case-cost-entry-correct": "", "case-cost-entry-evidence": "",
    "case-checkpoint": "", "case-disposition-confirm": "",
    "saving_validate": "", "saving_reverse": "", "month_close": "F", "budget_rate_create": "F",
    "index_create": "F", "index_value_create": "F", "index_series_create": "F",
    "kpi_target": "FX", "case_baseline": "P", "case_avoidance": "P", "case_shortage": "P",
    "case_rebate": "P", "case_saving_withdraw": "P",
    **dict.fromkeys(
        (
            "saving_list", "index_list", "index_detail", "price-index-list", "price-index-detail",
            "price-index-history", "index-value-list", "index-value-detail", "index-value-history",
            "budget_rate_list", "kpi", "case_savings", "saving-list",
            "saving-detail", "saving-history", "case-saving-list", "case-saving-detail",
            "case-saving-history", "case-baseline-list", "case-baseline-detail",
            "case-baseline-history", "closed-month-list", "closed-month-detail",
            "budget-rate-list", "budget-rate-detail", "budget-rate-history", "kpi-target-list",
            "kpi-target-detail", "kpi-target-history", "team-kpi", "case-pool-base",
        ),
        "EQPFXI",
    ),
    **dict.fromkeys(
        (
            "saving-validate", "saving-take-back", "case-saving-avoidance",
            "case-saving-shortage", "case-saving-rebate",
        ),
        "",
    ),
}  # fmt: skip
#: Lists, objects, histories of the API and what hangs on a case, unless named above.
API_DEFAULT = READERS

#: Name → status → who gets it: redirects after reading nothing, addresses for POST alone.
OTHERWISE = {
    "negotiation-award": {405: "-" + ALL}, "negotiation-abandon": {405: "-" + ALL},
    "split-accept": {405: "-" + ALL}, "split-decline": {405: "-" + ALL},
    "split-withdraw": {405: "-" + ALL},
    "split-bought": {404: "EQPFX"}, "split-calculate": {405: "-" + ALL},
    "health-ready": {503: "-" + ALL}, "home": {302: ALL}, "theme": {405: "-" + ALL},
    "saved_view": {405: ALL},
    "nothing-here": {404: "-" + ALL},
    "account_login": {302: ALL}, "account_signup": {302: ALL}, "account_set_password": {302: ALL},
    # The list of cases opens with the open ones; there are no suggestions of stock.
    "case_list": {302: READERS}, "suggest": {404: ALL},
    "notifications_read": {302: ALL}, "notification_open": {404: ALL}, "watch_end": {302: ALL},
    "case_watch": {302: READERS}, "case_open_at_once": {405: WORKERS},
    "effort_log": {405: ALL}, "effort_undo": {405: ALL}, "task_snooze": {405: "EQPFX"},
    "my-work-snooze": {405: "-" + ALL}, "my-work-hand-over": {405: "-" + ALL},
    "fmea_list": {302: READERS}, "case-fmea-accept": {405: "-" + ALL},
    "as-built-bulk": {405: "-" + ALL}, "as-built-withdraw": {405: "-" + ALL},
    "case-fmea-duplicate": {405: "-" + ALL}, "case-fmea-review": {405: "-" + ALL},
    "case-breach-clear": {405: "-" + ALL}, "case-rollback-done-finish": {405: "-" + ALL},
    "case-fmea-import-table": {405: "-" + ALL}, "case-fmea-reopen": {405: "-" + ALL},
    "case_fmea_cell": {405: WORKERS}, "case_fmea_duplicate": {405: WORKERS},
    "case_fmea_action_remove": {405: WORKERS},
    "notification-detail": {404: ALL}, "watch-detail": {404: ALL},
    "notification-read": {405: "-" + ALL},
    "part_bulk": {302: READERS}, "part_watch": {302: READERS},
    "import_rejected": {404: "EQPFXIA"}, "import_template": {404: "QPFA"},
    "case_item_done": {302: WORKERS}, "sop_move": {404: READERS},
    "sop_item_remove": {302: WORKERS}, "import_progress": {302: "EQPFXIA"},
    "import_mapping": {302: "E"}, "import_companies": {302: "E"},
    "import_confirm": {302: "E"}, "import_undo": {302: "E"},
    "export_detail": {404: "QPFXVIA"}, "export_file": {302: "E", 404: "QPFXVIA"},
    "export-detail": {404: "QPFXVIA"}, "export-file": {422: "E", 404: "QPFXVIA"},
    "job_stop": {404: "QPFXVI"}, "job-detail": {404: "QPFXVI"},
    "rfq-sheet": {400: "P"}, "rfq-link": {405: "-" + ALL}, "rfq-revoke-link": {405: "-" + ALL},
    "quote_by_link": {404: "-" + ALL}, "quote_by_link_sheet": {404: "-" + ALL},
    "rfq_withdraw": {405: "P"}, "quote_link": {405: "P"}, "quote_link_revoke": {405: "P"},
    # The move of the world is one of cases; a review begins with what is selected.
    "takeover_move": {404: READERS}, "review_keep": {302: "Q"}, "review_withdraw": {302: "Q"},
    # Nothing is computed yet, and a question without a part is none.
    "part-survival": {404: READERS},
    "executive": {404: READERS}, "check": {400: READERS},
    "import-confirm": {405: "-" + ALL}, "import-undo": {405: "-" + ALL},
    "case-interim": {405: "-" + ALL}, "case-sponsor": {405: "-" + ALL},
    "case-pilot-plan-lock": {405: "-" + ALL}, "case-pilot-build-correct": {405: "-" + ALL},
    "supplier-standing": {405: "-" + ALL}, "supplier-merge": {405: "-" + ALL},
    "case-component-test-propose": {405: "-" + ALL},
    "case-inspection-next": {400: READERS}, "case-inspection-decide": {405: "-" + ALL},
    "case-inspection-void": {405: "-" + ALL}, "case-ppap-warrant": {405: "-" + ALL},
    "case-ppap": {404: READERS},
    "case-component-test-waive": {405: "-" + ALL},
    # The case's lead made it with the cost of the project, which only some readers see.
    "case_dossier_create": {302: "EQPFX"}, "case_dossier": {404: "EQVIA"},
    "case_dossier_file": {404: ALL}, "case-dossier-detail": {404: "EQVIA"},
    "case-dossier-history": {404: "EQVIA"}, "case-dossier-file": {422: "PFX", 404: "EQVIA"},
    "case-risk-sign": {405: "-" + ALL}, "case-risk-withdraw": {405: "-" + ALL},
    "case-customer-approval-withdraw": {405: "-" + ALL},
    "case-regulatory-file-withdraw": {405: "-" + ALL},
    "case-cost-entry-correct": {405: "-" + ALL}, "case-cost-entry-evidence": {405: "-" + ALL},
    "datasheet_attach": {302: WORKERS}, "datasheet_read": {302: WORKERS},
    "datasheet_line_take": {302: "E"}, "datasheet_line_dismiss": {302: "E"},
    "datasheet-line-take": {405: "-" + ALL}, "datasheet-line-dismiss": {405: "-" + ALL},
    "case-checkpoint": {405: "-" + ALL}, "receipt-correct": {405: "-" + ALL},
    "order-line-cancel": {405: "-" + ALL}, "case-disposition-confirm": {405: "-" + ALL},
    "person_activate": {405: "A"}, "person_deactivate": {405: "A"}, "person_link": {405: "A"},
    "person-password-link": {405: "-" + ALL}, "token_revoke": {405: WITHOUT_I},
    "token-detail": {404: "QPFXV"},
    "policy_activate": {405: ALL}, "policy_discard": {405: ALL},
    "pool_detail": {404: "QPVIA"}, "pool_move": {404: ALL}, "pool_rate": {404: "QPVIA"},
    "pool_shares": {404: "QPVIA"}, "pool_split": {405: "FX", 404: "QPVIA"},
    "share_detail": {404: "QPVIA"}, "share_move": {404: ALL}, "statement_of": {404: "EQP"},
    "bonus-pool-detail": {404: "QP"}, "bonus-pool-history": {404: "QP"},
    "bonus-pool-moves": {404: "QP"}, "bonus-pool-split": {405: "-" + ALL},
    "bonus-pool-shares": {405: "-" + ALL}, "contribution-detail": {404: "QP"},
    "contribution-history": {404: "QP"}, "contribution-moves": {404: "QP"},
    "payout-detail": {404: "QP"},
    # What is selected in the list is validated or taken back.
    "saving_validate": {302: "F"}, "saving_reverse": {302: "F"},
    "saving-validate": {405: "-" + ALL}, "saving-take-back": {405: "-" + ALL},
    "case-saving-avoidance": {405: "-" + ALL}, "case-saving-shortage": {405: "-" + ALL},
    "case-saving-rebate": {405: "-" + ALL},
}  # fmt: skip

ADDRESSES = [(route, pattern) for route, pattern in routes() if pattern.name != "account_logout"]


def expected(name: str, route: str, role: str) -> int:
    """The status that the tables promise."""
    letter = LETTERS[role]
    for status, who in OTHERWISE.get(name, {}).items():
        if letter in who:
            return status
    api = route.startswith("api/")
    if letter in MAY_READ.get(name, API_DEFAULT if api else ""):
        return 200
    if role == STRANGER:
        return 401 if api else 302
    return 403


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "stranger")
def test_every_address_answers_as_the_tables_say(role: str, db: None) -> None:
    world = World()
    client = world.client(role)
    got, promised = {}, {}
    for route, pattern in ADDRESSES:
        name = str(pattern.name)
        got[name] = client.get(world.address(route)).status_code
        promised[name] = expected(name, route, role)
    assert got == promised


def test_every_address_declares_its_permission() -> None:
    undeclared = {str(pattern.name) for _, pattern in routes() if not declared(pattern)}
    assert undeclared == WITHOUT_PERMISSION


def declared(pattern: Any) -> str:
    """The permission that a page or an endpoint names; "" when it names none."""
    view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
    names = ("permission_required", "permission")
    return str(next(filter(None, (getattr(view, name, "") for name in names)), ""))


def test_the_tables_name_no_address_that_is_gone() -> None:
    names = {str(pattern.name) for _, pattern in routes()}
    assert {*MAY_READ, *OTHERWISE, *WITHOUT_PERMISSION} - names == set()
