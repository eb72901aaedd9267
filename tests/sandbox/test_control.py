"""People, phones, the wire log, the stream of news, reset, serving."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.sandbox import app
from bot.sandbox.settings import Settings


async def test_people_are_added_and_renewed(world: Any) -> None:
    await world.post("people", id="ZHANGSAN", name="Zhang San", platform="dingtalk")
    found = (await world.get("people"))["people"]
    assert found[0] == {
        "id": "zhangsan",
        "name": "Zhang San",
        "platforms": ["wecom", "dingtalk"],
        "phone": "13800000001",
    }
    assert [one["id"] for one in found] == ["zhangsan", "LiSi"]


@pytest.mark.parametrize("row", [{}, {"id": ""}, {"id": "x" * 65}, {"id": 7}, {"id": "a", "platform": "pigeon"}, "a"])
async def test_people_that_are_none(world: Any, row: Any) -> None:
    found = await world.json("POST", f"{world.sandbox.control}/people", json=[row])
    assert found["http"] == 400


async def test_a_body_that_is_no_json(world: Any) -> None:
    for raw in (b"{", b"[]"):
        assert (await world.json("POST", f"{world.sandbox.control}/say", data=raw))["http"] == 400


async def test_a_phone_shows_its_texts(world: Any) -> None:
    url = f"{world.sandbox.url}/sms/send"
    for phone in ("13800000001", "13900000009"):
        assert (await world.json("POST", url, json={"phone": phone, "text": f"to {phone}"}))["ok"] is True
    [mine], [unknown] = await world.inbox(), await world.inbox("13900000009")
    assert (mine["platform"], mine["kind"], mine["shown"]) == ("sms", "text", "to 13800000001")
    assert unknown["shown"] == "to 13900000009"
    assert await world.inbox("13700000000") == []
    assert (await world.json("POST", url, json={"phone": "1"}))["http"] == 400


async def test_chat_and_phone_lie_in_one_inbox(world: Any) -> None:
    await world.send("chat")
    await world.json("POST", f"{world.sandbox.url}/sms/send", json={"phone": "13800000001", "text": "sms"})
    first, second = await world.inbox("ZhangSan")
    assert (first["shown"], second["shown"]) == ("chat", "sms")
    assert await world.inbox(after=first["id"]) == [second]
    assert await world.inbox(after=second["id"]) == []
    assert (await world.get("inbox/zhangsan", after="x"))["http"] == 400


async def test_waiting_for_a_message(world: Any) -> None:
    waiting = asyncio.create_task(world.inbox(wait=5))
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    assert not done
    await world.send("LiSi first", touser="LiSi")
    await world.send("here")
    [entry] = await asyncio.wait_for(waiting, 2)
    assert entry["shown"] == "here"


async def test_the_wire_holds_every_request_as_received(world: Any) -> None:
    raw = json.dumps(world.message("x"), indent=3).encode()
    await world.call("message/send", data=raw)
    await world.send(touser="nobody")
    token, sent, refused = (await world.get("wire"))["requests"]
    assert (token["method"], token["path"]) == ("GET", "/cgi-bin/gettoken")
    assert token["query"]["corpsecret"] == world.wecom["secret"]
    assert sent["body"].encode() == raw
    assert (sent["became"]["status"], sent["became"]["delivered"]) == (200, ["zhangsan"])
    assert refused["became"]["errcode"] == 81013
    assert sent["virtual"] == "2026-03-02T01:00:00+00:00"
    assert (await world.get("wire", after=sent["id"]))["requests"] == [refused]


async def test_an_unknown_call_is_on_the_wire(world: Any) -> None:
    async with world.http.get(f"{world.sandbox.url}/cgi-bin/wonder?access_token=x") as response:
        assert response.status in (200, 404)
    assert (await world.get("wire"))["requests"][0]["path"] == "/cgi-bin/wonder"


async def frames(world: Any, count: int, **headers: str) -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    async with (
        asyncio.timeout(5),
        world.http.get(f"{world.sandbox.control}/events", headers=headers) as response,
    ):
        assert response.content_type == "text/event-stream"
        lines: dict[str, str] = {}
        while len(found) < count:
            name, _, value = (await response.content.readline()).decode().rstrip("\n").partition(": ")
            if name == "data":
                found.append((lines["event"], lines["id"], json.loads(value)))
            lines[name] = value
    return found


async def test_the_stream_tells_the_past_and_the_news(world: Any) -> None:
    await world.send("one")
    reading = asyncio.create_task(frames(world, 5))
    await world.post("fault", name="busy", count=1)
    await world.post("clock", step=1)
    news = await reading
    assert [kind for kind, _, _ in news] == ["clock", "wire", "inbox", "wire", "fault"]
    assert news[2][2]["shown"] == "one"
    [(kind, _, data)] = await frames(world, 1, **{"Last-Event-ID": news[-1][1]})
    assert (kind, data["version"]) == ("clock", 2)


async def test_reset_keeps_people_callback_and_clock(world: Any) -> None:
    await world.post("callback", url=world.bot_url)
    await world.send("gone")
    await world.post("fault", name="down")
    await world.post("clock", step=60)
    assert await world.post("reset") == {"ok": True}
    assert await world.inbox() == []
    assert (await world.get("wire"))["requests"] == []
    assert (await world.get("fault"))["faults"] == []
    assert (await world.get("clock"))["version"] == 2
    assert len((await world.get("people"))["people"]) == 2
    assert (await world.get("callback"))["url"] == world.bot_url
    assert (await world.send("old token"))["errcode"] == 40014
    world.token = ""
    assert (await world.send("new"))["errcode"] == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "example.com"])
async def test_it_serves_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        await app.serve(host=host)


async def test_run_prints_one_line_and_serves(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    task = asyncio.create_task(app.run(0, True, settings))
    for _ in range(1000):
        await asyncio.sleep(0.005)
        if line := capsys.readouterr().out:
            break
    assert line.count("\n") == 1
    assert json.loads(line)["wecom"]["corp_id"] == settings.corp_id
    task.cancel()
    await asyncio.wait({task})


async def test_another_host_name_is_turned_away(world: Any) -> None:
    headers = {"Host": "attacker.example"}
    async with world.http.get(f"{world.sandbox.control}/people", headers=headers) as response:
        assert response.status == 403
