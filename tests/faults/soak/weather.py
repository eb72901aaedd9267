"""Faults of the platform, of clocks and of disks: one matter that nobody answers, lived through each of them.

What must arrive is the oracle's: the scan for the notices, `tests/oracle/lanes.py` for the lanes. One process, its wall
clock running with business time, on a database of each kind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox import app as sandbox
from bot.sandbox.wire import Wire
from models.delivery import Delivery
from models.matter import Matter
from tests.faults import disks, fire, storm
from tests.faults.soak import store as stores
from tests.faults.soak.script import Case, Told
from tests.faults.soak.store import Store
from tests.faults.soak.tally import Row, Seen, Tally
from tests.faults.storm import HOUR, MINUTE, NOON, Storm
from tests.oracle import lanes
from tests.oracle.lanes import Away
from tests.stories import theatre

BEFORE = NOON - MINUTE
END = theatre.T + 74 * HOUR
TITLE = "取水许可核查"
ONE = "李四"
SENDS = "/cgi-bin/message/send"
SUPERVISED = theatre.T + 72 * HOUR

Strike = Callable[[Storm], Awaitable[int]]


@dataclass(frozen=True)
class Weather:
    """`strike` brings the fault from a minute before the first urge on and takes it away; it gives how often it struck.

    `away`: which lanes did not work when; `still`: when nothing was planned; `exactly`: whether each notice comes at
    its planned instant (a tick that failed is caught up with later); `spares`: no row is set aside.
    """

    name: str
    strike: Strike
    away: tuple[Away, ...] = ()
    still: tuple[datetime, datetime] | None = None
    exactly: bool = True
    spares: bool = True


@dataclass
class Ground:
    """What the tally looks at."""

    platform: sandbox.Running
    store: Store
    said: list[dict[str, Any]] = field(default_factory=list)


async def lived(weather: Weather, url: str, spare: str) -> Row:
    """One life in that weather; `spare` is an empty database of the same kind."""
    kind = "sqlite" if url.startswith("sqlite") else "postgres"
    with tempfile.TemporaryDirectory(prefix="duban-weather-") as name:
        async with storm.raised(url, Path(name)) as told:
            told.unsent = {"unknown", "failed"}
            told.quarantined = not weather.spares
            told.spare, told.folder = spare, Path(name)
            told.stage.platform.platform.wire = Wire(1_000_000)
            await told.begin()
            struck = await weather.strike(told)
            await told.past(END)
            store = Store(told.stage.settings.database_url)
            try:
                tally = await Tally(Ground(told.stage.platform, store)).read()  # type: ignore[arg-type]
                row = _row(weather, kind, struck, tally)
                row.unknown = await Delivery.filter(state="unknown", lane__in=["chat", "sms"]).count()
            finally:
                await store.close()
            return row


def _row(weather: Weather, kind: str, struck: int, tally: Tally) -> Row:
    """Expected against received: what is extra, or came to a screen that no delivery names, is doubled."""
    instant = _utc if weather.exactly else _timeless
    got = {instant(each): seen for each, seen in tally.notices.items() if each[0] == TITLE}
    wanted = {instant(each) for each in expected(weather)}
    row = Row(weather.name, kind, struck, len(wanted))
    for each in wanted | got.keys():
        seen = got.get(each, Seen())
        row.received_before += seen.before
        row.received_after += seen.after
        row.lost += each in wanted and not seen.after
        row.doubled += max(seen.after - (each in wanted), 0)
    row.doubled += len(tally.strays)
    return row


def _timeless(told: Told) -> Told:
    return (*told[:4], END, *told[5:])


def _utc(told: Told) -> Told:
    return (*told[:4], told[4].astimezone(UTC), *told[5:])


def expected(weather: Weather) -> Iterable[Told]:
    """What must arrive, by the oracle alone."""
    inputs: list[dict[str, Any]] = [{"at": theatre.T.isoformat(), "event": "initiate", "category": "general"}]
    if weather.still:
        for at, event in zip(weather.still, ("scheduler_down", "scheduler_up"), strict=True):
            inputs.append({"at": at.isoformat(), "event": event})
    planned: dict[tuple[Any, ...], set[str]] = {}
    for told in Case(TITLE, "水资源处", inputs).expected(END):
        planned.setdefault(told[:6], set()).add(told[6])
    for notice, on in planned.items():
        for lane in lanes.told(notice[4], notice[5], on, weather.away):
            yield (*notice, lane)  # type: ignore[misc]


def fault(name: str, hours: float = 0, *, after: float = 0, **more: Any) -> Strike:
    """A fault of the sandbox for so many hours (0: until its count is used up) from `after` hours on."""

    async def strike(told: Storm) -> int:
        await told.until(BEFORE + after * HOUR)
        last = len(told.requests(""))
        person = {"person": told.stage.ids[more["person"]]} if "person" in more else {}
        await told.fault(name, **{**more, **person})
        await told.past(BEFORE + (after + (hours or 1)) * HOUR)
        await told.all_answered()
        if not more.get("person"):
            await told.fault(name, on=False)
        return hits(told, last, person.get("person", ""))

    return strike


def hits(told: Storm, last: int, person: str) -> int:
    """Requests since then that met a fault; of a person's, those to him."""
    rows = told.requests("")[last:]
    if person:
        return sum(row["path"] == SENDS and f'"touser":"{person}"' in row["body"] for row in rows)
    return sum(_met(row["became"]) for row in rows)


