"""Forms of cases. Services check the rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q

from parts.models import Product
from parts.models.catalogue import RiskClass
from qualification.gate_requirements import CORE_TEAM
from qualification.models import Case
from qualification.services.scope import products_of, sites_of
from secondsource.accounts.models import Plant, User
from secondsource.accounts.rights import CASE_WORKERS, HOLDERS, Function, Role
from secondsource.core import shares
from secondsource.core.form_fields import (
    AttachmentField,
    IsoDateField,
    PointDecimalField,
    WholeField,
    capitalized,
)
from secondsource.core.formats import day
from secondsource.core.shares import ShareField
from suppliers.models import Site

#: Functions that a person can hold in a team; the sponsor is a field of the case.
TEAM_FUNCTIONS = [(f.value, f.label) for f in Function if f != Function.SPONSOR]


def people(*roles: Role) -> Any:
    """Active people with one of the roles, by name."""
    return User.objects.filter(is_active=True, roles__overlap=list(roles)).order_by("name")


class PersonField(forms.ModelChoiceField):
    """A choice of people by name. The person chosen before remains in the list."""

    def __init__(self, *roles: Role, **kwargs: Any) -> None:
        self.roles = roles
        empty = "Choose a person" if kwargs.get("required", True) else "Nobody"
        super().__init__(queryset=User.objects.none(), empty_label=empty, **kwargs)

    def offer(self, chosen: int | None = None) -> None:
        """Read the choices, once for each form."""
        listed = people(*self.roles)
        self.queryset = User.objects.filter(
            Q(pk__in=listed.values("pk")) | Q(pk=chosen or 0)
        ).order_by("name")


WORKERS = tuple(role for role in CASE_WORKERS if role != Role.INTEGRATION)
MEMBERS = tuple(role for role in Role if role not in (Role.VIEWER, Role.INTEGRATION, Role.ADMIN))


#: Field that can be empty at first → the gate for which the guards require it.
TO_SUBMIT, TO_LEAVE_BUSINESS_CASE = "to submit", "for the spec review"
PLAN_NEEDED = {
    "pilot_quantity": "for the pilot build",
    **dict.fromkeys(
        ("transition_share", "rollback_hours", "rollback_stock", "rollback_rehearsed_on"),
        "for approval",
    ),
}


class OpenCaseForm(forms.Form):
    """A new case on a chosen source."""

    kind = forms.ChoiceField(choices=capitalized(Case.Kind))
    risk_class = forms.ChoiceField(choices=RiskClass, label="Risk class")
    lead = PersonField(*WORKERS)
    engineering = PersonField(*HOLDERS[Function.ENGINEERING], required=False)
    quality = PersonField(*HOLDERS[Function.QUALITY], required=False)
    procurement = PersonField(*HOLDERS[Function.PROCUREMENT], required=False)
    sponsor = PersonField(Role.EXECUTIVE, required=False, help_text="An executive.")
    due_date = IsoDateField(label="Approval due", required=False)
    summary = forms.CharField(
        widget=forms.Textarea, required=False, max_length=2000, label="Summary"
    )
    start_reason = forms.CharField(
        widget=forms.Textarea, required=False, max_length=2000,
        label="Reason for starting after design freeze",
    )  # fmt: skip

    def __init__(self, *args: Any, late: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "sponsor", *CORE_TEAM):
            self.fields[name].offer()
        self.needed = dict.fromkeys(("sponsor", *CORE_TEAM), TO_LEAVE_BUSINESS_CASE)
        if late:
            self.needed["start_reason"] = TO_SUBMIT

    def values(self) -> dict[str, Any]:
        """The values for the service, with the functions as a team."""
        values = dict(self.cleaned_data)
        people = [(values.pop(function), str(function)) for function in CORE_TEAM]
        return values | {"team": [(person, what) for person, what in people if person]}


class ChoicesField(forms.ModelMultipleChoiceField):
    """Checkboxes, each with the code of the row where it has one."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, row: Any) -> str:
        """``KC-210 Motor drive``."""
        return f"{row.code} {row}" if hasattr(row, "code") else str(row)


