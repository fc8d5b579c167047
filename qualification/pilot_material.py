"""The material that a pilot plan needs: pieces of the part, through all BOM levels."""

from __future__ import annotations

import math
from decimal import Decimal

from django.db.models import QuerySet, Sum

from parts.models import PartUsage
from qualification.models import PilotBuild, PilotPlan
from qualification.pilot_verdicts import counted_builds


def material_of(plan: PilotPlan) -> int:
    """Pieces that were built in so far, under any version, and those that the plan still needs."""
    usages = PartUsage.objects.filter(part=plan.case.part_id).values_list("product", "quantity")
    per_unit: dict[int, Decimal] = dict(usages)
    every = PilotBuild.objects.standing().filter(plan__case=plan.case_id)
    built, counted = _started(every), _started(counted_builds(plan))
    units = dict(built)
    for product, planned in plan.models.values_list("product", "units"):
        left = max(0, planned - counted.get(product, 0))
        units[product] = built.get(product, 0) + left
    return sum(math.ceil(n * per_unit.get(product, Decimal(1))) for product, n in units.items())


def _started(builds: QuerySet[PilotBuild]) -> dict[int, int]:
    """Units started by product."""
    return dict(builds.order_by().values_list("product").annotate(Sum("started")))
