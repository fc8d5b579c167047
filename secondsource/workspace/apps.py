"""Composed pages and their read models."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Names the app."""

    name = "secondsource.workspace"
    label = "workspace"

    def ready(self) -> None:
        from secondsource.workspace import receivers, rules  # noqa: F401  (they register)
        from secondsource.workspace.notifications import receivers as _  # noqa: F401
