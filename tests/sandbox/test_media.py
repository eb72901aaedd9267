"""media/upload, media/get, and messages that carry a file."""

from __future__ import annotations

import base64
import io
from typing import Any

import aiohttp
import pytest


async def upload(world: Any, data: bytes, kind: str = "image", field: str = "media") -> dict[str, Any]:
    form = aiohttp.FormData()
    form.add_field(field, io.BytesIO(data), filename="报告.png", content_type="image/png")
    return dict(await world.call("media/upload", params={"type": kind}, data=form))


async def test_a_file_comes_back_as_it_was_and_can_be_sent(world: Any) -> None:
    found = await upload(world, b"picture!")
    assert (found["type"], found["created_at"]) == ("image", "1772413200")
    query = {"access_token": world.token, "media_id": found["media_id"]}
    async with world.http.get(f"{world.sandbox.url}/cgi-bin/media/get", params=query) as response:
        assert (await response.read(), response.content_type) == (b"picture!", "image/png")
    assert (await world.send(msgtype="image", image={"media_id": found["media_id"]}))["errcode"] == 0
    assert (await world.inbox())[0]["kind"] == "image"
    [first] = (await world.get("wire", path="/cgi-bin/media/upload"))["requests"]
    assert first["body"].endswith("bytes of multipart/form-data>")


async def test_a_media_id_lives_three_days(world: Any) -> None:
    media_id = (await upload(world, b"picture!"))["media_id"]
    await world.post("clock", step=3 * 86400)
    assert (await world.send(msgtype="image", image={"media_id": media_id}))["errcode"] == 40007
    assert (await world.call("media/get", "GET", params={"media_id": media_id}))["errcode"] == 40007


@pytest.mark.parametrize(
    ("data", "kind", "field", "code"),
    [
        (b"picture!", "hologram", "media", 40004),
        (b"picture!", "image", "other", 41005),
        (b"tiny!", "image", "media", 40006),
        (b"large", "voice", "media", 40006),
    ],
)
async def test_upload_refuses(world: Any, data: bytes, kind: str, field: str, code: int) -> None:
    data = data if data != b"large" else bytes((2 << 20) + 1)
    assert (await upload(world, data, kind, field))["errcode"] == code


async def test_an_upload_without_a_form(world: Any) -> None:
    assert (await world.call("media/upload", params={"type": "file"}, data=b"bytes"))["errcode"] == 41005


async def test_a_person_sends_a_picture(world: Any) -> None:
    await world.post("callback", url=world.bot_url)
    said = await world.post("image", person="zhangsan", data=base64.b64encode(b"sealed report").decode())
    [message] = world.bot.seen
    assert (message["MsgType"], message["MsgId"]) == ("image", said["message"])
    query = {"access_token": (await world.gettoken())["access_token"], "media_id": message["MediaId"]}
    async with world.http.get(f"{world.sandbox.url}/cgi-bin/media/get", params=query) as response:
        assert await response.read() == b"sealed report"
    assert (await world.post("image", person="zhangsan", data="###"))["http"] == 400
