"""What the matrix of roles and the page of phrases read off a reply is right: no template is taken for another."""

from __future__ import annotations

import pytest

from bot import render
from tests import shapes
from tests.words import test_templates as templates

CASES = [
    *((code, render.reply, facts) for code, facts in templates.REPLIES),
    *((f"refused/{code}", render.refusal, facts) for code, facts in templates.REFUSALS),
]


def test_every_reply_is_recognised_by_its_words() -> None:
    for name, write, facts in CASES:
        assert shapes.name(write(name.removeprefix("refused/"), **facts)) == name


def test_foreign_words_are_no_reply() -> None:
    with pytest.raises(LookupError):
        shapes.name("今天下雨")
