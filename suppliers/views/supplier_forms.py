"""Suppliers added, edited, assessed and merged, their sites and their history."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from secondsource.accounts.models import User
from secondsource.core import audit
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event
from secondsource.core.views import DetailPage, FormPage, ObjectPage, VersionedForm, go_to
from secondsource.core.views.history import MOST, Entry, changes_of
from suppliers import services
from suppliers.company_forms import MergeForm, SiteForm, StandingForm, SupplierForm
from suppliers.models import Site, Source, Supplier
from suppliers.services.merge import MERGED

#: Names that a field offers.
MOST_OFFERED = 500


def offered_names() -> list[str]:
    """Companies' names for a field with suggestions."""
    names = Supplier.objects.companies().order_by("name").values_list("name", flat=True)
    return list(names[:MOST_OFFERED])


class OfSupplier(ObjectPage):
    """A page about one supplier."""

    lookup: ClassVar[Mapping[str, str]] = {"code": "code"}
    context_name = "supplier"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The address of a company that was merged leads to the one it became.

        Nothing of a form is saved there: the message says so.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            code = kwargs["code"]
            became = None if "\0" in code else Supplier.objects.by_code(code)
            if became is None or became.code == kwargs["code"]:
                raise
            if request.method == "POST":
                said = f"{code} was merged into {became.name}. Nothing was saved."
                messages.error(request, said)
                return go_to(request, became.get_absolute_url())
            match = request.resolver_match
            name = match.view_name if match and len(kwargs) == 1 else "supplier_detail"
            return HttpResponsePermanentRedirect(reverse(name, args=[became.code]))

    def get_queryset(self) -> QuerySet[Any]:
        rows = Supplier.objects.companies().select_related("group", "figures")
        return rows.prefetch_related("aliases", "sites")


class SupplierHistory(OfSupplier, DetailPage):
    """Who changed what of the supplier, when and why."""

    permission_required = "suppliers.view_supplier"
    template_name = "suppliers/supplier_history.html"
    page_title = "History of {self.object.name}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the newest entries."""
        entries = [*changes_of(self.object, self.actor, "supplier"), *merges_of(self.object)]
        newest = sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]
        return super().get_context_data(entries=newest, most=MOST, **context)


def merges_of(supplier: Supplier) -> list[Entry]:
    """The companies that were merged into a supplier, which change none of its own fields."""
    found = Event.objects.filter(
        action=MERGED, subject_type=audit.label(Supplier), subject_id=supplier.pk
    )
    events = list(found.order_by("-pk")[:MOST])
    people = dict(
        User.objects.filter(pk__in=[e.actor_id for e in events]).values_list("pk", "name")
    )
    return [
        Entry(
            at=event.at, who=people.get(event.actor_id or 0, "A job"), why=event.note,
            what=f"merged {event.data['from']} into this supplier", icon="git-merge",
        )
        for event in events
    ]  # fmt: skip


class SupplierCreate(FormPage):
    """A new supplier with its spellings."""

    permission_required = "suppliers.write_supplier"
    template_name = "suppliers/supplier_form.html"
    page_title = "Add supplier"
    form_class = SupplierForm
    submit_label = "Add supplier"
    cancel_name = "supplier_list"

    def save(self, form: Any) -> str:
        """Add it; the service refuses a name of another supplier."""
        supplier = services.add_supplier(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, f"Added {supplier.name}.")
        return supplier.get_absolute_url()


class SupplierForms(VersionedForm, OfSupplier):
    """A form about one supplier."""

    permission_required = "suppliers.write_supplier"
    template_name = "suppliers/supplier_form.html"


class SupplierEdit(SupplierForms):
    """Name, kinds, country, group and spellings."""

    form_class = SupplierForm
    success_message = "Saved."
    page_title = "Edit {self.object.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"supplier": self.object}

    @transaction.atomic
    def save(self, form: Any) -> str:
        """Changed fields alone; a stale version is refused."""
        values = dict(form.cleaned_data)
        aliases = values.pop("aliases")
        row = services.change_supplier(
            supplier=self.object, values=values, actor=self.actor, expected=self.expected
        )
        services.set_aliases(supplier=row, aliases=aliases, actor=self.actor)
        return self.get_cancel_url()


