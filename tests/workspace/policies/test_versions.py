"""Versions of house rules: drafted by one, activated by a second person, followed by figures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from incentives.house_rules import PoolPolicy
from incentives.models import ClosedMonth
from parts.house_rules import CompanyPolicy
from secondsource.accounts.rights import Role
from secondsource.core import clock, outbox, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    PermissionRefused,
    Refused,
    RuleRefused,
    Stale,
    ValuesRefused,
)
from secondsource.core.models import Event, Outbox, PolicyVersion
from secondsource.workspace import figures
from secondsource.workspace.models import CompanyFigures
from secondsource.workspace.policies import services
from secondsource.workspace.policies.labels import WORDS
from secondsource.workspace.policies.registry import POLICIES
from suppliers.house_rules import IndependencePolicy, SpendPolicy
from tests import factories
from tests.threads import held_open, in_thread

pytestmark = pytest.mark.django_db


def draft(policy: str = "spend", actor: Actor | None = None, **values: Any) -> PolicyVersion:
    return services.draft_version(
        policy=POLICIES[policy], values=values, note="tried", actor=actor or factories.JOB
    )


def activate(version: PolicyVersion, role: str = "executive", **fields: Any) -> PolicyVersion:
    return services.activate_version(version=version, actor=factories.actor(role), **fields)


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_every_value_of_every_rule_has_words() -> None:
    assert set(POLICIES) <= set(WORDS)
    plain = [
        f"{policy.name}.{value.name}"
        for policy in POLICIES.values()
        for value in policy.values
        if value.name not in policy.labels
    ]
    assert plain == []


def test_the_defaults_of_every_rule_are_good_values() -> None:
    for policy in POLICIES.values():
        assert list(policy.problems(policy.rule())) == [], policy.name
        given = {value.name: value.default for value in policy.values}
        assert services.read_values(policy, given) == given


def test_a_version_is_drafted_by_one_and_activated_by_another() -> None:
    finance = factories.actor("finance")
    version = draft(actor=finance, months=6)
    assert (version.state, policies.active(SpendPolicy)) == ("draft", (SpendPolicy(), 0))
    activate(version, "finance")
    assert policies.active(SpendPolicy) == (SpendPolicy(months=6), 1)
    second = draft(months=24)
    activate(second)
    states = PolicyVersion.objects.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "retired"), (2, "active")]
    told = Event.objects.filter(action="core.policyversion.activated").latest("pk").data
    assert (told["before"], told["changes"][0]["after"]) == (1, 24)


def test_who_drafted_does_not_activate() -> None:
    finance = factories.actor("finance")
    version = draft(actor=finance, months=6)
    with pytest.raises(RuleRefused) as refused:
        services.activate_version(version=version, actor=finance)
    assert codes(refused) == ["same_person"]
    assert PolicyVersion.objects.get().state == "draft"


@pytest.mark.parametrize(("area", "role"), [("spend", "finance"), ("pilot", "quality")])
def test_who_drafts_and_who_activates(area: str, role: str) -> None:
    policy = POLICIES[area]
    actors = {str(one): factories.actor(one) for one in Role}
    drafts = {name for name, actor in actors.items() if actor.may(policy.draft_right)}
    activates = {name for name, actor in actors.items() if actor.may(policy.activate_right)}
    assert drafts == {role, "executive", "integration"}
    assert activates == {role, "executive"}


def test_nobody_else_drafts_or_activates() -> None:
    for role in ("engineer", "procurement", "viewer", "admin"):
        with pytest.raises(PermissionRefused):
            draft(actor=factories.actor(role), months=6)
    version = draft(months=6)
    for role in ("quality", "admin", "integration"):
        with pytest.raises(PermissionRefused):
            activate(version, role)


@pytest.mark.parametrize(
    ("name", "values", "pointer"),
    [
        ("spend", {"months": 0}, "/values/months"),
        ("spend", {"months": 6.5}, "/values/months"),
        ("spend", {"months": "six"}, "/values/months"),
        ("spend", {"months": True}, "/values/months"),
        ("spend", {"days": 6}, "/values/days"),
        ("pilot", {"margin": "NaN"}, "/values/margin"),
        ("pilot", {"margin": 2}, "/values/margin"),
        ("effort", {"by_person": "yes"}, "/values/by_person"),
        ("company", {"currency": "XYZ"}, "/values/currency"),
        ("company", {"unsorted_prefix": "a b"}, "/values/unsorted_prefix"),
        ("company", {"name": " "}, "/values/name"),
        ("risk", {"high_from": 20}, "/values/high_from"),
        ("risk", {"esg": 0.5}, "/values/esg"),
        ("bonus_pool", {"least_rate": "0.5"}, "/values/most_rate"),
    ],
)
def test_values_that_cannot_be(name: str, values: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        draft(name, **values)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not PolicyVersion.objects.exists()


def test_a_draft_needs_a_reason_and_a_difference() -> None:
    with pytest.raises(ValuesRefused):
        services.draft_version(
            policy=POLICIES["spend"], values={"months": 6}, note=" ", actor=factories.JOB
        )
    with pytest.raises(RuleRefused) as refused:
        draft(months=12)
    assert codes(refused) == ["no_change"]


def test_money_is_kept_exactly() -> None:
    activate(draft("bonus_pool", least_rate="0.055"))
    rule = policies.active(PoolPolicy)[0]
    assert str(rule.least_rate) == "0.055"


def test_another_version_in_force_than_the_one_seen_is_refused() -> None:
    one, two = draft(months=6), draft(months=7)
    activate(one, expected=0)
    with pytest.raises(Stale):
        activate(two, expected=0)
    activate(two, expected=1)
    with pytest.raises(RuleRefused) as refused:
        activate(one)
    assert codes(refused) == ["wrong_state"]


def test_who_did_not_see_the_version_in_force_does_not_take_it_back() -> None:
    first, second = draft(months=6), draft(months=9)
    activate(first)
    with pytest.raises(RuleRefused) as refused:
        activate(second)
    assert codes(refused) == ["overtaken"]
    assert policies.active(SpendPolicy)[0].months == 6
    activate(second, expected=1)
    assert activate(draft(months=7)).state == "active"


def test_a_draft_is_discarded_by_its_author_or_who_could_activate_it() -> None:
    finance = factories.actor("finance")
    services.discard_version(version=draft(actor=finance, months=6), actor=finance)
    services.discard_version(version=draft(months=6), actor=factories.actor("executive"))
    with pytest.raises(PermissionRefused):
        services.discard_version(version=draft(months=6), actor=factories.actor("quality"))
    active = activate(PolicyVersion.objects.get())
    with pytest.raises(RuleRefused):
        services.discard_version(version=active, actor=factories.actor("finance"))


@pytest.mark.django_db(transaction=True)
def test_of_two_activations_at_once_the_second_is_told() -> None:
    one, two = draft(months=6), draft(months=7)
    actors = [factories.actor("finance"), factories.actor("executive")]

    def put(version: PolicyVersion, actor: Actor) -> Any:
        try:
            return services.activate_version(version=version, actor=actor, expected=0).number
        except Refused as refusal:
            return [reason.code for reason in refusal.reasons]

    with ThreadPoolExecutor(1) as pool, held_open(lambda: put(one, actors[0])):
        second = pool.submit(in_thread, lambda: put(two, actors[1]))
    assert (second.result(), policies.active(SpendPolicy)[1]) == (["stale"], 1)


def test_figures_follow_a_version_of_the_currency_and_of_the_targets() -> None:
    source = factories.incumbent(factories.part())
    factories.receipt(source, 10, "2.00")
    figures.refresh_company()
    activate(draft("targets", conversions=9), "finance")
    assert Outbox.objects.get(topic=services.TOPIC).payload == {"follows": "company"}
    figures.recompute_by_policy("company")
    assert CompanyFigures.objects.get().conversions_target == 9
    activate(draft("company", currency="EUR"), "finance")
    figures.recompute_by_policy("sources")
    assert CompanyFigures.objects.get().currency == "EUR"
    assert policies.active(CompanyPolicy)[0].currency == "EUR"


def test_a_rule_on_which_nothing_stored_rests_posts_nothing() -> None:
    activate(draft("pilot", margin=0.03), "quality")
    assert not Outbox.objects.filter(topic=services.TOPIC).exists()


def test_independence_follows_its_version(settings: Any) -> None:
    activate(draft("independence", beta_none=0.01), "quality")
    settings.CELERY_TASK_ALWAYS_EAGER = True
    assert policies.active(IndependencePolicy)[0].beta_none == 0.01
    assert outbox.work_off() >= 1


def test_the_currency_stays_once_a_month_is_closed() -> None:
    version = draft("company", currency="EUR")
    ClosedMonth.objects.create(month="2026-01-01", closed_at=clock.now())
    with pytest.raises(RuleRefused) as refused:
        activate(version)
    assert codes(refused) == ["settled_currency"]
    assert policies.active(CompanyPolicy)[0].currency == "USD"
    activate(draft("company", name="Another name"))
    assert policies.active(CompanyPolicy)[0].name == "Another name"
