"""Phrases as people really type them: understood, or asked back; the page shows what the bot does (docs/phrases.md)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.life import hands
from tests.phrases import page, scenes

SCENES = page.data()
SHOWN = page.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("scene", SCENES, ids=[f"{each['name']}-{each['who']}" for each in SCENES])
async def test_each_phrase_is_understood_or_asked_back(db: str, scene: dict[str, Any]) -> None:
    rows = await page.played(scene)
    assert {text: done for text, done, _ in rows} == dict(scene["phrases"])
    # `make phrases` writes the page
    assert page.section(scene, rows) in SHOWN


def test_the_page_shows_all_and_no_more() -> None:
    phrases = [text for scene in SCENES for text, _ in scene["phrases"]]
    assert len(phrases) > 200
    assert len([line for line in SHOWN.splitlines() if line.startswith("| ")]) == len(phrases) + len(SCENES)


NEVER_THE_ONLY_ONE = {
    "ban": [
        ("/退回 1号 缺数据", "return 2026-0001 N3 “缺数据”"),
        ("/退回 1 1、缺数据；2、缺附件", "return 2026-0001 N3 “1、缺数据；2、缺附件”"),
        ("/退回 2 1、缺数据；2、缺附件", "? unknown_matter"),
        ("/退回 2号 缺数据", "? unknown_matter"),
        ("/退回 2、3处缺数据", "? number_missing"),
        ("/退回 与2026-0002数据不符", "? number_missing"),
        ("/退回 3处缺数据", "return 2026-0001 N3 “3处缺数据”"),
        ("/催办 2号 请抓紧", "? unknown_matter"),
        ("/催办 2026 0002 请抓紧", "? number_missing"),
    ],
    "a": [
        ("进展 2 1、完成招标文件编制；2、组织专家评审", "? which"),
        ("进展 1号 完成招标文件编制和评审", "? which"),
        ("进展 1、2 本周完成招标文件编制", "? which"),
        ("完结 2 1、已整改到位；2、群众满意", "? which"),
        ("完结 2号 理由：已全部整改到位", "? which"),
        ("1、2 收到此项任务，经处室负责人批示，已安排张三处理解决。", "? which"),
    ],
}


async def test_what_may_be_another_number_never_means_the_only_matter(db: str) -> None:
    world = await scenes.set_up("filed")
    for who, rows in NEVER_THE_ONLY_ONE.items():
        for text, done in rows:
            assert (await scenes.play(world, who, text, hands.at("03-04 17:00")))[0] == done, text