def _met(became: dict[str, Any]) -> bool:
    return "fault" in became or bool(became.get("errcode"))


async def slow(told: Storm) -> int:
    await told.fault("slow", path=SENDS, count=9, seconds=0.05)
    await told.past(NOON + 6 * HOUR)
    return 9


async def gateway_down(told: Storm) -> int:
    return await fault("sms_down", 1, after=44.5)(told)


async def both_down(told: Storm) -> int:
    await told.fault("sms_down")
    struck = await fault("down", 1)(told)
    await told.fault("sms_down", on=False)
    return struck


async def asleep(told: Storm) -> int:
    """The process stands still from 12:30 to 22:30."""
    await told.past(NOON + 30 * MINUTE)
    told.stage.platform.platform.clock.change(to=NOON + 10 * HOUR + 30 * MINUTE)
    return 1


async def asleep_in_hand(told: Storm) -> int:
    """It falls asleep while it waits for the platform's answers, and wakes when it still remembers the cards."""
    await told.fault("timeout_after_accept", path=SENDS, count=3)
    await told.past(NOON)
    told.stage.platform.platform.clock.change(to=NOON + 3 * HOUR + 30 * MINUTE)
    return 1


async def stepped(told: Storm) -> int:
    """At 12:30 the clock shows 15:30, for a minute; then it is set right."""
    await told.past(NOON + 30 * MINUTE)
    clock = told.stage.platform.platform.clock
    clock.change(to=NOON + 3 * HOUR + 30 * MINUTE)
    await told.past(NOON + 3 * HOUR + 31 * MINUTE)
    clock.restart(NOON + 31 * MINUTE)
    return 2


async def full(told: Storm) -> int:
    return await _failing(told, disks.fill, disks.free)


async def read_only(told: Storm) -> int:
    url = told.stage.settings.database_url
    return await _failing(told, lambda: disks.lock(url), lambda: disks.unlock(url))


async def _failing(told: Storm, begin: Callable[[], Awaitable[None]], end: Callable[[], Awaitable[None]]) -> int:
    """The database takes nothing from before the urge until twenty minutes after it; how many ticks failed."""
    engine, clock, failed = told.stage.engine, told.stage.platform.platform.clock, 0
    await begin()
    for minutes in range(0, 20, 5):
        clock.change(to=NOON + minutes * MINUTE)
        failed += not await engine.run(engine.plan)
        await engine.run(engine.send)
    clock.change(to=NOON + 20 * MINUTE)
    await end()
    await disks.recovered(engine)
    return failed


