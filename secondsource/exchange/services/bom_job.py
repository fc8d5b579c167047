"""The job that writes a confirmed BOM."""

from __future__ import annotations

from typing import Any

from parts import services as catalogue
from parts.models import Product
from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.models import Job
from secondsource.exchange.boms import plan as planning
from secondsource.exchange.boms import writer
from secondsource.exchange.models import Import
from secondsource.exchange.services import reader
from secondsource.exchange.services.bulk.steps import TURN

JOB = "exchange.import_bom"
S = Import.State


@jobs.runs(JOB, queue="exchange")
def run_import(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`confirm`: everything in one transaction."""
    jobs.take_turns(TURN)
    imported = Import.objects.select_for_update(of=("self",)).get(pk=progress.payload["import"])
    actor = progress.actor
    progress.report(0, writer.STEPS)
    product = Product.objects.filter(code=imported.product_code).first()
    is_new = product is None
    if product is None:
        product = _add_product(imported, actor)
    plan = planning.make(reader.result_of(imported), product, actor.user, imported.companies)
    if plan.refusals:
        raise RuleRefused(plan.refusals)
    written = writer.write(
        plan, product=product, origin=f"import {imported.name}", actor=actor,
        categories=imported.choices.get("categories", {}), report=progress.report,
    )  # fmt: skip
    if is_new:
        written.created["parts.product"] = [product.pk]
    return _finish(imported, product, plan, written, actor)


def _add_product(imported: Import, actor: Actor) -> Product:
    """A new product lies where its importer works, so that they see what they made."""
    product = catalogue.add_product(
        code=imported.product_code, name=imported.product_name or imported.product_code,
        actor=actor, plants=actor.user.plants.all() if actor.user else (),
        phase=imported.choices.get("phase", ""),
        monthly_volume=imported.choices.get("monthly_volume"),
    )  # fmt: skip
    if actor.user and not actor.user.plants.exists():
        product.product_line = actor.user.product_lines.first()
        if product.product_line:
            audit.save_as(product, actor, raise_version=False)
    return product


@jobs.when_not_done(JOB)
def note_failure(job: Job) -> None:
    """A stopped import can be confirmed again; a failed one says why."""
    stopped = job.state == Job.State.CANCELLED
    imported = Import.objects.filter(pk=job.payload["import"], state=S.RUNNING).first()
    if imported is not None:
        imported.state = S.PREVIEWED if stopped else S.FAILED
        imported.problem = None if stopped else job.problem
        audit.save_as(imported, Actor.named_job(JOB), "stopped" if stopped else "failed")


def _finish(
    imported: Import, product: Product, plan: planning.Plan, written: writer.Written, actor: Actor
) -> dict[str, Any]:
    result = {
        **{name: value for name, value in imported.totals.items() if name != "would"},
        **plan.summary(),
        **written.counts,
        "created": sum(len(ids) for ids in written.created.values()),
        "product": product.code,
        "revision": written.revision.number if written.revision else None,
    }
    imported.product, imported.revision = product, written.revision
    imported.created, imported.result = written.created, result
    imported.state, imported.done_at = S.DONE, clock.now()
    audit.save_as(imported, actor)
    audit.record("exchange.import.done", imported, actor, data={"lines": len(plan.lines)})
    return result
