"""Serializers of ``/start-small/``."""

from __future__ import annotations

from qualification.models.cases import State
from secondsource.core.api import fields
from secondsource.core.api.serializers import Shape
from suppliers.serializers import ManufacturerPartRef


class TaughtShape(Shape):
    """A lesson of an earlier case on parts of the category."""

    case = fields.Text(source="case.key")
    gate = fields.Word(choices=State.choices)
    text = fields.Text()


class StartSmallPartShape(Shape):
    """A part to begin with. Amounts are rounded to two digits where the caller sees no exact ones.

    ``candidate`` is the source on which ``POST /cases/`` opens the case. ``exposure`` is null
    where it is not known or withheld; it counts as 0 in ``rank``.
    """

    place = fields.Whole()
    part = fields.Text(source="part.ipn")
    description = fields.Text(source="part.description")
    category = fields.Text(source="part.category.path")
    candidate = fields.Text(source="source.public_id")
    incumbent = fields.Text(source="incumbent_mpn")
    manufacturer_part = ManufacturerPartRef(source="source.manufacturer_part")
    saving = fields.Money("saving", places=2)
    saving_basis = fields.Text()
    from_offers = fields.Flag()
    exposure = fields.Money("exposure", places=2, allow_null=True)
    exposure_basis = fields.Text()
    exposure_withheld = fields.Flag(source="withheld")
    effort_days = fields.DecimalText()
    rank = fields.Money("points", places=2)
    rank_basis = fields.Text(source="points_basis")
    computed_at = fields.Moment()
    lessons = TaughtShape(many=True)


class LeftOutShape(Shape):
    """Why parts are not eligible; each part is counted once, for the first reason."""

    code = fields.Text()
    parts = fields.Whole()
    detail = fields.Text()


class StartSmallShape(Shape):
    """The proposals in their order, and how many parts are left out for which reason."""

    parts = fields.Whole()
    eligible = fields.Whole()
    prices_rounded = fields.Flag()
    margins_rounded = fields.Flag()
    left_out = LeftOutShape(many=True, source="reasons")
    results = StartSmallPartShape(many=True, source="proposals")
