"""Services that propose take-overs of approvals that were given elsewhere.

The moves of ``suppliers.workflow`` confirm and approve them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from parts.models import Part, PartFigures, PartUsage, Product
from secondsource.accounts.models import Plant
from secondsource.core import audit, clock, policies
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.formats import day
from secondsource.core.records import create
from suppliers.house_rules import TakeoverPolicy
from suppliers.models import Approval, ManufacturerPart, Source, Supplier, Takeover, TakeoverRow
from suppliers.signals import sources_changed

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Proposal:
    """An approval in a document: source, products, last day and proof.

    ``renews`` is the taken-over approval that the row prolongs. ``refused`` is the reason of the
    document against the source ("Do not use"), or ''.
    """

    part: Part
    manufacturer_part: ManufacturerPart
    products: Sequence[Product] = ()
    valid_to: dt.date | None = None
    evidence: str = ""
    renews: Approval | None = None
    refused: str = ""


@dataclass(frozen=True)
class TakeoverFinding:
    """Why a row cannot be taken over; ``field`` is the field concerned."""

    field: str
    code: str
    detail: str


def judge_proposals(proposals: Sequence[Proposal]) -> list[TakeoverFinding | None]:
    """For each proposal the finding against it, or None; writes nothing."""
    sources = _sources_of(proposals)
    nameless = _nameless(proposals)
    seen: set[tuple[int, int]] = set()
    found = []
    for one in proposals:
        pair = (one.part.pk, one.manufacturer_part.pk)
        found.append(_against(one, sources.get(pair), nameless, pair in seen))
        seen.add(pair)
    return found


_DISQUALIFIED = TakeoverFinding(
    "manufacturer_part", "disqualified", "The manufacturer is disqualified."
)


def _against(
    one: Proposal, source: Source | None, nameless: set[int], repeated: bool
) -> TakeoverFinding | None:
    if one.refused:
        return TakeoverFinding("status", "not_approved", one.refused)
    if repeated:
        return TakeoverFinding(
            "manufacturer_part", "duplicate", "This source is named above already."
        )
    if one.manufacturer_part.manufacturer_id in nameless:
        detail = "The manufacturer is not named: name it before the source is taken over."
        return TakeoverFinding("manufacturer_part", "manufacturer_not_named", detail)
    if one.valid_to is not None and one.valid_to < clock.business_day():
        return TakeoverFinding("valid_to", "in_past", f"The approval ended on {day(one.valid_to)}.")
    if one.manufacturer_part.manufacturer.standing == Supplier.Standing.DISQUALIFIED:
        return _DISQUALIFIED
    if source is None:
        return None
    return against_source(source, one.renews.pk if one.renews else None)


def against_source(source: Source, renews: int | None) -> TakeoverFinding | None:
    """The finding against taking over a source of ``with_judgement``, or None.

    ``renews`` is the id of the approval that would be prolonged.
    """
    if renews is not None:
        return against_renewal(source, renews)
    held = getattr(source, "held", None)
    if held:
        return TakeoverFinding("source", "already_approved", f"Approved already: {held}.")
    if source.status in (Source.Status.IN_QUALIFICATION, Source.Status.INTERIM):
        return TakeoverFinding("source", "in_qualification", "A case is open on this source.")
    if source.manufacturer_part.manufacturer.standing == Supplier.Standing.DISQUALIFIED:
        return _DISQUALIFIED
    if source.judged:  # type: ignore[attr-defined]
        detail = "This source was qualified here before: open a case."
        return TakeoverFinding("source", "judged_before", detail)
    return None


def against_renewal(source: Source, renews: int) -> TakeoverFinding | None:
    """The finding against prolonging the approval with the id ``renews``, or None.

    A source keeps the id of a revoked or ended approval, so the approval itself is checked too.
    """
    approval = source.approval
    if approval is None or approval.pk != renews:
        return TakeoverFinding("source", "replaced", "The approval was replaced.")
    if hasattr(approval, "revocation"):
        cause = approval.revocation.get_cause_display().lower()
        return TakeoverFinding("source", "revoked", f"The approval was revoked: {cause}.")
    if approval.valid_to is not None and approval.valid_to < clock.business_day():
        return TakeoverFinding("source", "over", f"The approval ended on {day(approval.valid_to)}.")
    if source.status not in (Source.Status.APPROVED, Source.Status.PHASE_OUT):
        detail = f"The source is not approved any more: {source.get_status_display().lower()}."
        return TakeoverFinding("source", "not_approved", detail)
    return None


def with_judgement(sources: Any) -> Any:
    """Adds ``judged``: whether the source was ever more than a candidate."""
    entries = Source.history.filter(id=OuterRef("pk")).exclude(status=Source.Status.CANDIDATE)
    return sources.annotate(judged=Exists(entries)).select_related(
        "approval__revocation", "part", "manufacturer_part__manufacturer"
    )


def remarks_on(
    proposals: Sequence[Proposal], products: Iterable[Product] = ()
) -> list[list[TakeoverFinding]]:
    """Remarks on each proposal that do not prevent the take-over.

    They are a shortened last day, and products of the scope that do not use the part. ``products``
    is the scope of rows without one.
    """
    batch, latest = list(products), latest_day()
    usages = PartUsage.objects.filter(
        part__in={one.part.pk for one in proposals},
        product__in={p.pk for one in proposals for p in one.products} | {p.pk for p in batch},
    )
    used = set(usages.values_list("part_id", "product_id"))
    found: list[list[TakeoverFinding]] = []
    for one in proposals:
        found.append([])
        if one.valid_to is not None and one.valid_to > latest:
            detail = f"Approved until {day(latest)} at most, not until {day(one.valid_to)}."
            found[-1].append(TakeoverFinding("valid_to", "cut", detail))
        scope = one.products or batch
        codes = sorted(p.code for p in scope if (one.part.pk, p.pk) not in used)
        if codes:
            verb = "does" if len(codes) == 1 else "do"
            detail = f"{', '.join(codes)} {verb} not use {one.part.ipn}."
            found[-1].append(TakeoverFinding("scope", "not_used_in_product", detail))
    return found


def latest_day() -> dt.date:
    """The latest last day of an approval that is taken over today."""
    policy, _ = policies.active(TakeoverPolicy)
    return add_months(clock.business_day(), policy.months_at_most)


def note_approvals(sources: Iterable[Source]) -> None:
    """Set ``held`` on each source: the present approval in words, or ''."""
    today = clock.business_day()
    found = {source.pk: source for source in sources}
    for source in found.values():
        source.held = ""  # type: ignore[attr-defined]
    standing = Approval.objects.standing().filter(source__in=found)
    for approval in standing.exclude(kind=Approval.Kind.INTERIM).order_by("pk"):
        if approval.valid_to is None or approval.valid_to >= today:
            words = f"{approval.get_kind_display()}, {approval.evidence_ref}"
            found[approval.source_id].held = words  # type: ignore[attr-defined]


def _sources_of(proposals: Sequence[Proposal]) -> dict[tuple[int, int], Source]:
    rows = Source.objects.filter(
        part__in={one.part.pk for one in proposals},
        manufacturer_part__in={one.manufacturer_part.pk for one in proposals},
    )
    found = list(with_judgement(rows))
    note_approvals(found)
    return {(source.part_id, source.manufacturer_part_id): source for source in found}


def _nameless(proposals: Sequence[Proposal]) -> set[int]:
    """Ids of placeholders for manufacturers."""
    manufacturers = {one.manufacturer_part.manufacturer for one in proposals}
    return {manufacturer.pk for manufacturer in manufacturers if manufacturer.placeholder}


@transaction.atomic
def propose_takeover(
    *,
    document: str,
    proposals: Sequence[Proposal],
    actor: Actor,
    revision: str = "",
    dated: dt.date | None = None,
    products: Iterable[Product] = (),
    plants: Iterable[Plant] = (),
    origin: str = "entered by hand",
    partial: bool = False,
) -> Takeover:
    """Propose a batch.

    New sources are added as candidates; nothing is approved. With ``partial`` rows that cannot be
    taken over are kept as refused, with their reason; otherwise they raise ``ValuesRefused`` with a
    pointer each, as do empty batches and those above ``MOST_ROWS``.
    """
    actor.require("suppliers.propose_takeover")
    findings = judge_proposals(proposals)
    problems = _batch_problems(document, dated, proposals)
    if not partial:
        problems += [
            FieldProblem(f"/rows/{place}/{finding.field}", finding.code, finding.detail)
            for place, finding in enumerate(findings)
            if finding
        ]
    refuse_values(problems)
    takeover = create(
        Takeover(
            document=document.strip(), revision=revision.strip(), dated=dated, origin=origin[:200],
            proposed_by=actor.user,
            state=Takeover.State.REFUSED if all(findings) else Takeover.State.PROPOSED,
        ),
        actor,
        duplicate="This batch is on record already.",
    )  # fmt: skip
    takeover.products.set(products)
    takeover.plants.set(plants)
    sources = _take_in(proposals, takeover, actor)
    _write_rows(takeover, proposals, findings, sources, actor)
    audit.record(
        "suppliers.takeover.proposed", takeover, actor,
        data={"rows": len(proposals), "refused": sum(map(bool, findings))},
    )  # fmt: skip
    return takeover


@transaction.atomic
def change_takeover(
    *,
    takeover: Takeover,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> Takeover:
    """Change reference (``document``, ``revision``, ``dated``) or scope (``products``, ``plants``).

    Raises ``RuleRefused`` if a row is decided, because the decision is for this reference and
    scope.
    """
    actor.require("suppliers.propose_takeover")
    batch = Takeover.objects.select_for_update().get(pk=takeover.pk)
    audit.check_version(batch, expected)
    given = dict(values)
    scope = {name: given.pop(name) for name in ("products", "plants") if name in given}
    refuse_values(_reference_problems(given.get("document", batch.document), given.get("dated")))
    if batch.rows.exclude(confirmed_by=None, approval=None).exists():
        raise RuleRefused.one("decided", "Somebody has confirmed rows of this batch already.")
    for name, value in given.items():
        setattr(batch, name, value.strip() if isinstance(value, str) else value)
    audit.save_as(batch, actor, "reference and scope")
    for name, rows in scope.items():
        _set_scope(batch, name, rows, actor)
    audit.record("suppliers.takeover.changed", batch, actor)
    return batch


def _set_scope(batch: Takeover, name: str, rows: Iterable[Any], actor: Actor) -> None:
    """Set the scope, and keep products outside the actor's own scope."""
    members = getattr(batch, name)
    kept = (
        members.exclude(pk__in=Product.objects.visible_to(actor.user))
        if name == "products"
        else members.none()
    )
    members.set({*rows, *kept})


