"""What each kind of callback becomes: kind, text, button, key, instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.wecom import tree
from bot.router import Message

Plain = Callable[..., str]
EVENT_CARD = "<Event>template_card_event</Event><EventKey>ack:7:0:9</EventKey><TaskId>t-1</TaskId>"


def opened(app: Any, xml: str, at: datetime) -> Message:
    message: Message = app.callback().open(*app.sealed(xml, at), at, at)
    return message


KINDS = [
    ("text", "<Content><![CDATA[进展 1 <b>&]]]]><![CDATA[>]]></Content>", "text", "进展 1 <b>&]]>"),
    ("image", "<PicUrl>u</PicUrl><MediaId>m</MediaId>", "image", ""),
    ("voice", "<MediaId>m</MediaId><Format>amr</Format>", "voice", ""),
    ("video", "<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>", "video", ""),
    ("location", "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Label>厅</Label>", "location", "厅"),
    ("link", "<Title>标题</Title><Url>https://a</Url>", "link", "标题"),
    ("file", "<FileName>报告.docx</FileName><MediaId>m</MediaId>", "file", "报告.docx"),
    ("event", "<Event>click</Event><EventKey>todo</EventKey>", "click", "todo"),
    ("event", "<Event>VIEW</Event><EventKey>https://a</EventKey>", "view", "https://a"),
    ("event", "<Event>enter_agent</Event><EventKey/>", "enter", ""),
    ("event", "<Event>subscribe</Event>", "subscribe", ""),
    ("event", "<Event>unsubscribe</Event>", "unsubscribe", ""),
    ("event", "<Event>change_contact</Event><ChangeType>update_user</ChangeType><UserID>A</UserID>", "contact", ""),
    ("event", "<Event>batch_job_result</Event><BatchJob><JobId>1</JobId></BatchJob>", "other", ""),
    ("event", "<Event>LOCATION</Event><Latitude>23</Latitude>", "other", ""),
    ("event", "", "other", ""),
    ("hologram", "", "other", ""),
]


@pytest.mark.parametrize(("kind", "fields", "becomes", "text"), KINDS)
def test_kinds(app: Any, plain: Plain, now: datetime, kind: str, fields: str, becomes: str, text: str) -> None:
    message = opened(app, plain(kind, fields), now)
    assert (message.channel, message.corp, message.agent) == ("wecom", app.corp_id, "1000002")
    assert (message.kind, message.text, message.user) == (becomes, text, "zhangsan")
    assert (message.at, message.received) == (now, now)
    assert message.key


def items(*pairs: tuple[str, list[str]]) -> str:
    inner = "".join(
        f"<SelectedItem><QuestionKey>{key}</QuestionKey><OptionIds>"
        + "".join(f"<OptionId>{one}</OptionId>" for one in options)
        + "</OptionIds></SelectedItem>"
        for key, options in pairs
    )
    return f"<SelectedItems>{inner}</SelectedItems>"


@pytest.mark.parametrize(
    ("fields", "selected"),
    [
        ("", {}),
        ("<SelectedItems/>", {}),
        (items(("q", ["a"])), {"q": ("a",)}),
        (items(("q", ["a", "b"])), {"q": ("a", "b")}),
        (items(("q", ["a"]), ("r", [])), {"q": ("a",), "r": ()}),
        (items(("q", ["a", "b"]), ("r", ["c"]), ("s", ["d"])), {"q": ("a", "b"), "r": ("c",), "s": ("d",)}),
    ],
)
def test_card_presses(app: Any, plain: Plain, now: datetime, fields: str, selected: dict[str, Any]) -> None:
    code = "<ResponseCode>rc</ResponseCode><CardType>button_interaction</CardType>"
    message = opened(app, plain("event", EVENT_CARD + code + fields), now)
    assert message.kind == "card"
    button = message.button
    assert button is not None
    assert (button.key, button.task_id, button.response_code) == ("ack:7:0:9", "t-1", "rc")
    assert (button.card_type, button.selected) == ("button_interaction", selected)


def test_a_menu_press_is_a_card_press(app: Any, plain: Plain, now: datetime) -> None:
    fields = "<Event>template_card_menu_event</Event><EventKey>mute:1</EventKey><ResponseCode>rc</ResponseCode>"
    message = opened(app, plain("event", fields), now)
    assert message.kind == "card"
    assert message.button is not None
    assert (message.button.key, message.button.response_code) == ("mute:1", "rc")


def test_keys_are_the_same_for_a_retry_and_differ_for_another(app: Any, plain: Plain, now: datetime) -> None:
    def key(xml: str) -> str:
        return opened(app, xml, now).key

    assert key(plain()) == "4561255354251345929"
    press = plain("event", EVENT_CARD + "<ResponseCode>1</ResponseCode>")
    assert key(press) == key(press)
    others = [
        press.replace("<ResponseCode>1", "<ResponseCode>2"),
        press.replace("t-1", "t-2"),
        press.replace("ack:7", "ack:8"),
        press.replace("ZhangSan", "LiSi"),
        press.replace(str(int(now.timestamp())), str(int(now.timestamp()) - 1)),
    ]
    assert len({key(press), *map(key, others)}) == 6
    contact = "<Event>change_contact</Event><ChangeType>update_user</ChangeType><UserID>{}</UserID>"
    made = [plain("event", contact.format(one), FromUserName="sys") for one in "AB"]
    assert len({*map(key, made)}) == 2


def test_a_contact_event_without_agent_gets_ours(app: Any, plain: Plain, now: datetime) -> None:
    assert opened(app, plain("event", "<Event>change_contact</Event>", AgentID=""), now).agent == "1000002"


@pytest.mark.parametrize(
    ("created", "seconds"),
    [
        *(("-0", 0), ("-30", -30), ("-600", -600), ("-601", -600), ("-99999", -600), ("+5", 0), ("0", -600)),
        *(("999999999999", 0), ("99999999999999999999", 0), ("soon", 0), ("²", 0), ("", 0)),
    ],
)
def test_the_instant_is_clamped(app: Any, plain: Plain, now: datetime, created: str, seconds: int) -> None:
    if created[:1] in ("-", "+"):
        created = str(int(now.timestamp()) + int(created))
    message = opened(app, plain(CreateTime=created), now)
    assert message.at == now + timedelta(seconds=seconds)
    assert message.at.tzinfo == UTC


def test_business_and_wall_time_are_apart(app: Any, plain: Plain, now: datetime) -> None:
    virtual = datetime(2030, 1, 1, tzinfo=UTC)
    query, body = app.sealed(plain(CreateTime=str(int(virtual.timestamp()))), now)
    message = app.callback().open(query, body, virtual, now)
    assert (message.at, message.received) == (virtual, virtual)


def test_the_tree_normalises_one_and_many() -> None:
    assert tree.parse("<xml><a>1</a><b><c/><c>2</c><c/></b></xml>") == {"a": "1", "b": {"c": ["", "2", ""]}}
    assert tree.many({"a": "1"}, "a") == ["1"]
    assert tree.many({}, "a") == []
