"""Base view of all pages: access, context and fragments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import (
    ImproperlyConfigured,
    PermissionDenied,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views import View

from secondsource.core.actors import Actor

#: ``permission_required`` of a page that any signed-in person may open.
SIGNED_IN = "signed-in"
#: ``permission_required`` of a page that needs no sign-in.
PUBLIC = "public"
#: The base template of forms and confirmations: the page, or the dialog.
PAGE_FRAME, DIALOG_FRAME = "base.html", "base_dialog.html"
_NUL = "\x00"


class Page(View):
    """Access, context and fragments.

    ``permission_required``: a registered name, ``SIGNED_IN`` or ``PUBLIC``. ``template_name``: the
    whole page. ``fragments``: id of the htmx target → template of the fragment.
    """

    permission_required: ClassVar[str] = ""
    template_name: ClassVar[str] = ""
    page_title: ClassVar[str] = ""
    fragments: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Raises an error without a declared permission."""
        if not (initkwargs.get("permission_required") or cls.permission_required):
            raise ImproperlyConfigured(f"{cls.__name__} declares no permission_required.")
        return super().as_view(**initkwargs)

    @property
    def actor(self) -> Actor:
        """The signed-in person; for an export its person or token."""
        given = getattr(self.request, "actor", None)
        return given if isinstance(given, Actor) else Actor(user=self.request.user)  # type: ignore[arg-type]

    def permission_object(self) -> Any:
        """The object that the permission is checked on; None for no object."""
        return None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check sign-in and permission, then call the method. Responses vary by htmx headers."""
        check_text(request, kwargs)
        if self.permission_required != PUBLIC and not request.user.is_authenticated:
            response: HttpResponseBase = self._to_login(request)
        else:
            self._check_permission()
            response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response

    def _to_login(self, request: HttpRequest) -> HttpResponse:
        login = redirect_to_login(request.get_full_path())
        if not wants_fragment(request):
            return login
        return HttpResponse(status=204, headers={"HX-Redirect": login["Location"]})

    def _check_permission(self) -> None:
        if self.permission_required in (PUBLIC, SIGNED_IN):
            return
        if not self.request.user.has_perm(self.permission_required, self.permission_object()):
            raise PermissionDenied(self.permission_required)

    def sees(self, group: str | None) -> bool:
        """Whether the reader sees a group of hidden fields (None: not hidden)."""
        if group is None:
            return True
        scopes = self.actor.scopes
        allowed = scopes is None or group in scopes
        return allowed and self.request.user.has_perm(f"accounts.see_{group}")

    def get_page_title(self) -> str:
        """Heading and tab title: ``page_title``, in which ``{self.object.name}`` is filled in."""
        return self.page_title.format(self=self)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The context of the template."""
        return {
            "page_title": self.get_page_title(),
            "view": self,
            "frame": DIALOG_FRAME if in_dialog(self.request) else PAGE_FRAME,
            **context,
        }

    def respond(self, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render the page, or the fragment for the target."""
        return TemplateResponse(self.request, self._template(), context, status=status)

    def _template(self) -> str:
        if wants_fragment(self.request):
            return self.fragments.get(target_id(self.request), self.template_name)
        return self.template_name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page."""
        return self.respond(self.get_context_data())


def check_text(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    """Refuse NUL characters, which the database cannot store (404 in a URL, else 400)."""
    if any(_NUL in value for value in kwargs.values() if isinstance(value, str)):
        raise Http404("There is no such address.")
    for given in (request.GET, request.POST):
        for name, texts in given.lists():
            if any(_NUL in text for text in (name, *texts)):
                raise SuspiciousOperation("A text contains a NUL character.")


def wants_fragment(request: HttpRequest) -> bool:
    """Whether this is an htmx request, but not one that restores the history."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def target_id(request: HttpRequest) -> str:
    """The id of the htmx target; htmx 4 sends ``div#list``."""
    return request.headers.get("HX-Target", "").rpartition("#")[2]


def in_dialog(request: HttpRequest) -> bool:
    """Whether the request is from the dialog, so that the response has no frame."""
    return wants_fragment(request) and target_id(request) == "dialog"


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that replaces the whole page, also for htmx."""
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
