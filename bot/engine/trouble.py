"""Trouble with the database as against a row that can't be handled: the first passes, the second is set aside."""

from __future__ import annotations

import asyncpg
from tortoise.exceptions import DBConnectionError, IntegrityError, NotExistOrMultiple, OperationalError

_PASSING = (OperationalError, DBConnectionError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_LASTING = (IntegrityError, NotExistOrMultiple)


def passes(error: Exception) -> bool:
    """Whether the same work may succeed by itself a little later: a lock, a lost connection, a full disk."""
    # a server that starts anew has no socket yet: a FileNotFoundError too, but one without a file's name
    is_missing_file = isinstance(error, FileNotFoundError) and error.filename is not None
    return isinstance(error, _PASSING) and not isinstance(error, _LASTING) and not is_missing_file
