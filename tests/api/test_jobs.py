"""Jobs: progress, result, stop."""

from typing import Any

from secondsource.core import jobs
from secondsource.core.actors import Actor
from secondsource.core.models import Job
from tests.api.callers import Api


@jobs.runs("test.count")
def _count(progress: Any) -> dict[str, Any]:
    progress.report(1, 2)
    return {"counted": 2}


def _job(user: Any) -> Job:
    return jobs.start("test.count", actor=Actor(user=user), payload={}, label="Count to two")


def test_a_job_is_shown_from_queued_to_done(engineer: Api) -> None:
    job = _job(engineer.user)
    seen = engineer.get(f"/jobs/{job.pk}/").json()
    assert (seen["state"], seen["done"], seen["total"], seen["result"]) == ("queued", 0, None, None)
    jobs.run(str(job.pk))
    seen = engineer.get(f"/jobs/{job.pk}/").json()
    assert (seen["state"], seen["result"], seen["eta_s"]) == ("done", {"counted": 2}, None)
    assert seen["created_at"].endswith("Z")


def test_delete_stops_a_queued_job(engineer: Api) -> None:
    job = _job(engineer.user)
    answer = engineer.send("DELETE", f"/jobs/{job.pk}/")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_job_that_is_over_cannot_be_stopped(engineer: Api) -> None:
    job = _job(engineer.user)
    jobs.run(str(job.pk))
    answer = engineer.send("DELETE", f"/jobs/{job.pk}/")
    assert answer.status_code == 422
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["job_over"]


def test_somebody_elses_job_is_not_there(engineer: Api, buyer: Api) -> None:
    assert buyer.get(f"/jobs/{_job(engineer.user).pk}/").status_code == 404


def test_a_read_token_stops_nothing(api: Any, engineer: Api) -> None:
    job = _job(engineer.user)
    reader = api(user=engineer.user, scopes=("read",))
    assert reader.send("DELETE", f"/jobs/{job.pk}/").status_code == 403
    job.refresh_from_db()
    assert job.state == "queued"
