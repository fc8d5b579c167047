"""``/jobs/{id}/``: the progress of long work, and stopping it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from secondsource.core import jobs
from secondsource.core.api import fields
from secondsource.core.api.permissions import SIGNED_IN, SIGNED_IN_WRITE
from secondsource.core.api.serializers import Shape
from secondsource.core.api.views import Resource
from secondsource.core.models import Job


class JobShape(Shape):
    """A job; ``done`` of ``total`` steps, ``eta_s`` seconds left, null = unknown."""

    id = fields.PublicId(source="pk")
    kind = fields.Text(read_only=True)
    label = fields.Text(read_only=True)
    state = fields.Word(choices=Job.State.choices, read_only=True)
    done = fields.Whole(read_only=True)
    total = fields.Whole(read_only=True, allow_null=True)
    eta_s = fields.Whole(read_only=True, allow_null=True, default=None)
    result = serializers.JSONField(read_only=True)
    problem = serializers.JSONField(read_only=True)
    created_at = fields.Moment()
    started_at = fields.Moment(allow_null=True)
    finished_at = fields.Moment(allow_null=True)


class JobResource(Resource):
    """The caller's own jobs; for administrators all jobs."""

    permission = {"read": SIGNED_IN, "write": SIGNED_IN_WRITE}
    shape = JobShape
    lookup_value_regex = "[0-9a-f-]{36}"
    honours_if_match = False
    sparse = False

    def rows(self) -> QuerySet[Job]:
        """Jobs that the caller may see."""
        if self.actor.may("accounts.manage_jobs"):
            return Job.objects.all()
        return Job.objects.filter(owner=self.actor.user)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """The state, progress and result of a job."""
        return Response(self._shown(self.get_object()))

    @extend_schema(responses={200: JobShape})
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Stop the job: a queued one at once, a running one at its next report of progress."""
        return Response(self._shown(jobs.cancel(self.get_object(), actor=self.actor)))

    def _shown(self, job: Job) -> dict[str, Any]:
        for name, value in jobs.progress_of(job).items():
            setattr(job, name, value)
        shown: dict[str, Any] = self.get_serializer(job).data
        return shown


def job_url(request: Request, job: Job) -> str:
    """The URL of a job."""
    return reverse("api:job-detail", kwargs={"pk": job.pk}, request=request)
