"""Some of the weathers of the soak on both databases; the oracle of the lanes; the rest is `make soak`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.soak import store, weather
from tests.oracle import lanes
from tests.oracle.lanes import Away

AT = datetime(2026, 3, 3, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BOUNDED = (
    "a person in invaliduser, errcode 0",
    "the SMS gateway is away at a supervise notice",
    "a process asleep with cards in its hands",
    "the clock is set ahead by three hours, and back",
)


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield store.file(tmp_path)
        return
    async with store.database(request.getfixturevalue("pg_server")) as url:
        yield url


@pytest.mark.parametrize("name", BOUNDED)
async def test_all_comes_once(name: str, empty: str) -> None:
    (chosen,) = [each for each in weather.WEATHERS if each.name == name]
    row = await weather.lived(chosen, empty, "")
    assert (row.lost, row.doubled) == (0, 0), row
    assert row.injected > 0
    assert row.expected > 60


def test_each_has_a_name_of_its_own() -> None:
    names = [each.name for each in weather.WEATHERS]
    assert len(set(names)) == len(names) == 24
    assert not [each for each in BOUNDED if each not in names]


@pytest.mark.parametrize(
    ("minutes", "person", "lane", "for_good", "wanted"),
    [
        (0, "", "chat", False, ["chat"]),
        (10, "", "chat", False, ["chat"]),
        (11, "", "chat", False, ["chat", "sms"]),
        (240, "", "chat", False, ["chat", "sms"]),
        (241, "", "chat", False, ["sms"]),
        (60, "李四", "chat", False, ["chat"]),
        (60, "张三", "chat", True, ["sms"]),
        (60, "", "sms", False, ["chat"]),
    ],
)
def test_the_oracle_of_the_lanes(minutes: int, person: str, lane: str, for_good: bool, wanted: list[str]) -> None:
    away = [Away(AT - MINUTE, AT + minutes * MINUTE, person, lane, for_good)] if minutes else []
    assert [*lanes.told(AT, "张三", ["chat"], away)] == wanted
    assert [*lanes.told(AT - 2 * MINUTE, "张三", ["chat"], away)] == ["chat"]
    both = [*lanes.told(AT, "张三", ["chat", "sms"], away)]
    assert both == (["chat"] if lane == "sms" else sorted({*wanted, "sms"}))
