"""The bases of every page: access, fragments, lists, details, forms, moves.

A page names its permission; without one it cannot be put into a URL table. The same view answers
with a page or, to htmx, with the fragment that the asking element swaps.
"""

from secondsource.core.views.forms import FormPage, VersionedForm
from secondsource.core.views.lists import ListPage
from secondsource.core.views.moves import MovePage
from secondsource.core.views.objects import DetailPage, ObjectPage
from secondsource.core.views.pages import (
    PUBLIC,
    SIGNED_IN,
    Page,
    go_to,
    target_id,
    wants_fragment,
)

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "DetailPage",
    "FormPage",
    "ListPage",
    "MovePage",
    "ObjectPage",
    "Page",
    "VersionedForm",
    "go_to",
    "target_id",
    "wants_fragment",
]
