"""Models and migrations agree; migrations take the time they need."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models.signals import pre_migrate

from secondsource.core import queries

pytestmark = pytest.mark.django_db


def limit() -> Any:
    return queries.column("SELECT current_setting('statement_timeout')")[0]


def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    assert capsys.readouterr().out == "No changes detected\n"


def test_statements_of_migrations_have_no_limit() -> None:
    before, seen = limit(), []

    def note(**_: Any) -> None:
        seen.append(limit())

    pre_migrate.connect(note, sender=apps.get_app_config("parts"))
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(note, sender=apps.get_app_config("parts"))
    assert (before != "0", seen, limit()) == (True, ["0"], before)
