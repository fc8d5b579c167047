"""Composed pages and their read models."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Names the app."""

    name = "secondsource.workspace"
    label = "workspace"

    def ready(self) -> None:
        from secondsource.workspace import receivers, rules  # noqa: F401  (they register)
        from secondsource.workspace.jump import SOURCES
        from secondsource.workspace.parts import jump_sources

        SOURCES["Parts"] = jump_sources.parts
        SOURCES["Products"] = jump_sources.products
        SOURCES["Suppliers"] = jump_sources.suppliers
