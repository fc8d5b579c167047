"""Addresses of far pages: the cursor that the list itself gives nine tenths down the way."""

from __future__ import annotations

from urllib.parse import urlencode

from parts.models import Part
from secondsource.core import keyset


def cursor_far_down() -> str:
    """The cursor of the page behind the row at nine tenths of the list by part number."""
    at = Part.objects.count() * 9 // 10
    row = Part.objects.order_by("ipn").values_list("ipn", flat=True)[at]
    page = keyset.paginate(Part.objects.filter(ipn__gte=row), ["ipn"])
    if page.next is None:
        raise RuntimeError("the list is too short for a far page")
    return page.next


def page_address() -> str:
    """A far page of the parts list."""
    return "/parts/?" + urlencode({"sort": "ipn", "cursor": cursor_far_down()})


def api_address() -> str:
    """A far page of the API's list."""
    return "/api/v1/parts/?" + urlencode(
        {"limit": 50, "ordering": "ipn", "cursor": cursor_far_down()}
    )
