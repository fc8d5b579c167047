"""Downloads of attached files."""

from __future__ import annotations

from django.http import FileResponse, Http404

from secondsource.core.models import Attachment


def file_response(file: Attachment) -> FileResponse:
    """A file as an attachment, with its hash. Raises ``Http404`` if it is not in the store."""
    try:
        content = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is not in the store.") from error
    response = FileResponse(
        content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Content-SHA256"] = file.sha256
    return response