def _reference_problems(document: str, dated: dt.date | None) -> list[FieldProblem]:
    problems = []
    if not document.strip():
        problems.append(FieldProblem("/document", "required", "Name the document."))
    if dated is not None and dated > clock.business_day():
        problems.append(FieldProblem("/dated", "in_future", "This day has not come yet."))
    return problems


def _batch_problems(
    document: str, dated: dt.date | None, proposals: Sequence[Proposal]
) -> list[FieldProblem]:
    problems = _reference_problems(document, dated)
    if not proposals:
        problems.append(FieldProblem("/rows", "required", "Name at least one source."))
    if len(proposals) > MOST_ROWS:
        detail = f"A batch has at most {MOST_ROWS:,} rows. Split it."
        problems.append(FieldProblem("/rows", "too_many", detail))
    return problems


def _take_in(
    proposals: Sequence[Proposal], takeover: Takeover, actor: Actor
) -> Mapping[tuple[int, int], Source]:
    """The sources of the rows by part and manufacturer part; new ones are added as candidates."""
    PartFigures.objects.lock({one.part.pk for one in proposals})
    known = _sources_of(proposals)
    new = {
        (one.part.pk, one.manufacturer_part.pk): one
        for one in proposals
        if (one.part.pk, one.manufacturer_part.pk) not in known
    }
    made = audit.bulk_create_as(
        Source,
        [
            Source(
                part=one.part, manufacturer_part=one.manufacturer_part,
                origin=f"take-over {takeover.reference}"[:200], share_cap=Decimal(0),
                quantity_cap=Decimal(0), created_at=clock.now(), updated_at=clock.now(),
            )
            for one in new.values()
        ],
        actor, f"take-over {takeover.reference}",
    )  # fmt: skip
    if made:
        audit.record_all(
            "suppliers.source.added", [(source, {}) for source in made], actor,
            note=f"take-over {takeover.reference}",
        )  # fmt: skip
        sources_changed.send(sender=Source, part_ids={s.part_id for s in made}, actor=actor)
    return {**known, **{(s.part_id, s.manufacturer_part_id): s for s in made}}


def _write_rows(
    takeover: Takeover,
    proposals: Sequence[Proposal],
    findings: Sequence[TakeoverFinding | None],
    sources: Mapping[tuple[int, int], Source],
    actor: Actor,
) -> None:
    now, State = clock.now(), TakeoverRow.State
    rows = audit.bulk_create_as(
        TakeoverRow,
        [
            TakeoverRow(
                takeover=takeover, position=place, valid_to=one.valid_to,
                source=sources[(one.part.pk, one.manufacturer_part.pk)],
                evidence=one.evidence[:200], renews=one.renews,
                state=State.REFUSED if finding else State.PROPOSED,
                reason=finding.detail if finding else "",
                decided_by=actor.user if finding else None, decided_at=now if finding else None,
                created_at=now, updated_at=now,
            )
            for place, (one, finding) in enumerate(zip(proposals, findings, strict=True), 1)
        ],
        actor, "proposed",
    )  # fmt: skip
    through = TakeoverRow.products.through
    through.objects.bulk_create(
        through(takeoverrow_id=row.pk, product_id=product.pk)
        for row, one in zip(rows, proposals, strict=True)
        for product in one.products
    )
