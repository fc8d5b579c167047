"""``{% load files %}``: the drop zone for a file that is attached."""

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
    """The drop zone for a file that is attached: what is refused afterwards is not offered."""
    return {
        "input_id": input_id,
        "title": title,
        "describedby": describedby,
        "hint": f"{attachments.TYPES}, up to {attachments.MAX_BYTES // 2**20} MB.",
        "accept": attachments.ACCEPT,
        "types": attachments.TYPES,
        "max_bytes": attachments.MAX_BYTES,
    }
