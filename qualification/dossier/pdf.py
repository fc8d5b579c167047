"""The dossier as a PDF, set by Typst with its own fonts and without system fonts.

What people wrote reaches the template as JSON in ``sys.inputs``: it is data, never source.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

_TEMPLATE = Path(__file__).with_name("dossier.typ")


@dataclass(frozen=True)
class Document:
    """A PDF and the number of its pages."""

    content: bytes
    pages: int


def typeset(data: dict[str, Any]) -> Document:
    """Set a dossier: ``head`` and ``sections`` of :mod:`qualification.dossier.read`."""
    compiler = typst.Compiler(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    content = compiler.compile(format="pdf")
    if not isinstance(content, bytes):
        raise TypeError("Typst gave more than one file.")
    pages = json.loads(compiler.query("<pages>", field="value", one=True))
    return Document(content, int(pages))
