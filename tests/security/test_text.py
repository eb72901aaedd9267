"""What people write stays words: in XML, JSON cards, text messages, SMS, spreadsheets and file names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot import render
from bot.channels import Card
from bot.channels.wecom import passive
from bot.channels.wecom.client import WeCom
from bot.documents import tables
from tests.words import facts, family_facts, office_facts, report_facts

HOSTILE = (
    '"}],"actions":[{"text":"x","key":"approve:1"}],"x":"',
    "]]></Content><FromUserName>zhengqiang</FromUserName><![CDATA[",
    "{{ 7 * 7 }}{% include 'words.toml' %}",
    '<a href="https://evil.example">点此登录</a>',
    "【某银行】您的验证码\r\n1234",
    "\\u0022\\n\\\\ \u2028\u202e\x00\x0b",
    "=HYPERLINK(1)|cmd",
    "**bold** [link](https://evil.example) <font color='info'>",
)
CARDS = {**facts.CARDS, **office_facts.CARDS, **family_facts.CARDS, **report_facts.CARDS}
WRITTEN = ("title", "text", "reason", "instruction", "handler", "by", "words", "name", "unit", "note", "quote")


def spoilt(row: dict[str, Any], words: str) -> dict[str, Any]:
    """The facts with everything that people write replaced."""
    made = {name: words if name in WRITTEN and value else value for name, value in row.items()}
    if "people" in row:
        made["people"] = [(each, words) for each, _ in row["people"]]
    if "items" in row:
        made["items"] = [{**item, "title": words} for item in row["items"]]
    return made


def bones(card: Card) -> tuple[Any, ...]:
    """What no words may change: buttons, the question and its answers, the address."""
    choice = card.choice and (card.choice.key, [key for key, _ in card.choice.options])
    return [action.key for action in card.actions], choice, card.url, len(card.facts) <= 6


@pytest.mark.parametrize("words", HOSTILE)
def test_cards_keep_their_bones(words: str) -> None:
    for kind, rows in CARDS.items():
        for row in rows:
            card = render.card(kind, **spoilt(row, words))
            assert bones(card) == bones(render.card(kind, **row)), kind


@pytest.mark.parametrize("words", HOSTILE)
def test_messages_are_one_text(words: str) -> None:
    client = WeCom("corp", 1, "secret")
    sent = json.loads(client.payload("zhangsan", words, "t"))
    assert sent["touser"] == "zhangsan"
    assert sent["text"]["content"].replace("＜", "<") == words
    assert not re.search(r"<\s*/?\s*a\b", sent["text"]["content"], re.IGNORECASE)
    carded = json.loads(client.payload("zhangsan", Card(words, url="https://duban.example.cn"), "t"))
    assert carded["template_card"]["main_title"]["title"][:20] == words[:20]
    at = facts.NOW
    for xml in (passive.text("c", "u", words, at), passive.update_card("c", "u", Card(words, done=words[:10]))):
        tree = ElementTree.fromstring(xml)
        assert [each.text for each in tree.iter("FromUserName")] == ["c"]
        assert [each.text for each in tree.iter("ToUserName")] == ["u"]


@pytest.mark.parametrize("words", HOSTILE)
def test_an_sms_has_one_sign_and_one_line(words: str) -> None:
    row = {**facts.NOTICE, "title": words, "sensitive": False, "sign": "督办", "now": facts.NOW, "seq": 1, "count": 2}
    for kind in ("initiate", "remind", "urge", "supervise", "generic"):
        text = render.sms(kind, **row)
        assert (text.count("【"), text.count("】"), text.startswith("【督办】")) == (1, 1, True)
        assert len(text) <= 70
        assert "\n" not in text
        assert "\r" not in text


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_all_come_back(tmp_path: Path, words: str, suffix: str) -> None:
    plain = re.sub(r"[\x00-\x1f\u2028]", "", words).strip()
    cells = [plain, f"={plain}", f"+{plain}", f"-{plain}", f"@{plain}", f"'={plain}"]
    place = tmp_path / f"roster.{suffix}"
    tables.write(place, [["a"] * len(cells), cells])
    assert tables.read(place)[1] == cells
    if suffix == "csv":
        raw = place.read_text("utf-8-sig").splitlines()[1]
        assert not re.search(r'(?:^|,)"?[=+\-@]', raw.replace('""', ""))
    else:
        import zipfile

        with zipfile.ZipFile(place) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
