"""Jobs that ended, tasks that failed, take-overs and versions that wait."""

from __future__ import annotations

from typing import Any

import pytest

from qualification.sop_workflow import SOP_FLOW
from secondsource.accounts.models import User
from secondsource.core import jobs, outbox
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused
from secondsource.core.models import Job, Notification, Outbox
from secondsource.workspace.policies.registry import POLICIES
from secondsource.workspace.policies.services import activate_version, draft_version
from suppliers import services
from suppliers.workflow import TAKEOVER_FLOW
from tests import factories
from tests.qualification.test_sops import proposed as proposed_sop
from tests.workspace.notifications.reading import row, told

pytestmark = pytest.mark.django_db


@jobs.runs("test.told")
def run(progress: jobs.Progress) -> dict[str, Any]:
    if progress.payload.get("fail"):
        raise RuleRefused([Reason("no", "No header row.")])
    return {"lines": 1062, "parts_new": 58, "product": "X"}


def done(owner: User | None, **payload: Any) -> Job:
    actor = Actor(user=owner) if owner else factories.JOB
    job = jobs.start("test.told", actor=actor, payload=payload, label="Import a.csv")
    jobs.run(str(job.pk))
    return job


def test_who_started_a_job_is_told_its_result_in_numbers() -> None:
    user = factories.person("engineer")
    done(user)
    found = row(user, "job")
    assert (found.title, found.text) == ("Import a.csv is done", "1,062 lines · 58 new parts")


def test_a_failed_job_says_why() -> None:
    user = factories.person("engineer")
    done(user, fail=True)
    found = row(user, "job")
    assert (found.title, found.text) == ("Import a.csv failed", "No header row.")


def test_nobody_is_told_of_a_job_without_owner_or_that_was_stopped() -> None:
    user = factories.person("engineer")
    done(None)
    job = jobs.start("test.told", actor=Actor(user=user), payload={})
    jobs.cancel(job, actor=Actor(user=user))
    outbox.work_off()
    assert not Notification.objects.exists()


def test_administrators_are_told_of_a_task_that_failed_for_good() -> None:
    admin, engineer = factories.person("admin"), factories.person("engineer")
    outbox.post("test.nobody_handles", {})
    Outbox.objects.update(attempts=outbox.MOST_TRIES - 1)
    assert told(admin, "follow_up") == ["The task test.nobody handles failed"]
    assert told(engineer) == []
    User.objects.filter(pk=admin.pk).update(roles=["viewer"])
    assert told(User.objects.get(pk=admin.pk)) == []


def test_a_take_over_waits_for_quality_then_for_a_second_person() -> None:
    quality, engineer, buyer = map(factories.person, ("quality", "engineer", "procurement"))
    part = factories.part()
    factories.incumbent(part)
    source = factories.alternate(part)
    proposal = services.Proposal(part=part, manufacturer_part=source.manufacturer_part)
    batch = services.propose_takeover(
        document="AML-1", proposals=[proposal], actor=Actor(user=engineer)
    )
    assert told(quality, "takeover") == ["Confirm the take-over AML-1"]
    assert told(buyer, "takeover") == []
    TAKEOVER_FLOW.fire(batch.pk, "confirm", actor=Actor(user=quality))
    assert told(quality, "takeover") == []
    assert told(buyer, "takeover") == ["Approve the take-over AML-1"]
    TAKEOVER_FLOW.fire(batch.pk, "approve", actor=Actor(user=buyer))
    assert (told(buyer, "takeover"), told(engineer, "takeover")) == ([], [])


def test_a_draft_of_a_policy_waits_for_those_who_can_activate_it() -> None:
    finance, executive, quality = map(factories.person, ("finance", "executive", "quality"))
    other = factories.person("finance")
    version = draft_version(
        policy=POLICIES["spend"], values={"months": 6}, note="half a year",
        actor=Actor(user=finance),
    )  # fmt: skip
    title = "Activate version 1 of the policy Spend"
    assert [told(who, "version") for who in (executive, other)] == [[title], [title]]
    assert [told(who, "version") for who in (finance, quality)] == [[], []]
    activate_version(version=version, actor=Actor(user=executive))
    assert told(other, "version") == []


def test_a_proposed_sop_waits_for_another_person_of_quality() -> None:
    drafter, quality = factories.person("quality"), factories.person("quality")
    sop = proposed_sop(Actor(user=drafter))
    assert told(quality, "version") == [f"Activate the SOP {sop}"]
    assert told(drafter, "version") == []
    SOP_FLOW.fire(sop.pk, "return", actor=Actor(user=quality), note="Name the standard.")
    assert told(quality, "version") == []
