"""Changing people: it works, then each refusal, then two administrators at once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from secondsource.accounts import services
from secondsource.accounts.models import ApiToken, Plant, User
from secondsource.core import outbox
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    PermissionRefused,
    Refused,
    RuleRefused,
    Stale,
    ValuesRefused,
)
from secondsource.core.models import Event, RowChange
from tests import factories
from tests.threads import held_open, in_thread

pytestmark = pytest.mark.django_db


def change(user: User, actor: Actor | None = None, **values: Any) -> User:
    given = actor or factories.actor("admin")
    return services.change_person(user=user, values=values, actor=given)


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_an_administrator_changes_roles_and_scope() -> None:
    user, plant = factories.person("engineer"), Plant.objects.create(code="BRNO", name="Brno")
    changed = change(user, roles=["quality", "engineer"], plants=[plant], name=" New  ")
    assert (changed.roles, changed.name, changed.version) == (["engineer", "quality"], "New", 2)
    assert list(User.objects.get(pk=user.pk).plants.all()) == [plant]
    told = Event.objects.get(action="accounts.user.changed").data
    assert told["fields"] == ["name", "plants", "roles"]
    assert told["roles"] == {"before": ["engineer"], "after": ["engineer", "quality"]}
    tables = set(RowChange.objects.filter(owner_id=user.pk).values_list("table", flat=True))
    assert tables == {"accounts_user", "accounts_user_plants"}


def test_unchanged_values_write_nothing() -> None:
    user = factories.person("engineer")
    assert change(user, roles=["engineer"], plants=[], name=user.name).version == 1
    assert not Event.objects.filter(action="accounts.user.changed").exists()


@pytest.mark.parametrize("role", ["engineer", "quality", "executive", "viewer"])
def test_nobody_else_changes_people(role: str) -> None:
    with pytest.raises(PermissionRefused):
        change(factories.person(), factories.actor(role), name="X")


@pytest.mark.parametrize(
    ("values", "pointer"),
    [({"roles": []}, "/roles"), ({"roles": ["king"]}, "/roles"), ({"name": " "}, "/name"),
     ({"email": "nobody"}, "/email")],
)  # fmt: skip
def test_values_that_cannot_be(values: dict[str, Any], pointer: str) -> None:
    user = factories.person()
    with pytest.raises(ValuesRefused) as refused:
        change(user, **values)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert User.objects.get(pk=user.pk).version == 1


def test_an_address_belongs_to_one_person_in_any_case() -> None:
    other, user = factories.person(), factories.person()
    with pytest.raises(Duplicate):
        change(user, email=other.email.upper())


def test_an_old_version_is_refused() -> None:
    user, admin = factories.person(), factories.actor("admin")
    change(user, admin, name="First")
    with pytest.raises(Stale):
        services.change_person(user=user, values={"name": "X"}, actor=admin, expected=1)


def test_nobody_takes_their_own_role_admin_or_leaves_the_last_one_without() -> None:
    admin = factories.person("admin")
    with pytest.raises(RuleRefused) as refused:
        change(admin, Actor(admin), roles=["viewer"])
    assert codes(refused) == ["own_admin_role", "last_admin"]
    with pytest.raises(RuleRefused) as refused:
        change(admin, factories.JOB, roles=["viewer"])
    assert codes(refused) == ["last_admin"]
    factories.person("admin")
    assert change(admin, factories.JOB, roles=["viewer"]).roles == ["viewer"]


def test_nobody_deactivates_themselves_or_the_last_administrator() -> None:
    admin = factories.person("admin")
    for actor, code in ((Actor(admin), "own_account"), (factories.JOB, "last_admin")):
        with pytest.raises(RuleRefused) as refused:
            services.deactivate_person(user=admin, actor=actor)
        assert codes(refused) == [code]
    assert User.objects.get(pk=admin.pk).is_active


def test_who_is_deactivated_is_signed_out_and_comes_back() -> None:
    user, admin = factories.person("quality"), factories.actor("admin")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    _, secret = services.issue_token(user=user, scopes=["read"], days=1, actor=Actor(user))
    services.deactivate_person(user=user, actor=admin)
    assert client.get("/parts/").status_code == 302
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/parts/", headers=headers).status_code == 401
    services.activate_person(user=user, actor=admin)
    assert client.get("/parts/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_other_s_role_leave_one() -> None:
    one, two = factories.person("admin"), factories.person("admin")

    def takes(actor: User, user: User) -> Any:
        try:
            return change(user, Actor(actor), roles=["viewer"])
        except Refused as refusal:
            return [reason.code for reason in refusal.reasons]

    with ThreadPoolExecutor(1) as pool, held_open(lambda: takes(one, two)):
        second = pool.submit(in_thread, lambda: takes(two, one))
    assert second.result() == ["not_permitted"]
    assert [user.pk for user in User.objects.filter(roles__contains=["admin"])] == [one.pk]


def test_a_link_is_mailed_by_a_worker_and_sets_a_password() -> None:
    user = services.add_person(
        email="new@test.example", name="New", roles=["viewer"], password=None, actor=factories.JOB
    )
    services.mail_password_link(
        user=user, root="http://testserver/", actor=factories.actor("admin")
    )
    assert mail.outbox == []
    outbox.work_off()
    (sent,) = mail.outbox
    link = re.search(r"http://testserver(/\S+)", sent.body)
    assert (sent.to, link is not None) == (["new@test.example"], True)
    client = Client()
    page = client.get(link[1], follow=True)  # type: ignore[index]
    fresh = "a long enough phrase"
    client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert User.objects.get(pk=user.pk).check_password(fresh)


def test_a_link_that_is_shown_is_kept_nowhere_and_the_person_is_told() -> None:
    user = factories.person()
    link = services.show_password_link(
        user=user, root="http://testserver/", actor=factories.actor("admin")
    )
    outbox.work_off()
    (sent,) = mail.outbox
    key = link.rstrip("/").rpartition("/")[2]
    assert key not in sent.body + str(list(Event.objects.values()))
    assert sent.to == [user.email]


def test_no_link_for_who_is_deactivated_and_none_by_others() -> None:
    gone = factories.person(is_active=False)
    with pytest.raises(RuleRefused):
        services.mail_password_link(user=gone, root="http://x/", actor=factories.actor("admin"))
    with pytest.raises(PermissionRefused):
        services.show_password_link(
            user=factories.person(), root="http://x/", actor=factories.actor("quality")
        )


def test_only_the_person_issues_a_token_that_approves() -> None:
    user = factories.person("quality")
    with pytest.raises(ValuesRefused) as refused:
        services.issue_token(user=user, scopes=["approve"], days=1, actor=factories.actor("admin"))
    assert [problem.code for problem in refused.value.problems] == ["approve_is_own"]
    services.issue_token(user=user, scopes=["approve"], days=1, actor=Actor(user))
    assert ApiToken.objects.get().scopes == ["approve"]


def test_a_token_gives_no_more_than_it_has() -> None:
    user = factories.person("executive")
    narrow = Actor(user, origin="api", scopes=frozenset({"write"}))
    with pytest.raises(ValuesRefused) as refused:
        services.issue_token(user=user, scopes=["prices", "write"], days=1, actor=narrow)
    assert [problem.code for problem in refused.value.problems] == ["beyond_own_scopes"]
    with pytest.raises(PermissionRefused):
        services.issue_token(
            user=user, scopes=["read"], days=1, actor=Actor(user, scopes=frozenset({"read"}))
        )
