"""Phrases as people really type them: understood, or asked back; the page shows what the bot does (docs/phrases.md)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.phrases import page

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
