"""Files: sniffed, bound, hashed, kept once, marked when removed."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from secondsource.core import attachments, discussion
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Attachment, Comment
from tests import factories

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def attach(name: str, content: bytes) -> Attachment:
    file = SimpleUploadedFile(name, content)
    return attachments.attach(subject=factories.part(), upload=file, actor=factories.actor())


def test_it_keeps_the_bytes_with_their_hash() -> None:
    kept = attach("report.pdf", b"%PDF-1.7 text")
    assert kept.sha256 == hashlib.sha256(b"%PDF-1.7 text").hexdigest()
    assert (kept.content_type, kept.size) == ("application/pdf", 13)
    assert kept.file.read() == b"%PDF-1.7 text"


def test_equal_bytes_are_kept_once() -> None:
    first, second = attach("a.txt", b"same"), attach("b.txt", b"same")
    assert first.file.name == second.file.name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.txt", b"", "empty"),
        ("picture.pdf", PNG, "wrong_type"),
        ("page.html", b"<script>alert(1)</script>", "type_not_allowed"),
        ("run.exe", b"MZ\x90", "type_not_allowed"),
        ("binary.csv", b"a\x00b", "type_not_allowed"),
        ("noending", b"text", "type_not_allowed"),
    ],
)
def test_what_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        attach(name, content)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/file", code)]
    assert not Attachment.objects.exists()


def test_a_file_above_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    file = SimpleUploadedFile("big.txt", b"x")
    file.size = attachments.MAX_BYTES + 1
    with pytest.raises(ValuesRefused) as refused:
        attachments.attach(subject=factories.part(), upload=file, actor=factories.actor())
    assert refused.value.problems[0].code == "too_large"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("a\r\nb.txt", "ab.txt"),
        ("\u202egpj.txt", "gpj.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_names_lose_paths_and_control_characters(given: str, kept: str) -> None:
    assert attachments.safe_name(given) == kept


def test_a_job_attaches_nothing() -> None:
    with pytest.raises(PermissionRefused):
        attachments.attach(
            subject=factories.part(), upload=factories.text_file(), actor=factories.JOB
        )


def test_a_removed_file_stays_on_record() -> None:
    kept = attach("a.txt", b"text")
    attachments.remove(attachment=kept, actor=factories.actor(), reason="wrong one")
    kept.refresh_from_db()
    assert kept.removed_at is not None
    assert kept.removed_reason == "wrong one"
    assert kept.history.count() == 2


def test_a_comment_is_kept_in_order() -> None:
    part, who = factories.part(), factories.actor()
    for text in (" first ", "second"):
        discussion.say(subject=part, text=text, actor=who)
    assert [comment.text for comment in discussion.of(part)] == ["first", "second"]


@pytest.mark.parametrize(("text", "code"), [("  ", "required"), ("x" * 10_001, "too_long")])
def test_a_comment_of_nothing_or_without_end_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        discussion.say(subject=factories.part(), text=text, actor=factories.actor())
    assert refused.value.problems[0].code == code
    assert not Comment.objects.exists()
