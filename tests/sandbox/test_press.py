"""Presses: what can be pressed, what the event carries, how the card changes for the one who pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import replies

Card = Callable[..., dict[str, Any]]

DONE = "<MsgType>update_button</MsgType><Button><ReplaceName><![CDATA[done]]></ReplaceName></Button>"
CARD = (
    "<MsgType>update_template_card</MsgType><TemplateCard><CardType>button_interaction</CardType>"
    "<MainTitle><Title>next</Title></MainTitle>"
    "<HorizontalContentList><KeyName>unit</KeyName><Value>water</Value></HorizontalContentList>"
    "<ButtonList><Text>undo</Text><Style>2</Style><Key>undo:1</Key></ButtonList></TemplateCard>"
)


def answering(inner: str) -> Any:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return bot.sealed(inner, person=message["FromUserName"])

    return script


@pytest.fixture
async def sent(world: Any, card: Card) -> Any:
    """The world with a card on two screens."""
    await world.post("callback", url=world.bot_url)
    world.answer = await world.send_card(card(), "zhangsan|LiSi")
    return world


async def press(world: Any, button: str = "read:1", person: str = "zhangsan", **more: Any) -> dict[str, Any]:
    [entry] = await world.inbox(person)
    return dict(await world.post("press", person=person, message=entry["id"], button=button, **more))


async def test_the_event_names_button_card_and_choice(sent: Any) -> None:
    found = await press(sent, "assign", selected={"handler": ["2"]})
    assert (found["tries"], found["status"], found["reply"]) == (1, 200, None)
    [event] = sent.bot.seen
    assert (event["Event"], event["EventKey"], event["TaskId"]) == ("template_card_event", "assign:1", "t-1")
    assert event["CardType"] == "button_interaction"
    assert event["SelectedItems"]["SelectedItem"] == {"QuestionKey": "handler", "OptionIds": {"OptionId": "2"}}


async def test_what_is_not_chosen_stays_as_shown(sent: Any) -> None:
    await press(sent)
    assert sent.bot.seen[0]["SelectedItems"]["SelectedItem"]["OptionIds"] == {"OptionId": "1"}


async def test_every_press_brings_a_fresh_code_good_for_one_update(sent: Any) -> None:
    await press(sent)
    await press(sent)
    codes = {sent.answer["response_code"], *(event["ResponseCode"] for event in sent.bot.seen)}
    assert len(codes) == 3
    for number, code in enumerate(sorted(codes)):
        body = {"userids": ["LiSi"], "agentid": sent.wecom["agent_id"], "response_code": code}
        change = {"button": {"replace_name": f"done {number}"}}
        for errcode in (0, 40058):
            answer = await sent.call("message/update_template_card", json={**body, **change})
            assert answer["errcode"] == errcode
    assert (await sent.inbox("LiSi"))[0]["card"]["replace_text"] == "done 2"


async def test_update_button_greys_the_card_of_one_person(sent: Any) -> None:
    sent.bot.script = answering(DONE)
    found = await press(sent)
    assert found["reply"]["kind"] == "update_button"
    [mine], [other] = await sent.inbox(), await sent.inbox("LiSi")
    assert (mine["state"], mine["buttons"]) == ("updated", [])
    assert (other["state"], len(other["buttons"])) == ("sent", 2)
    again = await press(sent)
    assert (again["http"], again["error"][:7]) == (400, "button:")
    assert (await press(sent, person="LiSi"))["tries"] == 1


async def test_update_template_card_replaces_it_and_it_can_be_pressed(sent: Any) -> None:
    sent.bot.script = answering(CARD)
    found = await press(sent)
    assert found["reply"]["card"]["horizontal_content_list"] == [{"keyname": "unit", "value": "water"}]
    [mine], [other] = await sent.inbox(), await sent.inbox("LiSi")
    assert mine["shown"] == "next\nunit water\n[undo]"
    assert other["state"] == "sent"
    await press(sent, "undo")
    assert (sent.bot.seen[-1]["EventKey"], sent.bot.seen[-1]["TaskId"]) == ("undo:1", "t-1")


async def test_a_card_that_breaks_the_limits_is_not_shown(sent: Any) -> None:
    sent.bot.script = answering(CARD.replace("button_interaction", "postcard"))
    found = await press(sent)
    assert found["reply"] is None
    assert "card_type" in found["error"]
    assert (await sent.inbox())[0]["state"] == "sent"


async def test_a_text_answers_a_press(sent: Any) -> None:
    sent.bot.script = answering("<MsgType>text</MsgType><Content>who?</Content>")
    await press(sent)
    assert [entry["shown"] for entry in await sent.inbox()][-1] == "who?"


async def test_what_can_not_be_pressed(sent: Any) -> None:
    [entry] = await sent.inbox()
    refusals = [
        ({"button": "nothing"}, 400),
        ({"button": "read", "selected": {"other": ["1"]}}, 400),
        ({"button": "read", "selected": {"handler": ["9"]}}, 400),
        ({"button": "read", "selected": {"handler": ["1", "2"]}}, 400),
        ({"button": "read", "message": 99}, 404),
        ({"button": "read", "person": "LiSi"}, 404),
        ({"button": "read", "message": "one"}, 404),
    ]
    for change, status in refusals:
        found = await sent.post("press", **{"person": "zhangsan", "message": entry["id"], **change})
        assert found["http"] == status, change
    assert sent.bot.seen == []


async def test_a_recalled_card_can_not_be_pressed(sent: Any) -> None:
    await sent.call("message/recall", json={"msgid": sent.answer["msgid"]})
    assert (await press(sent))["http"] == 400


async def test_votes_and_menus(world: Any) -> None:
    await world.post("callback", url=world.bot_url)
    options = [{"id": str(number), "text": f"n{number}", "is_checked": number == 1} for number in range(3)]
    vote = {
        "card_type": "vote_interaction",
        "task_id": "v",
        "main_title": {"title": "vote"},
        "checkbox": {"question_key": "q", "mode": 1, "option_list": options},
        "submit_button": {"text": "go", "key": "vote:1"},
    }
    assert (await world.send_card(vote))["errcode"] == 0
    await press(world, "go", selected={"q": ["0", "2"]})
    chosen = world.bot.seen[0]["SelectedItems"]["SelectedItem"]["OptionIds"]["OptionId"]
    assert chosen == ["0", "2"]
    menu = {
        "card_type": "text_notice",
        "task_id": "m",
        "main_title": {"title": "menu"},
        "card_action": {"type": 1, "url": "http://x"},
        "action_menu": {"desc": "more", "action_list": [{"text": "mute", "key": "mute:1"}]},
    }
    assert (await world.send_card(menu, "LiSi"))["errcode"] == 0
    await press(world, "mute", person="LiSi")
    event = world.bot.seen[1]
    assert (event["Event"], event["EventKey"], "SelectedItems" in event) == (
        "template_card_menu_event",
        "mute:1",
        False,
    )


def test_the_xml_of_a_card_reads_as_its_json() -> None:
    xml = {
        "CardType": "multiple_interaction",
        "SelectList": {"QuestionKey": "q", "OptionList": {"Id": "1", "Text": "one"}, "Disable": "false"},
        "CheckBox": {"OptionList": [{"Id": "a", "IsChecked": "true"}], "Mode": "1"},
        "CardAction": {"Type": "2", "AppId": "x", "PagePath": "p"},
        "HorizontalContentList": [{"KeyName": "k", "UserId": "u", "MediaId": None}],
    }
    assert replies.snake(xml) == {
        "card_type": "multiple_interaction",
        "select_list": [{"question_key": "q", "option_list": [{"id": "1", "text": "one"}], "disable": False}],
        "checkbox": {"option_list": [{"id": "a", "is_checked": True}], "mode": 1},
        "card_action": {"type": 2, "appid": "x", "pagepath": "p"},
        "horizontal_content_list": [{"keyname": "k", "userid": "u", "media_id": ""}],
    }
