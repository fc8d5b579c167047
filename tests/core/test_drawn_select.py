"""A select drawn by hand is the one that Django draws."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms

from secondsource.core.widgets import drawn_select


class Tags(HTMLParser):
    """Tags with their attributes and texts, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs, key=str)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


class Form(forms.Form):
    plain = forms.ChoiceField(choices=[("", "Any"), ("a", "A & B"), ("b", "<B>")], required=False)
    grouped = forms.ChoiceField(choices=[("Group", [("x", "X"), ("y", "Y")]), ("z", "Z")])


@pytest.mark.parametrize("data", [None, {"plain": "a", "grouped": "y"}, {"plain": '"><script>'}])
@pytest.mark.parametrize("name", ["plain", "grouped"])
def test_it_is_the_same(name: str, data: dict[str, str] | None) -> None:
    attrs = {"class": "inp"}
    bound = Form(data)[name]
    assert Tags(drawn_select(bound, dict(attrs))).found == Tags(bound.as_widget(attrs=attrs)).found
