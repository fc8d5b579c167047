"""Forms that save and remove the query of a list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from secondsource.core import saved_views
from secondsource.core.errors import Refused, ValuesRefused
from secondsource.core.toasts import say_with_undo
from secondsource.core.views import SIGNED_IN, Page


class SavedViewPage(Page):
    """``page``: URL name of the list, ``query``, ``name``; ``remove`` removes it."""

    permission_required = SIGNED_IN
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it and go back to the list."""
        sent = request.POST
        page, name, query = sent.get("page", ""), sent.get("name", ""), sent.get("query", "")
        try:
            back = reverse(page)
        except NoReverseMatch:
            raise Http404("No such list.") from None
        if "remove" in sent:
            gone = saved_views.remove(user=request.user, page=page, name=name)
            if gone:
                back_again = {"page": page, "name": name, "query": gone}
                say_with_undo(request, f"View “{name}” removed.", request.path, **back_again)
            return HttpResponseRedirect(back)
        try:
            view = saved_views.save(user=request.user, page=page, name=name, query=query)
        except (Refused, ValuesRefused) as refusal:
            messages.error(request, str(refusal).split(": ", 1)[-1])
            return HttpResponseRedirect(f"{back}?{query}" if query else back)
        messages.success(request, f"View “{view.name}” saved.")
        return HttpResponseRedirect(f"{back}?{view.query}")
