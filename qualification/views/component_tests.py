"""The page of component tests, inspections and PPAP of a case, and the forms of its tests."""

from __future__ import annotations

from typing import Any

from qualification import component_verdicts, services, work_files
from qualification.component_tests import standard_for
from qualification.differences import what_is_new
from qualification.models import ComponentTest, ComponentTestPlan
from qualification.models.cases import State
from qualification.views.base import OnCase, OnPartOfCase
from qualification.views.work_cards import WorkForm, can_change, inspections, ppap
from qualification.work_forms import NewTestForm, ProposalForm, TestDataForm, WhyForm
from secondsource.core.views import DetailPage


class TestsPage(OnCase, DetailPage):
    """Component tests, samples and inspections, and PPAP elements of a case."""

    __test__ = False
    permission_required = "qualification.view_case"
    template_name = "qualification/tests/page.html"

    def get_page_title(self) -> str:
        """The case."""
        return f"Component tests of {self.case.key}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the content of the cards."""
        return super().get_context_data(
            **self._tests(), **inspections(self.case, self.actor), **ppap(self.case, self.actor),
            **context,
        )  # fmt: skip

    def _tests(self) -> dict[str, Any]:
        case = self.case
        judge = component_verdicts.Judge.of_today()
        may_test = can_change(case, State.PILOT_BUILD, self.actor)
        tests = list(case.component_tests.select_related("waived_by"))
        files = work_files.by_row(case, "component-tests")
        rows = [(test, judge.verdict(test), files.get(test.pk, [])) for test in tests]
        return {
            "tests": rows,
            "tests_short": component_verdicts.in_short(v.word for _, v, _ in rows) if rows else "",
            "plan": ComponentTestPlan.objects.filter(case=case).first(),
            "may_test": may_test,
            "may_waive": may_test and self.actor.may("qualification.waive_test", case),
        }


class ProposeTestsPage(WorkForm, OnCase):
    """Have the tests proposed from what is new."""

    template_name = "qualification/tests/propose.html"
    form_class = ProposalForm
    submit_label = "List required tests"
    success_message = "Tests listed."

    @property
    def record(self) -> Any:
        """The earlier proposal, whose version is compared; the case before the first one."""
        return ComponentTestPlan.objects.filter(case=self.case).first() or self.case

    def get_page_title(self) -> str:
        """The case."""
        return f"Required component tests of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The earlier choices, else what follows from category, dies and sites."""
        plan = self.record
        if isinstance(plan, ComponentTestPlan):
            names = ("standard", "changes", "features")
            initial = {name: getattr(plan, name) for name in names}
        else:
            path = self.case.part.category.path
            initial = {"standard": standard_for(path), "changes": what_is_new(self.case)}
        return {"initial": initial, **super().get_form_kwargs()}

    def store(self, values: dict[str, Any]) -> None:
        """List the tests."""
        known = isinstance(self.record, ComponentTestPlan)
        services.propose_tests(
            case=self.case, actor=self.actor, expected=self.expected if known else None, **values
        )


class NewTestPage(WorkForm, OnCase):
    """Add a test that the matrix does not propose."""

    form_class = NewTestForm
    submit_label = "Add test"
    success_message = "Test added."

    def get_page_title(self) -> str:
        """The case."""
        return f"Add a component test to {self.case.key}"

    def store(self, values: dict[str, Any]) -> None:
        """Add it."""
        services.add_test(case=self.case, actor=self.actor, **values)


class OnTest(OnPartOfCase):
    """A page about a component test."""

    part_of = ComponentTest
    argument = "test"


class TestDataPage(WorkForm, OnTest):
    """Enter the data of a test."""

    template_name = "qualification/tests/data.html"
    form_class = TestDataForm
    submit_label = "Save data"
    success_message = "Data saved."

    def get_page_title(self) -> str:
        """The test."""
        return f"{self.object.name} ({self.object.code})"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the test."""
        return {"test": self.object, **super().get_form_kwargs()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the verdict on the stored data."""
        verdict = component_verdicts.Judge.of_today().verdict(self.object)
        return super().get_context_data(verdict=verdict, test=self.object, **context)

    def store(self, values: dict[str, Any]) -> None:
        """Record them."""
        services.record_result(
            test=self.object, values=values, actor=self.actor, expected=self.expected
        )


class WaiveTestPage(WorkForm, OnTest):
    """Waive a test with a reason."""

    permission_required = "qualification.waive_test"
    form_class = WhyForm
    submit_label = "Waive test"
    success_message = "Test waived."

    def get_page_title(self) -> str:
        """The test."""
        return f"Waive {self.object.name} ({self.object.code})"

    def store(self, values: dict[str, Any]) -> None:
        """Waive it."""
        services.waive_test(test=self.object, actor=self.actor, expected=self.expected, **values)


class RemoveTestPage(WorkForm, OnTest):
    """Remove a test without data, with a reason."""

    form_class = WhyForm
    submit_label = "Remove test"
    danger = True
    success_message = "Test removed."

    def get_page_title(self) -> str:
        """The test."""
        return f"Remove {self.object.name} ({self.object.code})"

    def store(self, values: dict[str, Any]) -> None:
        """Remove it."""
        services.remove_test(test=self.object, actor=self.actor, expected=self.expected, **values)
