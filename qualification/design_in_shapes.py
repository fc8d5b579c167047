"""Serializers of ``/products/{code}/design-in/``."""

from __future__ import annotations

from qualification.design_in import DesignPart
from secondsource.core.api import fields
from secondsource.core.api.serializers import Shape


class PreferenceReasonShape(Shape):
    """A judged fact of a part."""

    fact = fields.Text()
    judged = fields.Word(
        choices=[(word, word) for word in ("good", "fair", "poor", "unknown")], read_only=True
    )
    detail = fields.Text()


class PreferenceShape(Shape):
    """The preferred-part rating and its four reasons."""

    word = fields.Word(
        choices=[(word, word) for word in ("preferred", "acceptable", "avoid", "not_rated")],
        read_only=True,
    )
    reasons = PreferenceReasonShape(many=True)


class DesignPartShape(Shape):
    """A part without a second source; ``exposure`` is null where not known or withheld."""

    part = fields.Text(source="part.ipn")
    description = fields.Text(source="part.description")
    quantity = fields.DecimalText()
    rating = PreferenceShape()
    exposure = fields.DecimalText(allow_null=True)
    exposure_withheld = fields.Flag(source="withheld")
    lost_wk = fields.DecimalText(allow_null=True)
    candidate = fields.Text(source="candidate.public_id", default=None, allow_null=True)
    case = fields.Text(source="case.key", default=None, allow_null=True)

    def to_representation(self, one: DesignPart) -> dict[str, object]:
        """Null, not absent, without a candidate or case."""
        return {"candidate": None, "case": None, **super().to_representation(one)}


class DesignInShape(Shape):
    """The parts by exposure, in ``currency``; ``open`` while the product is before design freeze.

    ``change_factor``: what a change costs in this phase, as a multiple of that in development.
    """

    product = fields.Text(source="product.code")
    phase = fields.Text(source="product.phase")
    open = fields.Flag(source="is_open")
    change_factor = fields.Whole(source="factor", allow_null=True)
    currency = fields.Text()
    parts_in_all = fields.Whole(source="in_all")
    results = DesignPartShape(many=True, source="parts")
