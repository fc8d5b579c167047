"""The form for a declaration of the candidate."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from qualification.spec_review_forms import DeclarationForm
from qualification.views.base import OnCase
from qualification.views.spec_review import OfSpecReview, spec_review_url
from suppliers import services as sourcing
from suppliers.models import Declaration


class DeclarationPage(OfSpecReview, OnCase):
    """Record the declaration of a scheme for the candidate; other cases see it too."""

    permission_required = "suppliers.write_manufacturerpart"
    form_class = DeclarationForm
    submit_label = "Record declaration"
    success_message = "Declaration recorded."

    @property
    def scheme(self) -> Declaration.Scheme:
        """The scheme in the URL. Raises ``Http404``."""
        try:
            return Declaration.Scheme(self.kwargs["scheme"])
        except ValueError as error:
            raise Http404("No such scheme.") from error

    @property
    def former(self) -> Declaration | None:
        """The present declaration."""
        made = self.case.source.manufacturer_part
        return made.declarations.filter(scheme=self.scheme).first()

    @property
    def record(self) -> Any:
        """The declaration, or the case while there is none."""
        return self.former or self.case

    def get_page_title(self) -> str:
        """Scheme and MPN."""
        return f"{self.scheme.label} of {self.case.source.manufacturer_part}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds scheme and present values."""
        return {"scheme": self.scheme, "former": self.former, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Record it."""
        sourcing.declare(
            manufacturer_part=self.case.source.manufacturer_part, scheme=str(self.scheme),
            values=form.cleaned_data, actor=self.actor,
            expected=self.expected if self.former else None,
        )  # fmt: skip
        return f"{spec_review_url(self.case)}#declarations"
