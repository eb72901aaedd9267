"""The whole record under the hands of somebody who may write the database but has no key: every trick shows."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from models import anchor, audit, counter, database
from models.anchor import Anchor
from models.audit import Exported, Finding
from models.ledger import Ledger
from models.matter import Matter
from models.people import Person, Unit
from tests.models.conftest import NOW

KEY = b"0123456789abcdef0123456789abcdef"
LATER = NOW + timedelta(minutes=1)
COUNT = itertools.count()
Trick = Callable[[Matter], Awaitable[object]]


async def proposed(lines: int = 3) -> Matter:
    """A proposal with its ledger."""
    unit, _ = await Unit.get_or_create(name="水资源处")
    person, _ = await Person.get_or_create(name="张三")
    matter = await Matter.create(
        title="河道整治",
        source="meeting",
        category="general",
        state="proposed",
        unit=unit,
        proposer=person,
        proposed_at=NOW,
        proposal_no=await counter.proposal(),
    )
    await written(matter, lines)
    return matter


async def written(matter: Matter, count: int) -> None:
    for n in range(count):
        async with database.transaction():
            locked = await database.lock_matter(matter.id)
            facts = {"序": n, "x": 1.5, "y": next(COUNT)}
            await Ledger.append(locked, NOW + timedelta(seconds=n), matter.proposer_id, "note", facts, KEY)


async def first(exported: Exported | None = None) -> tuple[Any, ...] | None:
    found = await audit.Audit(KEY).first(exported)
    return found and (found.chain, found.n, found.how)


async def exported(name: str = "day.json") -> Exported:
    newest = await Anchor.all().order_by("-n").first()
    assert newest
    found = audit.opened(name, await audit.export(KEY, newest.n), KEY)
    assert found
    return found


@pytest.fixture
async def three(db: str) -> list[Matter]:
    """Three proposals of three lines each, anchored; then one line more each, anchored again."""
    made = [await proposed() for _ in range(3)]
    assert await Anchor.write(NOW, KEY)
    for each in made:
        await written(each, 1)
    assert await Anchor.write(LATER, KEY)
    return made


async def test_what_is_whole_is_counted(three: list[Matter]) -> None:
    walk = audit.Audit(KEY)
    assert await walk.first(await exported()) is None
    assert (walk.matters, walk.lines, walk.anchors) == (3, 12, 2)


async def test_an_empty_database_is_right(db: str) -> None:
    assert await first() is None
    assert await Anchor.write(NOW, KEY) is None


async def head_of(matter: Matter, n: int) -> None:
    """The matter's head put back to line `n`, as somebody would who covers what he cut off."""
    line = await Ledger.get_or_none(matter=matter, n=n)
    await Matter.filter(id=matter.id).update(ledger_n=n, ledger_hash=line.hash if line else "", anchored_n=n)


async def gone(matter: Matter, *, n: int) -> None:
    await Ledger.filter(matter=matter, n=n).delete()


async def renumbered(matter: Matter) -> None:
    await gone(matter, n=2)
    for n in (3, 4):
        await Ledger.filter(matter=matter, n=n).update(n=n - 1)
    await Matter.filter(id=matter.id).update(ledger_n=3)


async def put_between(matter: Matter) -> None:
    for n in (4, 3, 2):
        await Ledger.filter(matter=matter, n=n).update(n=n + 1)
    line = await Ledger.get(matter=matter, n=3)
    fields = {"at": NOW, "actor_id": line.actor_id, "verb": "accept", "body": line.body.replace("note", "accept")}
    await Ledger.create(matter=matter, n=2, prev=line.prev, hash="f" * 64, **fields)
    await Matter.filter(id=matter.id).update(ledger_n=5)


async def put_after(matter: Matter) -> None:
    line = await Ledger.get(matter=matter, n=4)
    fields = {"at": NOW, "actor_id": line.actor_id, "verb": "accept", "body": line.body, "hash": "f" * 64}
    await Ledger.create(matter=matter, n=5, prev=line.hash, **fields)


async def swapped(matter: Matter) -> None:
    """The line of another matter, sealed as it is."""
    other = await Ledger.get(matter_id=matter.id + 1, n=2)
    await Ledger.filter(matter=matter, n=2).update(body=other.body, hash=other.hash, prev=other.prev)


async def cut(matter: Matter) -> None:
    await gone(matter, n=4)
    await head_of(matter, 3)


async def cut_and_gone_on(matter: Matter) -> None:
    """The bot writes on, rightly sealed, over what was cut off."""
    await cut(matter)
    await written(matter, 3)


async def emptied(matter: Matter) -> None:
    await Ledger.filter(matter=matter).delete()
    await head_of(matter, 0)


async def removed(matter: Matter) -> None:
    await Ledger.filter(matter=matter).delete()
    await matter.delete()


async def body(matter: Matter, text: str) -> None:
    await Ledger.filter(matter=matter, n=2).update(body=text)


