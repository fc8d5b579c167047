"""``/start-small/``: where to begin."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import start_small
from qualification.start_small_shapes import StartSmallShape
from secondsource.core.api.views import Endpoint


class StartSmallEndpoint(Endpoint):
    """The next low-risk parts, ranked, with how each figure came about."""

    permission = "qualification.view_startsmall"

    @extend_schema(operation_id="start_small", responses=StartSmallShape)
    def get(self, request: Request) -> Response:
        """At most ten; a case is opened by ``POST /cases/`` on the ``candidate``."""
        found = start_small.propose(self.actor)
        return Response(StartSmallShape(found, context=self.shape_context()).data)
