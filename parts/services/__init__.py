"""Services that write categories, parts, requirements, products, bills of material and rates."""

from parts.services.boms import NewLine, add_revision, remove_revision
from parts.services.catalogue import (
    add_category,
    add_part,
    change_category,
    change_part,
    dated,
    move_category,
    next_ipns,
    quantity_problems,
    remove_unused_categories,
    set_requirements,
    unsorted_category,
)
from parts.services.products import add_product, change_product
from parts.services.rates import correct_rate, record_rate

__all__ = [
    "NewLine",
    "add_category",
    "add_part",
    "add_product",
    "add_revision",
    "change_category",
    "change_part",
    "change_product",
    "correct_rate",
    "dated",
    "move_category",
    "next_ipns",
    "quantity_problems",
    "record_rate",
    "remove_revision",
    "remove_unused_categories",
    "set_requirements",
    "unsorted_category",
]