TRICKS: dict[str, tuple[Trick, int, str]] = {
    "a line's words": (lambda m: Ledger.filter(matter=m, n=2).update(verb="accept"), 2, "altered"),
    "a line's instant": (lambda m: Ledger.filter(matter=m, n=2).update(at=LATER), 2, "altered"),
    "no JSON": (lambda m: body(m, "x"), 2, "altered"),
    "a list": (lambda m: body(m, "[]"), 2, "altered"),
    "depth": (lambda m: body(m, "[" * 100_000), 2, "altered"),
    "a hole": (lambda m: gone(m, n=2), 2, "removed"),
    "a hole closed": (renumbered, 2, "removed"),
    "one put between": (put_between, 2, "inserted"),
    "one put after": (put_after, 5, "inserted"),
    "another matter's line": (swapped, 2, "altered"),
    "the end": (lambda m: gone(m, n=4), 4, "removed"),
    "the end, covered up": (cut, 4, "removed"),
    "the end, covered up and gone on": (cut_and_gone_on, 4, "altered"),
    "all lines": (emptied, 1, "removed"),
    "the head": (lambda m: Matter.filter(id=m.id).update(ledger_hash="0" * 64), 4, "altered"),
    "the matter": (removed, 1, "gone"),
}


class Undone(Exception):
    """Leaves a transaction without its changes."""


@pytest.mark.parametrize("with_file", [False, True])
async def test_every_trick_shows(three: list[Matter], with_file: bool) -> None:
    file = await exported() if with_file else None
    for name, (trick, n, how) in TRICKS.items():
        with contextlib.suppress(Undone):
            async with database.transaction():
                await trick(three[1])
                assert await first(file) == ("proposal 2", n, how), name
                raise Undone
    assert await first(file) is None


async def test_what_a_wrong_key_says(three: list[Matter]) -> None:
    assert await audit.Audit(KEY[::-1]).first() == Finding("proposal 1", 1, "altered")


async def test_anchors_hold_each_other(three: list[Matter]) -> None:
    told = await exported()
    second = await Anchor.get(n=2)
    await Anchor.filter(n=2).update(body=second.body.replace("proposal 1", "proposal 9"))
    assert await first() == ("anchors", 2, "altered")
    with pytest.raises(RuntimeError, match="anchor 2 is altered"):
        await audit.export(KEY, 2)
    await Anchor.filter(n=1).delete()
    assert await first() == ("anchors", 1, "removed")
    await Anchor.all().delete()
    assert await first() is None
    assert await first(told) == ("anchors", 1, "removed")


async def test_with_the_key_only_what_was_exported_bears_witness(three: list[Matter]) -> None:
    """Whoever has the key too writes everything anew; what lies elsewhere is out of his reach."""
    told = await exported()
    await Anchor.all().delete()
    await Ledger.filter(matter=three[1]).delete()
    await head_of(three[1], 0)
    await written(three[1], 4)
    await Ledger.filter(matter=three[1], n=4).delete()
    await head_of(three[1], 3)
    await written(three[1], 1)
    await Matter.all().update(anchored_n=0)
    assert await Anchor.write(NOW, KEY)
    assert await Anchor.write(LATER, KEY) is None
    assert await first() is None
    assert (await first(told) or ())[0] == "anchors"


async def test_a_matter_no_anchor_saw_leaves_a_hole(three: list[Matter]) -> None:
    fourth = await proposed()
    await removed(fourth)
    assert await first() == ("proposal 4", 1, "gone")


async def test_two_processes_make_one_chain(three: list[Matter]) -> None:
    await written(three[0], 1)
    await written(three[2], 1)
    made = await asyncio.gather(*(Anchor.write(LATER, KEY) for _ in range(4)))
    assert len([each for each in made if each]) == 1
    assert sorted((await Anchor.get(n=3)).heads) == [three[0].id, three[2].id]
    assert await first() is None


async def test_a_file_is_believed_only_as_it_was_written(three: list[Matter]) -> None:
    text = await audit.export(KEY, 2)
    assert audit.opened("f", text, KEY[::-1]) is None
    told = json.loads(text)
    told["heads"][str(three[0].id)][0] = 3
    assert audit.opened("f", json.dumps(told), KEY) is None
    for wrong in ("", "[]", "{}", "x", json.dumps({**json.loads(text), "heads": [1]}), "[" * 100_000):
        with pytest.raises(ValueError, match="no anchor file"):
            audit.opened("f", wrong, KEY)
    # the same anchors, the same bytes; an earlier file stays good
    assert await audit.export(KEY, 2) == text
    early = audit.opened("f", await audit.export(KEY, 1), KEY)
    assert early
    assert {head.n for head in early.heads.values()} == {3}
    assert await first(early) is None


def test_labels() -> None:
    row = {"year": 2026, "number": 7, "child": 2, "proposal_no": None}
    assert anchor.label(row) == "2026-0007-2"
    assert anchor.label({**row, "year": None, "proposal_no": 3}) == "proposal 3"
