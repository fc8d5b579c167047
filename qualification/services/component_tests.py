"""Services for component tests: propose, add, record data, waive, remove."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from qualification.component_tests import CHANGES, FEATURES, STANDARDS, RequiredTest, delta_tests
from qualification.component_verdicts import Judge
from qualification.models import Case, ComponentTest, ComponentTestPlan
from qualification.models.cases import State
from qualification.services.work import case_for_work, work_changed
from secondsource.accounts.rights import Role
from secondsource.core import attachments, audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.records import create

GATE = State.PILOT_BUILD
#: The values of :func:`record_result`.
DATA = (
    "origin", "revision", "family", "data_date", "lots_tested", "units_tested", "failures", "cpk",
    "note",
)  # fmt: skip


@transaction.atomic
def propose_tests(
    *,
    case: Case,
    standard: str,
    changes: Collection[str],
    actor: Actor,
    features: Collection[str] = (),
    expected: int | None = None,
) -> ComponentTestPlan:
    """List the tests that a standard requires for what is new.

    Tests proposed before that are not required any more are removed unless they have data; tests
    that stay get the requirements of the standard. Tests added by hand stay as they are.
    """
    case = case_for_work(case, GATE, actor)
    _check_words(standard, changes, features)
    plan = ComponentTestPlan.objects.select_for_update(of=("self",)).filter(case=case).first()
    if plan is not None:
        audit.check_version(plan, expected)
    plan = plan or ComponentTestPlan(case=case)
    plan.standard = standard
    plan.changes = [word for word in CHANGES if word in changes]
    plan.features = [word for word in FEATURES if word in features]
    audit.save_as(plan, actor, "proposal")
    required = delta_tests(plan.changes, standard=standard, features=plan.features).tests
    _replace(case, required, standard, actor)
    audit.record(
        "qualification.tests.proposed", case, actor, note=str(plan),
        data={"standard": standard, "changes": plan.changes, "tests": [t.key for t in required]},
    )  # fmt: skip
    work_changed(case, GATE, actor, "the component tests were proposed again")
    return plan


def _check_words(standard: str, changes: Collection[str], features: Collection[str]) -> None:
    problems = []
    if standard not in STANDARDS:
        problems.append(FieldProblem("/standard", "unknown", "Choose a standard of the list."))
    if not changes:
        problems.append(FieldProblem("/changes", "required", "Say what is new."))
    if set(changes) - set(CHANGES):
        problems.append(FieldProblem("/changes", "unknown", "Choose from the list."))
    if set(features) - set(FEATURES):
        problems.append(FieldProblem("/features", "unknown", "Choose from the list."))
    refuse_values(problems)


def _replace(case: Case, required: tuple[RequiredTest, ...], standard: str, actor: Actor) -> None:
    there = {test.code: test for test in case.component_tests.select_for_update(of=("self",))}
    keys = {test.key for test in required}
    for code, test in there.items():
        if test.proposed and code not in keys and not _has_work(test):
            audit.delete_as(test, actor, "not required any more")
    new = []
    for position, wanted in enumerate(required, 1):
        values = _requirement(wanted, standard) | {"position": position}
        known = there.get(wanted.key)
        if known is None:
            row = ComponentTest(case=case, code=wanted.key, proposed=True, **values)
            new.append(row)
        elif known.proposed and any(getattr(known, n) != v for n, v in values.items()):
            for name, value in values.items():
                setattr(known, name, value)
            audit.save_as(known, actor, "proposal")
    audit.bulk_create_as(ComponentTest, new, actor, "proposal")


def _requirement(test: RequiredTest, standard: str) -> dict[str, Any]:
    name, revision = STANDARDS[standard]
    return {
        "name": test.name, "standard": test.standard or name,
        "revision": "" if test.standard else revision, "reference": test.reference,
        "condition": test.condition, "sample_size": test.sample, "lots": test.lots,
        "allowed_failures": test.allowed,
        "cpk_above": None if test.cpk_above is None else Decimal(str(test.cpk_above)),
    }  # fmt: skip


def _has_work(test: ComponentTest) -> bool:
    return bool(test.origin or test.waived_by_id or attachments.of(test).exists())


@transaction.atomic
def add_test(*, case: Case, code: str, actor: Actor, reason: str, **values: Any) -> ComponentTest:
    """Add a test that the matrix does not propose, with the reason."""
    case = case_for_work(case, GATE, actor)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say why this test is needed.")
    last = case.component_tests.aggregate(last=Max("position"))["last"] or 0
    test = create(
        ComponentTest(case=case, position=last + 1, code=code.strip().upper(), **values),
        actor,
        reason=reason,
        duplicate=f"{code.strip().upper()} is listed already.",
    )
    audit.record("qualification.test.added", case, actor, note=f"{test}: {reason.strip()}")
    work_changed(case, GATE, actor, f"the component test {test.code} was added")
    return test


@transaction.atomic
def remove_test(
    *, test: ComponentTest, actor: Actor, reason: str, expected: int | None = None
) -> None:
    """Remove a test without data, with the reason; one with data or files is waived instead."""
    case, test = _locked(test, actor, expected)
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say why this test is not needed.")
    if _has_work(test):
        raise RuleRefused.one(
            "test_has_data", f"{test.code} has data or files.", "Waive it with a reason instead."
        )
    told = f"{test}: {reason.strip()}"
    audit.delete_as(test, actor, reason.strip())
    audit.record("qualification.test.removed", case, actor, note=told)
    work_changed(case, GATE, actor, f"the component test {test.code} was removed")


@transaction.atomic
def record_result(
    *,
    test: ComponentTest,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> ComponentTest:
    """Record the data of a test (``DATA``); they take the place of earlier data and of a waiver."""
    case, test = _locked(test, actor, expected)
    for name in DATA:
        if name in values:
            setattr(test, name, values[name])
    refuse_values(_data_problems(test))
    test.waived_by, test.waived_reason = None, ""
    audit.save_as(test, actor, "data")
    verdict = Judge.of_today().verdict(test)
    audit.record(
        "qualification.test.recorded", case, actor, note=f"{test}: {verdict.detail}",
        data={"code": test.code, "verdict": verdict.word},
    )  # fmt: skip
    work_changed(case, GATE, actor, f"the data of {test.code} were changed")
    return test


def _data_problems(test: ComponentTest) -> list[FieldProblem]:
    problems = [
        FieldProblem(f"/{name}", "required", detail)
        for name, detail in (
            ("origin", "Say whose data these are."),
            ("data_date", "Enter the day of the data."),
            ("lots_tested", "Enter the lots tested, at least 1."),
            ("units_tested", "Enter the units tested, at least 1."),
        )
        if not getattr(test, name)
    ]
    if test.failures is None:
        problems.append(FieldProblem("/failures", "required", "Enter the failures, 0 for none."))
    elif test.units_tested and test.failures > test.units_tested:
        problems.append(
            FieldProblem("/failures", "too_many", "There are more failures than units.")
        )
    if test.units_tested and test.lots_tested and test.lots_tested > test.units_tested:
        problems.append(FieldProblem("/lots_tested", "too_many", "There are more lots than units."))
    if test.data_date and test.data_date > clock.business_day():
        problems.append(FieldProblem("/data_date", "in_future", "Data are from the past."))
    if test.origin == ComponentTest.Origin.GENERIC and not test.family.strip():
        detail = "Name the qualification family of generic data."
        problems.append(FieldProblem("/family", "required", detail))
    return problems


@transaction.atomic
def waive_test(
    *, test: ComponentTest, actor: Actor, reason: str, expected: int | None = None
) -> ComponentTest:
    """Waive a test as an engineer of the team, with a reason; only quality waives a failed one."""
    case, test = _locked(test, actor, expected, permission="qualification.waive_test")
    if actor.user is None:
        raise PermissionRefused("Only a person waives a test.")
    if not reason.strip():
        raise ValuesRefused.one("/reason", "required", "Say why the case can do without it.")
    verdict = Judge.of_today().verdict(test)
    if verdict.is_done:
        raise RuleRefused.one("nothing_to_waive", f"{test.code}: {verdict.detail}")
    if verdict.word == "fail" and not actor.user.has_role(Role.QUALITY):
        raise PermissionRefused(f"{test.code} failed.", "Quality decides whether to waive it.")
    test.waived_by, test.waived_reason = actor.user, reason.strip()[:300]
    audit.save_as(test, actor, reason)
    audit.record("qualification.test.waived", case, actor, note=f"{test}: {reason.strip()}")
    work_changed(case, GATE, actor, f"the component test {test.code} was waived")
    return test


def _locked(
    test: ComponentTest,
    actor: Actor,
    expected: int | None,
    *,
    permission: str = "qualification.write_case",
) -> tuple[Case, ComponentTest]:
    """The locked case and test. Raises ``RuleRefused`` if somebody removed the test."""
    case = case_for_work(test.case, GATE, actor, permission=permission)
    row = case.component_tests.select_for_update(of=("self",)).filter(pk=test.pk).first()
    if row is None:
        raise RuleRefused.one("test_removed", f"Somebody removed {test.code}.")
    audit.check_version(row, expected)
    return case, row
