"""Actions on parts: files, comments, watches, and bulk actions of the list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from parts import services
from parts.forms import OptionalReasonForm
from parts.models import Part
from parts.views.part_forms import OfPart
from secondsource.core import attachments, audit, discussion, exports, watches
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Attachment
from secondsource.core.toasts import say_who_is_notified, say_with_undo
from secondsource.core.views import FormPage, Page, go_to
from secondsource.workspace.parts.page import FilesTab, SourcesTab
from secondsource.workspace.parts.part_list import PartList

#: Characters of a row's number: more than any row has, less than the database holds.
_LONGEST_ID = 19


class AttachFile(FilesTab):
    """A file on a part."""

    permission_required = "suppliers.write_source"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Store it, or say what is wrong with it."""
        upload = request.FILES.get("file")
        if upload is None:
            return self.refuse("Choose a file.")
        try:
            with transaction.atomic():
                stored = attachments.attach(subject=self.object, upload=upload, actor=self.actor)
                audit.record("parts.part.file_added", self.object, self.actor, note=stored.name)
        except ValuesRefused as refusal:
            return self.refuse(" ".join(problem.detail for problem in refusal.problems))
        messages.success(request, f"Attached {stored.name}.")
        return go_to(request, reverse("part_files", args=[self.object.ipn]))

    def refuse(self, problem: str) -> HttpResponseBase:
        """The tab again with the reason."""
        return self.respond(self.get_context_data(problem=problem), status=422)


class OneFile(OfPart):
    """A file of a part that the reader may see."""

    permission_required = "parts.view_part"

    @property
    def file(self) -> Attachment:
        """Raises ``Http404``."""
        return get_object_or_404(attachments.of(self.object), public_id=self.kwargs["file"])


class Download(OneFile):
    """Download a file; the browser never shows it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An attachment under its own name and a neutral content type."""
        stored = self.file
        try:
            opened = stored.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("The bytes of this file are missing.") from error
        response = FileResponse(
            opened,
            as_attachment=True,
            filename=stored.name,
            content_type="application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response


class RemoveFile(FormPage, OneFile):
    """Take a file off the part, after asking; bytes and record stay."""

    permission_required = "suppliers.write_source"
    template_name = "workspace/parts/file_remove.html"
    form_class = OptionalReasonForm
    submit_label = "Remove file"
    danger = True
    page_title = "Remove {self.file.name}"

    def get_cancel_url(self) -> str:
        return reverse("part_files", args=[self.object.ipn])

    def save(self, form: Any) -> str:
        """With the reason that was typed."""
        stored, reason = self.file, form.cleaned_data["note"]
        with transaction.atomic():
            attachments.remove(attachment=stored, actor=self.actor, reason=reason)
            audit.record(
                "parts.part.file_removed", self.object, self.actor,
                note=": ".join(filter(None, [stored.name, reason])),
            )  # fmt: skip
        messages.success(self.request, f"Removed {stored.name}.")
        return self.get_cancel_url()


class PartComment(SourcesTab):
    """A comment in a part's discussion."""

    permission_required = "parts.discuss_part"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Add it, or show the page with the reason."""
        try:
            text = request.POST.get("text", "")
            comment = discussion.say(subject=self.object, text=text, actor=self.actor)
        except ValuesRefused as refusal:
            said = " ".join(problem.detail for problem in refusal.problems)
            return self.respond(self.get_context_data(comment_problem=said), status=422)
        say_who_is_notified(request, comment, self.object)
        return go_to(request, f"{self.object.get_absolute_url()}#discussion")


class WatchPart(OfPart):
    """Watch a part, or stop watching it."""

    permission_required = "parts.view_part"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect: this address takes posts alone."""
        return go_to(request, self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``watch=1`` begins, anything else ends."""
        begin = request.POST.get("watch") == "1"
        act = watches.watch if begin else watches.unwatch
        act(subject=self.object, actor=self.actor)
        said = f"You watch {self.object.ipn}." if begin else f"You no longer watch {self.object}."
        say_with_undo(request, said, request.path, watch=int(not begin))
        return go_to(request, self.object.get_absolute_url())


class Bulk(Page):
    """Bulk actions on the selected rows of the list."""

    permission_required = "parts.view_part"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect: this address takes posts alone."""
        return go_to(request, reverse("part_list"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``take`` makes the reader the owner, ``csv`` and ``xlsx`` export the rows."""
        ids = [
            int(pk)
            for pk in request.POST.getlist("selected")
            if pk.isascii() and pk.isdecimal() and len(pk) < _LONGEST_ID
        ]
        listed = PartList()
        listed.setup(request)
        rows = listed.get_queryset().filter(pk__in=ids).order_by("ipn")
        act = self.kwargs["act"]
        if act in exports.FORMATS:
            columns = exports.exported(listed.columns_seen)
            return exports.FORMATS[act](rows.iterator(chunk_size=500), columns, "parts")
        if act != "take":
            raise Http404("There is no such action.")
        return self.take(list(rows))

    def take(self, rows: list[Part]) -> HttpResponseBase:
        """All or none."""
        if not self.request.user.has_perm("parts.write_part"):
            raise PermissionDenied("parts.write_part")
        with transaction.atomic():
            for part in rows:
                services.change_part(
                    part=part, values={"owner": self.request.user}, actor=self.actor
                )
        count = len(rows)
        messages.success(self.request, f"You own {count} part{'' if count == 1 else 's'} now.")
        return go_to(self.request, reverse("part_list"))
