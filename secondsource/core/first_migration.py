"""Migrating an empty database in a fraction of the time.

For each operation Django renders the models of a migration's state again, with all that are related
to them. Here nearly all models are related, so a first ``migrate`` took two minutes. In
an empty database only the changed model is rendered. Where an operation looks at other models (a
field that foreign keys refer to, code in Python, a new name), all are rendered, as they are after
the last migration. Databases that hold anything are migrated as Django does it.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.migrations.utils import field_is_referenced


class FirstState(ProjectState):
    """The state of migrations while an empty database is migrated."""

    def clone(self) -> FirstState:
        return as_first(super().clone())

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Render this model alone; ``is_delayed`` lets code in Python see all of them again."""
        if "apps" not in self.__dict__:
            return
        self.is_delayed = True
        with self.apps.bulk_update():
            self.apps.unregister_model(app_label, model_name)
        self.apps.render_multiple([self.models[app_label, model_name]])

    def alter_field(
        self, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool
    ) -> None:
        super().alter_field(app_label, model_name, name, field, preserve_default)
        if field_is_referenced(self, (app_label, model_name), (name, field)):
            self._render_all()

    def rename_field(self, app_label: str, model_name: str, old_name: str, new_name: str) -> None:
        super().rename_field(app_label, model_name, old_name, new_name)
        self._render_all()

    def rename_model(self, app_label: str, old_name: str, new_name: str) -> None:
        self._render_all()
        super().rename_model(app_label, old_name, new_name)
        self._render_all()

    def remove_model(self, app_label: str, model_name: str) -> None:
        self._render_all()
        super().remove_model(app_label, model_name)

    def _render_all(self) -> None:
        self.__dict__.pop("apps", None)


class FirstExecutor(MigrationExecutor):
    """Django's executor, with a :class:`FirstState` where no migration was applied yet."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        state = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return state if self.loader.applied_migrations else as_first(state)


def as_first(state: ProjectState) -> FirstState:
    """The same state as a :class:`FirstState`; Django names its own class where it makes one."""
    state.__class__ = FirstState
    assert isinstance(state, FirstState)
    return state
