"""The pages of imports: what they show, what they refuse, without any script."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from parts.models import Part, Product
from secondsource.accounts.models import Plant
from secondsource.core.models import Job
from secondsource.exchange import services
from secondsource.exchange.models import Import
from tests import factories
from tests.exchange.imports import (
    BOM,
    HEAD,
    as_file,
    do,
    import_file,
    page,
    signed_in,
    upload,
    url,
)


@pytest.fixture
def client(engineer: Any) -> Client:
    return signed_in(engineer.user)


def test_the_list_says_what_an_import_is_for(client: Client) -> None:
    answer = client.get("/imports/")
    assert "No imports yet" in page(answer)
    assert 'href="/imports/new/"' in answer.content.decode()
    reader = signed_in(factories.person("executive")).get("/imports/")
    assert "No imports yet" in page(reader)
    assert 'href="/imports/new/"' not in reader.content.decode()


def test_the_list_newest_first(client: Client, engineer: Any) -> None:
    import_file(BOM, "PUMP", engineer)
    upload(b"no table", engineer, name="odd.csv")
    text = page(client.get("/imports/"))
    assert text.index("odd.csv") < text.index("bom.csv")
    assert ("PUMP" in text, "rev 1" in text, "2 imports" in text) == (True, True, True)
    assert "odd.csv" not in page(client.get("/imports/?state=done"))
    exported = client.get("/imports/?export=csv")
    assert b"".join(exported.streaming_content).count(b"bom.csv") == 1  # type: ignore[attr-defined]


def test_upload_leads_to_the_preview(client: Client) -> None:
    answer = client.post("/imports/new/", {"file": as_file(BOM), "product": " pump "})
    imported = Import.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url(imported))
    assert (imported.product_code, imported.state) == ("PUMP", "previewed")


def test_the_preview_explains_itself(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer, "PUMP")
    text = page(client.get(url(imported)))
    for said in (
        "Format, by its content delimited text", "Encoding UTF-8", "Delimiter comma",
        "Header row 1", "New parts 3", "Rows left out 0",
        "Incumbents, approved as legacy 3", "Candidates, from alternates 2",
        "RC0402FR-0710KL", "CRCW040210K0FKED",
        "MPN 2", "Import 3 lines", "Revision of PUMP 1, the first",
    ):  # fmt: skip
        assert said in text, said
    assert Part.objects.count() == 0


def test_rows_that_are_no_lines_are_told(client: Client, engineer: Any) -> None:
    text = HEAD + "Resistors\nR1,1,10k,0402,Yageo,RC0402FR-0710KL,,\n,,,,,,,\nTotal,1\n"
    shown = page(client.get(url(upload(text, engineer))))
    assert "Rows left out 2" in shown
    assert "1 heading row 2 Resistors" in shown
    assert "1 total row 5 Total" in shown


def test_a_warning_names_row_column_and_code(client: Client, engineer: Any) -> None:
    rows = "R1,2,10k,0402,Yageo,RC0402FR-0710KL,,\n,,,,NXP,LM75--BD,,\n"
    shown = page(client.get(url(upload(HEAD + rows, engineer))))
    assert "2 B The quantity is 2, but 1 designator is named. quantity differs" in shown
    assert "3 F “LM75--BD” can hardly be a part number. mpn doubtful" in shown
    assert shown.count("LM75--BD” can hardly be") == 2  # in the list, and below the line


def test_lines_are_paged_and_warnings_lead_to_their_row(client: Client, engineer: Any) -> None:
    rows = [f"R{n},1,10k,0402,Yageo,RC-{n:05d},," for n in range(1, 120)]
    rows[110] = "R111,3,10k,0402,Yageo,RC-00111,,"
    imported = upload(HEAD + "\n".join(rows) + "\n", engineer, "PUMP")
    assert [(w["row"], w["code"]) for w in imported.warnings] == [(112, "quantity_differs")]
    first = client.get(url(imported)).content.decode()
    assert ("RC-00050" in first, "RC-00051" in first) == (True, False)
    assert 'href="?page=3#row-112"' in first
    third = client.get(url(imported, "?page=3")).content.decode()
    assert 'id="row-112"' in third
    warned = client.get(url(imported, "?warned=1")).content.decode()
    assert ('id="row-112"' in warned, 'id="row-2"' in warned) == (True, False)
    for odd in ("?page=999", "?page=x", "?page=-1", "?page=²"):
        assert client.get(url(imported, odd)).status_code == 200


def fields_of(answer: Any) -> dict[str, str]:
    """What a browser would post of the mapping form, with nothing changed."""
    html = answer.content.decode()
    form = html[html.index('id="columns"') :]
    found = {"t0use": "on", "expected": re.search(r'name="expected" value="(\d+)"', form)[1]}  # type: ignore[index]
    for name, select in re.findall(
        r'<select class="inp" name="(t\d+c\d+)".*?>(.*?)</select>', form
    ):
        found[name] = re.search(r'value="([^"]+)" selected', select)[1]  # type: ignore[index]
    return found


def test_columns_are_corrected(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer, "PUMP")
    fields = fields_of(client.get(url(imported)))
    assert (fields["t0c5"], fields["t0c7"]) == ("mpn:1", "mpn:2")
    answer = client.post(url(imported, "mapping/"), fields | {"t0c6": "ignore", "t0c7": "ignore"})
    assert answer.status_code == 302
    imported.refresh_from_db()
    assert imported.totals["alternates"] == 0
    assert services.result_of(imported).totals.alternates == 0  # type: ignore[union-attr]
    wrong = client.post(url(imported, "mapping/"), {"t0use": "on", "t0c5": "colour"})
    assert wrong.status_code == 422
    stale = client.post(url(imported, "mapping/"), fields)
    assert (stale.status_code, "Somebody changed this" in page(stale)) == (409, True)


def test_confirm_run_and_result(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer, "PUMP")
    fields = {
        "product": "PUMP", "product_name": "Pump 3", "expected": imported.version,
        "phase": "pilot", "monthly_volume": "1,200",
    }  # fmt: skip
    assert client.post(url(imported, "confirm/"), fields)["Location"] == url(imported)
    running = page(client.get(url(imported)))
    assert ("waiting for a worker" in running, "You can leave this page" in running) == (True, True)
    assert " . You" not in running
    polled = client.get(url(imported, "progress/")).content.decode()
    assert 'hx-target="#progress"' in polled, "each answer would be put inside the one before"
    do(imported)
    over = client.get(url(imported, "progress/"), headers={"HX-Request": "true"})
    assert (over.status_code, over["HX-Redirect"]) == (204, url(imported))
    done = page(client.get(url(imported)))
    for said in ("Revision rev 1", "New parts 3", "Candidates 2", "Undo import"):
        assert said in done, said
    product = Product.objects.get()
    assert (product.name, product.phase, product.monthly_volume) == ("Pump 3", "pilot", 1200)


def test_confirming_without_a_product_says_so_at_the_field(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer)
    answer = client.post(url(imported, "confirm/"), {"product": "", "product_name": "Pump 3"})
    assert answer.status_code == 422
    assert "Name the product of this BOM." in page(answer)
    assert 'value="Pump 3"' in answer.content.decode()
    assert Job.objects.count() == 0


def test_another_product_is_compared_before_it_is_confirmed(client: Client, engineer: Any) -> None:
    import_file(BOM, "PUMP", engineer)
    imported = upload(BOM.replace("C1,1", "C1 C2,2"), engineer)
    answer = client.post(url(imported, "confirm/"), {"product": "PUMP"}, follow=True)
    text = page(answer)
    for said in ("Against rev 1", "1 with another quantity", "of PUMP 2"):
        assert said in text
    assert Job.objects.count() == 1
    assert client.post(url(imported, "confirm/"), {"product": "PUMP"}).status_code == 302
    assert do(imported).revision.number == 2
    compared = page(client.get("/products/PUMP/bom/compare/"))
    assert ("rev 1 → rev 2" in compared, "1 with another quantity" in compared) == (True, True)
    assert client.get("/products/PUMP/bom/compare/?from=1&to=9").status_code == 404
    same = page(client.get("/products/PUMP/bom/compare/?from=2&to=2"))
    assert "No line differs." in same


def test_nothing_to_compare(client: Client, engineer: Any) -> None:
    factories.product("PUMP")
    assert "Nothing to compare yet" in page(client.get("/products/PUMP/bom/compare/"))
    assert client.get("/products/NONE/bom/compare/").status_code == 404


def test_a_refused_code_loses_no_file(client: Client) -> None:
    answer = client.post(
        "/imports/new/", {"file": as_file(BOM), "product": "no!", "product_name": "X"}
    )
    assert answer.status_code == 422
    kept = Import.objects.get()
    html = answer.content.decode()
    assert ('value="no!"' in html, f'value="{kept.public_id}"' in html) == (True, True)
    assert "bom.csv is kept" in page(answer)
    again = client.post("/imports/new/", {"kept": kept.public_id, "product": "PUMP"})
    assert again["Location"] == url(kept)
    assert Import.objects.get().product_code == "PUMP"


def test_a_kept_file_of_somebody_else_is_not_taken(client: Client) -> None:
    other = upload(BOM, factories.actor("engineer"))
    answer = client.post("/imports/new/", {"kept": other.public_id, "product": "PUMP"})
    assert (answer.status_code, "That file is gone" in page(answer)) == (422, True)
    assert Import.objects.get().product_code == ""


@pytest.mark.parametrize("data", [{}, {"product": "PUMP"}, {"file": as_file(b"")}])
def test_no_file(client: Client, data: dict[str, Any]) -> None:
    assert client.post("/imports/new/", data).status_code == 422
    assert Import.objects.count() == 0


def test_an_unreadable_file_and_the_choice_of_a_header(client: Client, engineer: Any) -> None:
    picture = upload(b"\x89PNG\r\n\x1a\n" + bytes(50), engineer, name="a.csv")
    text = page(client.get(url(picture)))
    assert ("No line could be read." in text, "The file is kept." in text) == (True, True)
    odd = upload("one,two\nWhere,Count\nR1,1\n", engineer, name="b.csv")
    shown = client.get(url(odd)).content.decode()
    assert 'name="header" value="0:1"' in shown
    assert client.post(url(odd, "mapping/"), {"header": "0:77"}).status_code == 422
    assert client.post(url(odd, "mapping/"), {"header": "x"}).status_code == 422
    assert client.post(url(odd, "mapping/"), {"header": "0:1"}).status_code == 302
    odd.refresh_from_db()
    assert odd.mapping["tables"][0]["header_rows"] == [1]
    nothing = fields_of(client.get(url(odd))) | {"t0c0": "ignore", "t0c1": "ignore"}
    assert client.post(url(odd, "mapping/"), nothing).status_code == 302
    assert "By these columns no line is read." in page(client.get(url(odd)))
    fields = fields_of(client.get(url(odd))) | {"t0c0": "designators", "t0c1": "quantity"}
    assert client.post(url(odd, "mapping/"), fields).status_code == 302
    odd.refresh_from_db()
    assert (odd.state, odd.totals["lines"], odd.totals["designators"]) == ("previewed", 1, 1)


def test_a_failed_import_says_why_and_is_confirmed_again(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer, "PUMP")
    services.confirm(imported=imported, actor=engineer)
    engineer.user.roles = ["viewer"]
    engineer.user.save()
    do(imported)
    engineer.user.roles = ["engineer"]
    engineer.user.save()
    text = page(client.get(url(imported)))
    assert "The import failed. Nothing was written." in text
    assert "Import again" in text
    again = client.post(url(imported, "confirm/"), {"product": "PUMP", "phase": "pilot"})
    assert again.status_code == 302
    assert do(imported).state == "done"


def test_undo_asks_first_and_names_every_reason(client: Client, engineer: Any) -> None:
    imported = import_file(BOM, "PUMP", engineer)
    asked = page(client.get(url(imported, "undo/")))
    assert ("5 sources" in asked, "3 parts" in asked, "1 product" in asked) == (True, True, True)
    factories.product("FAN", uses={Part.objects.first(): 1})  # type: ignore[dict-item]
    asked = client.get(url(imported, "undo/"))
    assert "1 BOM line stands on its parts." in page(asked)
    assert "disabled" in asked.content.decode()
    refused = client.post(url(imported, "undo/"), {"expected": imported.version})
    assert (refused.status_code, Part.objects.count()) == (422, 3)


def test_undo_counts_no_company_for_numbers_without_manufacturer(
    client: Client, engineer: Any
) -> None:
    imported = import_file(f"{HEAD}R1,1,10k,0402,,RC0402FR-0710KL,,\n", "PUMP", engineer)
    asked = page(client.get(url(imported, "undo/")))
    assert ("1 source" in asked, "1 manufacturer" in asked) == (True, False)


def test_undo(client: Client, engineer: Any) -> None:
    imported = import_file(BOM, "PUMP", engineer)
    assert client.post(url(imported, "undo/"), {"expected": imported.version})["Location"] == url(
        imported
    )
    assert Part.objects.count() == 0
    assert "This import was taken back." in page(client.get(url(imported)))


def test_discard(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer)
    assert "Nothing was written from it" in page(client.get(url(imported, "discard/")))
    assert client.post(url(imported, "discard/"))["Location"] == "/imports/"
    assert Import.objects.count() == 0
    done = import_file(BOM, "PUMP", engineer)
    assert client.post(url(done, "discard/")).status_code == 422


def test_the_file_comes_back_as_a_download(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer, name='b"om<x>.csv')
    answer = client.get(url(imported, "file/"))
    assert b"".join(answer.streaming_content) == BOM.encode()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_a_file_says_is_never_markup(client: Client, engineer: Any) -> None:
    text = BOM.replace("100n", "<script>x</script>").replace("Value", "Value <b>")
    shown = client.get(url(upload(text, engineer, "PUMP"))).content.decode()
    assert ("<script>x" in shown, "&lt;script&gt;x" in shown) == (False, True)


POSTS = ("mapping/", "confirm/", "undo/", "discard/")


def test_readers_see_and_change_nothing(engineer: Any) -> None:
    imported = upload(BOM, engineer, "PUMP")
    for role in ("quality", "procurement", "finance", "executive", "admin"):
        reader = signed_in(factories.person(role))
        text = page(reader.get(url(imported)))
        assert ("An engineer can confirm this import." in text, "Read again" in text) == (
            True,
            False,
        )
        assert reader.get("/imports/new/?kind=bom").status_code == 403
        assert [reader.post(url(imported, what)).status_code for what in POSTS] == [403] * 4
    viewer = signed_in(factories.person("viewer"))
    paths = ["/imports/", url(imported), url(imported, "file/")]
    assert [viewer.get(path).status_code for path in paths] == [403] * 3
    assert [Client().get(path).status_code for path in paths] == [302] * 3
    imported.refresh_from_db()
    assert imported.state == "previewed"


def test_an_import_outside_the_scope_does_not_exist(engineer: Any) -> None:
    here, there = (Plant.objects.create(code=code, name=code) for code in ("TLL", "BRQ"))
    imported = import_file(BOM, "PUMP", engineer)
    imported.product.plants.set([there])
    stranger = factories.person("engineer")
    stranger.plants.set([here])
    client = signed_in(stranger)
    assert [client.get(url(imported, w)).status_code for w in ("", "undo/", "file/")] == [404] * 3
    assert client.post(url(imported, "undo/")).status_code == 404
    assert "bom.csv" not in page(client.get("/imports/"))
    assert client.get("/products/PUMP/bom/compare/").status_code == 404
    assert client.get(f"/imports/{uuid.uuid4()}/").status_code == 404


def test_jobs_are_ones_own_and_an_administrator_sees_all(client: Client, engineer: Any) -> None:
    imported = upload(BOM, engineer, "PUMP")
    job = services.confirm(imported=imported, actor=engineer)
    assert "Import bom.csv into PUMP" in page(client.get("/jobs/"))
    assert "Import bom.csv" in page(signed_in(factories.person("admin")).get("/jobs/"))
    other = signed_in(factories.person("engineer"))
    assert "No jobs yet" in page(other.get("/jobs/"))
    assert other.post(f"/jobs/{job.pk}/stop/").status_code == 404
    assert "Let it run" in page(client.get(f"/jobs/{job.pk}/stop/"))
    stopped = client.post(f"/jobs/{job.pk}/stop/", {"next": "https://elsewhere.example/"})
    assert stopped["Location"] == "/jobs/"
    imported.refresh_from_db()
    assert imported.state == "previewed"
    assert client.post(f"/jobs/{job.pk}/stop/").status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_lines(
    client: Client, engineer: Any, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(f"R{n},1,10k,0402,Yageo,RC-{n:05d},,\n" for n in range(300))
    import_file(HEAD + rows, "PUMP", engineer)
    imported = upload(HEAD + rows, engineer, "PUMP")
    with django_assert_max_num_queries(30):
        assert client.get(url(imported)).status_code == 200
