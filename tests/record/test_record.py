"""What an act writes and whom it tells is what docs/record.md says, to the word."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from models import database
from tests.record import acts, page

SHOWN = page.PAGE.read_text(encoding="utf-8")
SECTIONS = {each.split("\n", 1)[0]: f"## {each}".rstrip() for each in SHOWN.split("\n## ")[1:]}


@pytest.fixture
async def connected(sqlite_url: str) -> AsyncIterator[None]:
    """A fresh database that gives keys anew after an act was taken back; the sequences of PostgreSQL do not."""
    await database.connect(sqlite_url)
    yield
    await database.close()


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("given", acts.GIVEN)
async def test_each_act_writes_what_the_record_says(given: str) -> None:
    found = page.section(given, await acts.state(given))
    assert found.splitlines() == SECTIONS[given].splitlines(), "`make record` writes it anew"


def test_the_record_has_every_state_and_no_more() -> None:
    assert list(SECTIONS) == list(acts.GIVEN)
    assert SHOWN.startswith(page.head())
