"""A form as it was sent: its token first, its fields, its files, each judged and kept before the next is read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import BodyPartReader, web

from bot import errors
from bot.actions.document import Kept
from bot.documents import docx, filetype, storage
from bot.pages.site import MOST_A_DAY, SITE, Site, Visitor
from handlers import secrecy

MOST_FIELDS = 64
MOST_TEXT = 64 << 10
"""Fields of a form, and bytes of one."""
PATIENCE = 180.0
"""Seconds (wall) that a form may take to arrive."""
TOKEN = "csrf"  # noqa: S105
BROKEN = (
    *(ValueError, AssertionError, TimeoutError, ConnectionError),
    *(aiohttp.ClientError, aiohttp.http_exceptions.HttpProcessingError, web.RequestPayloadError),
)
"""How a form fails that does not arrive whole; aiohttp's reader asserts what a browser always sends."""


@dataclass(slots=True)
class Form:
    """`files` are kept already; `refused` are those that are not fit; `paragraphs` is the text of the last docx; `sent`
    counts every file that came."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Kept] = field(default_factory=list)
    refused: list[errors.Refused] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    sent: int = 0

    def text(self, name: str) -> str:
        """A field without blanks around it and without NUL, line ends as \\n; "" when it was not sent."""
        return self.fields.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()

    def take_none(self, why: errors.Refused) -> None:
        """No file of this form is taken; what was typed stays."""
        self.files, self.paragraphs = [], []
        self.refused.append(why)


async def read(request: web.Request, visitor: Visitor) -> Form:
    """The form; who may send it has been judged by the caller.

    One form of a person is read at a time: who sends slowly holds up nobody but himself.
    Raises Refused: foreign_form (its first field is not this visitor's token), form_cut (it did not arrive whole).
    """
    site = request.app[SITE]
    try:
        async with site.turn(visitor.by.id), site.gate, asyncio.timeout(PATIENCE):
            return await _parts(await request.multipart(), visitor, site, request.path)
    except BROKEN:
        raise errors.Refused("form_cut", url=request.path) from None


async def _parts(reader: aiohttp.MultipartReader, visitor: Visitor, site: Site, place: str) -> Form:
    form = Form()
    checked = False
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            raise errors.Refused("form_cut", url=place)
        if part.filename is None:
            form.fields[part.name or ""] = (await _bytes(part, MOST_TEXT)).decode()
        elif part.filename and checked:
            await _file(form, part, site, visitor)
        checked = checked or visitor.expect(form.fields.get(TOKEN, ""))
        if not checked:
            raise errors.Refused("foreign_form")
        if len(form.fields) > MOST_FIELDS:
            raise ValueError("too many fields")
    if not checked:
        raise errors.Refused("foreign_form")
    if form.sent > filetype.MOST_FILES:
        form.take_none(errors.Refused("too_many_files", most=filetype.MOST_FILES))
    return form


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    """At most one byte more than `most`; ValueError for a field that is too long."""
    pieces, size = [], 0
    while piece := await part.read_chunk(1 << 16):
        size += len(piece)
        if size > most and part.filename is None:
            raise ValueError("a field is too long")
        if size <= most + (1 << 16):
            pieces.append(piece)
    return b"".join(pieces)


async def _file(form: Form, part: BodyPartReader, site: Site, visitor: Visitor) -> None:
    """Counted before it is kept: whoever breaks his form off leaves no more on the disk than who files it. One too many
    is passed over unread."""
    form.sent += 1
    if form.sent > filetype.MOST_FILES:
        return
    name = filetype.shown_name(part.filename or "")
    try:
        if not site.spend(visitor.by.id):
            raise errors.Refused("too_many_today", most=MOST_A_DAY)
        data = await _bytes(part, filetype.MOST_BYTES)
        kept, paragraphs = await asyncio.to_thread(_keep, data, name, site.files)
    except errors.Refused as refusal:
        form.refused.append(refusal)
        return
    form.files.append(kept)
    form.paragraphs = paragraphs or form.paragraphs


def _keep(data: bytes, name: str, files: Path) -> tuple[Kept, list[str]]:
    """Judge and store one file; text that is marked is not stored: in its name, its pages, their margins (A76)."""
    kind = filetype.judge(data, name)
    paragraphs, margins = docx.read(data, name) if kind == filetype.DOCX else ([], [])
    if secrecy.is_secret("\n".join([name, name.rpartition(".")[0], *margins, *paragraphs])):
        raise errors.Refused("file_secret", name=name)
    return Kept(filetype.fitting(name, kind), storage.keep(files, data), len(data), kind), paragraphs
