"""GET /m/{code}/documents/{id}: a file that was handed in, to those who may read it, never to be run by a browser."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot import errors
from bot.actions import rights
from bot.documents import filetype, storage
from bot.pages import matter, site
from bot.pages.site import SITE
from models.document import Document


async def download(request: web.Request) -> web.StreamResponse:
    """The file as an attachment. What is not filed yet is the unit's own.

    Raises Refused: not_entitled, unknown_file (also another matter's).
    """
    visitor = await site.visitor(request)
    found = await matter.named(request)
    if not await rights.may_read(found, visitor.by):
        raise errors.Refused("not_entitled", code=found.code)
    row = await Document.get_or_none(id=int(request.match_info["id"]), matter_id=found.id, state="kept")
    if row is None or (row.completion_id is None and not rights.leads(found, visitor.by)):
        raise errors.Refused("unknown_file", code=found.code)
    place = storage.path(request.app[SITE].files, row.sha256)
    if not place.is_file():
        raise errors.Refused("unknown_file", code=found.code)
    name = filetype.fitting(row.name or str(row.id), row.media_type)
    headers = {
        "Content-Type": row.media_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return web.FileResponse(place, headers=headers)
