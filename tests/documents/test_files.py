"""What is handed in is judged by its bytes and kept whole, or not at all."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from bot import errors
from bot.documents import docx, filetype, storage
from bot.engine import trouble
from tests.documents import samples
from tests.faults import disks

BOMB = f'<!DOCTYPE w [<!ENTITY a "{"x" * 99}"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.PDF, filetype.PDF),
        (samples.PDF.replace(b"R>>", b"R/EncryptMetadata true>>"), filetype.PDF),
        (samples.JPEG, filetype.JPEG),
        (samples.PHOTO, filetype.JPEG),
        (samples.PHOTO + b"a film that the telephone adds", filetype.JPEG),
        (samples.png(), filetype.PNG),
        (samples.docx(), filetype.DOCX),
    ],
)
def test_the_bytes_say_what_it_is(data: bytes, kind: str) -> None:
    assert filetype.judge(data, "evil.exe") == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.4" + bytes(filetype.MOST_BYTES), "file_large"),
        (b"<html><script>alert(1)</script>", "file_type"),
        (b"MZ\x90\x00", "file_type"),
        (samples.PDF[:40], "file_cut"),
        (samples.JPEG[:40], "file_cut"),
        (samples.png()[:30], "file_cut"),
        (samples.docx()[:-30], "file_cut"),
        (b"PK\x03\x04" + b"PK\x05\x06" + bytes(18), "file_type"),
        (samples.docx(word__vbaProject_bin=b"macro"), "file_unsafe"),
        (samples.docx(word__media=bytes(8 << 20)), "file_unsafe"),
        (samples.docx(**{f"word__{n}": b"" for n in range(filetype.MOST_ENTRIES)}), "file_unsafe"),
        (samples.PHOTO[: len(samples.PHOTO) // 2], "file_cut"),
        (samples.PHOTO[:9], "file_cut"),
        (samples.PDF.replace(b"R>>", b"R/Encrypt 5 0 R>>"), "file_locked"),
        (samples.PDF.replace(b"R>>", b"R/Encrypt<</V 4>> >>"), "file_locked"),
    ],
)
def test_what_is_not_fit_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(errors.Refused, match=code):
        filetype.judge(data, "a.docx")


def test_a_zip_that_is_no_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    with pytest.raises(errors.Refused, match="file_type"):
        filetype.judge((tmp_path / "a.docx").read_bytes(), "a.docx")


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, "<!DOCTYPE w>"])
def test_no_document_type_is_read(head: str) -> None:
    with pytest.raises(errors.Refused, match="file_unsafe"):
        docx.read(samples.docx(["&a;"], head=head), "a.docx")


@pytest.mark.parametrize("lines", [["<w:broken>"], ["&nothing;"]])
def test_broken_xml_is_a_broken_file(lines: list[str]) -> None:
    with pytest.raises(errors.Refused, match="file_cut"):
        docx.read(samples.docx(lines), "a.docx")


def test_the_text_of_a_document() -> None:
    assert docx.read(samples.docx(["甲", "", "乙</w:t><w:tab/><w:t>丙"]), "a.docx") == (["甲", "乙 丙"], [])


@pytest.mark.parametrize("space", [samples.W, samples.STRICT])
def test_what_stands_around_the_text(space: str) -> None:
    """Of both forms of Open XML, in whatever order its parts are stored."""
    parts = {f"word/{name}.xml": samples.margin(name, space) for name in ("header2", "footer", "footnotes", "comments")}
    mark = '</w:t><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="机密"/></v:shape><w:t>'
    found = docx.read(samples.docx(["甲", mark], space=space, **parts, word__styles_xml=b"<broken"), "a.docx")
    assert found == (["甲"], ["机密", "header2", "footer", "footnotes", "comments"])


def test_a_long_directory_is_counted_before_it_is_read() -> None:
    data = b"PK\3\4" + b"PK\1\2" * (filetype.MOST_ENTRIES + 1) + b"PK\5\6" + bytes(18)
    with pytest.raises(errors.Refused, match="file_unsafe"):
        filetype.judge(data, "a.docx")


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("报告.pdf", filetype.PDF, "报告.pdf"),
        ("报告.PDF", filetype.PDF, "报告.PDF"),
        ("盖章页.jpeg", filetype.JPEG, "盖章页.jpeg"),
        ("盖章页.jpg", filetype.JPEG, "盖章页.jpg"),
        ("完结报告.hta", filetype.PDF, "完结报告.hta.pdf"),
        ("盖章页.jpeg", filetype.PNG, "盖章页.jpeg.png"),
        ("报告.doc", filetype.DOCX, "报告.doc.docx"),
        ("报告", filetype.PDF, "报告.pdf"),
    ],
)
def test_a_name_ends_as_its_type_does(name: str, kind: str, shown: str) -> None:
    assert filetype.fitting(name, kind) == shown


def test_stored_once_by_hash(tmp_path: Path) -> None:
    name = storage.keep(tmp_path / "files", samples.PDF)
    place = storage.path(tmp_path / "files", name)
    assert name == hashlib.sha256(samples.PDF).hexdigest()
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (samples.PDF, 0o600)
    before = place.stat().st_ino
    assert storage.keep(tmp_path / "files", samples.PDF) == name
    assert place.stat().st_ino == before
    assert [each.name for each in place.parent.iterdir()] == [name]


def test_nothing_half_written_has_a_name(tmp_path: Path) -> None:
    with disks.full(16), pytest.raises(storage.NoRoom, match="too large"):
        storage.keep(tmp_path, samples.PDF)
    assert "files" in trouble.seen()
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
    storage.keep(tmp_path, samples.PDF)
    assert "files" not in trouble.seen()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_hash_names_a_stored_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        storage.path(tmp_path, name)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("报告.pdf", "报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\报告.pdf", "报告.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ('<img src=x onerror="a">.png', "img src=x onerror=a.png"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("长" * 300 + ".docx", "长" * 75 + ".docx"),
    ],
)
def test_a_name_is_only_shown(said: str, shown: str) -> None:
    assert filetype.shown_name(said) == shown
