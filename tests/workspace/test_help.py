"""Help beside words, and the page of all of them."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import Client

from secondsource.workspace.glossary import TERMS
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_page_holds_every_word_and_who_gives_roles() -> None:
    factories.person("admin", name="Ada Admin")
    client = Client()
    client.force_login(factories.person("viewer"))
    text = client.get("/help/").content.decode()
    assert all(word.capitalize() in text for word in TERMS)
    assert "Ada Admin" in text
    assert 'href="/help/"' in client.get("/dashboard/").content.decode()


def test_help_beside_a_word_opens_without_a_script() -> None:
    drawn = engines["django"].from_string('{% load help %}{% term "hold point" %}').render()
    assert "<details" in drawn
    assert 'aria-label="What is: hold point"' in drawn
    assert TERMS["hold point"] in drawn
