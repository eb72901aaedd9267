"""Trouble with the database as against a row that can't be handled: the first passes, the second is set aside.

What did not work the last time it was tried is kept for /readyz.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import asyncpg
from tortoise.exceptions import (
    DBConnectionError,
    IntegrityError,
    NotExistOrMultiple,
    OperationalError,
    TransactionManagementError,
)

# Tortoise turns "cannot execute UPDATE in a read-only transaction" into the last one: a server that was failed over
_TORTOISE = (OperationalError, DBConnectionError, TransactionManagementError)
_PASSING = (*_TORTOISE, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_LASTING = (IntegrityError, NotExistOrMultiple)

_seen: dict[str, str] = {}


def passes(error: Exception) -> bool:
    """Whether the same work may succeed by itself a little later: a lock, a lost connection, a full disk."""
    # a server that starts anew has no socket yet: a FileNotFoundError too, but one without a file's name
    is_missing_file = isinstance(error, FileNotFoundError) and error.filename is not None
    return isinstance(error, _PASSING) and not isinstance(error, _LASTING) and not is_missing_file


@contextlib.contextmanager
def told(work: str, *, passing_only: bool = False) -> Iterator[None]:
    """Remember how this work went: a failure, until it goes well again; `passing_only`: one of the database alone."""
    try:
        yield
    except Exception as error:
        if passes(error) or not passing_only:
            _seen[work] = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
        raise
    _seen.pop(work, None)


def seen() -> dict[str, str]:
    """What failed the last time, by work, with the error's first line."""
    return dict(_seen)


def forget() -> None:
    """A new start."""
    _seen.clear()
