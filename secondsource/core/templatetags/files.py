"""``{% load files %}``: the drop zone for attachments."""

from __future__ import annotations

from typing import Any

from django import template

from secondsource.core import attachments

register = template.Library()


@register.inclusion_tag("components/drop.html")
def attachment_drop(
    input_id: str = "id_file",
    title: str = "Drop a file here or choose one.",
    describedby: str = "",
) -> dict[str, Any]:
    """The drop zone for attachments, with the allowed types and size."""
    return {
        "input_id": input_id,
        "title": title,
        "describedby": describedby,
        "hint": f"{attachments.TYPES}, up to {attachments.MAX_BYTES // 2**20} MB.",
        "accept": attachments.ACCEPT,
        "types": attachments.TYPES,
        "max_bytes": attachments.MAX_BYTES,
    }
