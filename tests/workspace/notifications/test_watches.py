"""Changes reach who watches, leads or works in what changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from parts import services as parts
from qualification.services import record_risk
from secondsource.accounts.models import Plant, User
from secondsource.core import discussion, notifications, outbox, watches
from secondsource.core.actors import Actor
from secondsource.core.models import Event, Notification, Watch
from secondsource.workspace.notifications import sentences, watchers
from secondsource.workspace.notifications.receivers import WATCHED
from tests import factories
from tests.factories import Team
from tests.workspace.notifications.reading import row, told

pytestmark = pytest.mark.django_db
KIND = "watched"


@pytest.fixture
def viewer() -> User:
    return factories.person("viewer")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(part: Any, **values: Any) -> None:
    parts.change_part(part=part, values=values, actor=factories.actor("engineer"))


def said(user: User) -> str:
    return str(sentences.fill([row(user, KIND)])[0].said)


def test_a_watched_part_s_change_is_told(viewer: User) -> None:
    part = factories.part()
    change(part, description="before")
    watches.watch(subject=part, actor=Actor(user=viewer))
    outbox.work_off()
    Notification.objects.all().delete()
    change(part, description="after")
    assert told(viewer, KIND) == [f"{part.ipn} changed · after"]
    assert said(viewer) == "Changed description"


def test_several_changes_are_one_row(viewer: User) -> None:
    part = factories.part()
    watches.watch(subject=part, actor=Actor(user=viewer))
    for text in ("a", "b", "c"):
        change(part, description=text)
    assert len(told(viewer, KIND)) == 1
    assert said(viewer) == "Changed description, and 2 more changes"


def test_after_reading_the_next_change_is_news_again(viewer: User) -> None:
    part = factories.part()
    watches.watch(subject=part, actor=Actor(user=viewer))
    change(part, description="a")
    assert told(viewer, KIND)
    Notification.objects.update(read_at=factories.clock.now())
    change(part, description="b")
    assert len(told(viewer, KIND)) == 1
    assert row(viewer, KIND).times == 1


def test_an_event_told_twice_is_told_once(viewer: User) -> None:
    part = factories.part()
    watches.watch(subject=part, actor=Actor(user=viewer))
    change(part, description="a")
    assert told(viewer, KIND)
    last = Event.objects.latest("pk").pk
    assert watchers.follow_events(last, last, WATCHED) == 0


def test_one_s_own_change_is_no_news() -> None:
    part, engineer = factories.part(), factories.person("engineer")
    watches.watch(subject=part, actor=Actor(user=engineer))
    parts.change_part(part=part, values={"description": "x"}, actor=Actor(user=engineer))
    assert told(engineer, KIND) == []


def test_a_part_s_watcher_is_told_of_sources_and_cases(viewer: User) -> None:
    part = factories.part()
    watches.watch(subject=part, actor=Actor(user=viewer))
    outbox.work_off()
    factories.incumbent(part)
    team = Team(factories.alternate(part))
    team.fire("submit")
    assert len(told(viewer, KIND)) == 1
    assert f"{team.case.key}" in said(viewer)


def test_lead_and_team_are_told_of_their_case_until_they_mute_it() -> None:
    team = Team()
    quality = team.people["quality"]
    outbox.work_off()
    Notification.objects.all().delete()
    team.fire("submit")
    assert (len(told(quality, KIND)), told(team.people["engineering"], KIND)) == (1, [])
    assert said(quality) == "Submitted the case"
    Notification.objects.all().delete()
    client = browser(quality)
    assert client.post(f"/q/{team.case.key}/watch/", {"watch": "0"}).status_code == 302
    assert Watch.objects.get(user=quality).muted
    team.fire("withdraw", note="no need")
    assert told(quality, KIND) == []


def test_others_watch_a_case_and_stop(viewer: User) -> None:
    team, client = Team(), browser(viewer)
    address = f"/q/{team.case.key}/watch/"
    client.post(address, {"watch": "1"})
    assert 'aria-pressed="true"' in client.get(team.case.get_absolute_url()).content.decode()
    team.fire("submit")
    assert len(told(viewer, KIND)) == 1
    client.post(address, {"watch": "0"})
    assert not Watch.objects.exists()


def test_who_watches_a_case_is_told_of_work_in_it(viewer: User) -> None:
    team = Team()
    watches.watch(subject=team.case, actor=Actor(user=viewer))
    outbox.work_off()
    Notification.objects.all().delete()
    record_risk(case=team.case, text="No second fab", actor=team["engineering"])
    assert len(told(viewer, KIND)) == 1
    assert said(viewer) == "Recorded the accepted risk “No second fab”"


def test_what_left_the_reader_s_scope_is_not_shown(viewer: User) -> None:
    part = factories.part()
    product = factories.product(uses={part: 1})
    watches.watch(subject=part, actor=Actor(user=viewer))
    change(part, description="x")
    assert told(viewer, KIND)
    viewer.plants.add(Plant.objects.create(code="OTHER", name="Other"))
    viewer = User.objects.get(pk=viewer.pk)
    assert (product.pk is not None, told(viewer, KIND)) == (True, [])


def test_the_list_of_what_one_watches_ends_a_watch(viewer: User) -> None:
    part, client = factories.part(), browser(viewer)
    watches.watch(subject=part, actor=Actor(user=viewer))
    assert part.ipn in client.get("/notifications/watching/").content.decode()
    other = browser(factories.person("viewer"))
    pk = Watch.objects.get().pk
    assert other.post(f"/notifications/watching/{pk}/").status_code == 404
    assert client.post(f"/notifications/watching/{pk}/").status_code == 302
    assert not Watch.objects.exists()


def test_who_is_mentioned_is_told_and_named_as_they_are_now(viewer: User) -> None:
    team, author = Team(), factories.person("quality")
    User.objects.filter(pk=viewer.pk).update(name="Ann Lee")
    User.objects.filter(pk=author.pk).update(name="Ann")
    text = "Ask @Ann Lee, not ann@example.com or @[1]"
    comment = discussion.say(subject=team.case, text=text, actor=Actor(user=author))
    assert comment.mentions == [viewer.pk]
    assert told(viewer, "mention") == [f"You are mentioned in the discussion of {team.case.key}"]
    User.objects.filter(pk=viewer.pk).update(name="Ann Miller")
    (shown,) = discussion.of(team.case)
    assert shown.said == "Ask @Ann Miller, not ann@example.com or @ [1]"


def test_the_writer_is_told_who_is_notified_and_who_is_not(viewer: User) -> None:
    team, far, mute = Team(), factories.person("engineer"), factories.person("engineer")
    names = {viewer: "Ann Lee", far: "Far Away", mute: "Mute One"}
    for user, name in names.items():
        User.objects.filter(pk=user.pk).update(name=name)
    factories.product(uses={team.source.part: 1})
    far.plants.set([Plant.objects.create(code="FAR", name="Far")])
    notifications.choose(user=mute, ways={"mention": "none"})
    client, case, ipn = browser(team.people["quality"]), team.case, team.source.part.ipn
    text = "@Ann Lee, @Far Away, @Mute One and @Lee, not a@b.example"
    case_url, part_url = f"{case.get_absolute_url()}discussion/", f"/parts/{ipn}/comments/"
    for url, key in ((case_url, case.key), (part_url, ipn)):
        answer = client.post(url, {"text": text}, follow=True)
        assert [str(message) for message in answer.context["messages"]] == [
            "Ann Lee will be notified.",
            f"Far Away is not notified and does not see {key}. Mute One is not notified and has"
            " switched that off. Nobody is called @Lee: type the whole name.",
        ]
    assert told(far, "mention") == told(mute, "mention") == []
    assert len(told(viewer, "mention")) == 2


def test_everybody_with_the_name_is_told(viewer: User) -> None:
    team, other = Team(), factories.person("engineer")
    User.objects.filter(pk__in=[viewer.pk, other.pk]).update(name="Ann Lee")
    discussion.say(subject=team.case, text="@ann lee, see this", actor=team["quality"])
    assert len(told(viewer, "mention")) == len(told(other, "mention")) == 1


def test_a_mention_of_oneself_is_no_news() -> None:
    team, author = Team(), factories.person("quality")
    discussion.say(subject=team.case, text=f"@{author.name}", actor=Actor(user=author))
    assert told(author, "mention") == []


def test_people_of_a_case_are_told_of_comments() -> None:
    team = Team()
    outbox.work_off()
    Notification.objects.all().delete()
    discussion.say(subject=team.case, text="Samples came", actor=team["quality"])
    assert len(told(team.people["engineering"], KIND)) == 1
    assert said(team.people["engineering"]) == "Wrote in the discussion"
