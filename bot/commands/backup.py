"""duban backup and duban restore: the database and the files that officers handed in, as one archive.

Keys and settings are no part of it: who holds the archive alone can forge no line of the ledger.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import typer

from bot import clock
from bot.commands import store
from bot.config import Config
from bot.documents import storage
from bot.errors import ConfigError
from models import dump, migrate, restored

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
FORMAT = 1


async def make(config: Config, file: Path) -> None:
    """Write the archive, whole or not at all, while the bot runs; ConfigError when `file` is there or can't be."""
    started = clock.monotonic()
    async with store.opened(config):
        newest = await migrate.newest()
    about = {"format": FORMAT, "database": dump.kind(config.database_url), "migration": newest}
    try:
        count, size = await asyncio.to_thread(_write, config, file, {**about, "at": clock.wall().isoformat()})
    except OSError as error:
        raise ConfigError(f"{file}: can't be written: {error.strerror}") from None
    typer.echo(f"{file}: database and {count} files, {size >> 10} KiB, {clock.monotonic() - started:.1f} s")
    typer.echo("not in it: config.toml, keys.toml, holidays.toml, anchors; keep them elsewhere")


def _write(config: Config, file: Path, about: dict[str, Any]) -> tuple[int, int]:
    """Files and bytes. The database first: a file that it names is on the disk by then, and never changes."""
    if file.exists():
        raise ConfigError(f"{file}: is there already; name another file")
    with tempfile.TemporaryDirectory(prefix=".duban-backup-", dir=file.absolute().parent) as folder:
        place, aside = Path(folder) / DATABASE, Path(folder) / "backup.tar"
        dump.take(config.database_url, place)
        with aside.open("xb") as raw:
            os.fchmod(raw.fileno(), 0o600)
            count = _pack(raw, place, config.storage_path, about)
            raw.flush()
            os.fsync(raw.fileno())
        size = aside.stat().st_size
        aside.rename(file)
    return count, size


def _pack(raw: BinaryIO, place: Path, files: Path, about: dict[str, Any]) -> int:
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry, data = tarfile.TarInfo(MANIFEST), json.dumps(about).encode()
        entry.size, entry.mode = len(data), 0o600
        archive.addfile(entry, io.BytesIO(data))
        archive.add(place, DATABASE)
        names = [*_kept(files)]
        for each in names:
            archive.add(each, f"{FILES}/{each.name}")
    return len(names)


def _kept(folder: Path) -> Iterator[Path]:
    """The files of the storage, by hash."""
    for each in sorted(folder.glob("??/*")):
        if storage.is_name(each.name):
            yield each


async def bring_back(config: Config, file: Path) -> None:
    """Make database and files of the archive, in a place that is empty, and fit to go on; nothing is started.

    ConfigError: not an archive of ours, another kind of database, a place that is not empty, a newer version's.
    """
    url = config.database_url
    if not await dump.is_empty(url):
        raise ConfigError(f"{config.path}: database.url: the database is not empty; name an empty one, or remove it")
    with tempfile.TemporaryDirectory(prefix="duban-restore-") as folder:
        about, count = await asyncio.to_thread(_unpack, config, file, Path(folder))
        await asyncio.to_thread(dump.load, url, Path(folder) / DATABASE)
    applied = await migrate.migrate(url)
    async with store.opened(config):
        open_ = await restored.settle(clock.now(), clock.wall())
    typer.echo(f"{file}: of {about['at']}, {count} files" + f", {len(applied)} migrations applied" * bool(applied))
    if open_:
        typer.echo(f"{open_} messages may have left after the backup: they are not sent again, /未达 lists them")
    typer.echo("what people wrote since then is not in it: ask them to send it again, or use /代报")


def _unpack(config: Config, file: Path, folder: Path) -> tuple[dict[str, Any], int]:
    try:
        with tarfile.open(file) as archive:
            about = _manifest(archive, config, file)
            with (folder / DATABASE).open("xb") as target:
                _copy(archive, DATABASE, target)
            count = 0
            for entry in archive:
                if entry.isfile() and entry.name.startswith(f"{FILES}/"):
                    count += _restore(archive, entry, config.storage_path)
            return about, count
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise ConfigError(f"{file}: not a whole backup of duban ({error})") from None


def _manifest(archive: tarfile.TarFile, config: Config, file: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(_read(archive, archive.getmember(MANIFEST)))
    if about["format"] != FORMAT:
        raise ValueError(f"format {about['format']}; install the version that made it")
    if about["database"] != dump.kind(config.database_url):
        raise ConfigError(f"{file}: holds a {about['database']} database; set database.url to one of that kind")
    if not migrate.is_known(about["migration"]):
        raise ConfigError(f"{file}: made by a newer version (schema {about['migration']}); install that one")
    return about


def _read(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    found = archive.extractfile(entry)
    if found is None:
        raise ValueError(f"{entry.name} is no file")
    return found.read()


def _copy(archive: tarfile.TarFile, name: str, target: BinaryIO) -> None:
    found = archive.extractfile(archive.getmember(name))
    if found is None:
        raise ValueError(f"{name} is no file")
    while piece := found.read(1 << 20):
        target.write(piece)


def _restore(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> int:
    """One file, judged by the hash that is its name."""
    name = entry.name.removeprefix(f"{FILES}/")
    if storage.keep(folder, _read(archive, entry)) != name:
        raise ValueError(f"{entry.name} is damaged")
    return 1
