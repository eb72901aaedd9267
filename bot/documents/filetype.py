"""What an uploaded file is, judged by its bytes alone, and whether it is fit to be kept; every limit stands here."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from bot import errors

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS: Mapping[str, str] = {PDF: "pdf", DOCX: "docx", JPEG: "jpg", PNG: "png"}
_ALSO = {JPEG: ".jpeg"}
PICTURES = frozenset({JPEG, PNG})

MOST_BYTES = 20 << 20
"""Of one file: as much as the platform takes (90253)."""
MOST_FILES = 20
"""Files of one report."""
MOST_ENTRIES = 2000
MOST_UNPACKED = 200 << 20
MOST_RATIO = 200
"""A docx: parts, bytes of all unpacked, and how many times its own size."""
MOST_SEGMENTS = 1000
"""Of a JPEG, looked at before its picture."""
LONGEST_NAME = 80

_MACRO = "vbaproject.bin"
_ENCRYPTED = 0x1
_ENTRY = b"PK\x01\x02"
_LOCKED = re.compile(rb"/Encrypt\s*+(?:\d|<<)")
"""In the trailer, or the dictionary of a stream that takes its place: neither is ever compressed."""


def judge(data: bytes, name: str) -> str:
    """The media type. Raises Refused: file_empty, file_large, file_type, file_cut (its end is missing), file_unsafe,
    file_locked (a PDF with a password)."""
    if not data:
        raise errors.Refused("file_empty", name=name)
    if len(data) > MOST_BYTES:
        raise errors.Refused("file_large", name=name, most=MOST_BYTES >> 20)
    kind, whole = _kind(data)
    if not kind:
        raise errors.Refused("file_type", name=name)
    if not whole:
        raise errors.Refused("file_cut", name=name)
    if kind == PDF and _LOCKED.search(data):
        raise errors.Refused("file_locked", name=name)
    if kind == DOCX:
        _unpackable(data, name)
    return kind


def _kind(data: bytes) -> tuple[str, bool]:
    """The type by its first bytes, and whether its end is there."""
    if data.startswith(b"%PDF-"):
        return PDF, b"%%EOF" in data[-2048:]
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG, data.find(b"\xff\xd9", _scan(data)) > 0
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG, b"IEND" in data[-4096:]
    if data.startswith(b"PK\x03\x04"):
        return DOCX, b"PK\x05\x06" in data[-66_000:]
    return "", False


def _scan(data: bytes) -> int:
    """Where a JPEG's own picture begins: behind its leading segments, one of which may hold a small whole picture."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        if data[at : at + 1] != b"\xff" or data[at + 1 : at + 2] == b"\xda":
            break
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return at


def _unpackable(data: bytes, name: str) -> None:
    """Only a document without macros of a sane size; the sizes are the archive's own, so reading is bounded too.

    Its parts are counted by their marks: a directory of many is not even listed.
    """
    if data.count(_ENTRY) > MOST_ENTRIES:
        raise errors.Refused("file_unsafe", name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise errors.Refused("file_cut", name=name) from None
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(MOST_UNPACKED, MOST_RATIO * len(data)):
        raise errors.Refused("file_unsafe", name=name)
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise errors.Refused("file_type", name=name)
    if any(_MACRO in entry.lower() for entry in names) or any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise errors.Refused("file_unsafe", name=name)


def shown_name(said: str) -> str:
    """A file's own name as it may be shown: no folder, no control or direction marks, of a sane length."""
    last = re.split(r"[/\\]", said)[-1]
    plain = "".join(letter for letter in last if letter.isprintable() and letter not in '<>"').strip(" .")
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if 0 < len(ending) < 10 else plain[:LONGEST_NAME]


def fitting(name: str, kind: str) -> str:
    """The name with an ending of its type, by which the reader's computer opens it: a PDF that is called 报告.hta would
    be run as a program."""
    ending = f".{ENDINGS[kind]}"
    return name if name.lower().endswith((ending, _ALSO.get(kind, ending))) else f"{name}{ending}"
