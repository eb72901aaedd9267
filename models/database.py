"""The database: connect and close, transactions with hooks, locks, raw statements, the stamp."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal, TypeVar

import asyncpg
import structlog
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from bot import errors
from models import fields, settings, sqlite
from models.matter import Matter
from models.system import Meta

Dialect = Literal["sqlite", "postgres"]
T = TypeVar("T")

RETRYABLE: tuple[type[Exception], ...] = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    sqlite.Busy,
)
"""The whole action may simply run again."""

_log = structlog.get_logger(__name__)
_dialect: Dialect | None = None
_reader: sqlite.Client | None = None


async def connect(url: str, *, pgbouncer: bool = False, pool: int = 20) -> None:
    """Open the database for this process; close() ends it.

    Raises ConfigError when the URL can't be read or PostgreSQL isolates otherwise than READ COMMITTED.
    """
    global _dialect, _reader
    chosen = settings.config(url, pgbouncer=pgbouncer, pool=pool)
    # tasks made before this call don't share our context: the global one serves them
    await Tortoise.init(config=chosen, _enable_global_fallback=True)
    _dialect = next(iter(chosen["connections"]))
    try:
        if _dialect == "sqlite":
            await execute("SELECT 1")  # create the file first: the reader may not
            read = settings.config(url, query_only="ON")["connections"]["sqlite"]["credentials"]
            _reader = sqlite.Client(**read, connection_name="sqlite")
        else:
            await _expect_read_committed()
    except BaseException:
        await close()
        raise


async def _expect_read_committed() -> None:
    level = (await rows("SHOW default_transaction_isolation"))[0]["default_transaction_isolation"]
    if level != "read committed":
        raise errors.ConfigError(
            f"database.url: the server isolates transactions as {level!r}; "
            "set default_transaction_isolation = 'read committed' for this database"
        )


async def close() -> None:
    """Close every connection; without it SQLite's thread keeps the process alive."""
    global _dialect, _reader
    reader, _reader, _dialect = _reader, None, None
    if reader:
        await reader.close()
    await Tortoise.close_connections()


def dialect() -> Dialect:
    """Which database is connected."""
    if _dialect is None:
        raise RuntimeError("no database is connected")
    return _dialect


def connection() -> BaseDBAsyncClient:
    """Tortoise's connection of this context: the transaction's inside one."""
    return get_connections().get(dialect())


class _Open:
    """The open outermost transaction: who began it, and what to do once it is committed."""

    def __init__(self) -> None:
        self.task = asyncio.current_task()
        self.hooks: list[Callable[[], object]] = []


_open: ContextVar[_Open | None] = ContextVar("open_transaction", default=None)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """A transaction; inside another one a savepoint. SQLite takes its write lock at once, or raises Busy.

    A task started inside shares the connection but not the order of statements: its own transaction() is a
    RuntimeError.
    """
    outer = _open.get()
    if outer is not None:
        async with _savepoint(outer):
            yield
        return
    current = _Open()
    token = _open.set(current)
    try:
        async with in_transaction(dialect()):
            yield
    finally:
        _open.reset(token)
    for hook in current.hooks:
        _call(hook)


@asynccontextmanager
async def _savepoint(outer: _Open) -> AsyncIterator[None]:
    if outer.task is not asyncio.current_task():
        raise RuntimeError("this task was started inside another task's transaction; start it after the commit")
    mark = len(outer.hooks)
    try:
        async with in_transaction(dialect()):
            yield
    except BaseException:
        del outer.hooks[mark:]
        raise


def after_commit(hook: Callable[[], object]) -> None:
    """Call `hook` once the outermost transaction is committed, never after a rollback; without one, now."""
    current = _open.get()
    if current is None:
        _call(hook)
    else:
        current.hooks.append(hook)


def _call(hook: Callable[[], object]) -> None:
    # the change is stored: a hook that fails must not make the caller believe otherwise
    try:
        hook()
    except Exception:
        _log.exception("after_commit")


async def retrying(action: Callable[[], Awaitable[T]], attempts: int = 3) -> T:
    """Run `action`, which opens its own transaction; after a deadlock again, `attempts` times in all."""
    left = 1 if _open.get() else attempts
    while True:
        left -= 1
        try:
            return await action()
        except Exception as error:
            if left <= 0 or not _is_retryable(error):
                raise


def _is_retryable(error: Exception) -> bool:
    # a statement outside a transaction that waited longer than busy_timeout for SQLite's write lock
    is_locked = isinstance(error, OperationalError) and "database is locked" in str(error)
    return is_locked or isinstance(error, RETRYABLE)


@asynccontextmanager
async def reading() -> AsyncIterator[None]:
    """Statements of this block go to a second, read-only connection on SQLite; on PostgreSQL to the pool.

    Inside a transaction nothing changes: it reads what it wrote.
    """
    if _reader is None or _open.get():
        yield
        return
    token = get_connections().set("sqlite", _reader)
    try:
        yield
    finally:
        get_connections().reset(token)


_PLACEHOLDER = re.compile(r"'[^']*'|\?")


@functools.lru_cache(maxsize=512)
def _numbered(sql: str) -> str:
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] != "?":
            return found[0]
        count += 1
        return f"${count}"

    return _PLACEHOLDER.sub(number, sql)


def _bind(values: Sequence[object]) -> list[object]:
    return [fields.utc(value) if isinstance(value, datetime) else value for value in values]


async def rows(sql: str, params: Sequence[object] = ()) -> list[dict[str, Any]]:
    """The rows of one statement (SELECT, or one with RETURNING), placeholders written `?` on both databases.

    Instants go in as aware datetimes; what comes out is the driver's: use fields.decode or fields.utc.
    """
    text = _numbered(sql) if dialect() == "postgres" else sql
    # execute_query of Tortoise drops the rows of UPDATE … RETURNING on PostgreSQL; this one fetches
    return await connection().execute_query_dict(text, _bind(params))


async def execute(sql: str, params: Sequence[object] = ()) -> int:
    """Run one statement without RETURNING; the number of rows it touched."""
    text = _numbered(sql) if dialect() == "postgres" else sql
    return (await connection().execute_query(text, _bind(params)))[0]


async def clock() -> datetime:
    """PostgreSQL's clock; one statement."""
    told: datetime = (await rows("SELECT clock_timestamp() AS now"))[0]["now"]
    return told


async def lock_person(channel: str, user: str) -> None:
    """One officer's messages apply in order: held until the transaction ends; SQLite has one writer."""
    if dialect() == "postgres":
        digest = hashlib.sha256(f"{channel}\0{user}".encode()).digest()
        await rows("SELECT pg_advisory_xact_lock(?)", [int.from_bytes(digest[:8], "big", signed=True)])


async def lock_matter(matter_id: int) -> Matter:
    """The matter, locked until the transaction ends; DoesNotExist when there is none.

    FOR NO KEY UPDATE: a plain FOR UPDATE deadlocks with the foreign-key check of a tick's insert.
    """
    return await Matter.all().select_for_update(no_key=True).get(id=matter_id)


async def stamp(kind: Literal["sandbox", "production"]) -> None:
    """Mark the database as `kind` at first start, for good; ConfigError when it is marked otherwise."""
    await rows("INSERT INTO meta (key, value) VALUES ('stamp', ?) ON CONFLICT DO NOTHING RETURNING key", [kind])
    found = (await Meta.get(key="stamp")).value
    if found != kind:
        raise errors.ConfigError(
            f"database.url: the database is a {found} one, server.sandbox asks for {kind}; "
            "point database.url at another database"
        )
