"""Pages of the house rules: the list, a policy, a draft of a version, its activation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path, reverse

from secondsource.core import policies
from secondsource.core.errors import FieldProblem, Refused, Stale, ValuesRefused
from secondsource.core.models import PolicyVersion
from secondsource.core.views import FormPage, Page, go_to
from secondsource.core.views.conflicts import posted_version
from secondsource.workspace.policies import services
from secondsource.workspace.policies.forms import VersionForm
from secondsource.workspace.policies.registry import MONEY, POLICIES, RISK, Policy
from secondsource.workspace.policies.texts import shown

VIEW = "accounts.view_policy"
State = PolicyVersion.State
#: Area → heading and who activates.
AREAS = {
    RISK: ("Risk and quality", "Quality or an executive activates a version."),
    MONEY: ("Money and targets", "Finance or an executive activates a version."),
}


class PolicyList(Page):
    """Every house rule with its version in force."""

    permission_required = VIEW
    template_name = "workspace/policies/list.html"
    page_title = "Policies"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The rules by area, with the number of changed values and the drafts."""
        active, drafts = {}, defaultdict(list)
        for row in PolicyVersion.objects.exclude(state=State.RETIRED).order_by("number"):
            if row.state == State.ACTIVE:
                active[row.name] = row
            else:
                drafts[row.name].append(row)
        rows = [(p, active.get(p.name), drafts[p.name]) for p in POLICIES.values()]
        areas = [
            {
                "title": title,
                "who": who,
                "rows": [_listed(*row) for row in rows if row[0].area == area],
            }
            for area, (title, who) in AREAS.items()
        ]
        lead = (
            "Rules of the company where no standard applies."
            " One person drafts a version, another activates it."
        )
        return super().get_context_data(areas=areas, lead=lead, **context)


def _listed(policy: Policy, row: PolicyVersion | None, drafts: list[Any]) -> dict[str, Any]:
    values = policies.with_values(policy.rule, row.values) if row else policy.rule()
    differing = sum(getattr(values, v.name) != v.default for v in policy.values)
    return {"policy": policy, "row": row, "differing": differing, "drafts": drafts}


class OfPolicy(Page):
    """A page about one house rule."""

    permission_required = VIEW

    @property
    def policy(self) -> Policy:
        """The rule of the address. Raises ``Http404``."""
        found = POLICIES.get(self.kwargs["name"])
        if found is None:
            raise Http404("There is no such policy.")
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the rule."""
        return super().get_context_data(policy=self.policy, **context)


class PolicyPage(OfPolicy):
    """Values now and by default, drafts, earlier versions."""

    template_name = "workspace/policies/policy.html"
    page_title = "{self.policy.title}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds values and versions."""
        policy = self.policy
        values, number = policies.active(policy.rule)
        rows = [
            {
                "label": value.label,
                "unit": value.unit,
                "now": shown(getattr(values, value.name)),
                "other": shown(value.default),
                "differs": getattr(values, value.name) != value.default,
            }
            for value in policy.values
        ]
        versions = PolicyVersion.objects.filter(name=policy.name).order_by("-number")
        return super().get_context_data(
            values=rows,
            number=number,
            versions=list(versions.select_related("drafted_by", "activated_by")),
            may_draft=self.actor.may(policy.draft_right),
            who=services.who_activates(policy),
            lead=policy.about,
            **context,
        )


class VersionDraft(OfPolicy, FormPage):
    """A new version, from the values in force."""

    template_name = "workspace/policies/draft.html"
    form_class = VersionForm
    submit_label = "Draft version"
    page_title = "Draft a version of {self.policy.title}"

    def _check_permission(self) -> None:
        self.permission_required = self.policy.draft_right  # type: ignore[misc]
        super()._check_permission()

    def get_form_kwargs(self) -> dict[str, Any]:
        """The values in force as initial values."""
        now = asdict(policies.active(self.policy.rule)[0])
        return super().get_form_kwargs() | {"policy": self.policy, "now": now}

    def get_cancel_url(self) -> str:
        return reverse("policy_detail", args=[self.policy.name])

    def save(self, form: Any) -> str:
        """Draft it; a problem of a value is shown at its field."""
        values = dict(form.cleaned_data)
        note = values.pop("note")
        try:
            version = services.draft_version(
                policy=self.policy, values=values, note=note, actor=self.actor
            )
        except ValuesRefused as refused:
            raise ValuesRefused(_at_fields(refused)) from refused
        messages.success(self.request, f"Version {version.number} is drafted.")
        return version.get_absolute_url()


