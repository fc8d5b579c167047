"""Storage of static files: hashed names, compression, and style sheets merged into one file."""

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
    """Merges and minifies style sheets."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Write the minified sheets before names are hashed and URLs in them rewritten.

        They are always written, because a sheet depends on the sheets that it imports.
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
    """A sheet with the content of its imports, which are in the same folder."""
    return _IMPORT.sub(lambda found: _read(found[1]), text)


def _read(name: str) -> str:
    path = finders.find(f"css/{name}")
    if not isinstance(path, str):
        raise FileNotFoundError(f"no style sheet css/{name}")
    return Path(path).read_text()


def small_css(text: str) -> str:
    """The rules without comments and superfluous spaces; strings are unchanged."""
    pieces = _KEPT.split(text)  # rules, then a string or None for a comment, and so on
    return "".join(
        (piece or "") if index % 2 else _squeezed(piece) for index, piece in enumerate(pieces)
    ).strip()


def _squeezed(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    return text.replace(": ", ":").replace(";}", "}")
