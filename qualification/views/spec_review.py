"""Pages of the spec review: the comparison with its decisions, and the forms that decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404

from qualification import declarations, guards, services, spec_review, work_files
from qualification.models import Disposition, IpClearance, RiskSignature
from qualification.models.cases import OPEN_STATES, State
from qualification.next_move import Steps, unmet, with_work
from qualification.services import ChosenLine
from qualification.services.gates import functions_of
from qualification.services.work import gate_touched
from qualification.spec_review import ReviewLine
from qualification.spec_review_forms import ConfirmForm, DispositionForm
from qualification.views import blockers
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from qualification.views.list import incumbent
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.chips import StateChip
from secondsource.core.views import DetailPage
from suppliers.declared import open_points
from suppliers.models import Declaration

_CHIPS = {
    "open": StateChip("Open", "warn", "circle-alert"),
    "changed": StateChip("Values changed", "warn", "refresh-cw"),
    "rejected": StateChip("Rejected", "bad", "ban"),
    "unconfirmed": StateChip("Waits for quality", "warn", "hourglass"),
    "accepted": StateChip("Accepted", "good", "circle-check"),
}


_RESULTS = {
    "open": StateChip("Open", "warn", "circle-alert"),
    "clear": StateChip("Clear", "good", "circle-check"),
    "licensed": StateChip("Licensed", "good", "circle-check"),
    "infringes": StateChip("Infringes", "bad", "octagon-x"),
}


def _clearance_chip(row: IpClearance, today: dt.date) -> StateChip:
    expired = row.has_expired(today) and row.result in ("clear", "licensed")
    return StateChip("Expired", "warn", "clock-alert") if expired else _RESULTS[row.result]


class SpecReviewPage(OnCase, DetailPage):
    """Requirement, incumbent and candidate side by side, each difference with its decision."""

    permission_required = "qualification.view_case"
    template_name = "qualification/spec_review.html"
    page_title = "Spec review of {self.object.key}"

    def get_queryset(self) -> Any:
        """Cases with what blocks them, which the chip counts."""
        return with_work(super().get_queryset(), steps=Steps.ALL)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the lines by group; ``?show=open`` leaves out those that are done."""
        found = spec_review.lines(self.case)
        open_only = self.request.GET.get("show") == "open"
        groups: dict[str, list[Any]] = {}
        for line in found:
            if line.is_open or not open_only:
                groups.setdefault(line.row.group, []).append((line, _CHIPS.get(line.state)))
        unknown = [line for line in found if line.state == "open" and line.verdict == "unknown"]
        return super().get_context_data(
            groups=list(groups.items()),
            open_only=open_only,
            open_count=sum(line.is_open for line in found),
            told=spec_review.told_of(found),
            unknown_count=len(unknown),
            **blockers.chip(self.case, unmet(self.case)),
            is_empty=not found,
            nothing_judged=not any(line.row.is_judged for line in found),
            incumbent=incumbent(self.case),
            clearances=self._clearances(),
            declarations=self._declarations(),
            may_declare=self.actor.may("suppliers.write_manufacturerpart"),
            **self._rights(),
            **context,
        )

    def _clearances(self) -> list[tuple[Any, StateChip, list[Any]]]:
        """Searches with their chips and files."""
        today, files = clock.business_day(), work_files.by_row(self.case, "clearances")
        rows = self.case.clearances.select_related("searched_by")
        return [(row, _clearance_chip(row, today), files.get(row.pk, [])) for row in rows]

    def _declarations(self) -> list[tuple[Any, ...]]:
        """What has to be declared, with the declaration and why it is open."""
        known = {one.scheme: one for one in declarations.of(self.case)}
        wanted = declarations.schemes_of(self.case)
        reasons = {r.about: r for r in open_points(known.values(), wanted, clock.business_day())}
        return [
            (scheme, Declaration.Scheme(scheme).label, known.get(scheme), reasons.get(scheme))
            for scheme in wanted
        ]

    def _rights(self) -> dict[str, Any]:
        case = self.case
        held = functions_of(case, self.actor.user) if self.actor.user else []
        is_open = case.state in OPEN_STATES and case.state != State.ON_HOLD
        ahead = is_open and guards.is_ahead(case, State.SPEC_REVIEW)
        until_approval = is_open and guards.is_ahead(case, State.APPROVAL)
        decides = Function.ENGINEERING in held and self.actor.may(
            "qualification.judge_deviation", case
        )
        return {
            "is_passed": is_open and not ahead,
            "may_clear": until_approval and self.actor.may("qualification.write_case", case),
            "may_decide": ahead and decides,
            "may_renew": until_approval and decides,
            "may_confirm": until_approval
            and Function.QUALITY in held
            and self.actor.may("qualification.confirm_deviation", case),
        }


