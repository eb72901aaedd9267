"""The ledger anchored by the minute: one file a day, whoever writes it; the office hears of it and of broken links."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.channels import RateLimited
from bot.engine import anchors, digest, word
from bot.rules.calendar import SHANGHAI
from models import audit
from models.anchor import Anchor
from models.delivery import Delivery
from models.ledger import Ledger
from models.system import Meta
from tests.department import KEY, T
from tests.engine.desk import Desk

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MORNING = datetime(2026, 3, 3, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files"


def kept(files: Path) -> list[str]:
    return sorted(path.name for path in (files.parent / "anchors").glob("*"))


async def test_one_file_a_day_and_the_office_hears_of_it(desk: Desk, files: Path) -> None:
    await anchors.keep(T, files)
    assert not kept(files)
    await desk.matter()
    await asyncio.gather(*(anchors.keep(T + MINUTE, files) for _ in range(3)))
    await desk.world.say("a", "进展 1 已完成现场核查，形成问题清单", 1)
    await anchors.keep(T + 2 * MINUTE, files)
    assert (await Anchor.all().count(), kept(files)) == (2, ["2026-03-02.json"])
    place = files.parent / "anchors" / "2026-03-02.json"
    assert place.stat().st_mode & 0o777 == 0o600
    first = place.read_bytes()
    # nothing new by the next day's midnight but the second anchor
    await anchors.keep(T + DAY, files)
    await anchors.keep(T + 2 * DAY, files)
    assert kept(files) == ["2026-03-02.json", "2026-03-03.json"]
    # a process that died before it wrote: another one writes the same bytes
    place.rename(files.parent / "moved")
    told = await anchors.latest()
    assert told
    assert (told.day, told.n) == ("2026-03-03", 2)
    (files.parent / "anchors" / told.name).unlink()
    await anchors.keep(T + DAY, files)
    found = audit.opened("x", (files.parent / "anchors" / told.name).read_text("utf-8"), KEY)
    assert found
    assert (found.anchor, found.hash) == (told.n, told.hash)
    assert audit.opened("x", first.decode(), KEY)
    assert await audit.Audit(KEY).first(found) is None

    await digest.plan(MORNING)
    texts = {each.key: each.value for each in await Meta.filter(key__startswith="digest:")}
    office = {f"digest:{desk.world.people[user]}" for user in ("wang", "ban")}
    assert {key for key, text in texts.items() if "台账存证" in text} == office
    assert f"第2号，校验码{told.hash[:16]}，文件2026-03-03.json" in texts[office.pop()]
    assert await digest.plan(MORNING + DAY) == 0


async def test_a_file_that_can_not_be_written_holds_nothing_up(
    desk: Desk, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files.parent / "anchors").write_text("a file where the folder should be")
    await desk.matter()
    await anchors.keep(T + MINUTE, files)
    assert await Anchor.all().count() == 1
    assert "anchor_not_exported" in capsys.readouterr().out
    (files.parent / "anchors").unlink()
    await anchors.keep(T + 2 * MINUTE, files)
    assert kept(files) == ["2026-03-02.json"]


async def test_a_broken_link_is_told_at_once_and_once(desk: Desk, files: Path) -> None:
    await desk.matter()
    await anchors.keep(T + MINUTE, files)
    await Ledger.filter(n=2).update(verb="x")
    await desk.world.say("a", "进展 1 已完成现场核查，形成问题清单", 1)
    for minute in range(3):
        await anchors.keep(T + DAY + minute * MINUTE, files)
    queued = await Delivery.filter(kind="word").order_by("person_id")
    assert [each.person_id for each in queued] == sorted(desk.world.people[user] for user in ("wang", "ban"))
    desk.wecom.raw.clear()
    while await desk.send(24.1):
        pass
    said = [each["text"] for each in desk.wecom.sent if "台账校验" in each.get("text", "")]
    assert len(said) == 2
    assert "2026-0001第2条已被改动" in said[0]


async def test_a_word_that_failed_at_first_reaches_each_of_them(desk: Desk, files: Path) -> None:
    """What is sent again was rendered for one person each, though all share the bundle."""
    assert await word.office("k", "welcome", T, name="办公室", count=0)
    assert not await word.office("k", "welcome", T, name="办公室", count=0)
    desk.wecom.errors = [RateLimited(1.0), RateLimited(1.0)]
    await desk.send(0)
    desk.wecom.raw.clear()
    desk.wall.on(seconds=60)
    await desk.send(0)
    assert desk.wecom.users == ["ban", "wang"]
