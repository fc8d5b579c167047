"""What the measured pages and lists are compared with: the same rows with nothing around them.

They are never slowed: no frame, no permissions, no filters; one query, one plain template, one
plain serializer.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from rest_framework import serializers

from parts.models import Part
from parts.models.figures import PartFigures

ROWS = 50


class PlainFigures(serializers.ModelSerializer):
    """The figures' columns as they are."""

    class Meta:
        model = PartFigures
        fields = (
            "approved_sources", "independent_sources", "spend_12m", "cover_wk", "computed_at",
        )  # fmt: skip


class PlainPart(serializers.ModelSerializer):
    """The part's columns as they are."""

    figures = PlainFigures()
    category = serializers.CharField(source="category.path")
    owner = serializers.CharField(source="owner.email", default=None)

    class Meta:
        model = Part
        fields = (
            "public_id", "version", "created_at", "updated_at", "ipn", "description", "category",
            "criticality", "lifecycle", "unit", "stock_qty", "open_order_qty", "safety_stock",
            "standard_cost", "owner", "figures",
        )  # fmt: skip


def page(request: HttpRequest) -> HttpResponse:
    """Fifty rows with the list's columns through a plain template."""
    rows = Part.objects.select_related("category", "owner", "figures").order_by("ipn")[:ROWS]
    return HttpResponse(render_to_string("bench/floor.html", {"rows": rows}))


def api(request: HttpRequest) -> JsonResponse:
    """Fifty rows through a plain serializer."""
    rows = Part.objects.select_related("category", "owner", "figures").order_by("ipn")[:ROWS]
    return JsonResponse({"results": PlainPart(rows, many=True).data})
