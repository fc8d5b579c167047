"""Base views of pages: access, fragments, lists, details, forms, moves.

A page declares its permission; without one it cannot be routed. The same view responds with a page
or, for htmx, with the fragment for the target.
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
