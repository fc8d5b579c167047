"""Toasts that take an act back."""

from __future__ import annotations

from django.template.loader import render_to_string

from secondsource.core.toasts import undo_of


def test_the_undo_posts_the_fields_to_the_address() -> None:
    found = undo_of("undo:/views/?name=My+risks&query=a%3D1%26b%3D2")
    assert found == {"url": "/views/", "fields": [("name", "My risks"), ("query", "a=1&b=2")]}


def test_a_message_without_an_undo_has_none() -> None:
    assert (undo_of(""), undo_of(None), undo_of("safe")) == (None, None, None)


def test_it_is_a_form_of_its_own_and_escapes_what_was_typed() -> None:
    text = render_to_string(
        "components/toast.html", {"text": "Removed.", "tags": "", "undo": 'undo:/v/?name="><b>'}
    )
    text = " ".join(text.split())
    assert '<form method="post" action="/v/">' in text
    assert 'name="name" value="&quot;&gt;&lt;b&gt;"' in text
