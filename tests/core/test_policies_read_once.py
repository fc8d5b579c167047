"""A page reads the active policies once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import Team

pytestmark = pytest.mark.django_db


def test_a_page_reads_the_active_policies_once(client: Client) -> None:
    team = Team()
    client.force_login(team.lead.user)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/q/{team.case.key}/")
    read = [one for one in queries if 'FROM "core_policyversion"' in one["sql"]]
    assert len(read) == 1
