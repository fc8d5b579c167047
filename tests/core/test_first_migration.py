"""An empty database is migrated by the same statements as Django's own states give."""

from __future__ import annotations

from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.commands import migrate
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState

from secondsource.core.first_migration import FirstExecutor, FirstState, as_first

SHELF = {"to": "stock.Shelf", "on_delete": models.CASCADE}
LABELS = ops.AddField("Box", "labels", models.ManyToManyField("stock.Label"))
OPERATIONS = [
    ops.CreateModel("Shelf", [("code", models.CharField(max_length=8, primary_key=True))]),
    ops.CreateModel("Label", [("id", models.AutoField(primary_key=True))]),
    ops.CreateModel(
        "Box",
        [("id", models.AutoField(primary_key=True)), ("shelf", models.ForeignKey(**SHELF)),
         ("size", models.IntegerField())],
    ),
    LABELS,
    ops.AddField("Label", "about", models.ForeignKey(to="stock.Box", on_delete=models.CASCADE)),
    ops.AddConstraint(
        "Box", models.CheckConstraint(condition=models.Q(size__gt=0), name="size_positive")
    ),
    ops.AddIndex("Box", models.Index(fields=["shelf", "size"], name="box_by_shelf")),
    ops.RemoveConstraint("Box", "size_positive"),
    ops.RenameField("Box", "size", "pieces"),
    ops.AddIndex("Box", models.Index(fields=["pieces"], name="box_by_pieces")),
    ops.AlterField("Box", "pieces", models.BigIntegerField(null=True)),
    ops.RenameModel("Label", "Sticker"),
    ops.AddField("Shelf", "first", models.ForeignKey("stock.Sticker", models.CASCADE, null=True)),
    ops.RemoveField("Box", "labels"),
    ops.AddField("Sticker", "wide", models.BooleanField(default=False)),
]  # fmt: skip


def applied(state: ProjectState, operations: list[Any]) -> tuple[list[str], ProjectState]:
    """The statements of the operations, as ``migrate`` runs them, and the state after them."""
    migration = Migration("0001_initial", "stock")
    migration.operations = operations
    state.apps  # noqa: B018  Django renders all models before the first migration, too
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        after = migration.apply(state, editor, collect_sql=True)
    return editor.collected_sql, after


def test_the_statements_are_those_of_django(db: None) -> None:
    django, _ = applied(ProjectState(), OPERATIONS)
    first, after = applied(as_first(ProjectState()), OPERATIONS)
    assert isinstance(after, FirstState)
    assert first == django
    assert any("box_by_pieces" in line for line in first)


def test_a_field_that_others_refer_to_is_changed_with_them(db: None) -> None:
    wider = ops.AlterField("Shelf", "code", models.CharField(max_length=20, primary_key=True))
    _, after = applied(as_first(ProjectState()), [*OPERATIONS[:3], wider])
    box = after.apps.get_model("stock", "Box")
    assert box._meta.get_field("shelf").db_type(connection) == "varchar(20)"


def test_code_in_python_sees_all_relations(db: None) -> None:
    _, after = applied(as_first(ProjectState()), OPERATIONS[:5])
    after.clear_delayed_apps_cache()
    shelf, box = (after.apps.get_model("stock", name) for name in ("Shelf", "Box"))
    assert shelf._meta.get_field("box").related_model is box
    assert box._meta.get_field("label").related_model._meta.get_field("about").related_model is box


def test_a_database_that_holds_something_is_migrated_as_django_does_it(db: None) -> None:
    executor = FirstExecutor(connection)
    assert type(executor._create_project_state()) is ProjectState
    executor.loader.applied_migrations = {}
    assert type(executor._create_project_state()) is FirstState


def test_the_command_migrates_by_it() -> None:
    assert get_commands()["migrate"] == "secondsource.core"
    load_command_class("secondsource.core", "migrate")
    assert vars(migrate)["MigrationExecutor"] is FirstExecutor
