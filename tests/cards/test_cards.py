"""Every card the product can send fits the platform, first as a message, then answered; the sandbox takes it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot import render
from bot.channels import Card
from bot.channels.wecom import cards, limits
from bot.channels.wecom.client import WeCom
from bot.sandbox import app as sandbox
from bot.sandbox.settings import Settings
from tests.cards import kinds
from tests.words import facts

HOME = "http://127.0.0.1:8713"


def message(card: Card) -> dict[str, Any]:
    made = cards.build(card, "duban-1", HOME)
    return {"touser": "zhangsan", "agentid": 1, "msgtype": "template_card", "template_card": made}


def update(card: Card) -> dict[str, Any]:
    return {
        "userids": ["zhangsan"],
        "agentid": 1,
        "response_code": "code",
        "template_card": cards.build(card, "duban-1", HOME),
    }


def test_the_kinds_are_these() -> None:
    """A new template without facts fails here by name."""
    assert sorted(kinds.CARDS) == kinds.KINDS
    assert {"initiate", "remind", "urge", "supervise", "accountability_proposal"} <= {*kinds.KINDS}


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_message_breaks_no_limit(kind: str) -> None:
    for row in kinds.rows(kind):
        card = render.card(kind, **row)
        made = message(card)
        assert limits.check(made) == [], row
        assert card.title.strip()
        assert "None" not in json.dumps(made, ensure_ascii=False)
        if row.get("sensitive"):
            assert kinds.HIDDEN not in json.dumps(made, ensure_ascii=False)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_an_answered_card_breaks_no_limit(kind: str) -> None:
    for done in kinds.DONE:
        for row in (long for each in kinds.CARDS[kind] for long in (each, kinds.extreme(each))):
            card = render.card(kind, **{**row, "done": done})
            assert limits.check_update(update(card)) == [], (done, row)
            assert card.tone == 3
            assert 0 < len(card.done) <= 10


@pytest.fixture
async def platform() -> AsyncIterator[sandbox.Running]:
    """A loopback platform."""
    running = await sandbox.serve(settings=Settings(start=facts.NOW, paused=True, accounts=5000))
    yield running
    await running.close()


@pytest.fixture
async def wecom(platform: sandbox.Running) -> AsyncIterator[WeCom]:
    """The product's own client of it."""
    found = platform.credentials()["wecom"]
    client = WeCom(found["corp_id"], found["agent_id"], found["secret"], api_base=found["api_base"], fallback_url=HOME)
    yield client
    await client.close()


async def test_the_platform_takes_every_card(platform: sandbox.Running, wecom: WeCom) -> None:
    """Each kind as it is and at its longest is sent, appears, and turns into its result."""
    sent = [(kind, row) for kind in kinds.KINDS for each in kinds.CARDS[kind] for row in (each, kinds.extreme(each))]
    people = [{"id": f"u{number}", "name": f"u{number}", "platform": "wecom"} for number in range(len(sent))]
    async with aiohttp.ClientSession() as session, session.post(f"{platform.control}/people", json=people) as answer:
        assert answer.status == 200
    for number, (kind, row) in enumerate(sent):
        user = f"u{number}"
        receipt = await wecom.send(wecom.payload(user, render.card(kind, **row), f"card-{number}"))
        (shown,) = platform.platform.inbox.of({user}, 0)
        assert (shown.kind, shown.state) == ("template_card", "sent"), kind
        if receipt.response_code:
            turned = render.card(kind, **{**row, "done": "settled"})
            await wecom.replace(user, receipt.response_code, turned, f"card-{number}")
            assert (shown.state, shown.shown()["buttons"]) == ("updated", []), kind
            assert "[已由他人办理]" in shown.shown()["shown"]
