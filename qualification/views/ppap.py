"""Forms of the production part approval: level, elements, warrant."""

from __future__ import annotations

from typing import Any

from qualification import ppap_work, services
from qualification.models import PpapSubmission
from qualification.services import Judgement
from qualification.views.base import OnCase
from qualification.views.work_cards import WorkForm
from qualification.work_forms import PpapElementsForm, PpapLevelForm, WarrantForm
from secondsource.core.errors import ValuesRefused


class OnSubmission(WorkForm, OnCase):
    """A form about the case's submission, whose version is compared."""

    anchor = "#ppap"

    @property
    def record(self) -> Any:
        """The submission; the case before it is started."""
        return ppap_work.submission_of(self.case) or self.case

    @property
    def seen(self) -> int | None:
        """The version of the submission that the form was filled in on."""
        return self.expected if isinstance(self.record, PpapSubmission) else None


class PpapLevelPage(OnSubmission):
    """Start the submission, or change its level."""

    form_class = PpapLevelForm
    submit_label = "Save level"
    success_message = "Level saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"PPAP level of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present level, else that of the risk class."""
        found = ppap_work.submission_of(self.case)
        level = found.level if found else ppap_work.default_level(self.case)
        return {"initial": {"level": level}, **super().get_form_kwargs()}

    def store(self, values: dict[str, Any]) -> None:
        """Set it."""
        services.set_ppap_level(
            case=self.case, level=values["level"], actor=self.actor, expected=self.seen
        )


class PpapElementsPage(OnSubmission):
    """Status and reason of all elements."""

    template_name = "qualification/tests/ppap_elements.html"
    form_class = PpapElementsForm
    submit_label = "Save elements"
    success_message = "Elements saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"PPAP elements of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the elements."""
        elements = list(self.case.ppap_elements.all())
        return {"elements": elements, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Set what differs; a refusal is shown at its field."""
        changed = {number: Judgement(*said) for number, said in form.changed().items()}
        try:
            services.set_ppap_elements(
                case=self.case, elements=changed, actor=self.actor, expected=self.seen
            )
        except ValuesRefused as refusal:
            raise refusal.under(
                {
                    f"/{number}/{name}": f"/{name}-{number}"
                    for number in changed
                    for name in ("status", "reason")
                }
            ) from refusal
        return self.get_cancel_url()


class WarrantPage(OnSubmission):
    """Decide on the part submission warrant."""

    permission_required = "qualification.judge_ppap"
    template_name = "qualification/tests/warrant.html"
    form_class = WarrantForm
    submit_label = "Decide on warrant"
    success_message = "Warrant decided."

    def get_page_title(self) -> str:
        """The case."""
        return f"Part submission warrant of {self.case.key}"

    def store(self, values: dict[str, Any]) -> None:
        """Decide."""
        services.decide_warrant(case=self.case, actor=self.actor, expected=self.seen, **values)
