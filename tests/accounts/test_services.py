"""People and tokens: it works, then each refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from secondsource.accounts import services
from secondsource.accounts.models import ApiToken, User
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Duplicate, PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Event, Outbox
from tests import factories

pytestmark = pytest.mark.django_db


def add(**fields: object) -> User:
    values = {"email": "New@Test.example", "name": "New", "roles": ["engineer"],
              "password": "a long enough phrase", "actor": factories.JOB}  # fmt: skip
    return services.add_person(**{**values, **fields})  # type: ignore[arg-type]


def test_a_person_is_added_with_a_hashed_password() -> None:
    user = add()
    assert (user.email, user.roles) == ("new@test.example", ["engineer"])
    assert user.check_password("a long enough phrase")
    assert Event.objects.get(action="accounts.user.added").data == {"roles": ["engineer"]}


def test_the_same_address_in_other_case_is_refused() -> None:
    add()
    with pytest.raises(Duplicate):
        add(email="NEW@test.EXAMPLE")
    assert User.objects.count() == 1


def test_an_unknown_role_and_a_short_password_are_both_named() -> None:
    with pytest.raises(ValuesRefused) as refused:
        add(roles=["king"], password="short")
    codes = {(problem.pointer, problem.code) for problem in refused.value.problems}
    assert codes == {("/roles", "unknown_role"), ("/password", "weak_password")}
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"email": "nobody"}, "/email"), ({"name": " "}, "/name"), ({"roles": []}, "/roles")],
)
def test_a_person_has_an_address_a_name_and_a_role(wrong: dict[str, object], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        add(**wrong)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not User.objects.exists()


def test_only_an_administrator_adds_people() -> None:
    with pytest.raises(PermissionRefused):
        add(actor=factories.actor("executive"))
    assert not User.objects.filter(email="new@test.example").exists()


def test_a_token_is_kept_as_a_hash() -> None:
    user = factories.person()
    token, secret = services.issue_token(user=user, scopes=["read"], days=30, actor=Actor(user))
    assert token.digest == ApiToken.digest_of(secret)
    assert secret not in str(vars(token).values())
    assert token.expires_at - clock.now() > dt.timedelta(days=29)


@pytest.mark.parametrize(
    ("scopes", "days", "pointer"),
    [
        (["fly"], 30, "/scopes"),
        ([], 30, "/scopes"),
        (["read"], 0, "/days"),
        (["read"], 731, "/days"),
    ],
)
def test_a_token_that_cannot_be(scopes: list[str], days: int, pointer: str) -> None:
    user = factories.person()
    with pytest.raises(ValuesRefused) as refused:
        services.issue_token(user=user, scopes=scopes, days=days, actor=Actor(user))
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not ApiToken.objects.exists()


def test_nobody_issues_tokens_of_others() -> None:
    with pytest.raises(PermissionRefused):
        services.issue_token(
            user=factories.person(), scopes=["read"], days=1, actor=factories.actor()
        )


def test_a_revoked_token_is_marked_and_told() -> None:
    user = factories.person()
    token, _ = services.issue_token(user=user, scopes=["read"], days=1, actor=Actor(user))
    services.revoke_token(token=token, actor=Actor(user))
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert Event.objects.filter(action="accounts.token.revoked").count() == 1


def _add_by_command(monkeypatch: pytest.MonkeyPatch, password: str, roles: str) -> str:
    out = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    call_command(
        "add_person", "new@test.example", "--name", "New One", "--roles", roles, stdout=out
    )
    return out.getvalue()


def test_a_person_by_command_with_a_piped_password(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _add_by_command(monkeypatch, "a long enough phrase", "admin, quality")
    user = User.objects.get()
    assert said == "new@test.example added: quality, admin\n"
    assert (user.name, user.roles) == ("New One", ["quality", "admin"])
    assert user.check_password("a long enough phrase")
    assert Event.objects.get(action="accounts.user.added").job == "add_person"


@pytest.mark.parametrize(
    ("password", "roles"), [("short", "admin"), ("a long enough phrase", "king"), ("", "admin")]
)
def test_the_command_adds_nobody_by_half(
    monkeypatch: pytest.MonkeyPatch, password: str, roles: str
) -> None:
    with pytest.raises(CommandError):
        _add_by_command(monkeypatch, password, roles)
    assert not User.objects.exists()


def test_the_command_adds_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    add(email="new@test.example")
    with pytest.raises(CommandError, match="exists already"):
        _add_by_command(monkeypatch, "a long enough phrase", "admin")


def test_the_command_prints_the_token_alone() -> None:
    user, out = factories.person(), StringIO()
    call_command("issue_token", user.email.upper(), "--scopes", "read,prices", stdout=out)
    secret = out.getvalue().strip()
    token = ApiToken.objects.get(digest=ApiToken.digest_of(secret))
    assert (token.user, token.scopes) == (user, ["prices", "read"])


@pytest.mark.parametrize("arguments", [["nobody@test.example"], ["{email}", "--scopes", "fly"]])
def test_the_command_says_what_is_wrong(arguments: list[str]) -> None:
    user = factories.person()
    with pytest.raises(CommandError):
        call_command("issue_token", *[text.format(email=user.email) for text in arguments])
    assert not ApiToken.objects.exists()


def test_a_person_who_left_holds_no_right() -> None:
    user = factories.person("admin", is_active=False)
    assert not user.has_perm("accounts.manage_people")


def leave(user: User) -> User:
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


@pytest.mark.parametrize("act", [services.mail_password_link, services.show_password_link])
def test_a_deactivated_person_gets_no_link(act: Callable[..., object]) -> None:
    user = leave(factories.person())
    with pytest.raises(RuleRefused) as refused:
        act(user=user, root="https://testserver/", actor=factories.actor("admin"))
    assert [reason.code for reason in refused.value.reasons] == ["deactivated"]
    assert not Event.objects.filter(action__startswith="accounts.link").exists()


@pytest.mark.parametrize("act", [services.mail_password_link, services.show_password_link])
def test_only_an_administrator_gives_links(act: Callable[..., object]) -> None:
    with pytest.raises(PermissionRefused):
        act(user=factories.person(), root="https://testserver/", actor=factories.actor("executive"))
    assert not Outbox.objects.exists()


def test_a_deactivated_person_gets_no_token() -> None:
    user = leave(factories.person())
    with pytest.raises(RuleRefused) as refused:
        services.issue_token(user=user, scopes=["read"], days=1, actor=factories.actor("admin"))
    assert [reason.code for reason in refused.value.reasons] == ["deactivated"]
    assert not ApiToken.objects.exists()


def test_an_administrator_issues_a_token_for_others_but_not_to_approve() -> None:
    user, admin = factories.person("quality"), factories.actor("admin")
    services.issue_token(user=user, scopes=["read"], days=1, actor=admin)
    with pytest.raises(ValuesRefused) as refused:
        services.issue_token(user=user, scopes=["approve"], days=1, actor=admin)
    assert [problem.pointer for problem in refused.value.problems] == ["/scopes"]
    assert ApiToken.objects.get().scopes == ["read"]


def test_a_token_gives_no_scope_that_it_lacks() -> None:
    user = factories.person()
    by_token = Actor(user, origin="api", scopes=frozenset({"read", "write"}))
    with pytest.raises(ValuesRefused) as refused:
        services.issue_token(user=user, scopes=["read", "prices"], days=1, actor=by_token)
    assert [problem.pointer for problem in refused.value.problems] == ["/scopes"]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("role", ["engineer", "executive"])
def test_nobody_revokes_tokens_of_others(role: str) -> None:
    user = factories.person()
    token, _ = services.issue_token(user=user, scopes=["read"], days=1, actor=Actor(user))
    with pytest.raises(PermissionRefused):
        services.revoke_token(token=token, actor=factories.actor(role))
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("theme", User.Theme.values)
def test_a_person_chooses_a_theme(theme: str) -> None:
    user = factories.person()
    services.set_theme(user=user, theme=theme)
    user.refresh_from_db()
    assert user.theme == theme


def test_an_unknown_theme_is_refused() -> None:
    user = factories.person()
    with pytest.raises(ValuesRefused) as refused:
        services.set_theme(user=user, theme="purple")
    assert [problem.code for problem in refused.value.problems] == ["unknown_theme"]
