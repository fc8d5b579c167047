"""Bearer tokens."""

import datetime as dt
from typing import Any

from django.core.management import call_command
from django.test import Client

from secondsource.accounts.models import ApiToken
from secondsource.accounts.services import revoke_token
from secondsource.core import clock, jobs
from secondsource.core.actors import Actor
from tests.api.callers import SYSTEM, Api, add_user

JOB = "/jobs/00000000-0000-4000-8000-000000000000/"


@jobs.runs("test.nothing")
def _nothing(progress: Any) -> dict[str, Any]:
    return {}


def test_a_token_works_and_its_use_is_noted(engineer: Api) -> None:
    assert engineer.get(JOB).status_code == 404
    assert ApiToken.objects.get().last_used_at is not None


def test_use_is_written_once_a_minute(engineer: Api) -> None:
    engineer.get(JOB)
    first = ApiToken.objects.get().last_used_at
    engineer.get(JOB)
    assert ApiToken.objects.get().last_used_at == first


def test_the_command_prints_a_token_alone(db: None, capsys: Any) -> None:
    user = add_user("engineer")
    call_command("issue_token", user.email, "--scopes", "read", "--days", "3")
    secret = capsys.readouterr().out
    assert secret.endswith("\n")
    assert "\n" not in secret[:-1]
    assert Api(user, secret.strip()).get(JOB).status_code == 404


def test_no_token_is_401_with_a_challenge(stranger: Api) -> None:
    answer = stranger.get(JOB)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"


def test_unknown_token_is_401(db: None) -> None:
    assert Api(None, "ss_wrong").get(JOB).status_code == 401


def test_empty_token_is_401(db: None) -> None:
    caller = Api(None, "x")
    caller.headers = {"Authorization": "Bearer "}
    assert caller.get(JOB).status_code == 401


def test_expired_token_is_401(engineer: Api) -> None:
    ApiToken.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert engineer.get(JOB).status_code == 401


def test_revoked_token_is_401(engineer: Api) -> None:
    revoke_token(token=ApiToken.objects.get(), actor=SYSTEM)
    assert engineer.get(JOB).status_code == 401


def test_token_of_a_person_who_left_is_401(engineer: Api) -> None:
    assert engineer.user is not None
    engineer.user.is_active = False
    engineer.user.save()
    assert engineer.get(JOB).status_code == 401


def test_token_without_read_reads_nothing(api: Any) -> None:
    assert api("engineer", scopes=("write",)).get(JOB).status_code == 403


def test_browser_session_reads(db: None) -> None:
    client = Client()
    client.force_login(add_user("engineer"))
    assert client.get(f"/api/v1{JOB}").status_code == 404


def test_browser_session_writes_only_with_its_csrf_token(db: None) -> None:
    user = add_user("engineer")
    job = jobs.start("test.nothing", actor=Actor(user=user), payload={})
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.delete(f"/api/v1/jobs/{job.pk}/").status_code == 403
    client.cookies["csrftoken"] = "a" * 32
    answer = client.delete(f"/api/v1/jobs/{job.pk}/", headers={"X-CSRFToken": "a" * 32})
    assert answer.status_code == 200
    job.refresh_from_db()
    assert job.state == "cancelled"
