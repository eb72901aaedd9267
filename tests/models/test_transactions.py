"""Transactions, savepoints, hooks after the commit, cancellation, retries."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from models import database
from models.people import Unit
from tests.databases import connected


async def names() -> set[str]:
    return {unit.name for unit in await Unit.all()}


async def fail(*made: str, hook: Callable[[], object] | None = None) -> None:
    """A transaction that makes units and then fails."""
    async with database.transaction():
        if hook:
            database.after_commit(hook)
        for name in made:
            await Unit.create(name=name)
        raise ZeroDivisionError


async def test_a_failed_transaction_leaves_nothing(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail("a", "b")
    assert await names() == set()


async def test_a_savepoint_fails_alone(db: str) -> None:
    async with database.transaction():
        await Unit.create(name="a")
        with pytest.raises(IntegrityError):
            await fail("b", "a")
        with pytest.raises(ZeroDivisionError):
            await fail("d")
        async with database.transaction():
            await Unit.create(name="c")
    assert await names() == {"a", "c"}


async def test_hooks_run_after_the_outermost_commit(db: str) -> None:
    ran: list[str] = []
    async with database.transaction():
        database.after_commit(lambda: ran.append("outer"))
        async with database.transaction():
            database.after_commit(lambda: ran.append("inner"))
        with pytest.raises(ZeroDivisionError):
            await fail(hook=lambda: ran.append("undone"))
        assert ran == []
    assert ran == ["outer", "inner"]
    with pytest.raises(ZeroDivisionError):
        await fail(hook=lambda: ran.append("undone"))
    database.after_commit(lambda: ran.append("now"))
    assert ran == ["outer", "inner", "now"]


async def test_a_failing_hook_does_not_undo_the_commit(db: str) -> None:
    ran: list[int] = []
    async with database.transaction():
        await Unit.create(name="a")
        database.after_commit(lambda: 1 // 0)
        database.after_commit(lambda: ran.append(1))
    assert (await names(), ran) == ({"a"}, [1])


async def test_a_task_started_inside_may_not_open_its_own(db: str) -> None:
    async def child() -> None:
        async with database.transaction():
            await Unit.create(name="a")

    async with database.transaction():
        with pytest.raises(RuntimeError, match="after the commit"):
            await asyncio.create_task(child())


async def test_cancelled_transactions_free_what_they_held(db_url: str) -> None:
    async def write(n: int) -> None:
        async with database.transaction():
            await Unit.create(name=str(n))
            await asyncio.sleep(0)

    async with connected(db_url, pool=2):
        await names()
        for turns in range(30):
            task = asyncio.create_task(write(turns))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            for n in range(100, 130):
                group.create_task(write(n))
        assert {str(n) for n in range(100, 130)} <= await names()


async def test_sqlite_takes_the_write_lock_at_once(sqlite_url: str) -> None:
    async with connected(sqlite_url):
        async with database.transaction():
            other = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')",
                sqlite_url.removeprefix("sqlite://"),
                stderr=asyncio.subprocess.PIPE,
            )
            assert b"locked" in (await other.communicate())[1]
        await Unit.create(name="a")


async def test_a_busy_sqlite_is_tried_again(sqlite_url: str) -> None:
    attempts: list[int] = []

    async def action() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise OperationalError("database is locked")
        return "done"

    async with connected(sqlite_url):
        assert await database.retrying(action) == "done"
        attempts.clear()
        with pytest.raises(OperationalError):
            await database.retrying(action, attempts=2)


async def test_a_deadlock_is_tried_again_as_a_whole(pg_url: str) -> None:
    async with connected(pg_url):
        one, two = await Unit.create(name="1"), await Unit.create(name="2")
        both, one_is_through = asyncio.Barrier(2), asyncio.Event()
        runs: list[str] = []

        async def swap(who: str, first: Unit, second: Unit) -> None:
            runs.append(who)
            if runs.count(who) > 1:
                await one_is_through.wait()
            async with database.transaction():
                await Unit.filter(id=first.id).update(order=1)
                if runs.count(who) == 1:
                    await both.wait()
                await Unit.filter(id=second.id).update(order=2)
            one_is_through.set()

        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            group.create_task(database.retrying(lambda: swap("a", one, two)))
            group.create_task(database.retrying(lambda: swap("b", two, one)))
        assert len(runs) == 3


async def test_an_ordinary_failure_is_not_tried_again(db: str) -> None:
    runs: list[int] = []

    async def action() -> None:
        runs.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.retrying(action)
    assert len(runs) == 1
