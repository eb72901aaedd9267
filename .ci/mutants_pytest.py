"""The tests of `make mutants`: pointed ones first, few examples and always the same, no cache left by the test before.

What a run finds must not hang on luck: whatever only a rare random example notices counts as unnoticed. Only the order
learns: a test that noticed one change of a function is asked first about the next.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mutants_known
import pytest
from hypothesis import Phase, settings
from mutmut.state import state

from models import migrate

EXAMPLES = 20
NOTICED = Path("noticed.txt")
"""A line for each mutant that was noticed: the function and the test."""
POINTED = 24
"""So many tests that call the fewest functions come first: what they say is about this one."""
WHOLE = "tests/record/"
"""Then those that look at everything an act writes, then the rest."""
LISTED = Path("docs/mutants.toml")
SCOPE = os.environ.get("MUTANTS_SCOPE", "")


def pytest_configure(config: pytest.Config) -> None:
    """For a mutant: who noticed others of its function, then the POINTED, the WHOLE, the rest.

    One that is listed as a survivor is not tried.
    """
    if not (function := _function()):
        return
    listed = {each for each in mutants_known.known(LISTED, SCOPE) if each.function == mutants_known.function(_mutant())}
    if listed and mutants_known.told(_mutant(), Path("..")) in listed:
        pytest.exit("listed", returncode=0)
    lines = NOTICED.read_text().splitlines() if NOTICED.exists() else []
    noticed = Counter(test for name, _, test in (line.partition(" ") for line in lines) if name == function)
    calls = Counter(test for tests in state().tests_by_mangled_function_name.values() for test in tests)
    tests = sorted(config.args, key=lambda test: (-noticed[test], calls[test]))
    config.args[:] = tests[:POINTED] + sorted(tests[POINTED:], key=lambda test: not test.startswith(WHOLE))


def _function() -> str:
    """Of the mutant under test; empty when there is none."""
    name, mark, _ = _mutant().rpartition("__mutmut_")
    return name if mark else ""


def _mutant() -> str:
    return os.environ.get("MUTANT_UNDER_TEST", "")


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
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each property with few examples; in the order that was asked for."""
    for item in items:
        own = getattr(item.function, "_hypothesis_internal_use_settings", None) if hasattr(item, "function") else None
        if own:
            few = min(own.max_examples, EXAMPLES)
            item.function._hypothesis_internal_use_settings = settings(  # type: ignore[attr-defined]
                own, max_examples=few, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
            )
    if _function():
        places = {test: place for place, test in enumerate(config.args)}
        items.sort(key=lambda item: places.get(item.nodeid, len(places)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep who noticed."""
    if report.failed and (function := _function()):
        with NOTICED.open("a") as file:
            file.write(f"{function} {report.nodeid}\n")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A cache that a test before has filled would hide a mutant from the tests after it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bot."):
            for value in list(vars(module).values()):
                getattr(value, "cache_clear", int)()
