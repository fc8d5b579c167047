"""An AML by file: what it calls approved is proposed, what it speaks against is refused by row."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.bom.standing import APPROVED, OPEN, REFUSED, UNKNOWN, verdict_of
from secondsource.exchange.models import Import
from suppliers.models import Approval, Source, Takeover
from suppliers.workflow import TAKEOVER_FLOW
from tests import factories
from tests.exchange.bulk.files import problems, send, take
from tests.threads import at_once, held_open

pytestmark = pytest.mark.django_db
HEADER = "IPN,Manufacturer,MPN,Status,Valid to,Products,Evidence\n"


def notes(imported: Import) -> dict[str, str]:
    return {one["code"]: one["detail"] for one in imported.warnings}


@pytest.fixture
def engineer() -> Actor:
    return factories.actor("engineer")


@pytest.fixture(autouse=True)
def parts() -> None:
    for ipn in ("P-1", "P-2", "P-3"):
        factories.part(ipn=ipn)
    factories.product("PUMP")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Approved", APPROVED), ("PREFERRED", APPROVED), ("qualified", APPROVED),
        ("Released", APPROVED), ("Approved (2024)", APPROVED), ("yes", APPROVED),
        ("Freigegeben", APPROVED), ("Do not use", REFUSED), ("Do Not Use - approved 2019", REFUSED),
        ("Obsolete", REFUSED), ("Not approved", REFUSED), ("DISQUALIFIED", REFUSED),
        ("Phase-out", REFUSED), ("NRND", REFUSED), ("EOL", REFUSED), ("Gesperrt", REFUSED),
        ("Candidate", OPEN), ("in qualification", OPEN), ("no", OPEN), ("Pending", OPEN),
        ("Approved with restrictions", UNKNOWN), ("conditionally approved", UNKNOWN),
        ("blue", UNKNOWN), ("17", UNKNOWN), ("Preferido", APPROVED), ("优选", APPROVED),
        ("Zweitquelle", OPEN), ("Second source", OPEN), ("Disapproved", REFUSED),
        ("Restricted", REFUSED), ("禁用", REFUSED), ("Main", UNKNOWN),
    ],
)  # fmt: skip
def test_words_of_many_systems(text: str, verdict: str) -> None:
    assert verdict_of(text) == verdict


def test_what_is_called_approved_is_proposed(engineer: Actor) -> None:
    file = HEADER + (
        "P-1,Yageo,CC1,Approved,2099-12-31,PUMP,report 7\n"
        "P-2,Murata,GCM1,Preferred,,,\n"
        "P-3,Kemet,C1,candidate,,,\n"
    )
    noted = notes(send(file, "sources", engineer))
    assert noted["proposed"].startswith("Rows that are called approved: 2.")
    assert noted["cut"].startswith("Rows that would end later than")
    assert noted["not_used_in_product"].endswith("does not use the part: 1.")
    assert Takeover.objects.count() == 0
    done = take(file, "sources", engineer)
    assert done.result["proposed"] == 2
    takeover = Takeover.objects.get()
    assert (takeover.document, takeover.proposed_by) == ("file.csv", engineer.user)
    assert [
        (r.source.part.ipn, r.state, r.valid_to, r.evidence) for r in takeover.rows.all()
    ] == [
        ("P-1", "proposed", dt.date(2099, 12, 31), "report 7"), ("P-2", "proposed", None, "row 3"),
    ]  # fmt: skip
    assert [p.code for p in takeover.rows.all()[0].products.all()] == ["PUMP"]
    assert set(Source.objects.values_list("status", flat=True)) == {"candidate"}
    assert Approval.objects.count() == 0


@pytest.mark.parametrize(
    "head", ["Proof", "Proof (doc)", "Approval Ref.", "Qual Report No.", "Document", "Nachweis",
             "Freigabe-Nr. (Beleg)", "Preuve", "Prüfbericht", "PPAP", "Evidencia"],
)  # fmt: skip
def test_the_evidence_has_many_names(engineer: Actor, head: str) -> None:
    head = f"IPN,Manufacturer,MPN,Status,Datasheet document,{head}"
    file = f"{head}\nP-1,Yageo,CC1,Approved,DS-1,R-7\n"
    take(file, "sources", engineer)
    assert Takeover.objects.get().rows.get().evidence == "R-7"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("P-1,Yageo,CC1,Do not use,,,", (2, "status", "not_approved")),
        ("P-1,Yageo,CC1,Obsolete,,,", (2, "status", "not_approved")),
        ("P-1,Yageo,CC1,Green,,,", (2, "status", "unknown_status")),
        ("P-1,,CC1,Approved,,,", (2, "manufacturer", "manufacturer_not_named")),
        ("P-1,not known,CC1,Approved,,,", (2, "manufacturer", "manufacturer_not_named")),
        ("P-1,T.B.D.,CC1,Approved,,,", (2, "manufacturer", "manufacturer_not_named")),
        ("P-1,Manufacturer not named,CC1,Approved,,,",
         (2, "manufacturer", "manufacturer_not_named")),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_the_reason(
    engineer: Actor, row: str, problem: tuple[int, str, str]
) -> None:
    file = f"{HEADER}{row}\nP-2,Murata,GCM1,Approved,,,\n"
    imported = send(file, "sources", engineer)
    assert problems(imported) == [problem]
    with pytest.raises(RuleRefused):
        services.confirm(imported=imported, actor=engineer)
    assert (Takeover.objects.count(), Source.objects.count()) == (0, 0)
    take(file, "sources", engineer, partial=True)
    assert [r.source.part.ipn for r in Takeover.objects.get().rows.all()] == ["P-2"]


def test_sources_on_record_are_proposed_though_nothing_else_changes(engineer: Actor) -> None:
    made = factories.manufacturer_part("CC1", manufacturer=factories.manufacturer("Yageo"))
    from parts.models import Part

    source = factories.alternate(Part.objects.get(ipn="P-1"), manufacturer_part=made)
    version = source.version
    file = f"{HEADER}P-1,Yageo,CC1,Approved,,,\n"
    take(file, "sources", engineer)
    source.refresh_from_db()
    assert (source.version, source.takeover_rows.get().state) == (version, "proposed")
    again = send(file, "sources", engineer)
    assert "wait in a take-over already: 1" in notes(again)["waits"]
    with pytest.raises(RuleRefused):
        services.confirm(imported=again, actor=engineer)
    assert Takeover.objects.count() == 1


def test_what_is_approved_already_says_so(engineer: Actor) -> None:
    from parts.models import Part

    made = factories.manufacturer_part("CC1", manufacturer=factories.manufacturer("Yageo"))
    factories.approved(Part.objects.get(ipn="P-1"), manufacturer_part=made)
    imported = send(f"{HEADER}P-1,Yageo,CC1,Approved,,,\n", "sources", engineer)
    assert "approved here already: 1" in notes(imported)["already_approved"]
    assert Takeover.objects.count() == 0


def test_undo_takes_the_proposal_back(engineer: Actor) -> None:
    done = take(f"{HEADER}P-1,Yageo,CC1,Approved,,,\n", "sources", engineer)
    services.undo(imported=done, actor=engineer)
    assert (Takeover.objects.count(), Source.objects.count()) == (0, 0)


def test_a_confirmed_proposal_is_not_taken_back(engineer: Actor) -> None:
    done = take(f"{HEADER}P-1,Yageo,CC1,Approved,,,\n", "sources", engineer)
    TAKEOVER_FLOW.fire(Takeover.objects.get().pk, "confirm", actor=factories.actor("quality"))
    with pytest.raises(RuleRefused) as caught:
        services.undo(imported=done, actor=engineer)
    assert "takeover_decided" in [reason.code for reason in caught.value.reasons]
    assert (Takeover.objects.count(), Source.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_undo_waits_for_who_confirms(engineer: Actor) -> None:
    done = take(f"{HEADER}P-1,Yageo,CC1,Approved,,,\n", "sources", engineer)
    pk, quality = Takeover.objects.get().pk, factories.actor("quality")
    with ThreadPoolExecutor(1) as pool:
        with held_open(lambda: TAKEOVER_FLOW.fire(pk, "confirm", actor=quality)):
            undone = pool.submit(at_once, lambda: services.undo(imported=done, actor=engineer))
            assert not wait([undone], timeout=2).done
        assert "takeover_decided" in undone.result(60)[0]
    assert list(Takeover.objects.get().rows.values_list("state", flat=True)) == ["confirmed"]


def test_the_end_of_an_approval_is_not_that_of_its_source(engineer: Actor) -> None:
    take(f"{HEADER}P-1,Yageo,CC1,Approved,2027-06-30,,\n", "sources", engineer)
    take(f"{HEADER}P-2,Yageo,CC1,Candidate,2027-06-30,,\n", "sources", engineer)
    ends = Source.objects.order_by("part__ipn").values_list("part__ipn", "valid_to")
    assert list(ends) == [("P-1", None), ("P-2", dt.date(2027, 6, 30))]
    assert Takeover.objects.get().rows.get().valid_to == dt.date(2027, 6, 30)


def test_no_bom_file_proposes_anything(engineer: Actor) -> None:
    from tests.exchange.imports import do

    text = "IPN,Qty,Manufacturer,MPN,Status\nP-1,2,Yageo,CC1,Approved\n"
    file = factories.text_file("bom.csv", text)
    imported = services.upload(file=file, actor=engineer, product_code="PUMP")
    services.confirm(imported=imported, actor=engineer)
    do(imported)
    assert Takeover.objects.count() == 0
    assert not Approval.objects.filter(kind="takeover").exists()
