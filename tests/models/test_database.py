"""Connecting, transactions, hooks, locks, raw statements, the stamp."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import asyncpg
import pytest
from tortoise.exceptions import OperationalError

from bot import errors
from models import database, settings
from models.matter import Matter
from models.obligation import Obligation
from models.people import Unit
from models.system import Heartbeat, Meta
from tests.databases import connected


async def names() -> set[str]:
    return {unit.name for unit in await Unit.all()}


async def test_both_dialects_in_one_process(sqlite_url: str, pg_url: str) -> None:
    for url, dialect in ((sqlite_url, "sqlite"), (pg_url, "postgres"), (sqlite_url, "sqlite"), (pg_url, "postgres")):
        async with connected(url):
            assert database.dialect() == dialect
            await Unit.create(name=f"{dialect}{await Unit.all().count()}")
    async with connected(sqlite_url):
        assert await names() == {"sqlite0", "sqlite1"}
    with pytest.raises(RuntimeError, match="no database"):
        database.dialect()


async def test_a_task_older_than_the_connection_can_use_it(db_url: str) -> None:
    ready = asyncio.Event()

    async def early() -> int:
        await ready.wait()
        return await Unit.all().count()

    task = asyncio.create_task(early())
    await asyncio.sleep(0)
    async with connected(db_url):
        ready.set()
        assert await task == 0


async def test_sqlite_is_durable_and_checks_foreign_keys(sqlite_url: str) -> None:
    async with connected(sqlite_url):
        expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        for name, value in expected.items():
            assert (await database.rows(f"PRAGMA {name}"))[0][name] == value
        assert (await database.rows("PRAGMA busy_timeout"))[0]["timeout"] == 5000


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite://", "sqlite://:memory:"])
async def test_an_unusable_url_names_the_key(url: str) -> None:
    with pytest.raises(errors.ConfigError, match=r"database\.url"):
        await database.connect(url)


def test_a_postgres_url_is_read_whole() -> None:
    url = "postgres://du%40ban:p%2Fw@db.example:6432/duban?sslmode=require"
    given = settings.config(url, pool=7)["connections"]["postgres"]["credentials"]
    assert (given["host"], given["port"], given["database"]) == ("db.example", 6432, "duban")
    assert (given["user"], given["password"], given["ssl"], given["maxsize"]) == ("du@ban", "p/w", "require", 7)
    pooled = settings.config("postgres://u@/d?host=/run/pg", pgbouncer=True)["connections"]["postgres"]["credentials"]
    assert (pooled["host"], pooled["statement_cache_size"]) == ("/run/pg", 0)


async def test_another_isolation_level_is_refused(pg_url: str) -> None:
    connection = await asyncpg.connect(pg_url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    await connection.close()
    with pytest.raises(errors.ConfigError, match="read committed"):
        await database.connect(pg_url)
    with pytest.raises(RuntimeError):
        database.dialect()


async def test_raw_statements_read_the_same_on_both(db: str) -> None:
    at = datetime(2026, 11, 24, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    await Heartbeat.create(worker="a?", at=at, wall=at)
    text = "SELECT id FROM heartbeat WHERE worker = 'a?' AND worker = ? AND at = ?"
    assert len(await database.rows(text, ["a?", at])) == 1
    text = "UPDATE heartbeat SET wall = ? WHERE at <= ?"
    assert await database.execute(text, [at + timedelta(seconds=1), at]) == 1
    assert (await Heartbeat.get(worker="a?")).wall == datetime(2026, 11, 24, 0, 0, 1, tzinfo=UTC)
    (row,) = await database.rows("UPDATE heartbeat SET worker = ? RETURNING worker", ["b"])
    assert row == {"worker": "b"}
    with pytest.raises(ValueError, match="naive"):
        await database.rows(text, [at.replace(tzinfo=None), at])


async def test_readers_see_what_is_committed_and_write_nothing(sqlite_url: str) -> None:
    async with connected(sqlite_url):
        async with database.reading():
            assert await names() == set()
            with pytest.raises(OperationalError, match="readonly"):
                await Unit.create(name="x")
        async with database.transaction():
            await Unit.create(name="a")

            async def page() -> set[str]:
                async with database.reading():
                    return await names()

            async with database.reading():
                assert await names() == {"a"}
        assert await page() == {"a"}


async def test_a_reader_is_not_held_up_by_a_writer(sqlite_url: str) -> None:
    async with connected(sqlite_url):
        inside, done = asyncio.Event(), asyncio.Event()

        async def write() -> None:
            async with database.transaction():
                await Unit.create(name="a")
                inside.set()
                await asyncio.wait_for(done.wait(), 5)

        writer = asyncio.create_task(write())
        await inside.wait()
        async with database.reading():
            assert await asyncio.wait_for(names(), 5) == set()
        done.set()
        await writer


async def until_blocked() -> None:
    """Return once another transaction waits for a lock; on SQLite it waits for the one connection anyway."""
    if database.dialect() == "sqlite":
        await database.rows("SELECT 1")
        return
    async with asyncio.timeout(5):
        found: list[dict[str, object]] = []
        while not found:
            found = await database.rows("SELECT 1 FROM pg_locks WHERE NOT granted")


async def test_one_officers_messages_apply_in_order(db: str) -> None:
    order: list[str] = []
    has_lock, other_done = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.transaction():
            await database.lock_person("wecom", "zhangsan")
            has_lock.set()
            if database.dialect() == "postgres":
                await asyncio.wait_for(other_done.wait(), 5)
            await until_blocked()
            order.append("first")

    async def second() -> None:
        await has_lock.wait()
        async with database.transaction():
            await database.lock_person("wecom", "zhangsan")
            order.append("second")

    async def other_channel() -> None:
        await has_lock.wait()
        async with database.transaction():
            await database.lock_person("dingtalk", "zhangsan")
            order.append("other")
        other_done.set()

    await asyncio.wait_for(asyncio.gather(first(), second(), other_channel()), 5)
    assert order.index("first") < order.index("second")


async def test_a_locked_matter_lets_a_tick_insert_and_holds_answers(matter: Matter) -> None:
    order: list[str] = []
    has_lock, inserted = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.transaction():
            assert (await database.lock_matter(matter.id)).title == matter.title
            has_lock.set()
            if database.dialect() == "postgres":
                await asyncio.wait_for(inserted.wait(), 5)
            await until_blocked()
            order.append("first")

    async def tick() -> None:
        await has_lock.wait()
        await Obligation.create(matter_id=matter.id, unit_id=matter.unit_id, name="N1", planned_at=matter.proposed_at)
        inserted.set()

    async def second() -> None:
        await has_lock.wait()
        async with database.transaction():
            await database.lock_matter(matter.id)
            order.append("second")

    await asyncio.wait_for(asyncio.gather(first(), tick(), second()), 10)
    assert order == ["first", "second"]


async def test_a_database_is_stamped_once_and_for_good(db: str) -> None:
    await database.stamp("sandbox")
    await database.stamp("sandbox")
    with pytest.raises(errors.ConfigError, match="sandbox"):
        await database.stamp("production")
    assert (await Meta.get(key="stamp")).value == "sandbox"


async def test_an_abandoned_transaction_gives_its_locks_back(pg_url: str) -> None:
    await database.connect(pg_url)
    try:
        asked = await database.rows("SHOW idle_in_transaction_session_timeout")
        assert asked == [{"idle_in_transaction_session_timeout": "1min"}]
    finally:
        await database.close()
