"""Design-in: a product's parts without a second source, while they can still be changed cheaply."""

from __future__ import annotations

from typing import Any

from parts.views.products import OfProduct
from qualification import design_in
from qualification.views import rating_chips
from secondsource.core.views import DetailPage


class DesignInPage(OfProduct, DetailPage):
    """The parts by exposure, each with its preferred-part rating and its case."""

    permission_required = "parts.view_product"
    template_name = "qualification/design_in.html"
    page_title = "Design-in of {self.object.code}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the parts; none are read after design freeze."""
        found = design_in.design_in(self.object, self.actor)
        return super().get_context_data(
            found=found,
            rows=[(one, rating_chips.of(one.rating)) for one in found.parts],
            may_open=self.actor.may("qualification.open_case"),
            **context,
        )