async def poison(told: Storm) -> int:
    """Another matter's rules can't be read any more: it is set aside, and the office sees it."""
    other = await told.matter(theatre.PROPOSE.replace(TITLE, "河道清淤"))
    await Matter.filter(id=other.id).update(ruleset={"urge_first": "on_tuesdays"})
    await told.until(NOON + 20 * HOUR)
    assert "2026-0002 1天计划出错" in await told.say("王芳", "/未达")
    return 1


async def burnt_down(told: Storm) -> int:
    """Cards were sent and their answers lost when the backup was taken; an hour later it is all that is left."""
    await told.fault("timeout_after_accept", path=SENDS, count=3)
    await told.past(NOON)
    assert told.spare
    file = told.folder / "backup.tar"
    await fire.backed_up(told, file)
    await told.past(NOON + HOUR)
    await fire.moved(told, told.spare, file)
    return 1


def all_(hours: float) -> tuple[Away, ...]:
    return (Away(BEFORE, BEFORE + hours * HOUR),)


GONE = (Away(BEFORE, END, ONE, for_good=True),)
WEATHERS: Sequence[Weather] = (
    Weather("the platform is away for two hours: connections end", fault("down", 2), all_(2)),
    Weather("the platform is away for two hours: 503 and an HTML page", fault("down", 2, answer="html"), all_(2)),
    Weather("the platform is away for five hours, longer than it remembers", fault("down", 5), all_(5)),
    Weather("the access token is revoked", fault("token_expired", count=1)),
    Weather("every access token is refused for an hour", fault("token_expired", 1), all_(1)),
    Weather("busy (-1) for an hour", fault("busy", 1), all_(1)),
    Weather("busy (-1) six times", fault("busy", count=6)),
    Weather("too often (45009) for an hour", fault("rate_limit", 1), all_(1)),
    Weather("too many at once (45033) for an hour", fault("concurrency", 1), all_(1)),
    Weather("this server's address is not trusted (60020) for an hour", fault("ip", 1), all_(1)),
    Weather("a person without an account (81013)", fault("unknown_user", 46, person=ONE), GONE),
    Weather("a person in invaliduser, errcode 0", fault("invalid_user", 46, person=ONE), GONE),
    Weather("a person in unlicenseduser, errcode 0", fault("unlicensed", 46, person=ONE), GONE),
    Weather("accepted, and the answer lost, nine times", fault("timeout_after_accept", path=SENDS, count=9)),
    Weather("slow, nine times", slow),
    Weather(
        "the SMS gateway is away at a supervise notice",
        gateway_down,
        (Away(SUPERVISED - HOUR, SUPERVISED + HOUR, lane="sms"),),
    ),
    Weather(
        "platform and SMS gateway are away for an hour",
        both_down,
        (*all_(1), Away(BEFORE, BEFORE + HOUR, lane="sms")),
    ),
    Weather("a process asleep for ten hours", asleep, still=(NOON + 30 * MINUTE, NOON + 10 * HOUR + 30 * MINUTE)),
    Weather(
        "a process asleep with cards in its hands", asleep_in_hand, still=(NOON + MINUTE, NOON + 3 * HOUR + 30 * MINUTE)
    ),
    Weather(
        "the clock is set ahead by three hours, and back",
        stepped,
        still=(NOON + 30 * MINUTE, NOON + 3 * HOUR + 30 * MINUTE),
    ),
    Weather("the disk of the database is full", full, exactly=False),
    Weather("the database may only be read", read_only, exactly=False),
    Weather("another matter can't be planned any more", poison, spares=False),
    Weather("burnt down, restored elsewhere from a backup with cards on their way", burnt_down),
)


async def every(kind: str, server: str) -> list[Row]:
    """A row for each, on fresh databases; `server` is PostgreSQL's address."""
    return [await _on(kind, server, weather) for weather in WEATHERS]


async def _on(kind: str, server: str, weather: Weather) -> Row:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="duban-weather-") as folder:
            return await lived(weather, stores.file(Path(folder)), "sqlite://restored.db")
    async with stores.database(server) as url, stores.database(server) as spare:
        return await lived(weather, url, spare)
