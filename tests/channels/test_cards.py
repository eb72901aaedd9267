"""The neutral card in the platform's shapes, and the XML of passive replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Action, Card, Choice
from bot.channels.wecom import card_limits, cards, passive

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LONG = "水" * 300
FULL = Card(
    title=LONG,
    desc=LONG,
    source=LONG,
    tone=2,
    quote=LONG,
    emphasis=LONG,
    emphasis_desc=LONG,
    text=LONG,
    facts=[(LONG, LONG)] * 6,
    url="https://d/m/1",
)
ASK = replace(
    FULL,
    choice=Choice("who", "承办人", [("u1", LONG), ("u2", "李四")], "u2"),
    actions=[Action(LONG, "ack:1:0:1", 1), Action("退回", "back:1:0:1", 3)],
)


@pytest.mark.parametrize("card", [FULL, ASK], ids=["notice", "buttons"])
def test_a_full_card_keeps_every_limit(card: Card) -> None:
    assert card_limits.check(cards.build(card, "t-1")) == []


def test_a_notice() -> None:
    made = cards.build(Card("标题", "副题", "13710", 3, facts=[("单位", "水资源处")], url="https://d/"), "t-1")
    assert made == {
        "card_type": "text_notice",
        "task_id": "t-1",
        "source": {"desc": "13710", "desc_color": 3},
        "main_title": {"title": "标题", "desc": "副题"},
        "horizontal_content_list": [{"keyname": "单位", "value": "水资源处"}],
        "card_action": {"type": 1, "url": "https://d/"},
    }


def test_a_card_with_buttons_and_a_pull_down() -> None:
    made = cards.build(ASK, "t-1")
    assert made["card_type"] == "button_interaction"
    assert made["button_selection"]["selected_id"] == "u2"
    assert [one["id"] for one in made["button_selection"]["option_list"]] == ["u1", "u2"]
    assert made["button_list"][1] == {"text": "退回", "style": 3, "key": "back:1:0:1"}
    assert "disable" not in made["button_selection"]
    assert "replace_text" not in made
    assert "emphasis_content" not in made
    assert made["sub_title_text"].startswith("水")


def test_an_answered_card() -> None:
    made = cards.build(replace(ASK, done="已反馈"), "t-1")
    assert made["replace_text"] == "已反馈"
    assert made["button_selection"]["disable"] is True
    assert card_limits.check(made, update=True) == []
    assert {one.field for one in card_limits.check(made)} == {
        "template_card.replace_text",
        "template_card.button_selection.disable",
    }


def test_an_answered_card_without_actions_still_shows_its_word() -> None:
    made = cards.build(Card("标题", done="已办结"))
    assert made["card_type"] == "button_interaction"
    assert len(made["button_list"]) == 1
    assert card_limits.check(made, update=True) == []


def test_a_notice_opens_the_fallback_and_buttons_need_none() -> None:
    assert cards.build(Card("t"), "", "https://f/")["card_action"] == {"type": 1, "url": "https://f/"}
    assert cards.build(Card("t", url="https://own/"), "", "https://f/")["card_action"]["url"] == "https://own/"
    assert "card_action" not in cards.build(replace(ASK, url=""), "t", "https://f/")
    assert card_limits.check(cards.build(Card("t")))[0].errcode == 42045


@pytest.mark.parametrize(("length", "shown"), [(0, 0), (35, 35), (36, 36), (37, 36), (300, 36)])
def test_shortening_marks_what_it_cuts(length: int, shown: int) -> None:
    short = cards.shorten("字" * length, 36)
    assert len(short) == shown
    assert short.endswith("…") == (length > 36)


@given(text=st.text(max_size=60), most=st.integers(3, 80))
def test_cutting_bytes(text: str, most: int) -> None:
    cut = cards.cut_bytes(text, most)
    assert len(cut.encode()) <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
    assert cut == text or len(cut.encode()) > most - 4  # no more is cut than one character's bytes


@given(text=st.text(max_size=80) | st.lists(st.sampled_from("]>[!a"), max_size=30).map("".join))
def test_a_text_reply_brings_back_what_was_said(text: str) -> None:
    node = ElementTree.fromstring(passive.text("ww1", "U1", text, AT))
    assert [one.tag for one in node] == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    legal = passive._ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")  # XML's own line ends
    assert (node.findtext("Content") or "") == legal
    assert node.findtext("CreateTime") == "1772413200"


def test_a_text_reply_is_cut_at_2048_bytes_between_characters() -> None:
    node = ElementTree.fromstring(passive.text("ww1", "U1", "字" * 1000, AT))
    said = node.findtext("Content") or ""
    assert len(said.encode()) == 2046
    assert said == "字" * 681 + "…"


SAMPLES: dict[str, tuple[dict[str, Any], str]] = {
    "button": (
        {
            "card_type": "button_interaction",
            "source": {"icon_url": "i", "desc": "来源", "desc_color": 2},
            "action_menu": {"desc": "d", "action_list": [{"text": "A", "key": "a"}, {"text": "B", "key": "b"}]},
            "main_title": {"title": "t", "desc": "d"},
            "quote_area": {"type": 1, "url": "u", "title": "q", "quote_text": "qt"},
            "sub_title_text": "s",
            "horizontal_content_list": [
                {"keyname": "k", "value": "v"},
                {"type": 3, "keyname": "k", "value": "v", "userid": "u"},
            ],
            "card_action": {"type": 2, "appid": "x", "pagepath": "p"},
            "button_selection": {
                "question_key": "q",
                "option_list": [{"id": "1", "text": "o"}],
                "selected_id": "1",
                "disable": False,
            },
            "button_list": [{"text": "b", "style": 1, "key": "k"}],
            "replace_text": "已提交",
        },
        "<CardType>button_interaction</CardType>"
        "<Source><IconUrl>i</IconUrl><Desc>来源</Desc><DescColor>2</DescColor></Source>"
        "<ActionMenu><Desc>d</Desc><ActionList><Text>A</Text><Key>a</Key></ActionList>"
        "<ActionList><Text>B</Text><Key>b</Key></ActionList></ActionMenu>"
        "<MainTitle><Title>t</Title><Desc>d</Desc></MainTitle>"
        "<QuoteArea><Type>1</Type><Url>u</Url><Title>q</Title><QuoteText>qt</QuoteText></QuoteArea>"
        "<SubTitleText>s</SubTitleText>"
        "<HorizontalContentList><KeyName>k</KeyName><Value>v</Value></HorizontalContentList>"
        "<HorizontalContentList><Type>3</Type><KeyName>k</KeyName><Value>v</Value><UserId>u</UserId>"
        "</HorizontalContentList><CardAction><Type>2</Type><AppId>x</AppId><PagePath>p</PagePath></CardAction>"
        "<ButtonSelection><QuestionKey>q</QuestionKey><OptionList><Id>1</Id><Text>o</Text></OptionList>"
        "<SelectedId>1</SelectedId><Disable>false</Disable></ButtonSelection>"
        "<ButtonList><Text>b</Text><Style>1</Style><Key>k</Key></ButtonList><ReplaceText>已提交</ReplaceText>",
    ),
    "vote": (
        {
            "card_type": "vote_interaction",
            "checkbox": {
                "question_key": "q",
                "option_list": [{"id": "1", "text": "o", "is_checked": True}],
                "disable": False,
                "mode": 1,
            },
            "submit_button": {"text": "提交", "key": "k"},
        },
        "<CardType>vote_interaction</CardType><CheckBox><QuestionKey>q</QuestionKey>"
        "<OptionList><Id>1</Id><Text>o</Text><IsChecked>true</IsChecked></OptionList>"
        "<Disable>false</Disable><Mode>1</Mode></CheckBox>"
        "<SubmitButton><Text>提交</Text><Key>k</Key></SubmitButton>",
    ),
    "multiple": (
        {"card_type": "multiple_interaction", "select_list": [{"question_key": "q", "selected_id": "1"}]},
        "<CardType>multiple_interaction</CardType>"
        "<SelectList><QuestionKey>q</QuestionKey><SelectedId>1</SelectedId></SelectList>",
    ),
}


@pytest.mark.parametrize(("card", "inner"), SAMPLES.values(), ids=SAMPLES.keys())
def test_passive_xml_has_the_documented_names(card: dict[str, Any], inner: str) -> None:
    made = passive.template_card("ww1", "U1", card)
    expected = (
        "<xml><FromUserName>ww1</FromUserName><ToUserName>U1</ToUserName>"
        f"<MsgType>update_template_card</MsgType><TemplateCard>{inner}</TemplateCard></xml>"
    )
    assert made.replace("<![CDATA[", "").replace("]]>", "") == expected
    assert "<Disable><![CDATA[" not in made  # numbers and truth values stand bare


def test_a_passive_update_with_a_hostile_title() -> None:
    card = replace(ASK, title="]]><Evil/>&amp;", done="已反馈")
    node = ElementTree.fromstring(passive.update_card("ww1", "U1", card))
    assert node.findtext("TemplateCard/MainTitle/Title") == "]]><Evil/>&amp;"
    assert node.findtext("TemplateCard/ButtonSelection/Disable") == "true"
    assert [one.text for one in node.iterfind("TemplateCard/ButtonList/Key")] == ["ack:1:0:1", "back:1:0:1"]


def test_a_passive_update_that_breaks_a_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="horizontal_content_list"):
        passive.update_card("ww1", "U1", replace(FULL, facts=[("a", "b")] * 7))
    with pytest.raises(ValueError, match="card_action"):
        passive.update_card("ww1", "U1", Card("t"))
    assert passive.update_card("ww1", "U1", Card("t"), "https://f/")
