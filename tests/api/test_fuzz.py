"""Generated requests: no 500, no undocumented status, media type or shape for any input.

Bounded and seeded; ``make test-long`` runs many more examples of the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from parts import services as catalogue
from secondsource.accounts.models import Plant, ProductLine, Team, User
from secondsource.core import jobs
from secondsource.core.actors import Actor
from tests import factories
from tests.api.callers import SYSTEM, Api
from tests.api.data import a_bom, a_case, a_part, a_product, an_incumbent, an_offer

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODES = {"valid": GenerationMode.POSITIVE, "broken": GenerationMode.NEGATIVE}


@jobs.runs("test.fuzz")
def _nothing(progress: Any) -> dict[str, Any]:
    return {}


@pytest.fixture
def world(api: Any, settings: Any) -> Iterator[dict[str, dict[str, str]]]:
    """One object of each kind; first part of an address → path parameters that lead to it."""
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": {"actor": ""},
    }
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    roles = ["engineer", "quality", "procurement", "finance", "executive", "integration"]
    user = User.objects.create_user("all@example.com", None, name="All", roles=roles)
    caller: Api = api(user=user, scopes=("read", "write", "approve", "admin", "prices", "margins"))
    yield {"headers": caller.headers, **_objects(user)}
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def _objects(user: User) -> dict[str, dict[str, str]]:
    part, product = a_part("R-1", stock_qty=5), a_product("PUMP")
    a_bom(product, part)
    a_bom(product, part, quantity=3)
    catalogue.set_requirements(
        part=part, requirements=[{"parameter": "Vin", "rule": "at_least"}], actor=SYSTEM
    )
    incumbent, offer, case = an_incumbent(part), an_offer(), a_case(lead=user)
    for model, code in ((Plant, "NORTH"), (ProductLine, "PUMPS"), (Team, "BLUE")):
        model.objects.create(code=code, name=code)
    job = jobs.start("test.fuzz", actor=Actor(user=user), payload={})
    order = factories.order_line(incumbent)
    item = case.checklist.first()
    assert item is not None
    return {
        "categories": {"id": part.category.key},
        "parts": {"ipn": "R-1"},
        "products": {"code": "PUMP"},
        "suppliers": {"code": offer.supplier.code},
        "manufacturer-parts": {"id": incumbent.manufacturer_part.key},
        "sources": {"id": incumbent.key},
        "offers": {"id": offer.key},
        "order-lines": {"id": order.key},
        "plants": {"code": "NORTH"},
        "product-lines": {"code": "PUMPS"},
        "teams": {"code": "BLUE"},
        "jobs": {"id": str(job.pk)},
        "cases": {"key": case.key, "case": case.key, "id": item.key},
    }


def _operations() -> list[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    return [result.ok() for result in schema.get_all_operations()]


OPERATIONS = _operations()


def _try(operation: Any, mode: str, world: dict[str, dict[str, str]], examples: int) -> None:
    names = {parameter.name for parameter in operation.path_parameters}
    known = {n: v for n, v in world.get(_subject(operation), {}).items() if n in names}

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(MODES[mode]))
    def attempt(case: Any) -> None:
        case.path_parameters = {**(case.path_parameters or {}), **known}
        # The checks read the body as it comes over the wire.
        response = case.call(headers={**world["headers"], "Accept-Encoding": "identity"})
        # The schema of an answer is that of all fields; ``fields`` asks for some.
        some = "fields" in (case.query or {})
        left_out = [response_schema_conformance] if some else []
        case.validate_response(response, checks=CHECKS, excluded_checks=left_out)

    attempt()


def _subject(operation: Any) -> str:
    return str(operation.path.removeprefix("/api/v1/").split("/")[0])


def _can_be_broken(operation: Any) -> bool:
    return bool(operation.body or operation.query)


RESOURCES = sorted({_subject(operation) for operation in OPERATIONS} - {"schema", "docs"})


def _try_all(subject: str, world: dict[str, dict[str, str]], examples: int) -> None:
    tried = 0
    for operation in (one for one in OPERATIONS if _subject(one) == subject):
        _try(operation, "valid", world, examples)
        if _can_be_broken(operation):
            _try(operation, "broken", world, examples)
        tried += 1
    assert tried


@pytest.mark.parametrize("subject", RESOURCES)
def test_a_few_requests(subject: str, world: dict[str, dict[str, str]]) -> None:
    _try_all(subject, world, 2)


@pytest.mark.long
@pytest.mark.parametrize("subject", RESOURCES)
def test_many_requests(subject: str, world: dict[str, dict[str, str]]) -> None:
    _try_all(subject, world, 40)
