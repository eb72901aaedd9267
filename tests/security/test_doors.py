"""Addresses in messages are never opened; a configuration of the sandbox gets nowhere near production."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import config, errors
from bot.sandbox import envelope
from models import database
from models.document import Document
from tests.http.wire import Line
from tests.stories.theatre import PROPOSE

WECOM = f'[wecom]\nenabled = true\ncorp_id = "c"\nagent_id = 1\nsecret = "s"\ntoken = "t"\naes_key = "{"a" * 42}A"\n'


async def test_no_address_of_a_message_is_opened(line: Line) -> None:
    """A picture is asked of the platform by its MediaId; PicUrl, links and words are just words."""
    hits: list[str] = []

    async def trap(request: web.Request) -> web.Response:
        hits.append(request.path)
        return web.Response(body=b"\x89PNG\r\n\x1a\n")

    trapping = web.Application()
    trapping.router.add_route("*", "/{tail:.*}", trap)
    async with TestServer(trapping) as server:
        url = str(server.make_url("/x.png"))
        await line.send(line.text("王芳", f"{PROPOSE} 说明:{url}"))
        await line.send(line.text("郑强", "同意"))
        for media in ("nothing", url, "../x"):
            plain = envelope.image(line.platform, "zhangsan", media, url)[0]
            assert (await line.send(plain))[0] == 200
        link = line.text("张三", "x").replace("<MsgType><![CDATA[text]]>", "<MsgType><![CDATA[link]]>")
        link = link.replace("</xml>", f"<Title>看这里</Title><Url>{url}</Url><PicUrl>{url}</PicUrl></xml>")
        assert (await line.send(link))[0] == 200
        assert (await line.send(line.text("张三", f"进展 1 现场情况见 {url} ，已经完成核查")))[0] == 200
        await line.stage.settle()
    assert await Document.all().count() == 3
    assert {each.state for each in await Document.all()} == {"lost"}
    assert hits == []
    asked = {each["path"] for each in line.platform.wire.after(0, "/cgi-bin/media")}
    assert asked == {"/cgi-bin/media/get"}


def test_nothing_reads_the_address_of_a_picture() -> None:
    root = Path(__file__).parents[2]
    files = [path for part in ("bot", "handlers", "models") for path in (root / part).rglob("*.py")]
    reading = [path for path in files if "PicUrl" in path.read_text("utf-8")]
    assert [path.parent.name for path in reading] == ["sandbox"]


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ('[server]\nsandbox = true\nadmin_listen = "0.0.0.0:8714"\n', "server.admin_listen"),
        ('[server]\nsandbox = true\nhost = "10.0.0.1"\n', "server.host"),
        ("[server]\nsandbox = true\n" + WECOM, "wecom.api_base"),
        ('[clock]\nstart = "2026-03-02T09:00:00+08:00"\n', "clock.start"),
        ('[wecom]\napi_base = "http://qyapi.weixin.qq.com"\n', "wecom.api_base"),
        ('[sms]\nsink = "http://10.0.0.9/x"\n', "sms.sink"),
    ],
)
def test_what_a_sandbox_and_what_production_may_not_say(tables: str, key: str, tmp_path: Path) -> None:
    place = tmp_path / "config.toml"
    place.write_text(tables, encoding="utf-8")
    with pytest.raises(errors.ConfigError, match=key):
        config.load(place)


async def test_a_sandbox_gets_no_production_database(db: str) -> None:
    await database.stamp("production")
    with pytest.raises(errors.ConfigError, match="the database is a production one"):
        await database.stamp("sandbox")
