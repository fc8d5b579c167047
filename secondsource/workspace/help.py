"""The page Help: where to find things, the words, the keys, and people who help."""

from __future__ import annotations

from typing import Any

from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core.views import SIGNED_IN, Page
from secondsource.workspace.glossary import TERMS

_ADMINISTRATORS = 5


class HelpPage(Page):
    """Help and glossary."""

    permission_required = SIGNED_IN
    template_name = "workspace/help.html"
    page_title = "Help"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the words and who gives roles."""
        admins = User.objects.filter(is_active=True, roles__contains=[Role.ADMIN])
        return super().get_context_data(
            terms=sorted(TERMS.items()),
            administrators=admins.order_by("name")[:_ADMINISTRATORS],
            **context,
        )
