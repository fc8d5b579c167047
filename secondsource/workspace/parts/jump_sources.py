"""What Ctrl K finds among parts, products and suppliers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from parts.models import Part, Product
from secondsource.workspace.jump import LIMIT, Hit
from suppliers.filters import SupplierFilter
from suppliers.models import Supplier


def parts(user: Any, text: str) -> list[Hit]:
    """Parts by any piece of a number, description or manufacturer; an equal number first."""
    if not text or not user.has_perm("parts.view_part"):
        return []
    seen = Part.objects.visible_to(user).select_related("figures").defer("figures__search_text")
    exact = list(seen.filter(ipn=text.upper())[:1])
    found = seen.search(text).exclude(pk__in=[part.pk for part in exact]).order_by("ipn")
    return [_of_part(part) for part in [*exact, *found[:LIMIT]]]


def _of_part(part: Part) -> Hit:
    manufacturer = part.figures.incumbent_mpn if hasattr(part, "figures") else ""
    note = ", ".join(filter(None, [manufacturer, part.description]))
    return Hit(part.ipn, part.get_absolute_url(), "cpu", note, mono=True)


def products(user: Any, text: str) -> list[Hit]:
    """Products by code or name."""
    if not text or not user.has_perm("parts.view_product"):
        return []
    named = Q(code__icontains=text) | Q(name__icontains=text)
    rows = Product.objects.visible_to(user).filter(named).order_by("code")[:LIMIT]
    return [Hit(row.code, row.get_absolute_url(), "package", row.name, mono=True) for row in rows]


def suppliers(user: Any, text: str) -> list[Hit]:
    """Suppliers by any of their names."""
    if not text or not user.has_perm("suppliers.view_supplier"):
        return []
    rows = SupplierFilter({"search": text}, queryset=Supplier.objects.order_by("name")).qs[:LIMIT]
    return [Hit(row.name, row.get_absolute_url(), "factory", row.code) for row in rows]
