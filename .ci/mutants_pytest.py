"""The tests of `make mutants`: quick ones first, few examples and always the same, no cache left by the test before.

What a run finds must not hang on luck: whatever only a rare random example notices counts as unnoticed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from models import migrate

EXAMPLES = 20
STATISTICS = Path("mutmut-stats.json")
WHOLE = "tests/record/"
"""Tests that look at everything an act writes: never left out."""
MOST = int(os.environ.get("MOST_TESTS", "1000"))


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Path], request: pytest.FixtureRequest) -> Path | None:
    """The empty database is made once, and not for every mutant."""
    if fixturedef.argname != "sqlite_template":
        return None
    path = request.config.rootpath / "empty.db"
    if not path.exists():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, migrate.migrate(f"sqlite://{path}")).result()
    fixturedef.cached_result = (path, fixturedef.cache_key(request), None)
    return path


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each property with few examples; for a mutant the quickest tests first, MOST of them and the WHOLE ones."""
    for item in items:
        own = getattr(item.function, "_hypothesis_internal_use_settings", None) if hasattr(item, "function") else None
        if own:
            few = min(own.max_examples, EXAMPLES)
            item.function._hypothesis_internal_use_settings = settings(  # type: ignore[attr-defined]
                own, max_examples=few, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
            )
    if "__mutmut_" in os.environ.get("MUTANT_UNDER_TEST", "") and STATISTICS.exists():
        took = json.loads(STATISTICS.read_text())["duration_by_test"]
        items.sort(key=lambda item: took.get(item.nodeid, 0.0))
        items[:] = items[:MOST] + [item for item in items[MOST:] if item.nodeid.startswith(WHOLE)]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A cache that a test before has filled would hide a mutant from the tests after it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bot."):
            for value in list(vars(module).values()):
                getattr(value, "cache_clear", int)()
