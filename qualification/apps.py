"""Qualification cases and their gates."""

from django.apps import AppConfig


class QualificationConfig(AppConfig):
    """Registers permissions and hidden fields; writes the starter SOPs after migrations."""

    name = "qualification"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate  # the apps must be loaded

        from qualification import (  # noqa: F401  (register themselves)
            approval,
            business_case_work,
            causes,
            clearance,
            component_verdicts,
            declarations,
            fmea_sheet,
            inspection_work,
            introduction,
            pilot_work,
            ppap_work,
            receivers,
            rollback,
            rules,
            sops,
            spec_review,
        )

        post_migrate.connect(sops.ship_starters, sender=self)
        pilot_work.register()
