"""Reference and scope of a take-over, until somebody confirms a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from secondsource.core.views import VersionedForm
from secondsource.workspace.aml.forms import ReferenceForm
from secondsource.workspace.aml.takeovers import OfTakeover
from suppliers import services
from suppliers.models import Takeover


class TakeoverEdit(VersionedForm, OfTakeover):
    """Change the document that a batch names, and what it is for; a file names neither."""

    permission_required = "suppliers.propose_takeover"
    page_title = "Reference and scope"
    template_name = "workspace/aml/takeover_edit.html"
    form_class = ReferenceForm
    success_message = "Saved."

    def get_queryset(self) -> QuerySet[Any]:
        """Batches with a row in the reader's scope."""
        seen: QuerySet[Any] = Takeover.objects.visible_to(self.actor.user)
        return seen

    def get_cancel_url(self) -> str:
        """Back to the batch."""
        return str(self.object.get_absolute_url())

    def get_initial(self) -> Mapping[str, Any]:
        """The present values."""
        batch = self.object
        return {
            "document": batch.document,
            "revision": batch.revision,
            "dated": batch.dated,
            "products": batch.products.all(),
            "plants": batch.plants.all(),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """The reader, whose products can be chosen."""
        return {"user": self.request.user, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Write them; a version that somebody passed is refused."""
        services.change_takeover(
            takeover=self.object,
            values=form.cleaned_data,
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()
