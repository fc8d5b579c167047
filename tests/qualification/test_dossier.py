"""The dossier of a case: made by a job for the rights of one person, with everything in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, transaction
from pypdf import PdfReader

from qualification import services
from qualification.dossier import pdf
from qualification.dossier.model import Section, Table
from qualification.dossier.read import SECTIONS, seen_groups
from qualification.models import Case, Dossier, SignOff
from qualification.models.cases import State
from qualification.services.dossiers import actor_of, run_dossier
from secondsource.core import clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.models import Event, Job
from tests import factories
from tests.approval_work import affected_product, customer, regulatory_file, risk, sign_risk
from tests.factories import Team
from tests.qualification.asking import refusal
from tests.qualification.test_customer_approvals import answered
from tests.spec_review_work import declare
from tests.threads import in_thread

#: What somebody may write who wants to be read as markup.
EVIL = '#import "x": y\n= Title *bold* $x$ `raw` #read("/etc/passwd") @ref <label> \\ ] ) "'


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def make(team: Team, by: str = "engineering") -> Dossier:
    """A dossier whose job has run."""
    made = services.start_dossier(case=team.case, actor=team[by])
    jobs.run(str(made.job_id))
    made.refresh_from_db()
    assert made.job.state == Job.State.DONE, made.job.problem
    return made


def words(made: Dossier) -> str:
    """The text of the PDF in one line."""
    assert made.file is not None
    with made.file.file.open("rb") as file:
        return squeeze(PdfReader(io.BytesIO(file.read())))


def squeeze(reader: PdfReader) -> str:
    text = " ".join(page.extract_text() for page in reader.pages)
    return "".join(text.replace("\u200b", "").split())


def has(text: str, *wanted: str) -> list[str]:
    """Those of the wanted texts that the PDF does not hold."""
    return [one for one in wanted if "".join(one.split()) not in text]


def step_with_file(team: Team) -> Any:
    """A step of approval that the team added and that asks for a file."""
    return services.add_item(
        case=team.case, gate=State.APPROVAL, text="Report to the works council", actor=team.lead,
        evidence_required=True,
    )  # fmt: skip


def test_it_holds_everything_behind_an_approval(team: Team) -> None:
    product = affected_product(team)
    team.jump_to(State.APPROVAL)
    made_risk = risk(team, "Reset takes 2 ms longer", severity="minor", mitigation="Soak test")
    sign_risk(team, made_risk)
    customer(team, product, **answered("approved_with_conditions", conditions="Burn-in"))
    regulatory_file(team, update_needed=False, reason="Same form and function")
    item = step_with_file(team)
    team.do_items()
    team.sign()
    item.refresh_from_db()
    services.change_item(item=item, values={"note": "rehearsed twice"}, actor=team.lead)
    team.sign()
    team.fire("pass")
    made = make(team)
    signed = SignOff.objects.filter(case=team.case, gate="approval", voided_at=None).first()
    text = words(made)
    people = team.people
    assert has(
        text, team.case.key, team.case.part.ipn, str(team.source.manufacturer_part),
        people["sponsor"].name, product.code, "Reset takes 2 ms longer", "Soak test",
        f"{people['procurement'].name}, ", "Northwind", "approved with conditions", "Burn-in",
        "CE technical file", "Same form and function", "rehearsed twice",
        f"case {signed.case_version}", "was changed", "Pass gate", f"Page 1 of {made.pages}",
    ) == []  # fmt: skip
    assert made.case_version == team.reload().version


def _files(item: Any) -> list[Any]:
    from secondsource.core import attachments

    return list(attachments.of(item))


def test_every_evidence_file_is_listed_with_its_hash(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    content = hashlib.sha256(b"measured").hexdigest()
    assert has(words(make(team)), "evidence.txt", content) == []


def test_void_signatures_are_in_it_with_their_reason(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.fire("send_back", note="wrong lot", data={"to": "fmea"})
    assert has(words(make(team)), "sent back: wrong lot", "Send back") == []


def test_a_draft_says_what_is_missing(team: Team) -> None:
    text = words(make(team))
    assert has(
        text, "No file was added.", "Nobody has signed.", "None is given yet.",
        "The case is a draft.", "No accepted risk is recorded.", "No product uses the part.",
    ) == []  # fmt: skip


def test_the_file_is_stored_with_its_hash_and_the_job_counts_its_steps(team: Team) -> None:
    made = make(team)
    assert made.file is not None
    with made.file.file.open("rb") as file:
        content = file.read()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == made.file.sha256
    assert made.pages == len(PdfReader(io.BytesIO(content)).pages)
    made.job.refresh_from_db()
    assert (made.job.done, made.job.total) == (len(SECTIONS) + 1, len(SECTIONS) + 2)
    event = Event.objects.get(action="qualification.dossier.made")
    assert made.file.sha256 in event.note


def test_what_people_write_is_never_read_as_markup(team: Team) -> None:
    risk(team, EVIL, severity=EVIL, mitigation=EVIL)
    services.change_case(case=team.case, values={"summary": EVIL}, actor=team.lead)
    team.people["engineering"].name = EVIL.replace("\n", " ")[:100]
    team.people["engineering"].save()
    text = words(make(team))
    assert text.count("".join(EVIL.split())) >= 3
    assert "root:" not in text


def test_long_words_and_control_characters_stay_on_the_page() -> None:
    table = Table(["A", "B"], [["x" * 500, "a\u202eb\x07c"]])
    section = Section("Long", tables=[table]).as_data()
    assert section["tables"][0]["rows"][0][1] == "a b c"
    assert max(map(len, section["tables"][0]["rows"][0][0].split("\u200b"))) <= 24


def test_an_empty_section_says_so() -> None:
    head = dict.fromkeys(
        ("key", "title", "number", "version", "state", "made_at", "made_by", "rights"), "x"
    )
    made = pdf.typeset({"head": head, "sections": [Section("FMEA").as_data()]})
    assert has(squeeze(PdfReader(io.BytesIO(made.content))), "Nothing is recorded.") == []


def test_dossiers_are_numbered_and_list_the_earlier_ones(team: Team) -> None:
    first, second = make(team), make(team)
    assert (first.number, second.number) == (1, 2)
    assert first.file is not None
    assert has(words(second), "Earlier dossiers", first.file.sha256) == []


def test_one_that_waits_is_not_asked_for_twice(team: Team) -> None:
    first = services.start_dossier(case=team.case, actor=team.lead)
    assert services.start_dossier(case=team.case, actor=team.lead) == first
    assert services.start_dossier(case=team.case, actor=team["quality"]) != first


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_who_only_reads_makes_none(team: Team, role: str) -> None:
    assert refusal(services.start_dossier, case=team.case, actor=factories.actor(role)) == [
        "not_permitted"
    ]
    assert not Dossier.objects.exists()


def test_a_dossier_with_prices_is_hidden_from_readers_without(team: Team, browse: Any) -> None:
    made = make(team, "procurement")
    assert "prices" in made.groups
    page, file = made.get_absolute_url(), f"{made.get_absolute_url()}file/"
    buyer, engineer = browse(team.people["procurement"]), browse(team.people["engineering"])
    assert buyer.get(page).status_code == 200
    answer = buyer.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["X-Content-SHA256"] == made.file.sha256
    assert engineer.get(page).status_code == 404
    assert engineer.get(file).status_code == 404
    listing = f"{team.case.get_absolute_url()}approval/"
    assert page in buyer.get(listing).content.decode()
    assert page not in engineer.get(listing).content.decode()


def test_a_dossier_without_prices_is_for_everybody_who_sees_as_much(
    team: Team, browse: Any
) -> None:
    made = make(team)
    assert "prices" not in made.groups
    assert browse(team.people["quality"]).get(made.get_absolute_url()).status_code == 200
    assert browse(factories.person("viewer")).get(made.get_absolute_url()).status_code == 404


def test_a_token_without_the_scope_makes_one_without_prices(team: Team) -> None:
    token = Actor(team.people["procurement"], scopes=frozenset({"read", "write"}), origin="api")
    made = services.start_dossier(case=team.case, actor=token)
    jobs.run(str(made.job_id))
    made.refresh_from_db()
    assert "prices" not in made.groups
    assert seen_groups(actor_of(made), team.case) == made.groups


def test_who_left_before_the_job_ran_gets_none(team: Team) -> None:
    made = services.start_dossier(case=team.case, actor=team["quality"])
    gone = team.people["quality"]
    gone.is_active = False
    gone.save()
    jobs.run(str(made.job_id))
    made.refresh_from_db()
    assert (made.job.state, made.file) == (Job.State.FAILED, None)


def test_the_page_makes_one_and_shows_its_progress(team: Team, browse: Any) -> None:
    client = browse(team.people["engineering"])
    answer = client.post(f"{team.case.get_absolute_url()}dossiers/new/")
    made = Dossier.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert "You can leave this page." in client.get(made.get_absolute_url()).content.decode()
    assert client.get(f"{made.get_absolute_url()}file/").status_code == 404
    jobs.run(str(made.job_id))
    made.refresh_from_db()
    text = client.get(made.get_absolute_url()).content.decode()
    assert made.file is not None
    assert made.file.sha256 in text
    assert "Download" in text


def test_the_api_makes_lists_and_sends_dossiers(team: Team, api: Any) -> None:
    caller = api(user=team.people["engineering"])
    url = f"/cases/{team.case.key}/dossier/"
    answer = caller.post(url)
    assert answer.status_code == 202
    one = f"{url}{answer.json()['id']}/"
    assert caller.get(f"{one}file/").status_code == 422
    made = Dossier.objects.get()
    jobs.run(str(made.job_id))
    shown = caller.get(one).json()
    assert (shown["job"], shown["number"]) == ("done", 1)
    sent = b"".join(caller.get(f"{one}file/").streaming_content)
    assert hashlib.sha256(sent).hexdigest() == shown["sha256"]
    assert api("viewer").get(url).json()["results"] == []
    assert api("viewer").post(url).status_code == 403


def test_evidence_is_not_removed_after_the_approval(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    item = step_with_file(team)
    team.do_items()
    file = _files(item)[0]
    team.sign()
    removal = {"item": item, "attachment": file, "actor": team.lead, "reason": "wrong"}
    assert refusal(services.remove_evidence, **removal) == ["signed"]
    team.fire("pass")
    assert refusal(services.remove_evidence, **removal) == ["not_at_this_gate"]
    file.refresh_from_db()
    assert file.removed_at is None


def test_the_plan_is_shown_in_units(team: Team) -> None:
    team.plan(transition_share=Decimal("0.25"))
    assert has(words(make(team)), "48 h", "from month 1: 25") == []


def test_declarations_are_in_it_with_their_exemptions(team: Team) -> None:
    last = clock.business_day() + dt.timedelta(days=30)
    declare(team, "rohs", status="exempt", exemption="7(c)-I", exemption_expires=last)
    assert has(
        words(make(team)), "Declarations", "compliant by exemption", "7(c)-I", last.isoformat(),
        "not on record",
    ) == []  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_nothing_changes_while_a_dossier_is_read(transactional_db: None) -> None:
    team = Team()
    made = services.start_dossier(case=team.case, actor=team.lead)
    free: list[bool] = []

    def take() -> bool:
        try:
            with transaction.atomic():
                Case.objects.select_for_update(nowait=True).get(pk=team.case.pk)
        except OperationalError:
            return False
        return True

    class Watching(jobs.Progress):
        def report(self, done: int, total: int | None = None) -> None:
            free.append(in_thread(take))

    with transaction.atomic():
        run_dossier(Watching(made.job))
    assert set(free) == {False}
