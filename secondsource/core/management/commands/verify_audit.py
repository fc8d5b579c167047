"""``manage.py verify_audit``: prove that no sealed audit row was changed or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from secondsource.core import audit_seals
from secondsource.core.models import AuditSeal


class Command(BaseCommand):
    """Seal what is not sealed yet, then recompute every seal."""

    help = "Recompute the seals over the audit tables; fails when one does not match."

    def handle(self, *args: Any, **options: Any) -> None:
        audit_seals.seal_all()
        findings = audit_seals.verify()
        for finding in findings:
            self.stderr.write(f"{finding.table} [{finding.start}, {finding.end}): {finding.what}")
        if findings:
            raise CommandError(f"{len(findings)} seals do not match")
        self.stdout.write(f"{AuditSeal.objects.count()} seals match")