def _at_fields(refused: ValuesRefused) -> list[FieldProblem]:
    return [
        FieldProblem(one.pointer.removeprefix("/values"), one.code, one.detail)
        for one in refused.problems
    ]


class OfVersion(OfPolicy):
    """A page about one version."""

    @property
    def version(self) -> PolicyVersion:
        """The version of the address. Raises ``Http404``."""
        rows = PolicyVersion.objects.select_related("drafted_by", "activated_by")
        found = rows.filter(name=self.policy.name, number=self.kwargs["number"]).first()
        if found is None:
            raise Http404(f"{self.policy.title} has no version {self.kwargs['number']}.")
        return found


class VersionPage(OfVersion):
    """What a version changes, and its activation."""

    template_name = "workspace/policies/version.html"

    def get_page_title(self) -> str:
        """The rule and the number."""
        return f"{self.policy.title}, version {self.kwargs['number']}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the changes and what the reader can do."""
        policy, version = self.policy, self.version
        is_draft = version.state == State.DRAFT
        mine = version.drafted_by_id == self.request.user.pk
        reasons = services.hindrances(policy, version, self.actor) if is_draft else []
        may = self.actor.may(policy.activate_right)
        return super().get_context_data(
            version=version,
            in_force=policies.active(policy.rule)[1],
            changes=_shown(services.changes_of(policy, version)) if is_draft else [],
            values=_values(policy, version),
            may_activate=is_draft and may and not reasons,
            may_discard=is_draft and (may or (mine and self.actor.may(policy.draft_right))),
            reasons=reasons,
            who=services.who_activates(policy),
            **context,
        )


def _shown(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"now": shown(one["now"]), "other": shown(one["after"])} for one in changes]


def _values(policy: Policy, version: PolicyVersion) -> list[tuple[str, str]]:
    values = policies.with_values(policy.rule, version.values)
    return [(v.label, f"{shown(getattr(values, v.name))} {v.unit}") for v in policy.values]


class VersionAct(OfVersion):
    """One click on a version."""

    http_method_names: ClassVar = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it, or show on the version's page why it is refused."""
        version = self.version
        if not self.actor.may(self.policy.activate_right) and not self.actor.may(
            self.policy.draft_right
        ):
            self.permission_required = self.policy.activate_right  # type: ignore[misc]
            self._check_permission()
        try:
            return go_to(request, self.act(version))
        except (Refused, ValuesRefused) as refusal:
            for text in _sentences(refusal, version):
                messages.error(request, text)
            return go_to(request, version.get_absolute_url())

    def act(self, version: PolicyVersion) -> str:
        """Call the service; return where to go."""
        raise NotImplementedError


def _sentences(refusal: Refused | ValuesRefused, version: PolicyVersion) -> list[str]:
    if isinstance(refusal, Stale):
        version.refresh_from_db()
        if version.state == PolicyVersion.State.ACTIVE:
            return [f"Version {version.number} is in force already."]
        return ["Another version came into force since you opened this. Compare it again."]
    if isinstance(refusal, ValuesRefused):
        return [problem.detail for problem in refusal.problems]
    return [f"{reason.detail} {reason.fix}".strip() for reason in refusal.reasons]


class VersionActivate(VersionAct):
    """Put a draft in force."""

    def act(self, version: PolicyVersion) -> str:
        """Activate the version that the reader saw."""
        services.activate_version(
            version=version, actor=self.actor,
            expected=posted_version(self.request.POST, "expected"),
        )  # fmt: skip
        said = f"Version {version.number} is in force."
        if self.policy.follows:
            said += " Figures follow in a moment."
        messages.success(self.request, said)
        return reverse("policy_detail", args=[self.policy.name])


class VersionDiscard(VersionAct):
    """Remove a draft."""

    def act(self, version: PolicyVersion) -> str:
        """Discard."""
        services.discard_version(version=version, actor=self.actor)
        messages.success(self.request, f"Version {version.number} is discarded.")
        return reverse("policy_detail", args=[self.policy.name])


urlpatterns = [
    path("", PolicyList.as_view(), name="policy_list"),
    path("<slug:name>/", PolicyPage.as_view(), name="policy_detail"),
    path("<slug:name>/new/", VersionDraft.as_view(), name="policy_draft"),
    path("<slug:name>/<int:number>/", VersionPage.as_view(), name="policy_version"),
    path("<slug:name>/<int:number>/activate/", VersionActivate.as_view(), name="policy_activate"),
    path("<slug:name>/<int:number>/discard/", VersionDiscard.as_view(), name="policy_discard"),
]
