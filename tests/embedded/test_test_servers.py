"""The servers on which the tests themselves stand."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_database_is_postgres():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int >= 150000, current_user")
        assert cursor.fetchone() == (True, connection.settings_dict["USER"])


@pytest.mark.django_db
def test_application_role_can_be_taken():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE secondsource_app")
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("secondsource_app",)


def test_cache_keeps_a_value():
    cache.set("colour", "blue")
    assert cache.get("colour") == "blue"


def test_cache_is_empty_at_the_start_of_a_test():
    assert cache.get("colour") is None