class ScopeForm(forms.Form):
    """The products, plants and sites for which a case qualifies; none chosen means all."""

    products = ChoicesField(
        Product.objects.none(), required=False, help_text="None chosen: all that use the part."
    )
    plants = ChoicesField(
        Plant.objects.none(), required=False, help_text="None chosen: all plants."
    )
    sites = ChoicesField(
        Site.objects.none(), required=False, label="Sites of the manufacturer",
        help_text="None chosen: all sites at which it is made.",
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        fields_of_case = {name: list(getattr(case, name).all()) for name in self.base_fields}
        super().__init__(*args, initial=fields_of_case, **kwargs)
        fields: Any = self.fields
        fields["products"].queryset = products_of(case).visible_to(user)
        fields["plants"].queryset = Plant.objects.order_by("code")
        fields["sites"].queryset = sites_of(case)


#: The fields of the ramp: two months, then the share until the end.
SHARES = ("first_month_share", "second_month_share", "transition_share")


class PlanForm(forms.Form):
    """The plan of an open case."""

    summary = OpenCaseForm.base_fields["summary"]
    start_reason = OpenCaseForm.base_fields["start_reason"]
    due_date = IsoDateField(label="Approval due", required=False)
    risk_class = forms.ChoiceField(
        choices=RiskClass, label="Risk class",
        help_text="Not below that of the part's category. A higher one brings more steps.",
    )  # fmt: skip
    pilot_quantity = WholeField(
        min_value=0, max_value=100_000_000, required=False, label="Pilot quantity",
        help_text="Units that may be ordered for the pilot build.",
    )  # fmt: skip
    first_month_share = ShareField(required=False, label="Share in month 1")
    second_month_share = ShareField(required=False, label="In month 2")
    transition_share = ShareField(
        required=False, label="Transition share",
        help_text=f"Of a month's demand, that may be ordered while in transition. {shares.HELP}",
    )  # fmt: skip
    rollback_hours = PointDecimalField(
        min_value=0, max_value=99_999, decimal_places=1, required=False, label="Back on the line in"
    )
    rollback_stock = WholeField(
        min_value=0, max_value=2_000_000_000, required=False, label="Incumbent stock held"
    )
    rollback_rehearsed_on = IsoDateField(label="Rehearsed on", required=False)

    def __init__(self, *args: Any, case: Case, late: list[str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(case))
        super().__init__(*args, **kwargs)
        self.needed = PLAN_NEEDED | ({"start_reason": TO_SUBMIT} if late else {})
        self.has_longer_ramp = any(step.month > len(SHARES) for step in case.ramp)

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """The initial values: those of the case, and the ramp's shares by month."""
        months = {"first_month_share": 1, "second_month_share": 2}
        values = {name: getattr(case, name) for name in cls.base_fields if name not in months}
        ramp = {step.month: step.share for step in case.ramp[:-1]}
        values |= {name: ramp.get(month) for name, month in months.items()}
        return values

    def clean(self) -> dict[str, Any]:
        """The ramp begins in month 1, and every share is above 0."""
        values = super().clean() or self.cleaned_data
        first, second = (values.get(f"{month}_month_share") for month in ("first", "second"))
        if second is not None and first is None and "first_month_share" not in self.errors:
            self.add_error("first_month_share", "A ramp begins in month 1.")
        for name, share in (("first_month_share", first), ("second_month_share", second)):
            if share == 0:
                self.add_error(name, "Above 0, at most 100 %.")
        if self.has_longer_ramp and (changed := self._changed_shares()):
            told = "This ramp has steps after month 3: change it over the API."
            self.add_error(changed[0], told)
        return values

    def _changed_shares(self) -> list[str]:
        """Names of the shares that differ from the initial values."""
        return [name for name in SHARES if self.initial[name] != self.cleaned_data.get(name)]

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        values = dict(self.cleaned_data)
        typed = [values.pop(name) for name in SHARES]
        if not self._changed_shares():
            return values  # a ramp longer than the form is not changed
        steps = [(m, s) for m, s in enumerate(typed, 1) if s is not None]
        if typed[:2] == [None, None]:
            values["transition_share"] = steps[0][1] if steps else None
        else:
            values["ramp"] = steps
        return values


class LeadForm(forms.Form):
    """The next lead and a reason."""

    lead = PersonField(*WORKERS, label="New lead")
    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False, label="Why",
        help_text="Shown in the history.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].offer()


class SponsorForm(forms.Form):
    """The sponsor. Another sponsor requires a reason, the first one does not."""

    sponsor = PersonField(
        Role.EXECUTIVE,
        help_text="An executive. The business case cannot be passed without one.",
    )
    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False, label="Why",
        help_text="Shown in the history.",
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sponsor"].offer()
        self.fields["note"].required = case.sponsor_id is not None


class TeamForm(forms.Form):
    """Rows of person and function: the present team, and for each function a row to add a person.

    A row offers only people who may hold its function.
    """

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(case.team.select_related("user").order_by("id"))
        self.listed = list(people(*MEMBERS))
        rows = [("", None)] * self._posted() if self.is_bound else self._rows()
        for index, (function, person) in enumerate(rows):
            self._add_row(index, function, person)

    def _posted(self) -> int:
        """The number of rows in the request."""
        posted = str(self.data.get("rows", ""))
        return min(int(posted), 100) if posted.isdecimal() else 0

    def _rows(self) -> list[tuple[str, int | None]]:
        rows: list[tuple[str, int | None]] = []
        for function, _ in TEAM_FUNCTIONS:
            rows += [(function, m.user_id) for m in self.members if m.function == function]
            rows.append((function, None))
        return rows

    def _add_row(self, index: int, function: str, person: int | None) -> None:
        if self.is_bound:
            function = str(self.data.get(f"function-{index}", ""))
        label = dict(TEAM_FUNCTIONS).get(function, f"Row {index + 1}")
        if not person and any(m.function == function for m in self.members):
            label += ", another person"
        self.fields[f"function-{index}"] = forms.ChoiceField(
            choices=TEAM_FUNCTIONS, required=False, initial=function, label=label,
            widget=forms.HiddenInput,
        )  # fmt: skip
        self.fields[f"person-{index}"] = forms.TypedChoiceField(
            choices=[("", "Nobody"), *((p.pk, p.name) for p in self._holders(function))],
            required=False, initial=person, coerce=int, empty_value=None, label=label,
            error_messages={"invalid_choice": "This person cannot hold the function."},
        )  # fmt: skip

    def _holders(self, function: str) -> list[User]:
        """People who may hold a function, and the person who holds it now."""
        if function not in HOLDERS:
            return self.listed
        present = {m.user for m in self.members if m.function == function}
        return sorted(
            present.union(p for p in self.listed if p.may_hold(function)), key=lambda p: p.name
        )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The (function, person) fields by row."""
        count = len(self.fields) // 2
        return [(self[f"function-{i}"], self[f"person-{i}"]) for i in range(count)]

    def clean(self) -> dict[str, Any]:
        """Each person requires a function. A row without a person is ignored."""
        cleaned = super().clean() or {}
        for function, person in self.rows:
            if cleaned.get(person.name) and not cleaned.get(function.name):
                self.add_error(function.name, "Choose a function for this person.")
        return cleaned

    def pairs(self) -> list[tuple[User, str]]:
        """The team as pairs for the service."""
        users = {p.pk: p for p in [*(m.user for m in self.members), *self.listed]}
        return [
            (users[self.cleaned_data[person.name]], self.cleaned_data[function.name])
            for function, person in self.rows
            if self.cleaned_data[person.name]
        ]


class EvidenceForm(forms.Form):
    """One or several files as evidence."""

    file = AttachmentField()


class ReasonForm(forms.Form):
    """A reason that is shown in the history."""

    reason = forms.CharField(
        widget=forms.Textarea, max_length=300, help_text="Shown in the history."
    )


class NoteForm(forms.Form):
    """A note that may stay empty."""

    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False, help_text="Shown in the history."
    )


class HoldPointForm(NoteForm):
    """Pass or fail, with its reason."""

    needed = {"note": "for a failure"}

    verdict = forms.ChoiceField(
        choices=[("pass", "Pass"), ("fail", "Fail")],
        widget=forms.RadioSelect,
        help_text="It is final. After a failure this transition cannot be closed.",
    )
    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False,
        help_text="Shown in the history.",
    )  # fmt: skip
    field_order = ("verdict", "note")


class InterimForm(forms.Form):
    """Quantity, share and last day of an interim approval."""

    quantity = WholeField(min_value=1, max_value=100_000_000, label="Up to")
    share = ShareField(
        required=False, help_text=f"Of a month's demand; orders above it are warned. {shares.HELP}"
    )
    until = IsoDateField(label="Last day")
    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, label="Why before approval",
        help_text="Shown in the history.",
    )  # fmt: skip

    def __init__(self, *args: Any, latest: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = f"{day(latest)} at the latest."
