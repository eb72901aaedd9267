"""media/upload and media/get (document 96484): temporary files, three days."""

from __future__ import annotations

from aiohttp import web
from aiohttp.web_request import FileField

from bot.channels.wecom import limits
from bot.sandbox import answers
from bot.sandbox.platform import PLATFORM, Media

LARGEST = max(limits.MEDIA_BYTES.values()) + (1 << 20)
"""The largest body the sandbox reads."""


async def upload(request: web.Request) -> web.Response:
    """Keep a file: 40004 unknown type, 41005 no file, 40006 too small or too large; answers its media_id."""
    platform, kind = request.app[PLATFORM], request.query.get("type", "")
    if kind not in limits.MEDIA_BYTES:
        raise answers.Denied(40004, f"invalid media type: {kind}")
    field = (await request.post()).get("media") if request.content_type == "multipart/form-data" else None
    if not isinstance(field, FileField):
        raise answers.Denied(41005, "media data missing")
    data = field.file.read()
    if not limits.MEDIA_MIN_BYTES <= len(data) <= limits.MEDIA_BYTES[kind]:
        raise answers.Denied(40006, f"invalid file size: {len(data)} bytes")
    media = Media(kind, field.filename, field.content_type, data)
    media_id = platform.media.issue(media, platform.at())
    created = str(int(platform.clock.now().timestamp()))
    return answers.answer(request, {"bytes": len(data)}, type=kind, media_id=media_id, created_at=created)


async def get(request: web.Request) -> web.Response:
    """The bytes of a file; JSON with 40007 when the id is unknown or older than three days."""
    platform = request.app[PLATFORM]
    try:
        media = platform.media.look(request.query.get("media_id", ""), platform.at())
    except ValueError as error:
        raise answers.Denied(40007, f"invalid media_id: {error}") from error
    name = media.name.replace('"', "").replace("\r", "").replace("\n", "")
    return web.Response(
        body=media.data,
        content_type=media.content_type.split(";")[0],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
