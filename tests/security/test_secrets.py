"""What stands nowhere but where it belongs: secrets, phones, names, words; after a story in which all goes wrong."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import structlog

from bot import cli, log
from bot.commands import check
from bot.sandbox import faults
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person
from tests.stories import browser
from tests.stories.theatre import ACK, Story, T

PASSWORD = "M4rkedPa55"
SAID = "进展 1 完成了一件别人不该知道的工作13912345678"
FAULTS: list[dict[str, str]] = [
    *({"name": name} for name in faults.ERRCODES),
    *({"name": "down", "answer": answer} for answer in faults.ANSWERS),
    {"name": "unknown_user", "person": "zhangsan"},
    {"name": "sms_down"},
]


@pytest.fixture
def logging_undone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the test configures is undone."""
    monkeypatch.setattr(log, "_secrets", ())
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


async def hidden(story: Story) -> set[str]:
    """Everything that no log may hold."""
    people = await Person.all()
    words = {word for each in people for word in (each.name, each.phone)} - {""}
    tokens = {*story.stage.platform.platform.tokens._expiry}
    return {*story.stage.settings.secrets(), *words, *tokens, SAID, "别人不该知道", "13912345678", "取水许可核查"}


async def trouble(story: Story) -> None:
    """One after the other, all that makes the bot complain."""
    stage = story.stage
    for fault in FAULTS:
        await stage.post("fault", count=2, **fault)
        await story.say("张三", SAID)
        await stage.settle()
    async with aiohttp.ClientSession() as http:
        for query in ({}, {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "n"}):
            async with http.post(f"{stage.url}/wecom/callback", params=query, data=SAID.encode()) as answer:
                assert await answer.text() == ""
    async with browser.opened(stage, "张三") as phone:
        await phone.get("/m/2026-0001/completion")
        await phone.get("/login/wecom?code=stolen&state=guessed")
        await phone.post("/m/2026-0001/completion", {"csrf": "forged", "reason": SAID})
    # a row that can't be planned: its error is told, with the value that it stumbled over
    await Obligation.filter(name="N3").update(next_notice_at=T)
    await Matter.all().update(ruleset={"calendar": SAID})
    await stage.engine.run(stage.engine.plan)


@pytest.mark.usefixtures("logging_undone")
async def test_nothing_of_it_in_the_log(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    log.hide(story.stage.settings.secrets())
    await story.until(T)
    await story.matter()
    await story.say("张三", ACK)
    capsys.readouterr()
    await trouble(story)
    secrets = await hidden(story)
    seen = capsys.readouterr()
    printed = seen.out + seen.err
    assert {"callback refused", "obligation_quarantined"} <= {
        line[31:].split("  ")[0].strip() for line in printed.splitlines()
    }
    assert not [each for each in secrets if each in printed]
    assert log.mask(printed) == printed
    await story.stage.stop()
    await check.run(story.stage.settings)
    seen = capsys.readouterr()
    assert "the platform accepts the credentials" in seen.out
    shown = seen.out + seen.err + repr(story.stage.settings) + str(story.stage.settings)
    assert not [each for each in story.stage.settings.secrets() if each in shown]


@pytest.mark.parametrize("command", [("check",), ("migrate",), ("serve",), ("matter", "list"), ("audit", "verify")])
@pytest.mark.usefixtures("logging_undone")
def test_the_databases_password(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"postgres://duban:{PASSWORD}@127.0.0.1:1/duban?connect_timeout=1"
    Path("config.toml").write_text(f'[database]\nurl = "{url}"\n[ledger]\nkey = "{"k" * 32}"\n', "utf-8")
    assert cli.run(command) == 1
    seen = capfd.readouterr()
    assert PASSWORD not in seen.out + seen.err
    assert "Traceback" not in seen.out + seen.err
    assert "database" in seen.out + seen.err
