"""SQLite as Tortoise's engine, with write transactions that take the write lock at once.

Tortoise begins a deferred transaction, so two processes that read and then write fail with "database is
locked"; and when BEGIN itself fails or is cancelled, its context keeps the connection's lock for ever.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from typing import Any

from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite import client
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


class Busy(OperationalError):
    """Another process held the write lock longer than busy_timeout; the whole action may be tried again."""


def statements(script: str) -> Iterator[str]:
    """The statements of `script`, one by one."""
    rest = ""
    for piece in script.split(";"):
        rest += piece + ";"
        if sqlite3.complete_statement(rest):
            if rest.strip(" \n\t;"):
                yield rest
            rest = ""


class Wrapper(client.SqliteTransactionWrapper):
    """The connection while a transaction is open on it."""

    async def begin(self) -> None:
        """BEGIN IMMEDIATE; Busy when the lock can't be had."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Busy(error) from error

    async def execute_script(self, query: str) -> None:
        """Each statement by itself: sqlite3's executescript would commit the open transaction first."""
        for statement in statements(query):
            await self.execute_query(statement)

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Wrapper(self))


class Immediate(client.SqliteTransactionContext):
    """The outermost transaction; leaves no lock behind when it can't begin."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            await asyncio.shield(self._give_up())
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection  # type: ignore[no-any-return]

    async def _give_up(self) -> None:
        # a cancelled BEGIN may still run in the connection's thread; the rollback queues behind it
        try:
            if self.connection._connection:
                await self.connection._connection.rollback()
        finally:
            self._trxlock.release()


class Client(client.SqliteClient):
    """One connection and its lock; every transaction, the ORM's own included, is an Immediate."""

    def _in_transaction(self) -> TransactionContext:
        return Immediate(Wrapper(self), self._lock)


client_class: type[Any] = Client
