"""Random departments: whatever is done by whomever, what must be true of the books is true (`sound.py`).

`make lives` lets 50 of them work on each database; SEED picks which.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random

import pytest

from models import database
from models.ledger import Ledger
from tests.life.house import House

SEED = int(os.environ.get("DUBAN_SEED", "0"))
MANY, STEPS = (int(os.environ["DUBAN_LIVES"]) // 10, 80) if "DUBAN_LIVES" in os.environ else (1, 20)
OFTEN = {
    "propose", "initiate", "assign", "feedback", "supplement", "see", "return", "grade", "draft_completion",
    "apply_completion", "accept", "apply_extension", "approve_extension", "reassign", "withdraw", "converted",
    "file_for", "reopen", "object",
}  # fmt: skip
"""What fifty departments all come to; else the runs are of no use."""


async def one(url: str, chance: Random) -> Counter[str]:
    """A department's year or so; how often each verb came to be."""
    await database.connect(url)
    try:
        house = await House.found(chance)
        try:
            await house.work(STEPS)
        except BaseException:
            print(house.config, *house.told, sep="\n")
            raise
        return Counter(await Ledger.all().values_list("verb", flat=True))
    finally:
        await database.close()


@pytest.mark.requirement("A15", "A16", "A46", "A49", "A61", "A62", "A69", "A72", "A74")
def test_the_books_are_in_order_whatever_happens(empty: Callable[[], AbstractContextManager[str]]) -> None:
    seen: Counter[str] = Counter()
    for nth in range(MANY):
        with empty() as url:
            seen += asyncio.run(one(url, Random(SEED * 1_000_000 + nth)))
    assert len(seen) >= 5, seen
    assert MANY < 50 or seen.keys() >= OFTEN, OFTEN - seen.keys()
