"""A rolling upgrade in the middle of the month: the newer version dies in its migration again and again while the older
one works on; once it has migrated the older one hands over and still hears what people write (ADR 11)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.faults.soak.mutants import NEWER
from tests.faults.soak.play import Play
from tests.faults.soak.yard import Yard

POINT = "migrating"


async def upgrade(play: Play, newer: Yard, deaths: int, speak: Callable[[], Awaitable[None]]) -> None:
    """All replicas become the newer version's; `speak` is somebody who writes while only old ones are there."""
    crew, old = play.crew, [*play.crew.replicas]
    await play.settle()
    if event := await play.store.next_event(play.now):
        await play.post("clock", to=event.isoformat())
    if len(old) == 1:
        await crew.dismiss(old[0])
    await play.hire("newer1", newer, [f"{POINT}:1"] * deaths)
    await play.settle()
    if len(old) > 1:
        await crew.dismiss("newer1")
        await _handed_over(play, old)
        await speak()
        await play.hire("newer1", newer)
        for name in old:
            await crew.dismiss(name)
        await play.hire("newer2", newer)
    await play.settle()


async def _handed_over(play: Play, old: list[str]) -> None:
    """The older ones say so, and leave what falls due to the newer version."""
    event = await play.store.next_event(play.now)
    assert event
    await play.post("clock", to=event.isoformat())
    for name in old:
        replica = play.crew.replicas[name]
        async with play.session.get(f"{replica.admin}/readyz") as answer:
            said = await answer.json()
            assert (answer.status, said["ready"]) == (503, False), said
            assert NEWER in said["schema"], said
    assert await play.crew.drain() == 0
    assert await play.store.next_event(play.now) == play.now