class SupplierAssess(SupplierForms):
    """A standing, given by quality with a reason."""

    permission_required = "suppliers.assess_supplier"
    template_name = "suppliers/standing_form.html"
    form_class = StandingForm
    submit_label = "Set standing"
    success_message = "Standing set."
    page_title = "Standing of {self.object.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present standing."""
        return super().get_form_kwargs() | {"initial": {"standing": self.object.standing}}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds how many sources a phase-out would reach."""
        theirs = Source.objects.filter(manufacturer_part__manufacturer=self.object)
        approved = theirs.filter(status=Source.Status.APPROVED).count()
        return super().get_context_data(approved=approved, **context)

    def save(self, form: Any) -> str:
        services.assess_supplier(
            supplier=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()


class SupplierMerge(SupplierForms):
    """Merge another record of the same company into this one, after a preview."""

    permission_required = "suppliers.merge_supplier"
    template_name = "suppliers/merge.html"
    form_class = MergeForm
    submit_label = "Merge"
    danger = True
    page_title = "Merge a supplier into {self.object.name}"

    @property
    def asked(self) -> str:
        """The code or name of the other one, as typed."""
        return str(self.request.GET.get("other", "")).strip()

    @cached_property
    def other(self) -> Supplier | None:
        """The company to merge, None when no company has the typed name."""
        found = services.find_supplier(self.asked) if self.asked else None
        return None if found is None or found.placeholder else found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what moves and the reasons against it."""
        plan = self.other and services.plan_merge(kept=self.object, gone=self.other)
        return super().get_context_data(
            asked=self.asked, other=self.other, plan=plan, names=offered_names(), **context
        )

    def save(self, form: Any) -> str:
        """Merge; the service plans it again under its locks."""
        if self.other is None:
            raise ValuesRefused.one("", "required", "Choose the supplier that goes.")
        gone = self.other.name
        kept = services.merge_suppliers(
            kept=self.object, gone=self.other, actor=self.actor, expected=self.expected,
            **form.cleaned_data,
        )  # fmt: skip
        messages.success(self.request, f"Merged {gone} into {kept.name}.")
        return kept.get_absolute_url()


class SiteCreate(SupplierForms):
    """A place where the supplier works."""

    form_class = SiteForm
    submit_label = "Add site"
    success_message = "Site added."
    page_title = "Add a site of {self.object.name}"

    def save(self, form: Any) -> str:
        services.add_site(supplier=self.object, actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()


class OfSite(SupplierForms):
    """A form about one site of a supplier."""

    @cached_property
    def site(self) -> Site:
        """The site of the address."""
        return get_object_or_404(self.object.sites, public_id=self.kwargs["site"])

    @property
    def record(self) -> Any:
        """The record of the form."""
        return self.site


class SiteEdit(OfSite):
    """A site changed."""

    template_name = "suppliers/site_form.html"
    form_class = SiteForm
    success_message = "Saved."
    page_title = "Edit {self.site.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"site": self.site}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds how many manufacturer parts name the site."""
        return super().get_context_data(
            site=self.site, used=self.site.made_parts.count(), **context
        )

    def save(self, form: Any) -> str:
        services.change_site(
            site=self.site, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class SiteRemove(OfSite):
    """A site taken off the record; refused while a manufacturer part names it."""

    form_class = Form
    submit_label = "Remove site"
    success_message = "Site removed."
    danger: ClassVar[bool] = True
    page_title = "Remove {self.site.name}"

    def save(self, form: Any) -> str | HttpResponse:
        services.remove_site(site=self.site, actor=self.actor, expected=self.expected)
        return self.get_cancel_url()


urlpatterns = [
    path("new/", SupplierCreate.as_view(), name="supplier_create"),
    path("<str:code>/history/", SupplierHistory.as_view(), name="supplier_history"),
    path("<str:code>/edit/", SupplierEdit.as_view(), name="supplier_edit"),
    path("<str:code>/standing/", SupplierAssess.as_view(), name="supplier_assess"),
    path("<str:code>/merge/", SupplierMerge.as_view(), name="supplier_merge"),
    path("<str:code>/sites/new/", SiteCreate.as_view(), name="site_create"),
    path("<str:code>/sites/<uuid:site>/", SiteEdit.as_view(), name="site_edit"),
    path("<str:code>/sites/<uuid:site>/remove/", SiteRemove.as_view(), name="site_remove"),
]
