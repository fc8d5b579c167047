"""Uploads and their steps, as the pages and the API call them."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from secondsource.core import jobs
from secondsource.core.actors import Actor
from secondsource.exchange import services
from secondsource.exchange.models import Import

HEAD = "Designator,Quantity,Value,Footprint,Manufacturer,MPN,Manufacturer 2,MPN 2\n"
BOM = (
    HEAD
    + '"R1,R2",2,10k,0402,Yageo,RC0402FR-0710KL,Vishay,CRCW040210K0FKED\n'
    + "C1,1,100n,0402,Murata,GRM155R71C104KA88D,,\n"
    + "U1,1,STM32,LQFP64,STMicroelectronics,STM32F103RBT6,GigaDevice,GD32F103RBT6\n"
)

#: Tables that remember or count; all others must be as before after an undo.
_REMEMBERING = (
    "historical", "core_event", "core_outbox", "core_job", "core_counter",
    "core_rowchange", "exchange_importedrow",
)  # fmt: skip


def as_file(content: str | bytes, name: str = "bom.csv") -> SimpleUploadedFile:
    data = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, data)


def upload(content: str | bytes, actor: Actor, code: str = "", name: str = "bom.csv") -> Import:
    return services.upload(file=as_file(content, name), actor=actor, product_code=code)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(answer: Any) -> str:
    """The visible text of an answer."""
    text = answer.content.decode()
    main = text[text.index("<main") :] if "<main" in text else text
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def url(imported: Import, what: str = "") -> str:
    return f"/imports/{imported.public_id}/{what}"


def do(imported: Import) -> Import:
    """Do the import's job now, in this process."""
    imported.refresh_from_db()
    assert imported.job_id is not None
    jobs.run(str(imported.job_id))
    imported.refresh_from_db()
    return imported


def import_file(
    content: str | bytes,
    code: str,
    actor: Actor,
    name: str = "bom.csv",
    as_read: bool = False,
    **_: Any,
) -> Import:
    """Import a BOM; `as_read` answers its questions: it is right as it is read."""
    imported = upload(content, actor, code, name)
    assert imported.problem is None, imported.problem
    asked = [one["key"] for one in imported.totals.get("questions", [])]
    services.confirm(imported=imported, actor=actor, answered=asked if as_read else ())
    return do(imported)


def row_counts() -> dict[str, int]:
    """Rows of every table of the business, without those that remember."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not any(word in table for word in _REMEMBERING):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                counts[table] = cursor.fetchone()[0]
    return counts
