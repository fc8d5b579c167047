"""Sources of hits for Ctrl K: functions of (user, text); hits are visible to the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from parts.models import Part, Product
from qualification.consequences import in_words
from qualification.models import Case
from qualification.my_work import pair
from secondsource.accounts.models import User
from secondsource.accounts.rights import roles_in_words
from secondsource.workspace import navigation
from secondsource.workspace.calculators import AREAS, search
from suppliers.filters import SupplierFilter
from suppliers.models import Supplier

#: Hits under one heading.
LIMIT = 6


@dataclass(frozen=True)
class Hit:
    """A page to go to; ``key`` is its key where the label says more."""

    label: str
    url: str
    icon: str = "file-text"
    note: str = ""
    mono: bool = False
    key: str = ""


def pages(user: Any, text: str) -> list[Hit]:
    """Pages of the navigation whose name holds the text."""
    items = [item for group in navigation.GROUPS for item in group.items]
    items += navigation.SETTINGS + navigation.ACCOUNT + navigation.NEW
    once = {item.url: item for item in navigation.offered(items, user, "")}
    return [
        Hit(item.label, item.url, item.icon)
        for item in once.values()
        if text.lower() in item.label.lower()
    ]


def cases(user: Any, text: str) -> list[Hit]:
    """Qualification cases whose key, part or MPN holds the text, newest first."""
    if not user.has_perm("qualification.view_case") or len(text) < 2:
        return []
    found = Case.objects.visible_to(user).with_list_columns().search(text).order_by("-number")
    return [
        Hit(
            f"{case.key} {pair(case)}", case.get_absolute_url(), "route",
            in_words(case.state), True, case.key,
        )
        for case in found[:LIMIT]
    ]  # fmt: skip


def people(user: Any, text: str) -> list[Hit]:
    """Active people: an administrator gets the person's page, others their cases."""
    if len(text) < 2 or not user.has_perm("accounts.view_person"):
        return []
    manages = user.has_perm("accounts.manage_people")
    named = Q(name__icontains=text) | Q(email__icontains=text)
    found = User.objects.filter(named, is_active=True).order_by("name", "pk")
    return [
        Hit(
            person.name,
            person.get_absolute_url() if manages else _cases_of(person),
            "user",
            roles_in_words(person.roles) if manages else "Their cases",
        )
        for person in found[:LIMIT]
    ]


def _cases_of(person: User) -> str:
    return f"{reverse('case_list')}?{urlencode({'person': person.email})}"


def calculators(user: Any, text: str) -> list[Hit]:
    """Calculators whose title, name or purpose holds every word of the text."""
    if len(text) < 2:
        return []
    return [
        Hit(c.title, reverse("calculator_detail", args=[c.name]), "flask-conical", AREAS[c.area])
        for c in search(text)[:LIMIT]
    ]


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
    companies = Supplier.objects.companies().order_by("name")
    rows = SupplierFilter({"search": text}, queryset=companies).qs[:LIMIT]
    return [Hit(row.name, row.get_absolute_url(), "factory", row.code) for row in rows]
