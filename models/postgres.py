"""PostgreSQL as Tortoise's engine, with transactions that always give their connection back.

Tortoise's context loses a pooled connection when BEGIN is cancelled or fails, and doesn't roll back after its own
TransactionManagementError.
"""

from __future__ import annotations

import asyncio
from typing import Any

from tortoise.backends.asyncpg import client
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections


class Pooled(TransactionContextPooled):
    """The outermost transaction, on a connection of the pool."""

    client: client.TransactionWrapper

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool: Any = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            await asyncio.shield(pool.release(self.client._connection))
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        pool: Any = self.client._parent._pool
        try:
            await (self.client.rollback() if exc_type else self.client.commit())
        finally:
            get_connections().reset(self.token)
            await pool.release(self.client._connection)


class Client(client.AsyncpgDBClient):
    """The pool; every transaction, the ORM's own included, is a Pooled."""

    def _in_transaction(self) -> TransactionContext:
        return Pooled(client.TransactionWrapper(self), self._pool_init_lock)


client_class: type[Any] = Client
