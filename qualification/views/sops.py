"""Pages of SOPs: the list, a version with its steps, a draft and its moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from parts.models.catalogue import RiskClass
from qualification import services
from qualification.consequences import in_words
from qualification.gate_requirements import signers
from qualification.models import Sop, SopItem
from qualification.models.cases import GATES
from qualification.sop_changes import changes_of
from qualification.sop_forms import NewSopItemForm, SopForm, SopItemForm
from qualification.sop_workflow import SOP_FLOW
from secondsource.accounts.rights import Function
from secondsource.core.errors import Refused, ValuesRefused
from secondsource.core.views import FormPage, MovePage, ObjectPage, Page, VersionedForm, go_to
from secondsource.core.views.history import changes_of as history_of

WRITE = "qualification.write_sop"


class SopList(Page):
    """The versions in force and the drafts, by parts and risk class."""

    permission_required = "qualification.view_sop"
    template_name = "qualification/sops/list.html"
    page_title = "SOPs"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """A row for all parts, for each family and for each category with an SOP of its own."""
        rows: dict[str, dict[str, dict[str, Any]]] = {}
        shown = Sop.objects.exclude(state__in=[Sop.State.SUPERSEDED, Sop.State.DISCARDED])
        counted = shown.select_related("category").annotate(steps=Count("items"))
        for sop in counted.order_by("category__path", "family", "pk"):
            cells = rows.setdefault(sop.scope, {risk: {"drafts": []} for risk in RiskClass.values})
            cell = cells[sop.risk_class]
            if sop.state == Sop.State.ACTIVE:
                cell["active"] = sop
            else:
                cell["drafts"].append(sop)
        return super().get_context_data(
            rows=[(scope, list(cells.values())) for scope, cells in rows.items()],
            classes=[label for _, label in RiskClass.choices],
            may_draft=self.actor.may(WRITE),
            lead="What the gates of a case ask for. A case keeps the version with which it opened.",
            **context,
        )


class OnSop(ObjectPage):
    """A page about a version of an SOP."""

    permission_required = "qualification.view_sop"
    lookup: ClassVar[Mapping[str, str]] = {"sop": "public_id"}
    context_name = "sop"

    def get_queryset(self) -> QuerySet[Any]:
        """All versions; everybody reads them."""
        return Sop.objects.select_related(
            "category", "drafted_by", "activated_by", "derived_from__category"
        )


class SopPage(OnSop):
    """The steps of a version by gate, what it changes, and its moves."""

    template_name = "qualification/sops/sop.html"

    def get_page_title(self) -> str:
        """Parts, class and number."""
        return str(self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds steps, changes, versions and buttons."""
        sop = self.object
        items = list(sop.items.all())
        offers = SOP_FLOW.offered(sop, self.actor)
        may = [one for one in offers if self.actor.may(SOP_FLOW.transitions[one.name].permission)]
        is_draft, writes = sop.state == Sop.State.DRAFT, self.actor.may(WRITE)
        waiting = sop.siblings().filter(state__in=services.sops.OPEN).first()
        in_force = sop.state == Sop.State.ACTIVE
        return super().get_context_data(
            gates=[_gate(gate, items) for gate in GATES],
            changes=changes_of(sop),
            versions=list(sop.siblings().order_by("-number").select_related("activated_by")),
            cases=sop.cases.visible_to(self.request.user).count(),
            moves=may,
            reasons=[reason for one in may for reason in one.reasons],
            may_edit=is_draft and writes,
            may_draft=in_force and writes and waiting is None,
            entries=history_of(sop, self.actor, "version", rows=False),
            **context,
        )


def _gate(gate: Any, items: list[SopItem]) -> dict[str, Any]:
    here = [item for item in items if item.gate == gate]
    functions = {function for item in here for function in item.functions}
    for item in here:
        item.signed_by = ", ".join(Function(one).label for one in item.functions)  # type: ignore[attr-defined]
    labels = [Function(one).label for one in signers(gate, functions)]
    return {"gate": str(gate), "label": in_words(gate), "items": here, "signers": ", ".join(labels)}


class SopDraft(FormPage):
    """Draft a version; ``?from=`` names the one in force that it follows."""

    permission_required = WRITE
    page_title = "Draft a version of an SOP"
    form_class = SopForm
    submit_label = "Draft version"
    cancel_name = "sop_list"
    template_name = "qualification/sops/draft.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The parts and the class of the version that it follows."""
        given = self.request.GET.get("from", "")
        initial = {}
        if given:
            try:
                sop = Sop.objects.get(public_id=given)
            except (Sop.DoesNotExist, ValueError) as error:
                raise Http404("There is no such SOP.") from error
            initial = {
                "category": sop.category_id, "family": sop.family, "risk_class": sop.risk_class,
            }  # fmt: skip
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Draft it."""
        sop = services.draft_sop(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, f"Version {sop.number} is drafted.")
        return sop.get_absolute_url()


class SopMovePage(OnSop, MovePage):
    """Confirm a move of a version."""

    workflow = SOP_FLOW

    @property
    def danger(self) -> bool:  # type: ignore[override]
        """Whether the move ends the draft."""
        return self.move == "discard"

    def get_success_message(self, moved: Any) -> str:
        """The new state."""
        return f"{moved} is {moved.get_state_display().lower()}."


class NewSopItemPage(OnSop, VersionedForm):
    """Add a step to a draft."""

    permission_required = WRITE
    form_class = NewSopItemForm
    template_name = "qualification/sops/form.html"
    submit_label = "Add step"
    success_message = "Step added."
    page_title = "Add a step to {self.object}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The gate of the button."""
        wanted = self.request.GET.get("gate", "")
        initial = {"gate": wanted} if wanted in GATES else {}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Add it."""
        item = services.add_sop_item(
            sop=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return f"{self.object.get_absolute_url()}#step-{item.code}"


class OnSopItem(ObjectPage):
    """A page about a step of a version."""

    permission_required = WRITE
    lookup: ClassVar[Mapping[str, str]] = {"sop": "sop__public_id", "step": "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """All steps."""
        return SopItem.objects.select_related("sop__category")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version."""
        return super().get_context_data(sop=self.object.sop, **context)


class SopItemPage(OnSopItem, VersionedForm):
    """Change a step of a draft."""

    form_class = SopItemForm
    template_name = "qualification/sops/form.html"
    submit_label = "Save step"
    success_message = "Step saved."
    page_title = "{self.object.text}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present values."""
        initial = {name: getattr(self.object, name) for name in services.sops.ITEM_FIELDS}
        return {"initial": initial, **super().get_form_kwargs()}

    def get_cancel_url(self) -> str:
        """The version."""
        url: str = self.object.sop.get_absolute_url()
        return url

    def save(self, form: Any) -> str:
        """Write what differs."""
        services.change_sop_item(
            item=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return f"{self.get_cancel_url()}#step-{self.object.code}"


class RemoveSopItem(OnSopItem):
    """Remove a step from a draft."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The version."""
        return go_to(request, self.object.sop.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Remove it, or say on the version's page why not."""
        item, url = self.object, reverse("sop_detail", args=[self.kwargs["sop"]])
        try:
            services.remove_sop_item(item=item, actor=self.actor)
        except (Refused, ValuesRefused) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Removed “{item.text}”.")
        return go_to(request, url)
