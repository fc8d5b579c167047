"""How static files are stored: hashed names, compressed, and the style sheets as one small file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import "([\w-]+\.css)";')
_KEPT = re.compile(r"""/\*.*?\*/|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.DOTALL)


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Keeps style sheets readable in the source, and small and in one request on the wire."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Writes the small sheets before names are hashed and addresses in them rewritten.

        Always from the sources: what imports another sheet is old when that one changed.
        """
        if not dry_run:
            for name in [name for name in paths if name.startswith("css/")]:
                storage, path = paths[name]
                with storage.open(path) as source:
                    text = small_css(with_imports(source.read().decode()))
                Path(self.path(name)).write_text(text)
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def with_imports(text: str) -> str:
    """A sheet with the sheets that it imports in their places; they stand in the same folder."""
    return _IMPORT.sub(lambda found: _read(found[1]), text)


def _read(name: str) -> str:
    path = finders.find(f"css/{name}")
    if not isinstance(path, str):
        raise FileNotFoundError(f"no style sheet css/{name}")
    return Path(path).read_text()


def small_css(text: str) -> str:
    """The same rules without comments and spaces that mean nothing; strings stay as they are."""
    pieces = _KEPT.split(text)  # rules, then a string or None for a comment, and so on
    return "".join(
        (piece or "") if index % 2 else _squeezed(piece) for index, piece in enumerate(pieces)
    ).strip()


def _squeezed(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    return text.replace(": ", ":").replace(";}", "}")
