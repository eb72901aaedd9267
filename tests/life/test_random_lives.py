"""Random lives: the running bot, `simulate` and the oracle agree, whatever happens in whatever order.

`make lives` lives 500 of them on each database; SEED picks which.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from models import database
from tests.life.machine import Machine

LIVES = {"sqlite": 25, "postgres": 8}
"""As many as every run of the tests can bear."""


async def one(url: str, chance: Random) -> None:
    await database.connect(url)
    try:
        await Machine(chance).live()
    finally:
        await database.close()


@pytest.mark.requirement(
    "R13", "R20", "R26", "R29", "R59", "A5", "A7", "A8", "A12", "A13", "A14", "A15", "A16", "A17", "A18", "A19", "A31",
    "A43", "A47", "A49", "A63", "A64", "A68", "A71", "A77", "A78", "A79", "A80", "A83", "A84", "A85", "A87",
)  # fmt: skip
def test_bot_rules_and_oracle_agree(
    request: pytest.FixtureRequest, empty: Callable[[], AbstractContextManager[str]]
) -> None:
    kind = request.node.callspec.params["empty"]

    @seed(int(os.environ.get("DUBAN_SEED", "0")))
    @settings(
        max_examples=int(os.environ.get("DUBAN_LIVES", LIVES[kind])),
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a life takes a second: a failing one is shown as found, not made shorter
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=True))
    def lives(chance: Random) -> None:
        with empty() as url:
            asyncio.run(one(url, chance))

    lives()
