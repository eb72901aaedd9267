"""The chain of a matter's ledger: canonical bytes, the seal, and every way of tampering found."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime, timedelta, timezone

import pytest

from models import database, ledger
from models.ledger import Ledger
from models.matter import Matter
from models.people import Person

KEY = b"0123456789abcdef0123456789abcdef"


async def written(matter: Matter, now: datetime, count: int = 3) -> None:
    for n in range(count):
        async with database.transaction():
            locked = await database.lock_matter(matter.id)
            at = now.astimezone(timezone(timedelta(hours=8))) + timedelta(seconds=n)
            await Ledger.append(locked, at, matter.proposer_id, "remind", {"序": n, "on": date(2026, 1, 1)}, KEY)


def test_canonical_bytes() -> None:
    at = datetime(2026, 11, 24, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    assert ledger.canonical({"b": [1, None], "a": "河道", "at": at}) == (
        '{"a":"河道","at":"2026-11-24T00:00:00+00:00","b":[1,null]}'
    )
    with pytest.raises(TypeError):
        ledger.canonical({"a": object()})


async def test_lines_are_chained(matter: Matter, now: datetime) -> None:
    await written(matter, now)
    first, second, third = await Ledger.filter(matter=matter).order_by("n")
    assert [line.prev for line in (first, second, third)] == ["", first.hash, second.hash]
    message = f"{first.hash}\n2\n{second.body}".encode()
    assert second.hash == hmac.new(KEY, message, hashlib.sha256).hexdigest()
    head = await Matter.get(id=matter.id)
    assert (head.ledger_n, head.ledger_hash) == (3, third.hash)
    assert await Ledger.verify(matter.id, KEY) is None
    assert await Ledger.verify(matter.id, KEY[::-1]) == 1


async def test_an_empty_ledger_is_right(matter: Matter) -> None:
    assert await Ledger.verify(matter.id, KEY) is None
    assert await Ledger.fits(KEY)


async def test_a_key_is_told_from_an_altered_line(matter: Matter, now: datetime) -> None:
    """One end that holds is enough: an altered line must not keep the bot from starting."""
    await written(matter, now)
    assert (await Ledger.fits(KEY), await Ledger.fits(KEY[::-1])) == (True, False)
    await Ledger.filter(n=1).update(hash="0" * 64)
    assert await Ledger.fits(KEY)
    await Ledger.filter(n=3).update(hash="0" * 64)
    assert not await Ledger.fits(KEY)


@pytest.mark.parametrize("column", ["body", "verb", "at", "actor_id", "hash", "prev"])
async def test_a_changed_line_is_found(matter: Matter, now: datetime, column: str) -> None:
    await written(matter, now)
    other = {"verb": "x", "at": now, "actor_id": (await Person.create(name="李四")).id}
    line = await Ledger.get(matter=matter, n=2)
    changed = other.get(column, str(getattr(line, column)).replace("1", "2").replace("0", "3"))
    await Ledger.filter(id=line.id).update(**{column: changed})
    assert await Ledger.verify(matter.id, KEY) == 2


async def test_missing_lines_are_found(matter: Matter, now: datetime) -> None:
    await written(matter, now)
    await Ledger.filter(matter=matter, n=3).delete()
    assert await Ledger.verify(matter.id, KEY) == 3
    await Ledger.filter(matter=matter, n=1).delete()
    assert await Ledger.verify(matter.id, KEY) == 1


async def test_a_matter_read_without_its_lock_is_refused(matter: Matter, now: datetime) -> None:
    await written(matter, now, 1)
    with pytest.raises(RuntimeError, match="lock"):
        await Ledger.append(matter, now, None, "remind", {}, KEY)
    assert await Ledger.filter(matter=matter).count() == 1


async def test_two_lines_in_one_transaction(matter: Matter, now: datetime) -> None:
    async with database.transaction():
        locked = await database.lock_matter(matter.id)
        for verb in ("urge", "supervise"):
            line = await Ledger.append(locked, now, None, verb, {}, KEY)
    assert (line.n, locked.ledger_n) == (2, 2)
    assert await Ledger.verify(matter.id, KEY) is None
