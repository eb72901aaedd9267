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
PICTURES = frozenset({JPEG, PNG})

MOST_BYTES = 20 << 20
"""Of one file: as much as the platform takes (90253)."""
MOST_FILES = 20
"""Files of one report."""
MOST_ENTRIES = 2000
MOST_UNPACKED = 200 << 20
MOST_RATIO = 200
"""A docx: parts, bytes of all unpacked, and how many times its own size."""
LONGEST_NAME = 80

_MACRO = "vbaproject.bin"
_ENCRYPTED = 0x1


def judge(data: bytes, name: str) -> str:
    """The media type. Raises Refused: file_empty, file_large, file_type, file_cut (its end is missing), file_unsafe."""
    if not data:
        raise errors.Refused("file_empty", name=name)
    if len(data) > MOST_BYTES:
        raise errors.Refused("file_large", name=name, most=MOST_BYTES >> 20)
    kind, whole = _kind(data)
    if not kind:
        raise errors.Refused("file_type", name=name)
    if not whole:
        raise errors.Refused("file_cut", name=name)
    if kind == DOCX:
        _unpackable(data, name)
    return kind


def _kind(data: bytes) -> tuple[str, bool]:
    """The type by its first bytes, and whether its end is there."""
    if data.startswith(b"%PDF-"):
        return PDF, b"%%EOF" in data[-2048:]
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG, data.rfind(b"\xff\xd9") > 0
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG, b"IEND" in data[-4096:]
    if data.startswith(b"PK\x03\x04"):
        return DOCX, b"PK\x05\x06" in data[-66_000:]
    return "", False


def _unpackable(data: bytes, name: str) -> None:
    """Only a document without macros of a sane size; the sizes are the archive's own, so reading is bounded too."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise errors.Refused("file_cut", name=name) from None
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > min(MOST_UNPACKED, MOST_RATIO * len(data)):
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
