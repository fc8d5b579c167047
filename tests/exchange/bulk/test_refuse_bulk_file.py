"""Files that are no table of their kind: a clear reason, nothing written, the upload kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage

from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused, ValuesRefused
from secondsource.exchange import services
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.models import Import
from tests import factories
from tests.core.tabular.files import xlsx
from tests.exchange.bulk.files import send
from tests.exchange.imports import row_counts
from tests.exchange.test_refuse_upload import zipped

BOMB = zipped({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b" " * 210_000_000})
BAD = {
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "unsupported": b"%PDF-1.7\n" + bytes(200),
    "damaged": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    + "EncryptedPackage".encode("utf-16-le"),
    "zip_bomb": BOMB,
    "too_many_columns": b"x," * 10_000 + b"\n",
    "not_a_table": b"part,qty\nA\0-1,5\n",
    "empty": b"\n \n,,\n",
}  # fmt: skip


def importer(kind: str) -> Actor:
    """Somebody who may import this kind."""
    people = [factories.actor(role) for role in ("engineer", "procurement", "quality", "finance")]
    return next(one for one in people if one.may(KINDS[kind].permission))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_of_every_kind(db: None, kind: str) -> None:
    actor = importer(kind)
    before = row_counts()
    for code, data in BAD.items():
        imported = send(data, kind, actor, name="file.csv")
        assert (imported.state, imported.problem["code"]) == ("uploaded", code)
        assert imported.problem["detail"].endswith(".")
        with pytest.raises(RuleRefused):
            services.confirm(imported=imported, actor=actor)
    nothing = send(b"lorem ipsum\ndolor sit\n", kind, actor)
    code = "no_table" if kind == "bom" else "columns_missing"
    assert nothing.problem["code"] == code
    after = row_counts()
    assert {t: after[t] - before[t] for t in after if after[t] != before[t]} == {
        "exchange_import": len(BAD) + 1
    }


def test_an_empty_file_is_not_kept(engineer: Actor) -> None:
    with pytest.raises(ValuesRefused) as refusal:
        send(b"", "stock", engineer)
    assert [(p.pointer, p.code) for p in refusal.value.problems] == [("/file", "empty")]
    assert Import.objects.count() == 0


class Huge(io.BytesIO):
    """A file that says how large it is and must not be read as a whole."""

    name = "big.csv"

    def __init__(self, size: int, head: bytes = b"") -> None:
        super().__init__(head)
        self.size = size

    def chunks(self) -> Any:
        raise AssertionError("read")


@pytest.mark.parametrize(
    ("size", "head", "says"),
    [
        (500 * 1024 * 1024 + 1, b"a,b", "above the limit of 500 MB"),
        (21 * 1024 * 1024, xlsx({"S": [["a"]]}), "20 MB of a spreadsheet"),
    ],
)
def test_above_the_limit_nothing_is_read(
    engineer: Actor, size: int, head: bytes, says: str
) -> None:
    with pytest.raises(ValuesRefused) as refusal:
        services.upload(file=Huge(size, head), kind="stock", actor=engineer)  # type: ignore[arg-type]
    assert [p.code for p in refusal.value.problems] == ["too_large"]
    assert says in refusal.value.problems[0].detail
    assert Import.objects.count() == 0


def test_a_kind_that_is_none_and_a_right_that_is_missing(engineer: Actor) -> None:
    with pytest.raises(ValuesRefused) as refusal:
        send("a,b\n", "weather", engineer)
    assert [p.pointer for p in refusal.value.problems] == ["/kind"]
    with pytest.raises(PermissionRefused):
        send("a,b\n", "stock", factories.actor("viewer"))
    with pytest.raises(PermissionRefused):
        send("a,b\n", "stock", Actor.named_job("tests"))
    assert Import.objects.count() == 0


def test_parts_outside_the_plants_are_unknown(engineer: Actor) -> None:
    from secondsource.accounts.models import Plant

    here, there = (Plant.objects.create(code=code, name=code) for code in ("TLL", "BRQ"))
    part = factories.part(ipn="A-1", stock_qty=1)
    product = factories.product()
    product.plants.set([there])
    factories.bom(product, {part: 1})
    assert engineer.user is not None
    engineer.user.plants.set([here])
    narrowed = Actor(user=type(engineer.user).objects.get(pk=engineer.user.pk))
    imported = send("Part number,Stock\nA-1,5\n", "stock", narrowed)
    assert [one["code"] for one in imported.errors] == ["unknown_part"]
    others = factories.actor("engineer")
    assert Import.objects.visible_to(others.user).count() == 1
    assert Import.objects.visible_to(narrowed.user).count() == 1


def test_discarding_removes_both_files(
    engineer: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    imported = send("Part number,Stock\nA-1,5\n", "stock", engineer)
    names = [str(imported.file.name), str(imported.rejected.name)]
    assert all(map(default_storage.exists, names))
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(imported=imported, actor=engineer)
    assert not any(map(default_storage.exists, names))
    assert Import.objects.count() == 0
