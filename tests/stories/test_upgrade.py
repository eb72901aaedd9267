"""A newer version has migrated the database: this process hands over, and still loses no answer (ADR 11)."""

from __future__ import annotations

from datetime import timedelta

from bot import clock, health
from bot.engine import scheduler
from models import database, migrate
from models.obligation import Obligation
from models.system import Heartbeat
from tests.stories import theatre
from tests.stories.theatre import Story

NEWER = "9999_more"


async def migrated(*, newer: bool) -> None:
    """What another version's migration leaves behind, or takes back."""
    await database.execute("DELETE FROM tortoise_migrations WHERE name = ?", [NEWER])
    if newer:
        await database.rows(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', ?, ?) RETURNING id",
            [NEWER, clock.wall()],
        )


async def ready(story: Story) -> int:
    async with story.stage.session.get(f"{story.stage.url}/readyz") as answer:
        return answer.status


async def test_an_older_version_hands_over_and_still_hears(story: Story) -> None:
    await story.until(theatre.T)
    matter = await story.matter()
    assert (await migrate.newer(), await ready(story)) == ("", 200)
    await migrated(newer=True)
    assert await ready(story) == 503
    report = await health.report()
    assert NEWER in str(report["schema"])
    assert report["ready"] is False
    await story.stage.post("clock", to=(theatre.T + timedelta(hours=27)).isoformat())
    assert await story.stage.engine.drain() == 0
    assert await story.stage.engine.run(story.stage.engine.send)
    assert await story.notices("urge", "N1") == []
    answer = await story.stage.say("张三", "进展 1天 已完成现场核查，形成问题清单。")
    assert (answer["status"], answer["error"]) == (200, "")
    assert (await Obligation.get(matter_id=matter.id, name="N1")).ended == "met"
    beaten = await Heartbeat.all().values_list("wall", flat=True)
    await story.stage.engine.job(scheduler.beat)
    assert await Heartbeat.all().values_list("wall", flat=True) == beaten
    await migrated(newer=False)  # the newer version's turn
    await story.stage.settle()
    assert await ready(story) == 200
    assert await story.notices("urge", "N1") == []
