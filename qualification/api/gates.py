"""``/cases/{key}/checklist|evidence|sign-offs|discussion|transition/``."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import (
    Count,
    OuterRef,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import serializers, services, work_files
from qualification.case_key import number_of
from qualification.models import Case, ChecklistItem, HoldPoint, SignOff
from secondsource.core import attachments, discussion
from secondsource.core.api.etag import expect
from secondsource.core.api.history import History
from secondsource.core.api.parsers import check_length
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.views import Addable, ById, Changeable, Readable
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Attachment, Comment


class OfCase(ById):
    """Base of resources of one case; 404 for callers who may not see the case."""

    permission = {"read": "qualification.view_case", "write": "qualification.write_case"}
    sparse = False

    @property
    def case(self) -> Case:
        """The case of the address. Raises ``Http404``."""
        if not hasattr(self, "_case"):
            seen = Case.objects.visible_to(self.actor.user).prefetch_related("team__user")
            self._case = seen.filter(number=number_of(self.kwargs["case"])).first()
        if self._case is None:
            raise Http404
        found: Case = self._case
        return found


class ChecklistResource(OfCase, Readable, Addable, Changeable, History):
    """The checklist of a case."""

    queryset = ChecklistItem.objects.none()
    shape = serializers.ItemShape
    input_class = serializers.ItemInput
    changes_class = serializers.ItemChanges
    orderings = {"position": "position", "gate": "gate", "due_date": "due_date"}
    ordering = ("gate", "position")

    def rows(self) -> QuerySet[ChecklistItem]:
        """The case's items."""
        files = Attachment.objects.filter(
            subject_type="qualification.checklistitem", subject_id=OuterRef("pk"), removed_at=None
        )
        counted = files.order_by().values("subject_id").annotate(n=Count("pk")).values("n")
        return self.case.checklist.select_related("owner", "done_by", "case").annotate(
            evidence_count=Coalesce(Subquery(counted), 0)
        )

    def add(self, values: dict[str, Any]) -> ChecklistItem:
        """Add an item."""
        return services.add_item(case=self.case, **values, actor=self.actor)

    @transaction.atomic
    def change(
        self, obj: ChecklistItem, values: dict[str, Any], expected: int | None
    ) -> ChecklistItem:
        """Change the tick or value, owner, day or note of an item."""
        done, has_value = values.pop("done", None), "value" in values
        value = values.pop("value", None)
        if values:
            obj = services.change_item(item=obj, values=values, actor=self.actor, expected=expected)
            expected = obj.version if expected is not None else None
        if has_value:
            obj = services.set_value(item=obj, value=value, actor=self.actor, expected=expected)
            expected = obj.version if expected is not None else None
        if done is not None:
            obj = services.set_item(item=obj, done=done, actor=self.actor, expected=expected)
        return obj


