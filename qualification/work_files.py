"""Files on the work of a case: on its steps, and on rows of its pages.

Each kind of row is registered with its gate, so that files of all kinds are shown, added and
removed by the same services and pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models import Case as SqlCase
from django.db.models.functions import Cast

from qualification.models import Case, ChecklistItem
from qualification.models.cases import State
from secondsource.core import audit
from secondsource.core.models import Attachment


@dataclass(frozen=True)
class RowKind:
    """A model whose rows carry files: its word in URLs, its page, its gate.

    ``gate`` is '' for rows that have a gate of their own.
    """

    word: str
    model: Any
    url_name: str
    gate: State | str = ""
    #: The path from a row to its case.
    to_case: str = "case"

    @property
    def label(self) -> str:
        """The type of the subject in attachments."""
        return audit.label(self.model)

    def rows_of(self, case: Case) -> QuerySet[Any]:
        """The rows of a case."""
        found: QuerySet[Any] = self.model.objects.filter(**{self.to_case: case})
        return found

    def gate_of(self, row: Any) -> str:
        """The gate of a row."""
        return str(self.gate or row.gate)


_KINDS: dict[str, RowKind] = {}


def register(kind: RowKind) -> None:
    """Make a kind of rows known; called when the app is ready."""
    _KINDS[kind.word] = kind


register(RowKind("steps", ChecklistItem, "case_detail"))


def kind(word: str) -> RowKind:
    """A kind by its word. Raises ``KeyError``."""
    return _KINDS[word]


def kind_of(attachment: Attachment) -> RowKind:
    """The kind of the row on which a file lies. Raises ``KeyError``."""
    return next(k for k in _KINDS.values() if k.label == attachment.subject_type)


def row_of(case: Case, public_id: Any) -> tuple[RowKind, Any] | None:
    """The row of a case with this id, of whichever kind."""
    for one in _KINDS.values():
        row = one.rows_of(case).filter(public_id=public_id).first()
        if row is not None:
            return one, row
    return None


def of_cases(cases: QuerySet[Case]) -> QuerySet[Attachment]:
    """Files of these cases, also removed ones, with ``case_id``, ``item`` and ``gate``."""
    wanted, case_ids, items, gates = Q(pk__in=()), [], [], []
    for one in _KINDS.values():
        rows = one.model.objects.filter(**{f"{one.to_case}__in": cases})
        wanted |= Q(subject_type=one.label, subject_id__in=rows.values("pk"))
        mine = one.model.objects.filter(pk=OuterRef("subject_id"))
        here = {"subject_type": one.label}
        case_ids.append(When(**here, then=Subquery(mine.values(f"{one.to_case}__pk"))))
        shown = Cast(Subquery(mine.values("public_id")), CharField())
        items.append(When(**here, then=shown))
        gate = Value(str(one.gate)) if one.gate else Subquery(mine.values("gate"))
        gates.append(When(**here, then=gate))
    return Attachment.objects.filter(wanted).annotate(
        case_id=SqlCase(*case_ids, output_field=BigIntegerField()),
        item=SqlCase(*items, output_field=CharField()),
        gate=SqlCase(*gates, output_field=CharField()),
    )


def by_row(case: Case, word: str) -> dict[int, list[Attachment]]:
    """The files of all rows of a kind of a case, in one query."""
    one = kind(word)
    found: dict[int, list[Attachment]] = {}
    files = Attachment.objects.filter(
        subject_type=one.label, subject_id__in=one.rows_of(case).values("pk"), removed_at=None
    )
    for file in files.order_by("id"):
        found.setdefault(file.subject_id, []).append(file)
    return found
