"""The whole database as one file, taken while others write, and back into an empty place.

SQLite by `VACUUM INTO`, PostgreSQL by its own pg_dump and pg_restore: each is one snapshot.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from bot import errors
from models import database


def kind(url: str) -> str:
    """sqlite or postgres."""
    return "sqlite" if url.startswith("sqlite://") else "postgres"


def take(url: str, place: Path) -> None:
    """Write the database to `place`, a file that is not there yet.

    Raises ConfigError: the server's tools are missing or refuse, the SQLite file can't be read.
    """
    if kind(url) == "postgres":
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={place}")
        return
    try:
        with contextlib.closing(_opened(url)) as base:
            base.execute("VACUUM INTO ?", [str(place)])
    except sqlite3.Error as error:
        raise errors.ConfigError(f"database.url: the database can't be read ({error}); is it there?") from None


def load(url: str, place: Path) -> None:
    """Make the database of the file that `take` wrote; ConfigError as there."""
    if kind(url) == "postgres":
        options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _run("pg_restore", url, *options, str(place))
        return
    target = _file(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.restoring")
    if problem := _damage(place):
        raise errors.ConfigError(f"{place.name}: the database in the backup is damaged ({problem})")
    shutil.copyfile(place, aside)
    aside.chmod(0o600)
    aside.rename(target)


async def is_empty(url: str) -> bool:
    """Whether nothing is there yet: no file, no table. Raises what the driver raises when the server is away."""
    if kind(url) == "sqlite":
        return not _is_there(_file(url))
    await database.connect(url, pool=1)
    try:
        text = "SELECT 1 FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LIMIT 1"
        return not await database.rows(text)
    finally:
        await database.close()


def _damage(place: Path) -> str:
    """What is wrong with a SQLite file, "" when nothing is."""
    try:
        with contextlib.closing(sqlite3.connect(place)) as base:
            found = base.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else " ".join(str(found).split())


def _is_there(file: Path) -> bool:
    """A log that was left behind counts: it would be played into the database that comes."""
    return any(Path(f"{file}{ending}").exists() for ending in ("", "-wal", "-shm", "-journal"))


def _opened(url: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{urlsplit(_file(url).as_uri()).path}?mode=ro", uri=True, timeout=60)


def _file(url: str) -> Path:
    return Path(unquote(url.removeprefix("sqlite://"))).absolute()


def _run(tool: str, url: str, *options: str) -> str:
    """What the tool wrote; the password goes by the environment, where no list of processes shows it."""
    place = shutil.which(tool)
    if place is None:
        raise errors.ConfigError(f"{tool} is not installed: install PostgreSQL's client of the server's version")
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    address = urlunsplit(parts._replace(scheme="postgresql", netloc=f"{name or 'postgres'}@{host}"))
    env = {**os.environ, **({"PGPASSWORD": unquote(password)} if password else {})}
    done = subprocess.run(  # noqa: S603 - a tool of the server, no shell
        [place, f"--dbname={address}", *options], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise errors.ConfigError(f"database.url: {tool} failed: {said.removeprefix(f'{tool}: error: ')}")
    return done.stdout
