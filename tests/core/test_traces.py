"""Whatever statement changes a business row, its history says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from parts.models import Part
from qualification.models import TeamMember
from secondsource.accounts import services as accounts
from secondsource.accounts.models import ApiToken, User
from secondsource.core import audit, audit_seals, database_roles, traces
from secondsource.core.models import RowChange
from suppliers import services as sourcing
from suppliers.models import Source
from tests import factories
from tests.application_role import owner

pytestmark = pytest.mark.django_db


def test_every_model_leaves_traces_or_says_why_not() -> None:
    traced = {trace.table for trace in traces.traces()}
    guarded = {*database_roles.append_only_tables(), *traces._versioned_tables()}
    without = {
        model._meta.label: getattr(model, "untraced", "")
        for model in traces._own_models()
        if model._meta.db_table not in traced | guarded
    }
    assert all(without.values()), without
    assert traces.missing() == []


def test_a_trigger_that_is_off_is_set_again_and_found_before() -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE parts_part DISABLE TRIGGER trace_update")
        cursor.execute("DROP TRIGGER trace_delete ON accounts_team_members")
    found = [(one.table, one.what) for one in audit_seals.verify()]
    assert found == [
        ("accounts_team_members", "its history is not written"),
        ("parts_part", "its history is not written"),
    ]


def test_triggers_are_set_again_after_migrating(as_owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER trace_update ON parts_part")
    traces.install()
    assert traces.missing() == []


def test_sql_is_put_down_to_the_role_that_ran_it() -> None:
    part = factories.part()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.change', '', true)")
        cursor.execute("UPDATE parts_part SET description = 'by hand' WHERE id = %s", (part.pk,))
    entry = part.history.latest("history_id")
    assert (entry.description, entry.history_type, entry.history_user_id) == ("by hand", "~", None)
    assert (entry.history_origin, entry.history_change_reason[:6]) == ("sql", "SQL by")


def test_a_statement_that_changes_nothing_leaves_no_trace() -> None:
    part = factories.part()
    before = part.history.count()
    Part.objects.filter(pk=part.pk).update(description=part.description)
    assert part.history.count() == before


def test_an_upsert_leaves_what_it_added_and_what_it_changed() -> None:
    one, two = factories.part(description="old"), factories.part()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE held ON COMMIT DROP AS SELECT * FROM parts_part;"
            "DELETE FROM parts_partfigures; DELETE FROM parts_part WHERE id = %s;"
            "INSERT INTO parts_part SELECT * FROM held WHERE true ON CONFLICT (id)"
            " DO UPDATE SET description = 'new'",
            (two.pk,),
        )
    kinds = [
        part.history.order_by("-history_id").values_list("history_type", "description").first()
        for part in (one, two)
    ]
    assert kinds == [("~", "new"), ("+", "")]


def test_a_truncation_is_refused(as_owner: None) -> None:
    with pytest.raises(DatabaseError, match="keeps its history"), transaction.atomic():
        connection.cursor().execute(
            "SET LOCAL app.allow_truncate = 'off'; TRUNCATE accounts_team_members"
        )


def entry(part: Part) -> tuple[Any, ...]:
    row = part.history.latest("history_id")
    return row.history_user_id, row.history_change_reason, row.history_origin


def test_what_a_rollback_takes_back_does_not_name_who_did_the_next_change() -> None:
    part = factories.part()
    first, second = factories.actor("engineer"), factories.actor("engineer", origin="api")
    audit.save_as(part, first, "first")
    with transaction.atomic():
        audit.save_as(part, second, "second")
        assert entry(part) == (second.user_id, "second", "api")
        transaction.set_rollback(True)
    part.refresh_from_db()
    audit.save_as(part, first, "first")
    assert entry(part) == (first.user_id, "first", "web")


@pytest.mark.django_db(transaction=True)
def test_no_attribution_outlives_its_transaction() -> None:
    part, who = factories.part(), factories.actor("engineer")
    with transaction.atomic():
        audit.save_as(part, who, "mine")
    Part.objects.filter(pk=part.pk).update(description="later")
    assert entry(part)[0] is None
    audit.save_as(part, who, "mine")
    assert entry(part) == (who.user_id, "mine", "web")


def test_the_same_attribution_costs_one_statement(django_assert_num_queries: Any) -> None:
    part, who = factories.part(), factories.actor("engineer")
    with django_assert_num_queries(4):
        for _ in range(3):
            audit.save_as(part, who, "same")


def as_the_application(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE secondsource_app")
        cursor.execute(statement)
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("table", ["parts_historicalpart", "core_rowchange"])
def test_the_application_adds_no_history_by_itself(table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        as_the_application(f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE parts_part DISABLE TRIGGER trace_update",
        "DROP TRIGGER trace_update ON parts_part",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_does_not_switch_traces_off(statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        as_the_application(statement)


@pytest.mark.parametrize(
    "setting",
    ["SET LOCAL app.traces = 'off'", 'SET LOCAL app.change = \'{"at": "2020-01-01T00:00Z"}\''],
)
def test_settings_of_the_owner_do_not_hold_for_the_application(setting: str) -> None:
    part = factories.part()
    as_the_application(f"{setting}; UPDATE parts_part SET description = 'quiet'")
    row = part.history.latest("history_id")
    assert (row.description, row.history_date.year > 2020) == ("quiet", True)


def changes_of(model: type[models.Model]) -> list[tuple[Any, ...]]:
    rows = RowChange.objects.filter(table=model._meta.db_table).order_by("id")
    return list(rows.values_list("kind", "user_id", "reason"))


def test_scope_keeps_who_added_and_removed_which_product() -> None:
    source, who = factories.alternate(factories.part()), factories.actor("engineer")
    product = factories.product("PUMP")
    sourcing.set_scope(source=source, products=[product], actor=who)
    sourcing.set_scope(source=source, products=[], actor=who)
    assert changes_of(Source.scope.through) == [
        ("+", who.user_id, "scope"), ("-", who.user_id, "scope"),
    ]  # fmt: skip
    last = RowChange.objects.latest("id")
    assert (last.owner_id, last.before["product_id"]) == (source.pk, product.pk)


def test_roles_keep_what_they_were_and_no_password() -> None:
    person = factories.person("engineer")
    User.objects.filter(pk=person.pk).update(roles=["admin"], password="secret")
    row = RowChange.objects.filter(table="accounts_user").latest("id")
    assert (row.before["roles"], row.after["roles"]) == (["engineer"], ["admin"])
    assert not {"password", "last_login"} & {*row.before, *row.after}


def test_tokens_keep_who_issued_and_revoked_them_and_no_digest() -> None:
    admin, person = factories.actor("admin"), factories.person()
    token, _ = accounts.issue_token(user=person, scopes=["read"], days=9, actor=admin)
    ApiToken.objects.update(last_used_at=token.expires_at)
    accounts.revoke_token(token=token, actor=admin)
    assert changes_of(ApiToken) == [
        ("+", admin.user_id, "issued"), ("~", admin.user_id, "revoked"),
    ]  # fmt: skip
    assert "digest" not in RowChange.objects.latest("id").after


def test_a_team_keeps_who_was_in_it() -> None:
    team = factories.Team()
    before = len(changes_of(TeamMember))
    TeamMember.objects.filter(case=team.case).delete()
    removed_rows = RowChange.objects.filter(table="qualification_teammember", kind="-")
    assert {row.owner_id for row in removed_rows} == {team.case.pk}
    assert len(changes_of(TeamMember)) > before
