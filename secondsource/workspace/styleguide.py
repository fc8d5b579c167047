"""Every component in every state, on one page."""

from __future__ import annotations

from secondsource.core.views import SIGNED_IN, Page


class StyleguidePage(Page):
    """The component gallery."""

    permission_required = SIGNED_IN
    template_name = "workspace/styleguide.html"
    page_title = "Components and states"
