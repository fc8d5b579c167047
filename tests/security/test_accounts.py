"""Addresses are an administrator's business; logs keep no secrets."""

from __future__ import annotations

import logging
import sys

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from tests.security.world import World


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/accounts/email/", "/accounts/confirm-email/", "/accounts/login/code/confirm/"],
)
def test_nobody_changes_the_address_that_names_them(address: str) -> None:
    client = World().client("viewer")
    assert client.get(address).status_code == 404
    sent = {"action_add": "", "email": "boss@test.example"}
    assert client.post(address, sent).status_code == 404


def test_a_logged_error_shows_no_local_values() -> None:
    given = settings.LOGGING["formatters"]["structured"]
    options = {name: value for name, value in given.items() if name != "()"}
    made = given["()"] if callable(given["()"]) else import_string(given["()"])
    password = "-".join(["never", "in", "a", "log"])
    try:
        int("x" + password[:0])
    except ValueError:
        record = logging.LogRecord("t", logging.ERROR, "f", 1, "broke", (), sys.exc_info())
    text = made(**options).format(record)
    assert ("ValueError" in text, password in text) == (True, False)
