"""How long a reset takes says nothing about the address."""

from __future__ import annotations

import time

import pytest
from django.core import mail
from django.test import Client

from secondsource.accounts.views.passwords import ANSWERED_AFTER_SECONDS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("email", ["known@example.com", "unknown@example.com"])
def test_a_reset_takes_as_long_for_every_address(email: str) -> None:
    factories.person("viewer", email="known@example.com")
    began = time.monotonic()
    answer = Client().post("/accounts/password/reset/", {"email": email})
    assert time.monotonic() - began >= ANSWERED_AFTER_SECONDS
    assert answer.status_code == 302
    assert [one.to for one in mail.outbox] == [[email]]