class EvidenceResource(OfCase, Readable, History):
    """Files on the items of a case and on rows of its work; ``item`` is the id of either."""

    queryset = Attachment.objects.none()
    shape = serializers.EvidenceShape
    input_class = serializers.EvidenceInput
    parser_classes = (MultiPartParser,)
    orderings = {"created_at": "id"}
    ordering = ("created_at",)
    honours_if_match = False

    def rows(self) -> QuerySet[Attachment]:
        """Files of the case, without removed ones."""
        mine = work_files.of_cases(Case.objects.filter(pk=self.case.pk))
        return mine.filter(removed_at=None).select_related("uploaded_by")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Attach a file to an item of the current gate, or to a row of the case's work."""
        check_length(request, attachments.MAX_BYTES)
        values = self.take(serializers.EvidenceInput)
        found = work_files.row_of(self.case, values["item"])
        if found is None:
            raise ValuesRefused.one("/item", "does_not_exist", "The case has no such item.")
        kind, row = found
        upload: UploadedFile = values["file"]
        if kind.model is ChecklistItem:
            made = services.add_evidence(item=row, upload=upload, actor=self.actor)
        else:
            made = services.add_work_file(kind=kind, row=row, upload=upload, actor=self.actor)
        made = self.fresh(made)
        return self.show(made, 201, Location=self.location(made))

    @extend_schema(
        responses={204: None},
        parameters=[OpenApiParameter("reason", str, required=True, description="Why.")],
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove a file of an open gate."""
        reason = request.query_params.get("reason", "").strip()
        if not reason or len(reason) > 300:
            raise QueryRefused.one("reason", "required", "Give a reason of up to 300 characters.")
        found = self.get_object()
        kind = work_files.kind_of(found)
        row = kind.rows_of(self.case).get(pk=found.subject_id)
        if kind.model is ChecklistItem:
            services.remove_evidence(item=row, attachment=found, actor=self.actor, reason=reason)
        else:
            services.remove_work_file(
                kind=kind, row=row, attachment=found, actor=self.actor, reason=reason
            )
        return Response(status=204)

    def known_parameters(self) -> set[str]:
        """Adds ``reason`` for removal."""
        return super().known_parameters() | ({"reason"} if self.action == "destroy" else set())

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The content of the file, always as an attachment."""
        found = self.get_object()
        return FileResponse(
            found.file.open("rb"),
            as_attachment=True,
            filename=found.name,
            content_type="application/octet-stream",
        )


class SignOffResource(OfCase, Readable, Addable, History):
    """Signatures of the gates."""

    permission = {"read": "qualification.view_case", "write": "qualification.sign_case"}
    queryset = SignOff.objects.none()
    shape = serializers.SignOffShape
    input_class = serializers.SignOffInput
    orderings = {"signed_at": "signed_at"}
    ordering = ("signed_at",)

    def rows(self) -> QuerySet[SignOff]:
        """All signatures of the case, including void ones."""
        return self.case.sign_offs.select_related("signed_by")

    def add(self, values: dict[str, Any]) -> SignOff:
        """Sign the current gate."""
        expect(self.request, self.case, values)
        return services.sign(case=self.case, **values, actor=self.actor)


class DiscussionResource(OfCase, Readable, Addable, History):
    """The discussion of a case."""

    permission = {"read": "qualification.view_case", "write": "qualification.discuss_case"}
    queryset = Comment.objects.none()
    shape = serializers.CommentShape
    input_class = serializers.CommentInput
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[Comment]:
        """The discussion, oldest first."""
        return discussion.of(self.case).order_by()

    def add(self, values: dict[str, Any]) -> Comment:
        """Add a comment."""
        return discussion.say(subject=self.case, text=values["text"], actor=self.actor)


class TransitionResource(OfCase):
    """The transition and its hold points."""

    permission = {"read": "qualification.view_case", "write": "qualification.write_case"}
    queryset = HoldPoint.objects.none()
    shape = serializers.TransitionShape

    def rows(self) -> QuerySet[HoldPoint]:
        """The hold points."""
        return self.case.hold_points.select_related("judged_by", "transition__case", "figures")

    def input_for(self, method: str) -> Any:
        """A verdict."""
        return serializers.VerdictInput if method == "POST" else None

    def transition(self, request: Request, **kwargs: Any) -> Response:
        """The transition: its dates, share, verdicts and runs."""
        prefetch_related_objects(
            [self.case],
            "runs__ramp",
            "runs__breaches",
            "runs__hold_points__judged_by",
            "runs__hold_points__figures",
        )
        return self.show(self.case)

    @extend_schema(responses=serializers.CheckpointShape)
    def judge(self, request: Request, **kwargs: Any) -> Response:
        """Judge a hold point on or after its day."""
        found = self.get_object()
        values = self.take_expected(serializers.VerdictInput, found)
        point = services.judge_hold_point(hold_point=found, **values, actor=self.actor)
        shown = serializers.CheckpointShape(point, context=self.shape_context()).data
        return Response(shown)
