"""message/send: refusals, targets, windows, the duplicate check."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox import rates
from bot.sandbox.settings import Settings

Card = Callable[..., dict[str, Any]]


async def test_a_text_reaches_the_screen(world: Any) -> None:
    answer = await world.send("hello")
    assert (answer["errcode"], set(answer)) == (0, {"errcode", "errmsg", "msgid"})
    [entry] = await world.inbox()
    assert (entry["kind"], entry["shown"], entry["msgid"]) == ("text", "hello", answer["msgid"])
    assert (entry["state"], entry["via"], entry["platform"]) == ("sent", "push", "wecom")
    assert entry["virtual"] == "2026-03-02T01:00:00+00:00"
    assert entry["real"] == "2026-11-24T00:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agentid": 7}, 301002),
        ({"agentid": None}, 41011),
        ({"msgtype": "postcard"}, 40008),
        ({"touser": ""}, 82001),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40058),
        ({"text": {"content": ""}}, 44004),
        ({"text": {"content": "x" * 2049}}, 45002),
        ({"touser": "nobody|no-one"}, 81013),
        ({"enable_duplicate_check": 1, "duplicate_check_interval": 14401}, 40058),
        ({"msgtype": "image", "image": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "template_card", "template_card": {"card_type": "postcard"}}, 40058),
    ],
)
async def test_send_refuses(world: Any, change: dict[str, Any], code: int) -> None:
    assert (await world.send(**change))["errcode"] == code
    assert await world.inbox() == []


async def test_what_is_no_json_object_is_refused(world: Any) -> None:
    for raw in (b"{", b"[]", b"[" * 100_000):
        assert (await world.call("message/send", data=raw))["errcode"] == 40035


async def test_unknown_members_are_named_in_lower_case(world: Any) -> None:
    answer = await world.send(touser="zhangsan|Nobody|lisi|NoOne")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody|noone")
    assert len(await world.inbox("LiSi")) == 1


async def test_all_members(world: Any) -> None:
    await world.send(touser="@all", toparty="1")
    assert len(await world.inbox()) == len(await world.inbox("LiSi")) == 1


async def test_departments_reach_nobody(world: Any) -> None:
    assert (await world.send(touser="", toparty="1"))["errcode"] == 81013
    assert (await world.send(toparty="1|2"))["invalidparty"] == "1|2"


async def test_people_of_another_platform_are_unknown(world: Any) -> None:
    await world.post("people", id="wangwu", name="Wang", platform="dingtalk")
    assert (await world.send(touser="wangwu"))["errcode"] == 81013
    await world.post("people", id="wangwu", platform="wecom")
    assert (await world.send(touser="wangwu"))["errcode"] == 0


async def test_a_task_id_is_used_once_for_ever(world: Any, card: Card) -> None:
    first = await world.send_card(card())
    assert first["response_code"]
    assert (await world.send_card(card(), "LiSi"))["errcode"] == 42014
    assert (await world.send_card(card("t-2"), "LiSi"))["errcode"] == 0


async def test_a_refused_card_keeps_its_task_id_free(world: Any, card: Card) -> None:
    assert (await world.send_card(card(), "nobody"))["errcode"] == 81013
    assert (await world.send_card(card()))["errcode"] == 0


async def test_thirty_a_minute_then_silence(world: Any) -> None:
    for number in range(31):
        assert (await world.send(str(number), touser="zhangsan|lisi" if number == 30 else "zhangsan"))["errcode"] == 0
    assert len(await world.inbox()) == 30
    assert len(await world.inbox("LiSi")) == 1
    last = (await world.get("wire", path="/cgi-bin/message/"))["requests"][-1]
    assert (last["became"]["delivered"], last["became"]["dropped"]) == (["LiSi"], ["zhangsan"])
    await world.post("clock", step=60)
    await world.send("later")
    assert (await world.inbox())[-1]["shown"] == "later"


async def test_the_windows_run_on_wall_time_when_asked(world: Any) -> None:
    platform = world.sandbox.platform
    platform.settings = replace(platform.settings, rate_clock="wall")
    for number in range(30):
        await world.send(str(number))
    await world.post("clock", step=3600)
    await world.send("dropped")
    assert len(await world.inbox()) == 30
    world.wall.on(minutes=1)
    await world.send("shown")
    assert len(await world.inbox()) == 31


def test_a_thousand_an_hour(wall: Any) -> None:
    windows = rates.Rates(1000)
    for _ in range(1000):
        assert windows.let_through("a", wall())
        wall.on(seconds=3)
    assert not windows.let_through("a", wall())
    assert windows.let_through("b", wall())
    wall.on(minutes=11)
    assert windows.let_through("a", wall())


def test_the_day_of_the_quota_is_shanghai(wall: Any) -> None:
    windows = rates.Rates(1)
    assert windows.spend(200, wall())
    assert not windows.spend(1, wall())
    wall.on(hours=15, minutes=59)
    assert not windows.spend(1, wall())
    wall.on(minutes=1)
    assert windows.spend(1, wall())


async def test_the_quota_answers_45009(world: Any) -> None:
    world.sandbox.platform.rates = rates.Rates(0)
    assert (await world.send())["errcode"] == 45009


class TestDuplicates:
    async def test_the_same_bytes_are_sent_once(self, world: Any, card: Card) -> None:
        body = world.message(msgtype="template_card", template_card=card(), enable_duplicate_check=1)
        raw = json.dumps(body).encode()
        first = await world.call("message/send", data=raw)
        second = await world.call("message/send", data=raw)
        assert (second["errcode"], second["msgid"]) == (0, first["msgid"])
        assert "response_code" not in second
        assert len(await world.inbox()) == 1
        assert (await world.get("wire"))["requests"][-1]["became"]["duplicate_of"] == first["msgid"]

    async def test_other_bytes_are_another_message(self, world: Any) -> None:
        body = world.message(enable_duplicate_check=1)
        await world.call("message/send", data=json.dumps(body).encode())
        await world.call("message/send", data=json.dumps(body, indent=1).encode())
        assert len(await world.inbox()) == 2

    async def test_not_asked_for_not_done(self, world: Any) -> None:
        await world.send("again")
        await world.send("again")
        assert len(await world.inbox()) == 2

    @pytest.mark.parametrize(("interval", "seconds"), [({}, 1800), ({"duplicate_check_interval": 14400}, 14400)])
    async def test_it_ends_with_the_interval(self, world: Any, interval: dict[str, int], seconds: int) -> None:
        asked = {"enable_duplicate_check": 1, **interval}
        await world.send("again", **asked)
        await world.post("clock", step=seconds - 1)
        await world.send("again", **asked)
        assert len(await world.inbox()) == 1
        await world.post("clock", step=1)
        await world.send("again", **asked)
        assert len(await world.inbox()) == 2


async def test_clients_clip_what_is_too_long(world: Any, card: Card) -> None:
    answer = await world.send_card(card(main_title={"title": "长" * 50}))
    assert answer["errcode"] == 0
    [entry] = await world.inbox()
    assert "长" * 35 + "…" in entry["shown"]
    assert entry["payload"]["main_title"]["title"] == "长" * 50


def test_settings_are_the_same_at_every_start() -> None:
    assert Settings().credentials("u") == Settings().credentials("u")
