"""Approvals that came in without a case, kept or withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse

from secondsource.core.views import FormPage
from suppliers import services
from suppliers.models import Source
from suppliers.takeover_forms import KeepForm, WithdrawForm
from suppliers.views import chips

_LONGEST_ID = 19


class ReviewPage(FormPage):
    """A decision about selected approvals: shown first, then made with a reason."""

    permission_required = "suppliers.review_approval"
    template_name = "suppliers/reviews/review_form.html"
    cancel_name = "review_list"

    def get_sources(self) -> list[Source]:
        """The selected approvals that the reader sees."""
        chosen = [
            int(one)
            for one in self.request.POST.getlist("selected")
            if one.isdecimal() and len(one) < _LONGEST_ID
        ]
        seen = Source.objects.visible_to(self.actor.user).to_review().filter(pk__in=chosen)
        return list(seen.select_related("part", "approval", "manufacturer_part__manufacturer"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect to the list: an address selects nothing."""
        return HttpResponseRedirect(reverse("review_list"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form for the selection; once it is filled in, decide."""
        self.sources = self.get_sources()
        if not self.sources:
            messages.error(request, "Choose at least one approval.")
            return HttpResponseRedirect(reverse("review_list"))
        if "sure" in request.POST:
            return super().post(request, *args, **kwargs)
        return self.respond(self.get_context_data(form=self.form_class()))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what is selected."""
        shown = [(source, chips.without_case(source)) for source in self.sources]
        return super().get_context_data(sources=self.sources, shown=shown, **context)


class KeepPage(ReviewPage):
    """Keep approvals for some months."""

    page_title = "Keep approvals"
    form_class = KeepForm
    submit_label = "Keep"

    def save(self, form: Any) -> str:
        """Keep; taken-over approvals wait for a second person."""
        waiting = services.keep_approvals(
            sources=self.sources, actor=self.actor, **form.cleaned_data
        )
        if waiting is None:
            messages.success(self.request, f"Kept {len(self.sources)}.")
            return self.get_cancel_url()
        messages.success(self.request, "Kept. A second person approves the taken-over ones.")
        return waiting.get_absolute_url()


class WithdrawPage(ReviewPage):
    """Withdraw approvals: their sources must be qualified."""

    page_title = "Withdraw approvals"
    form_class = WithdrawForm
    submit_label = "Withdraw"
    danger = True

    def save(self, form: Any) -> str:
        """Withdraw at once, with the reason."""
        number = services.withdraw_approvals(
            sources=self.sources, actor=self.actor, **form.cleaned_data
        )
        messages.success(self.request, f"Withdrew {number}.")
        return self.get_cancel_url()


urlpatterns = [
    path("keep/", KeepPage.as_view(), name="review_keep"),
    path("withdraw/", WithdrawPage.as_view(), name="review_withdraw"),
]
