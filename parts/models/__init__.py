"""Models of parts, products, bills of material and computed figures."""

from parts.models.bom import BomLine, BomRevision, PartUsage
from parts.models.catalogue import Category, Part, Requirement
from parts.models.figures import PartFigures
from parts.models.products import Product
from parts.models.rates import ExchangeRate

__all__ = [
    "BomLine",
    "BomRevision",
    "Category",
    "ExchangeRate",
    "Part",
    "PartFigures",
    "PartUsage",
    "Product",
    "Requirement",
]
