"""Files that are no BOM, and uploads that are given up."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.storage import default_storage

from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused, ValuesRefused
from secondsource.exchange import services
from secondsource.exchange.bom import Mapping
from secondsource.exchange.models import Import, RememberedMapping
from tests import factories
from tests.exchange.imports import BOM, as_file, import_file, row_counts, upload


def zipped(names: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "bom.csv", "picture"),
        (b"%PDF-1.7\n" + bytes(200), "bom.xlsx", "unsupported"),
        (zipped({"word/document.xml": b"<w/>"}), "bom.xlsx", "unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "bom.xlsx", "damaged"),
        (b"hello,world\nfoo,bar\n", "bom.csv", "no_table"),
        (("c," * 1200 + "\n").encode() + b"x," * 1200, "bom.csv", "too_many_columns"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_bom_is_kept_with_the_reason(
    engineer: Actor, data: bytes, name: str, code: str
) -> None:
    before = row_counts()
    imported = upload(data, engineer, "PUMP", name)
    assert (imported.state, imported.totals) == ("uploaded", {})
    assert imported.problem["code"] == code
    assert imported.problem["detail"].endswith(".")
    with imported.file.open("rb") as stream:
        assert stream.read() == data
    after = row_counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {
        "exchange_import": 1
    }
    with pytest.raises(RuleRefused):
        services.confirm(imported=imported, actor=engineer)


def test_an_empty_file(engineer: Actor) -> None:
    with pytest.raises(ValuesRefused) as refusal:
        upload(b"", engineer)
    assert [(p.pointer, p.code) for p in refusal.value.problems] == [("/file", "empty")]
    assert Import.objects.count() == 0


def test_a_huge_file_is_refused_before_it_is_read(engineer: Actor) -> None:
    class Huge(io.BytesIO):
        name = "bom.csv"
        size = services.MAX_BYTES + 1

        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read")

    with pytest.raises(ValuesRefused) as refusal:
        services.upload(file=Huge(), actor=engineer)  # type: ignore[arg-type]
    assert [p.code for p in refusal.value.problems] == ["too_large"]


def test_a_header_that_a_person_points_at(engineer: Actor) -> None:
    text = "foo,bar,baz\n" + "Where,Count,What\nR1,1,RC0402FR-0710KL\nR2,1,RC0402FR-071KL\n"
    imported = upload(text, engineer, "PUMP")
    imported = services.choose_header(imported=imported, sheet=0, row=1, actor=engineer)
    imported.refresh_from_db()
    assert imported.mapping["tables"][0]["header_rows"] == [1]
    with pytest.raises(ValuesRefused) as refusal:
        services.choose_header(imported=imported, sheet=0, row=99, actor=engineer)
    assert [p.pointer for p in refusal.value.problems] == ["/header"]


def test_a_header_that_a_person_pointed_at_is_found_again(engineer: Actor) -> None:
    text = "foo,bar,baz\nWo,Wieviel,Was\nlinks,1,X-1\nrechts,1,X-2\n"
    first = upload(text, engineer, "PUMP")
    assert first.problem["code"] == "no_table"
    first = services.choose_header(imported=first, sheet=0, row=1, actor=engineer)
    mapping = Mapping.from_json(first.mapping)
    for column, role in enumerate(("designators", "quantity", "mpn")):
        mapping = mapping.with_column(0, column, role)
    services.correct_mapping(imported=first, mapping=mapping.to_json(), actor=engineer)
    again = upload(f"a title\n{text}oben,1,X-3\n", engineer, "PUMP")
    assert (again.state, again.totals["lines"], again.totals["mpns"]) == ("previewed", 3, 3)
    other = upload(text, factories.actor("engineer"), "PUMP")
    assert other.problem["code"] == "no_table"


def test_a_correction_is_remembered_for_files_of_this_shape(engineer: Actor) -> None:
    imported = upload(BOM, engineer, "PUMP")
    mapping = imported.mapping
    for column in mapping["tables"][0]["columns"]:
        if column["header"] in ("MPN 2", "Manufacturer 2"):
            column["role"], column["number"] = "ignore", 1
    corrected = services.correct_mapping(imported=imported, mapping=mapping, actor=engineer)
    assert corrected.totals["alternates"] == 0
    assert RememberedMapping.objects.count() == 1
    assert upload(BOM, engineer).totals["alternates"] == 0
    assert upload(BOM, factories.actor("engineer")).totals["alternates"] == 2


def test_a_mapping_of_no_meaning(engineer: Actor) -> None:
    imported = upload(BOM, engineer, "PUMP")
    for wrong in ({}, {"tables": 3, "shape": ""}, {"tables": [{"sheet": 0}], "shape": "x"}):
        with pytest.raises(ValuesRefused) as refusal:
            services.correct_mapping(imported=imported, mapping=wrong, actor=engineer)
        assert [p.pointer for p in refusal.value.problems] == ["/mapping"]
    assert RememberedMapping.objects.count() == 0


def test_an_upload_is_discarded_with_its_file(
    engineer: Actor, django_capture_on_commit_callbacks: object
) -> None:
    imported = upload(BOM, engineer)
    name = imported.file.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.discard(imported=imported, actor=engineer)
    assert not default_storage.exists(name)
    assert Import.objects.count() == 0


def test_what_is_done_is_not_discarded_nor_read_again(engineer: Actor) -> None:
    done = import_file(BOM, "PUMP", engineer)
    with pytest.raises(RuleRefused):
        services.discard(imported=done, actor=engineer)
    with pytest.raises(RuleRefused):
        services.correct_mapping(imported=done, mapping=done.mapping, actor=engineer)
    with pytest.raises(RuleRefused):
        services.keep_choices(
            imported=done, product_code="FAN", product_name="", actor=engineer, read=True
        )
    assert Import.objects.get().state == "done"


def test_a_name_cannot_lead_elsewhere(engineer: Actor) -> None:
    imported = services.upload(file=as_file(BOM, "..\\..\\etc/passwd\u202e.csv"), actor=engineer)
    assert imported.name == "passwd.csv"
    assert imported.file.name == f"imports/{imported.public_id}"
