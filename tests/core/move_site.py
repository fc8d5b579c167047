"""A page for tests that moves a case along a made-up workflow of two moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from qualification.models import Case
from secondsource.core.errors import Reason
from secondsource.core.views import MovePage
from secondsource.core.workflow import Move, MoveDefinition, Workflow


def never_on_friday(case: Any, move: Move) -> Iterator[Reason]:
    if move.data.get("day") == "friday":
        yield Reason("friday", "Not on a Friday.", "Wait for Monday.")
        yield Reason("tired", "Nobody is here.")


FLOW = Workflow(
    Case,
    [
        MoveDefinition(
            "park", "Park", ("draft",), "withdrawn", "accounts.view_person",
            (never_on_friday,), needs_note=True,
        ),
        MoveDefinition("seal", "Seal", ("draft",), "withdrawn", "accounts.manage_people"),
    ],
)  # fmt: skip


class FlowPage(MovePage):
    permission_required = "accounts.view_person"
    workflow = FLOW

    def get_queryset(self) -> QuerySet[Case]:
        return Case.objects.all()


def landed(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("the case")


urlpatterns = [
    path("cases/<int:pk>/<slug:move>/", FlowPage.as_view()),
    path("q/<int:number>/", landed, name="case_detail"),
    path("", include("secondsource.workspace.urls_shell")),
    path("accounts/", include("allauth.account.urls")),
]
