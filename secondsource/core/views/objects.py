"""Base views of pages about an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import Http404

from secondsource.core.views.pages import Page


class ObjectPage(Page):
    """A page about an object that the reader may see.

    ``get_queryset`` starts from ``visible_to``; ``lookup`` maps URL arguments to ORM lookups
    (``{"ipn": "ipn"}``). Other objects get 404. The permission is checked on the object.
    """

    lookup: ClassVar[Mapping[str, str]] = {"pk": "pk"}
    context_name: ClassVar[str] = "object"

    def get_queryset(self) -> QuerySet[Any]:
        """The objects that this reader may see."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs get_queryset().")

    def permission_object(self) -> Any:
        """The object itself."""
        return self.object

    @property
    def object(self) -> Any:
        """The object of the URL, read once for each request."""
        if not hasattr(self, "_object"):
            self._object = self.get_object()
        return self._object

    def get_object(self) -> Any:
        """Raises ``Http404`` with the key."""
        wanted = {path: self.kwargs[name] for name, path in self.lookup.items()}
        queryset = self.get_queryset()
        try:
            return queryset.get(**wanted)
        except (queryset.model.DoesNotExist, ValueError, OverflowError) as error:
            name = queryset.model._meta.verbose_name
            raise Http404(f"No {name} {', '.join(map(str, wanted.values()))}.") from error

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the object under ``object`` and ``context_name``."""
        return super().get_context_data(
            **{"object": self.object, self.context_name: self.object, **context}
        )


class DetailPage(ObjectPage):
    """The page of an object. ``tabs`` (or ``get_tabs``) are links to URLs of their own."""

    def get_page_title(self) -> str:
        """The object's name unless the page has its own title."""
        return super().get_page_title() or str(self.object)

    def get_tabs(self) -> list[Mapping[str, Any]]:
        """Tabs below the head: label, url, count, current."""
        return []

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the tabs."""
        return super().get_context_data(tabs=self.get_tabs(), **context)
