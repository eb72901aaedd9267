"""The text of a docx, read by a streaming parser that refuses every document type declaration."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from bot import errors

MOST_XML = 32 << 20
MOST_TEXT = 200_000
"""Bytes of the parts that are read, characters of text that are kept: of the body, and of the margins."""
_BODY = re.compile(r"word/document\.xml")
_MARGINS = re.compile(r"word/(?:(?:header|footer)\d*|footnotes|endnotes|comments)\.xml", re.IGNORECASE)
_W = frozenset(
    {"http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"}
)
"""Of the transitional form of Open XML and of the strict one."""
_WATERMARK = "urn:schemas-microsoft-com:vml textpath"
_CHUNK = 1 << 16


def read(data: bytes, name: str) -> tuple[list[str], list[str]]:
    """The paragraphs that hold text, in order; and those around them: headers, footers, watermarks, notes, comments.

    Raises Refused: file_cut (no readable document), file_unsafe.
    """
    body, margins = _Reader(name), _Reader(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for each in archive.infolist():
                reader = (
                    body if _BODY.fullmatch(each.filename) else margins if _MARGINS.fullmatch(each.filename) else None
                )
                if reader:
                    with archive.open(each) as part:
                        reader.read(part)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, expat.ExpatError, zlib.error):
        raise errors.Refused("file_cut", name=name) from None
    return body.found, [*body.marks, *margins.found, *margins.marks]


class _Reader:
    """Collects w:t by w:p, and watermarks; a declaration of a document type is refused before an entity can be
    declared."""

    def __init__(self, name: str) -> None:
        self.found: list[str] = []
        self.marks: list[str] = []
        self._name = name
        self._words: list[str] = []
        self._left = MOST_XML
        self._size = 0
        self._in_text = False

    def read(self, part: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        while self._left > 0 and (piece := part.read(min(_CHUNK, self._left))):
            self._left -= len(piece)
            parser.Parse(piece, False)
        if self._left <= 0:
            self._refuse()
        parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise errors.Refused("file_unsafe", name=self._name)

    def _start(self, name: str, said: Mapping[str, str]) -> None:
        tag = _tag(name)
        self._in_text = tag == "t"
        if tag in ("tab", "br"):
            self._words.append(" ")
        elif name == _WATERMARK and (words := said.get("string", "").strip()):
            self._keep(words, self.marks)

    def _end(self, name: str) -> None:
        self._in_text = False
        if _tag(name) == "p":
            if line := "".join(self._words).strip():
                self.found.append(line)
            self._words.clear()

    def _text(self, text: str) -> None:
        if self._in_text:
            self._keep(text, self._words)

    def _keep(self, text: str, where: list[str]) -> None:
        if self._size < MOST_TEXT:
            self._size += len(text)
            where.append(text)


def _tag(name: str) -> str:
    """The name of an element of the text, "" of any other."""
    space, _, tag = name.rpartition(" ")
    return tag if space in _W else ""