class OfSpecReview(CaseForm):
    """A form of the spec review; it leads back to the line."""

    def get_cancel_url(self) -> str:
        """The review."""
        return spec_review_url(self.case)


def spec_review_url(case: Any, line: str = "") -> str:
    """The spec review of a case, at a line."""
    anchor = f"#line-{line}" if line else ""
    return f"{case.get_absolute_url()}spec-review/{anchor}"


class DecidePage(OfSpecReview, OnCase):
    """Decide on the line ``?line=``, or on all unknown values with ``?line=unknown``."""

    permission_required = "qualification.judge_deviation"
    template_name = "qualification/deviation.html"
    form_class = DispositionForm
    submit_label = "Decide"
    success_message = "Decided."

    def get_page_title(self) -> str:
        """The parameter."""
        lines = self.lines
        return f"Decide on {lines[0].name}" if len(lines) == 1 else "Decide on unknown values"

    @property
    def lines(self) -> list[ReviewLine]:
        """The lines of the address. Raises ``Http404`` without any."""
        if not hasattr(self, "_lines"):
            wanted = self.request.GET.get("line", "")
            found = spec_review.lines(self.case)
            if wanted == "unknown":
                lines = [one for one in found if one.is_open and one.verdict == "unknown"]
            else:
                lines = [one for one in found if one.key == wanted]
            if not lines:
                raise Http404("The comparison has no such line.")
            self._lines = lines
        return self._lines

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the lines."""
        return {"lines": self.lines, **super().get_form_kwargs()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the lines as they are now, and the signatures that a decision voids."""
        return super().get_context_data(lines=self.lines, voided=self._voided(), **context)

    def _voided(self) -> list[Any]:
        """The signatures that rest on the present decisions: of the gate, and of their risks."""
        gate = gate_touched(self.case, State.SPEC_REVIEW)
        made = [str(line.disposition.public_id) for line in self.lines if line.disposition]
        of_risks = RiskSignature.objects.filter(
            risk__case=self.case, risk__reference__in=made, voided_at=None
        )
        standing = guards.standing_signatures(self.case, gate)
        return [*standing, *of_risks.select_related("signed_by")]

    def save(self, form: Any) -> str:
        """Decide on the chosen lines as they were shown."""
        seen = dict(one.split(".", 1) for one in self.request.POST.getlist("lines") if "." in one)
        chosen = [
            ChosenLine(line.parameter, line.test_condition, seen[line.key])
            for line in self.lines
            if line.key in seen
        ]
        voided = len(self._voided())
        services.decide(case=self.case, chosen=chosen, actor=self.actor, **form.cleaned_data)
        if voided:
            what = "1 signature is" if voided == 1 else f"{voided} signatures are"
            self.success_message = f"Decided. {what} void and given again."
        return spec_review_url(self.case, self.lines[0].key)


class ConfirmPage(OfSpecReview, OnPartOfCase):
    """Confirm, for quality, that a missed limit is accepted."""

    permission_required = "qualification.confirm_deviation"
    template_name = "qualification/deviation_confirm.html"
    form_class = ConfirmForm
    part_of = Disposition
    argument = "disposition"
    submit_label = "Confirm"
    success_message = "Confirmed."

    def get_page_title(self) -> str:
        """The parameter."""
        return f"Confirm the decision on {self.object.parameter}"

    def save(self, form: Any) -> str:
        """Confirm the version that was shown."""
        made = services.confirm(disposition=self.object, actor=self.actor, expected=self.expected)
        key = spec_review.key_of(made.parameter, made.test_condition)
        return spec_review_url(self.case, key)
