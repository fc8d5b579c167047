"""Middleware of the tests: white space of pages as a browser folds it.

So tests compare what is shown, and not how the lines of a template are broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_KEPT = re.compile(r"(<(?:textarea|pre|script)\b.*?</(?:textarea|pre|script)>)", re.DOTALL)
_BLOCK = (
    "html|head|body|title|meta|link|header|footer|nav|main|section|article|aside|div|p|h[1-6]|ul|ol"
    "|li|dl|dt|dd|table|caption|thead|tbody|tr|td|th|form|fieldset|legend|details|summary|dialog"
    "|option|label|input|br|hr|template|svg|path|g|rect|line|circle"
)


def folded(page: str) -> str:
    """The page with one space where a browser shows one, none where it shows none."""
    pieces = _KEPT.split(page)
    pieces[::2] = map(_fold, pieces[::2])
    return "".join(pieces)


def _fold(text: str) -> str:
    # Thin and no-break spaces stay. A line break just inside a tag is the template's; a space
    # there is the page's.
    text = re.sub(r"(<(?!/)[^<>]*[^/<>]>)[ ]*\n[ \n]*", r"\1", text)
    text = re.sub(r"[ \n]*\n[ ]*(</)", r"\1", text)
    text = re.sub(r"[ \n\r\t]+", " ", text)
    text = re.sub(r" (/?>)", r"\1", text)
    text = re.sub(rf"(</?(?:{_BLOCK})\b[^<>]*>) ", r"\1", text)
    return re.sub(rf" (</?(?:{_BLOCK})\b)", r"\1", text)


def fold_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> object:
    """Pages for the test client; browsers get them as they are."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        html = response.get("Content-Type", "").startswith("text/html")
        if html and not response.streaming and request.META.get("SERVER_NAME") == "testserver":
            response.content = folded(response.content.decode()).encode()
        return response

    return middleware
