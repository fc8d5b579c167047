"""Base classes of endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from secondsource.core.actors import Actor
from secondsource.core.api import idempotency
from secondsource.core.api.authentication import actor_of
from secondsource.core.api.etag import check_if_match, etag_of, expect, named_by_if_match
from secondsource.core.api.filters import FilterSetBackend, check_names, repeatable
from secondsource.core.api.pagination import NAMES as LIST_PARAMETERS
from secondsource.core.api.pagination import envelope
from secondsource.core.api.permissions import Declared
from secondsource.core.api.problems import PreconditionFailed, QueryRefused
from secondsource.core.api.serializers import Input, Shape, take
from secondsource.core.errors import FieldProblem, Stale, ValuesRefused

_FLAGS = {"": False, "true": True, "false": False, "1": True, "0": False}


class AlwaysJSON(BaseContentNegotiation):
    """Responds with JSON whatever the ``Accept`` header is."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """The parser of the body's media type, or None (415)."""
        for parser in parsers:
            if request.content_type.split(";")[0].strip().lower() == parser.media_type:
                return parser
        return None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """The only renderer."""
        return renderers[0], renderers[0].media_type


class Endpoint(APIView):
    """Base of all endpoints: actor, declared permission, known parameters, idempotent POST.

    ``permission``: a name, or names by ``read``/``write``. ``parameters``: query parameters
    beyond those of lists and filters.
    """

    permission: Declared = ""
    parameters: ClassVar[tuple[str, ...]] = ()
    sparse: ClassVar[bool] = False
    honours_if_match: ClassVar[bool] = False
    filterset_class: ClassVar[Any] = None
    #: Start of a service's pointer → start of the pointer in the body.
    pointers: ClassVar[Mapping[str, str]] = {}
    content_negotiation_class = AlwaysJSON
    http_method_names = ("get", "head", "post", "patch", "delete")
    actor: Actor = Actor()

    def perform_authentication(self, request: Request) -> None:
        """Authenticate the caller, once for each request."""
        actor = actor_of(request)
        self.actor = actor or Actor()
        request._request.actor = actor  # type: ignore[attr-defined]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check method, person, right and parameters, in this order."""
        if self._handler(request) is None:
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        check_names(request, self.known_parameters(), repeatable(self.filterset_class))

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Prevent caching, because responses depend on the caller."""
        return {**super().default_response_headers, "Cache-Control": "no-store"}

    def known_parameters(self) -> set[str]:
        """Names of the query parameters of this endpoint."""
        return {*self.parameters, *(("fields",) if self.sparse else ())}

    def _handler(self, request: Request) -> Any:
        name = (request.method or "").lower()
        return getattr(self, name, None) if name in self.http_method_names else None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """As in DRF, with a keyed POST done only once."""
        self.args, self.kwargs = args, kwargs
        self.request = request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            response = self._work(request)
        except Exception as error:  # noqa: BLE001 (the handler raises the unforeseen)
            response = self.handle_exception(error)
        self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def handle_exception(self, exc: Exception) -> Response:
        """Respond with 412 if the version of ``If-Match`` became stale during the request."""
        if isinstance(exc, Stale) and named_by_if_match(self.request, exc.expected):
            exc = PreconditionFailed(str(exc))
        if isinstance(exc, ValuesRefused):
            exc = exc.under(self.pointers)
        return super().handle_exception(exc)

    def _work(self, request: Request) -> Response:
        handler = self._handler(request)
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None or self.actor.user is None:
            answer: Response = handler(request, *self.args, **self.kwargs)
            return answer
        return idempotency.answer_once(
            request, key, lambda: handler(request, *self.args, **self.kwargs), self.handle_exception
        )

    def flag(self, name: str) -> bool:
        """The value of a boolean query parameter; False without one."""
        value = self.request.query_params.get(name, "")
        if value not in _FLAGS:
            raise QueryRefused([FieldProblem(f"/{name}", "invalid", "Write true or false.")])
        return _FLAGS[value]

    def shape_context(self) -> dict[str, Any]:
        """The context of serializers."""
        only = self.request.query_params.get("fields") if self.sparse else None
        return {
            "request": self.request,
            "view": self,
            "actor": self.actor,
            "only": only.split(",") if only is not None else None,
        }

    def take(self, input_class: type[Input], *, partial: bool = False) -> dict[str, Any]:
        """The checked body of this request."""
        values: dict[str, Any] = take(
            input_class,
            self.request.data,
            partial=partial,
            context={"actor": self.actor, "request": self.request, "view": self},
        )
        return values


class Resource(Endpoint, GenericViewSet[Any]):
    """A resource: list and object, from rows that the reader may see.

    ``shape`` is the serializer of objects. ``input_class`` and ``changes_class`` are those of POST
    and PATCH; the methods ``add(values)`` and ``change(obj, values, expected)`` call the services.
    ``orderings``: parameter → ORM path; ``ordering``: the default, by parameter names. An action
    that lists other rows has ``listing=True`` and their ``ordered_model``.
    """

    shape: ClassVar[type[Shape]]
    input_class: ClassVar[type[Input] | None] = None
    changes_class: ClassVar[type[Input] | None] = None
    filter_backends = (FilterSetBackend,)
    orderings: ClassVar[Mapping[str, str]] = {}
    ordering: ClassVar[tuple[str, ...]] = ()
    ordered_model: ClassVar[type[Model] | None] = None
    listing: ClassVar[bool] = False
    honours_if_match = True
    sparse = True

    def rows(self) -> QuerySet[Any]:
        """The rows that the actor may see, with the relations of the shape."""
        raise NotImplementedError(f"{type(self).__name__} needs rows().")

    def get_queryset(self) -> QuerySet[Any]:
        """DRF's name for :meth:`rows`; no rows while the document is generated."""
        fake = getattr(self, "swagger_fake_view", False)
        return self.queryset if fake and self.queryset is not None else self.rows()

    def get_serializer_class(self) -> type[serializers.Serializer[Any]]:
        """DRF's name for ``shape``."""
        return self.shape

    def get_serializer_context(self) -> dict[str, Any]:
        """DRF's name for :meth:`shape_context`."""
        if getattr(self, "swagger_fake_view", False):
            return {"view": self}
        return self.shape_context()

    def input_for(self, method: str) -> type[Input] | None:
        """The input of a method, for the document."""
        return {"POST": self.input_class, "PATCH": self.changes_class}.get(method)

    def known_parameters(self) -> set[str]:
        """The parameters of the list too."""
        known = super().known_parameters()
        if not self.is_list:
            return known
        filters = self.filterset_class
        if filters is not None and self.request.query_params.keys() & filters.base_filters:
            known |= filters.base_filters.keys() - filters.hidden_filters(self.actor)
        return known | LIST_PARAMETERS

    @property
    def is_list(self) -> bool:
        """Whether this request is for a list, of the resource or of an action."""
        return self.action == "list" or self.listing

    def get_object(self) -> Any:
        """The object in the URL. Raises ``Http404`` for objects that the reader may not see."""
        wanted = {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}
        try:
            found = self.rows().filter(**wanted).first()
        except (ValidationError, ValueError, OverflowError):
            raise Http404 from None
        if found is None:
            raise Http404
        return found

    def take_expected(self, input_class: type[Input], obj: Any) -> dict[str, Any]:
        """The checked body of an action, with the version that the caller read."""
        values = self.take(input_class)
        expect(self.request, obj, values)
        return values

    def show(self, obj: Any, status: int = 200, **headers: str) -> Response:
        """An object with its entity tag."""
        shown = self.shape_for_reader(self.shape).to_representation(obj)
        tag = {"ETag": etag_of(obj)} if hasattr(obj, "version") else {}
        return Response(shown, status=status, headers=tag | headers)

    def fresh(self, obj: Model) -> Any:
        """The object as a later GET reads it, also if it left the caller's scope."""
        return self.rows().filter(pk=obj.pk).first() or obj

    def location(self, obj: Any) -> str:
        """The URL of a new object."""
        return self.request.build_absolute_uri(f"{self.request.path}{self.address_of(obj)}/")

    def address_of(self, obj: Any) -> str:
        """The last part of an object's URL."""
        return str(getattr(obj, self.lookup_field))

    def whole_list(self, shown: Any) -> Response:
        """A list that fits on one page (``pagination_class=WholeList``)."""
        return Response(envelope(shown))

    def list_of(self, queryset: QuerySet[Any], shape: type[Shape]) -> Response:
        """A page of rows."""
        reader = self.shape_for_reader(shape)
        rows = self.paginate_queryset(queryset)
        return self.get_paginated_response([reader.to_representation(row) for row in rows])

    def shape_for_reader(self, shape: type[Shape]) -> Shape:
        """A shape without fields that are hidden or not requested."""
        return shape.for_reader(self.shape_context())


class ById(Resource):
    """A resource whose objects are addressed by their opaque id."""

    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-f-]{36}"


class Readable(Resource):
    """``GET`` of the list and of one object."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return self.list_of(self.filter_queryset(self.get_queryset()), self.shape)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One object."""
        return self.show(self.get_object())


class Addable(Resource):
    """``POST`` to the list."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add an object; 201 with its address."""
        assert self.input_class is not None
        obj = self.fresh(self.add(self.take(self.input_class)))
        return self.show(obj, 201, Location=self.location(obj))

    def add(self, values: dict[str, Any]) -> Any:
        """Call the service."""
        raise NotImplementedError(f"{type(self).__name__} needs add().")


class Changeable(Resource):
    """``PATCH`` of an object."""

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the sent fields; ``If-Match`` guards against somebody else's change."""
        assert self.changes_class is not None
        obj = self.get_object()
        expected = check_if_match(request, obj)
        values = self.take(self.changes_class, partial=True)
        return self.show(self.fresh(self.change(obj, values, expected)))

    def change(self, obj: Any, values: dict[str, Any], expected: int | None) -> Any:
        """Call the service."""
        raise NotImplementedError(f"{type(self).__name__} needs change().")
