"""What is past its time goes to the archive, month by month, and then only; what proves a notice stays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.engine import auditor, points, retention, word
from bot.engine.retention import Keeping
from bot.rules.calendar import SHANGHAI
from models import database
from models.delivery import Attempt, Delivery
from models.document import Document
from models.inbound import Inbound
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.recipient import Quota
from models.score import ScoreEvent
from models.system import Heartbeat
from tests.department import KEY
from tests.engine.desk import Desk, at

DAY = timedelta(days=1)
NIGHT = datetime(2026, 9, 10, 2, 30, tzinfo=SHANGHAI)


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(each) for each in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def keeping(folder: Path, messages: int | None = 90, closed: int | None = 90) -> Keeping:
    def span(days: int | None) -> timedelta | None:
        return None if days is None else days * DAY

    return Keeping(folder / "archive", span(messages), span(closed))


async def lived(desk: Desk) -> tuple[Matter, Matter]:
    """In March one matter is ignored until its second urge and then closed, another goes on."""
    over, running = await desk.matter(), await desk.matter(hours=1)
    for hours in (19, 20, 27, 28, 30, 31):
        await desk.turn(hours)
    assert await word.office("due:260304", "standstill", at(48), work="due", since=at(47))
    await desk.turn(48)
    await Matter.filter(id=over.id).update(state="closed", closed_at=at(50))
    return over, running


async def told() -> list[tuple[Any, ...]]:
    """Who was told what, how and when."""
    rows = Delivery.filter(notice_id__isnull=False).order_by("id")
    return [(each.id, each.notice_id, each.person_id, each.lane, each.state, each.accepted_at) for each in await rows]


async def test_what_is_past_its_time(desk: Desk, tmp_path: Path) -> None:
    over, running = await lived(desk)
    before, proof = await Inbound.all().count(), await told()
    tries = await Attempt.filter(delivery__notice__matter_id=over.id).count()
    bodies = {each.id for each in await Delivery.filter(notice__matter_id=over.id) if each.payload}
    kept = keeping(tmp_path)
    assert await retention.tidy(NIGHT, NIGHT, kept) > 0
    folder = kept.folder

    assert await Inbound.all().count() == 0
    found = lines(folder, "inbound-2026-03")
    assert len(found) == before
    assert "/立项" in found[0]["text"]
    assert found[0]["received_at"].startswith("2026-03-02")

    assert not await Delivery.filter(notice_id__isnull=True).exists()
    assert {(each["kind"], len(each["attempts"])) for each in lines(folder, "replies-2026-03")} == {("word", 1)}

    stripped = await Delivery.filter(notice__matter_id=over.id)
    assert {each.payload for each in stripped} == {""}
    archived = lines(folder, "deliveries-2026-03")
    assert {each["id"] for each in archived} == bodies
    assert all(each["payload"] for each in archived)
    assert sum(len(each["attempts"]) for each in archived) == tries > 0
    assert await Attempt.filter(delivery__notice__matter_id=over.id).count() == 0

    assert await told() == proof
    mine = Delivery.filter(notice__matter_id=running.id, state="accepted")
    assert {bool(each.payload) for each in await mine} == {True}
    assert await Attempt.filter(delivery__notice__matter_id=running.id).exists()
    assert await Notice.filter(matter_id=over.id).exists()
    assert not await Ledger.verify(over.id, KEY)
    assert (folder / "inbound-2026-03.jsonl").stat().st_mode & 0o777 == 0o600


async def test_points_and_record_stand_as_before(desk: Desk, tmp_path: Path) -> None:
    """Counted anew from what is left, a closed matter has the points that it had, and nothing is missing."""
    over, _ = await lived(desk)
    before = [(each.rule, each.tenths) for each in await ScoreEvent.filter(matter_id=over.id).order_by("id")]
    assert before
    await retention.tidy(NIGHT, NIGHT, keeping(tmp_path))
    ids = {each.obligation_id or 0 for each in await ScoreEvent.filter(matter_id=over.id)}
    await points.settle(ids, NIGHT)
    assert [(each.rule, each.tenths) for each in await ScoreEvent.filter(matter_id=over.id).order_by("id")] == before
    assert await auditor.whole(at(50)) == []


async def test_once_a_day_and_at_night(desk: Desk, tmp_path: Path) -> None:
    await lived(desk)
    kept = keeping(tmp_path)
    assert await retention.tidy(NIGHT - timedelta(minutes=31), NIGHT, kept) == 0
    assert await Inbound.all().count() > 0
    assert await retention.tidy(NIGHT, NIGHT, kept) > 0
    assert await retention.tidy(NIGHT + timedelta(hours=20), NIGHT, kept) == 0
    await desk.world.say("a", "待办", 24 * 120)
    assert await retention.tidy(NIGHT + DAY, NIGHT, kept) == 0  # of June: ninety days are not over
    assert await Inbound.all().count() == 1


async def test_for_ever(desk: Desk, tmp_path: Path) -> None:
    await lived(desk)
    count = await Inbound.all().count()
    assert await retention.tidy(NIGHT, NIGHT, keeping(tmp_path, None, None)) == 0
    assert (await Inbound.all().count(), (tmp_path / "archive").exists()) == (count, False)


async def test_nothing_goes_that_could_not_be_written(desk: Desk, tmp_path: Path) -> None:
    await lived(desk)
    count = await Inbound.all().count()
    (tmp_path / "archive").touch()
    with pytest.raises(OSError, match="archive"):
        await retention.tidy(NIGHT, NIGHT, keeping(tmp_path))
    assert await Inbound.all().count() == count
    (tmp_path / "archive").unlink()
    assert await retention.tidy(NIGHT + DAY, NIGHT, keeping(tmp_path)) > 0


async def test_batches_and_what_may_not_go(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches; what waits to be sent stays; a picture outlives the message it came with."""
    monkeypatch.setattr(retention, "BATCH", 2)
    over, _ = await lived(desk)
    first = await Inbound.all().order_by("id").first()
    assert first
    assert first.person_id
    picture = await Document.create(
        matter_id=over.id, person_id=first.person_id, inbound_id=first.id, kind="completion", state="kept", at=at(1)
    )
    shared = {"person_id": first.person_id, "lane": "chat", "kind": "reply", "due_at": at(2), "created_at": at(2)}
    await Delivery.queue([{**shared, "bundle": "inbound:1:text"}])
    waiting = await Delivery.filter(notice__matter_id=over.id, kind="urge").first()
    assert waiting
    await Delivery.filter(id=waiting.id).update(state="pending")
    await retention.tidy(NIGHT, NIGHT, keeping(tmp_path))
    assert await Inbound.all().count() == 0
    row = await Document.get(id=picture.id)
    assert (row.inbound_id, row.state) == (None, "kept")
    assert await Delivery.filter(kind="reply", state="pending").count() == 1
    assert (await Delivery.get(id=waiting.id)).payload


async def test_what_nobody_asks_for_any_more(desk: Desk, tmp_path: Path) -> None:
    del desk
    for days, name in ((90, "old"), (1, "new")):
        await Heartbeat.create(worker=name, at=NIGHT, wall=NIGHT - days * DAY)
    for window in ("2026-03-03", "2026-09-09"):
        await Quota.create(channel="wecom", window=window, used=1)
    await retention.tidy(NIGHT, NIGHT, keeping(tmp_path))
    assert await Heartbeat.all().values_list("worker", flat=True) == ["new"]
    assert await Quota.all().values_list("window", flat=True) == ["2026-09-09"]
    assert database.dialect()
