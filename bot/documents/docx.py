"""The text of a docx: its paragraphs, read by a streaming parser that refuses every document type declaration."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.parsers import expat

from bot import errors

MOST_XML = 32 << 20
MOST_TEXT = 200_000
"""Bytes of the main part that are read, characters of text that are kept."""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_CHUNK = 1 << 16


def paragraphs(data: bytes, name: str) -> list[str]:
    """The paragraphs that hold text, in order. Raises Refused: file_cut (no readable document), file_unsafe."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as part:
            return _Reader(name).read(part)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, expat.ExpatError, zlib.error):
        raise errors.Refused("file_cut", name=name) from None


class _Reader:
    """Collects w:t by w:p; a declaration of a document type is refused before an entity can be declared."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[str] = []
        self._words: list[str] = []
        self._size = 0
        self._in_text = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, part: object) -> list[str]:
        assert hasattr(part, "read")
        left = MOST_XML
        while left > 0 and (piece := part.read(min(_CHUNK, left))):
            left -= len(piece)
            self._parser.Parse(piece, False)
        if left <= 0:
            raise errors.Refused("file_unsafe", name=self._name)
        self._parser.Parse(b"", True)
        return self._found

    def _refuse(self, *_: object) -> None:
        raise errors.Refused("file_unsafe", name=self._name)

    def _start(self, name: str, _: object) -> None:
        self._in_text = name == f"{_W}t"
        if name in (f"{_W}tab", f"{_W}br"):
            self._words.append(" ")

    def _end(self, name: str) -> None:
        self._in_text = False
        if name == f"{_W}p":
            if line := "".join(self._words).strip():
                self._found.append(line)
            self._words.clear()

    def _text(self, text: str) -> None:
        if self._in_text and self._size < MOST_TEXT:
            self._size += len(text)
            self._words.append(text)
