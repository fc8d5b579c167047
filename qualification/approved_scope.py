"""What an approval by a case covers: the case's scope, and what is approved already."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from parts.models import Product
from qualification.models import Case
from secondsource.accounts.models import Plant
from secondsource.core import clock
from suppliers.models import Approval


def approved_products(case: Case) -> list[Product] | None:
    """The products that an approval by this case covers; None for those of the source.

    A source that is approved for other products keeps them: a case widens its approval.
    """
    own = {product.pk: product for product in case.products.all()}
    if not own:
        return None
    for approval in _standing(case).prefetch_related("products"):
        if not (kept := list(approval.products.all())):
            return []  # approved for all products already
        own |= {product.pk: product for product in kept}
    return list(own.values())


def approved_plants(case: Case) -> list[Plant]:
    """The plants that an approval by this case covers, by the same rule; empty for all."""
    own = {plant.pk: plant for plant in case.plants.all()}
    for approval in _standing(case).prefetch_related("plants"):
        if not own or not (kept := list(approval.plants.all())):
            return []
        own |= {plant.pk: plant for plant in kept}
    return list(own.values())


def _standing(case: Case) -> Any:
    """Approvals of the source that are valid today."""
    valid = Q(valid_to=None) | Q(valid_to__gte=clock.business_day())
    return Approval.objects.standing().filter(valid, source=case.source_id)
