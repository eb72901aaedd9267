"""Card updates, recalls, media and members: what each call sends and gives back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from bot.channels import Action, Card, Unreachable
from bot.channels.wecom.client import WeCom

UPDATE = "message/update_template_card"
OK = {"errcode": 0, "errmsg": "ok"}


async def test_replace(platform: Any, wecom: WeCom) -> None:
    platform.answers[UPDATE] = [OK | {"invaliduser": []}]
    answered = Card("标题", actions=[Action("收到", "ack:1:0:1")], done="已反馈")
    await wecom.replace("U1", "rc-1", answered, "d-1")
    body = json.loads(platform.requests[-1][2])
    assert (body["userids"], body["agentid"], body["response_code"]) == (["U1"], 1000002, "rc-1")
    assert body["template_card"]["replace_text"] == "已反馈"
    platform.answers[UPDATE] = [OK | {"invaliduser": ["u1"]}]
    with pytest.raises(Unreachable):
        await wecom.replace("U1", "rc-1", answered, "d-1")
    with pytest.raises(ValueError, match="response_code"):
        await wecom.replace("U1", "", answered, "d-1")


async def test_recall(platform: Any, wecom: WeCom) -> None:
    platform.answers["message/recall"] = [OK]
    await wecom.recall("m-1")
    assert json.loads(platform.requests[-1][2]) == {"msgid": "m-1"}


async def test_upload(platform: Any, wecom: WeCom) -> None:
    """A Chinese file name goes as it is; a stale token sends the whole form again."""
    platform.answers["media/upload"] = [{"errcode": 42001, "errmsg": "stale"}, OK | {"media_id": "M1"}]
    assert await wecom.upload("file", '报告"\r\n.docx', b"x" * 5000) == "M1"
    uploads = [(query, body) for path, query, body in platform.requests if path == "media/upload"]
    assert len(uploads) == 2
    for query, body in uploads:
        assert query["type"] == "file"
        assert 'name="media"; filename="报告___.docx"'.encode() in body
        assert b"x" * 5000 in body
    for kind, size in (("file", 5), ("voice", (2 << 20) + 1), ("poem", 100)):
        with pytest.raises(ValueError, match=kind):
            await wecom.upload(kind, "a", b"x" * size)


async def test_download(platform: Any, wecom: WeCom) -> None:
    named = {"Content-Disposition": 'attachment; filename="a%20b.json"', "Content-Type": "application/json"}
    platform.answers["media/get"] = [web.Response(body=b'{"errcode":1}', headers=named)]
    found = await wecom.download("M1")
    assert (found.name, found.type, found.data) == ("a b.json", "application/json", b'{"errcode":1}')
    platform.answers["media/get"] = [{"errcode": 40007, "errmsg": "invalid media_id"}]
    with pytest.raises(Unreachable):
        await wecom.download("M1")
    platform.answers["media/get"] = [OK]
    with pytest.raises(Unreachable):
        await wecom.download("M1")


async def test_members(platform: Any, wecom: WeCom) -> None:
    platform.answers["user/get"] = [OK | {"userid": "U1", "name": "张三"}]
    assert (await wecom.user("U1"))["name"] == "张三"
    platform.answers["auth/getuserinfo"] = [OK | {"userid": "ZhangSan"}, OK | {"openid": "o"}]
    assert [await wecom.who("c1"), await wecom.who("c2")] == ["zhangsan", ""]
    assert platform.requests[-1][1] == {"access_token": "T1", "code": "c2"}
    platform.answers["auth/getuserinfo"] = [{"errcode": 40029, "errmsg": "invalid code"}]
    with pytest.raises(Unreachable):
        await wecom.who("c3")
