"""duban backup and restore: what they refuse, what they say; the rest is `tests/faults/test_restore.py`."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.documents import storage
from models import dump
from tests.documents import samples

Duban = Callable[..., Any]
CONFIG = '[database]\nurl = "sqlite://{name}.db"\n[storage]\npath = "{name}-files"\n'


@pytest.fixture
def places(tmp_path: Path, sqlite_url: str) -> Path:
    """`old.toml` on a database with a file in its storage, `new.toml` on none."""
    for name in ("old", "new"):
        (tmp_path / f"{name}.toml").write_text(CONFIG.format(name=name))
    Path(sqlite_url.removeprefix("sqlite://")).rename(tmp_path / "old.db")
    storage.keep(tmp_path / "old-files", samples.PDF)
    return tmp_path


def backed_up(duban: Duban) -> None:
    assert duban("backup", "b.tar", "--config", "old.toml").code == 0


def tampered(change: Callable[[str, bytes], bytes | None]) -> None:
    """The archive with each entry as `change` makes it."""
    with tarfile.open("b.tar") as old, tarfile.open("c.tar", "w") as new:
        for entry in old:
            data = change(entry.name, old.extractfile(entry).read())  # type: ignore[union-attr]
            if data is not None:
                entry.size = len(data)
                new.addfile(entry, io.BytesIO(data))


def test_there_and_back(duban: Duban, places: Path) -> None:
    done = duban("backup", "b.tar", "--config", "old.toml")
    assert (done.code, done.err) == (0, "")
    assert "database and 1 files" in done.out
    assert "keys.toml" in done.out
    assert stat.S_IMODE((places / "b.tar").stat().st_mode) == 0o600
    assert [each.name for each in places.iterdir() if each.name.startswith(".")] == []
    back = duban("restore", "b.tar", "--config", "new.toml")
    assert (back.code, back.err) == (0, "")
    assert "1 files" in back.out
    assert "/代报" in back.out
    assert stat.S_IMODE((places / "new.db").stat().st_mode) == 0o600
    (kept,) = (places / "new-files").glob("??/*")
    assert kept.read_bytes() == samples.PDF
    with sqlite3.connect(places / "new.db") as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.usefixtures("places")
def test_nothing_is_overwritten(duban: Duban, tmp_path: Path) -> None:
    backed_up(duban)
    again = duban("backup", "b.tar", "--config", "old.toml")
    assert (again.code, "is there already" in again.err) == (2, True)
    refused = duban("restore", "b.tar", "--config", "old.toml")
    assert (refused.code, "not empty" in refused.err) == (2, True)
    (tmp_path / "new.db-wal").write_bytes(b"what another database left behind")
    assert "not empty" in duban("restore", "b.tar", "--config", "new.toml").err
    assert not (tmp_path / "new.db").exists()


def _newer(name: str, data: bytes) -> bytes:
    return json.dumps({**json.loads(data), "migration": "9999_more"}).encode() if name == "manifest.json" else data


def _format(name: str, data: bytes) -> bytes:
    return json.dumps({**json.loads(data), "format": 2}).encode() if name == "manifest.json" else data


def _foreign(name: str, data: bytes) -> bytes:
    return json.dumps({**json.loads(data), "database": "postgres"}).encode() if name == "manifest.json" else data


def _bent(name: str, data: bytes) -> bytes:
    return data[:-1] + b"?" if name.startswith("files/") else data


def _torn(name: str, data: bytes) -> bytes:
    return data[:20_000] + bytes(40_000) + data[60_000:] if name == "database" else data


def _without(name: str, data: bytes) -> bytes | None:
    return None if name == "database" else data


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_newer, "newer version (schema 9999_more)"),
        (_format, "format 2"),
        (_foreign, "holds a postgres database"),
        (_bent, "is damaged"),
        (_torn, "is damaged"),
        (_without, "not a whole backup"),
    ],
)
@pytest.mark.usefixtures("places")
def test_an_archive_that_is_not_right(
    duban: Duban, tmp_path: Path, change: Callable[[str, bytes], bytes | None], words: str
) -> None:
    backed_up(duban)
    tampered(change)
    ran = duban("restore", "c.tar", "--config", "new.toml")
    assert (ran.code, ran.out, words in ran.err) == (2, "", True), ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "new.db").exists()


@pytest.mark.usefixtures("places")
def test_no_archive_at_all(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"no archive")
    for name in ("x.tar", "missing.tar"):
        ran = duban("restore", name, "--config", "new.toml")
        assert (ran.code, name in ran.err) == (2, True)
    assert duban("backup", "nowhere/b.tar", "--config", "old.toml").code == 2
    assert "run duban migrate" in duban("backup", "d.tar", "--config", "new.toml").err
    assert not (tmp_path / "d.tar").exists()


def test_the_tools_of_postgresql(pg_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, or refused by the server: one line. A password is in no argument list."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(cli.ConfigError, match="pg_dump is not installed"):
        dump.take(pg_url, tmp_path / "d")
    told = tmp_path / "told"
    (tmp_path / "pg_dump").write_text(
        f'#!/bin/sh\necho "$@ $PGPASSWORD" > {told}\necho "pg_dump: error: no" >&2\nexit 1\n'
    )
    (tmp_path / "pg_dump").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin{os.pathsep}/usr/bin")
    with pytest.raises(cli.ConfigError, match=r"pg_dump failed: no$"):
        dump.take("postgres://me:se%40cret@h:5432/duban", tmp_path / "d")
    arguments, _, password = told.read_text().strip().rpartition(" ")
    assert password == "se@cret"
    assert "--dbname=postgresql://me@h:5432/duban" in arguments
    assert "cret" not in arguments
