"""update_template_card and recall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Card = Callable[..., dict[str, Any]]


async def update(world: Any, code: str, *users: str, **more: Any) -> dict[str, Any]:
    change = more or {"button": {"replace_name": "done"}}
    body = {"userids": list(users), "agentid": world.wecom["agent_id"], "response_code": code, **change}
    return dict(await world.call("message/update_template_card", json=body))


async def test_only_the_listed_members_see_the_change(world: Any, card: Card) -> None:
    code = (await world.send_card(card(), "zhangsan|LiSi"))["response_code"]
    answer = await update(world, code, "ZhangSan", "nobody")
    assert (answer["errcode"], answer["invaliduser"]) == (0, ["nobody"])
    [mine], [other] = await world.inbox(), await world.inbox("LiSi")
    assert (mine["state"], mine["buttons"], mine["card"]["replace_text"]) == ("updated", [], "done")
    assert "[done]" in mine["shown"]
    assert (other["state"], [row["key"] for row in other["buttons"]]) == ("sent", ["assign:1", "read:1"])
    assert "replace_text" not in mine["payload"]


async def test_a_whole_card_and_everybody(world: Any, card: Card) -> None:
    code = (await world.send_card(card(), "zhangsan|LiSi"))["response_code"]
    new = {"card_type": "text_notice", "main_title": {"title": "over"}, "card_action": {"type": 1, "url": "http://x"}}
    assert (await update(world, code, atall=1, template_card=new))["errcode"] == 0
    for person in ("zhangsan", "LiSi"):
        [entry] = await world.inbox(person)
        assert (entry["shown"], entry["card"]["task_id"]) == ("over", "t-1")


@pytest.mark.parametrize(("hours", "code"), [(71.9, 0), (72, 40058)])
async def test_a_response_code_lives_72_hours(world: Any, card: Card, hours: float, code: int) -> None:
    response_code = (await world.send_card(card()))["response_code"]
    await world.post("clock", step=hours * 3600)
    assert (await update(world, response_code, "zhangsan"))["errcode"] == code


async def test_a_response_code_works_once(world: Any, card: Card) -> None:
    code = (await world.send_card(card()))["response_code"]
    assert (await update(world, code, "zhangsan"))["errcode"] == 0
    again = await update(world, code, "zhangsan", button={"replace_name": "twice"})
    assert (again["errcode"], again["errmsg"]) == (40058, "invalid response_code: used")
    [entry] = await world.inbox()
    assert entry["card"]["replace_text"] == "done"


async def test_a_refused_update_leaves_the_code_good(world: Any, card: Card) -> None:
    code = (await world.send_card(card()))["response_code"]
    assert (await update(world, code))["errcode"] == 82001
    assert (await update(world, code, "zhangsan", button={}))["errcode"] == 40058
    assert (await update(world, code, "zhangsan", agentid=9))["errcode"] == 301002
    assert (await update(world, "made up", "zhangsan"))["errcode"] == 40058
    assert (await update(world, code, "zhangsan"))["errcode"] == 0


async def test_a_card_with_only_a_menu_is_replaced_whole(world: Any) -> None:
    notice = {
        "card_type": "text_notice",
        "task_id": "menu",
        "main_title": {"title": "notice"},
        "card_action": {"type": 1, "url": "http://x"},
        "action_menu": {"desc": "more", "action_list": [{"text": "mute", "key": "mute:1"}]},
    }
    code = (await world.send_card(notice))["response_code"]
    assert (await update(world, code, "zhangsan"))["errcode"] == 40058
    plain = {name: notice[name] for name in ("card_type", "main_title", "card_action")}
    assert (await update(world, code, "zhangsan", template_card=plain))["errcode"] == 0
    assert (await world.inbox())[0]["buttons"] == []


async def test_recall_takes_it_off_every_screen(world: Any) -> None:
    msgid = (await world.send("secret", "zhangsan|lisi"))["msgid"]
    assert (await world.call("message/recall", json={"msgid": msgid}))["errcode"] == 0
    for person in ("zhangsan", "LiSi"):
        [entry] = await world.inbox(person)
        assert (entry["state"], entry["shown"]) == ("recalled", "")


async def test_recall_ends_after_a_day(world: Any) -> None:
    msgid = (await world.send())["msgid"]
    assert (await world.call("message/recall", json={"msgid": "made up"}))["errcode"] == 40058
    await world.post("clock", step=24 * 3600 + 1)
    assert (await world.call("message/recall", json={"msgid": msgid}))["errcode"] == 40058
    assert (await world.inbox())[0]["state"] == "sent"
