"""``manage.py bench``: measure pages, endpoints, imports and recomputation beside their floors."""

import json
import platform
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from parts.models import Part
from secondsource.core import clock
from tests.bench import suite


class Command(BaseCommand):
    """Print the table and write ``bench.json`` into the data folder."""

    help = "Measure the product on generated data; ratios to floors of the same run count."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parts", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--out", type=Path, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not Part.objects.filter(ipn__startswith="GEN-").exists():
            self.stdout.write(f"making {options['parts']:,} parts")
            call_command("generate_data", parts=options["parts"], seed=options["seed"])
        with connection.cursor() as cursor:  # as autovacuum leaves a database that has lived
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM (ANALYZE)")
        table = suite.run(self.stdout.write)
        for line in table.lines():
            self.stdout.write(line)
        self._keep(table, Part.objects.count(), options["out"] or settings.DATA_DIR / "bench.json")

    def _keep(self, table: suite.Table, parts: int, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {
            "at": clock.now().isoformat(),
            "parts": parts,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "figures": [figure.as_json() for figure in table.figures.values()],
        }
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False))
        self.stdout.write(f"written to {path}")
