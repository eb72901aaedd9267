"""What passes by itself is tried again, what lasts is set aside: a server that starts anew is no missing template."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from bot.engine import trouble


async def test_a_server_that_is_not_there_yet_passes(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as away:
        await asyncpg.connect(f"postgres://someone@/somewhere?host={tmp_path}")
    assert trouble.passes(away.value)


async def test_a_missing_file_lasts(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        await asyncio.to_thread((tmp_path / "urge.toml").read_text)
    assert not trouble.passes(missing.value)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OperationalError("database is locked"), True),
        (asyncpg.ConnectionDoesNotExistError(), True),
        (asyncpg.InterfaceError("closed"), True),
        (asyncpg.CannotConnectNowError(), True),
        (ConnectionResetError(), True),
        (TransactionManagementError("cannot execute INSERT in a read-only transaction"), True),
        (IntegrityError(), False),
        (KeyError("x"), False),
    ],
)
def test_by_kind(error: Exception, passes: bool) -> None:
    assert trouble.passes(error) is passes
