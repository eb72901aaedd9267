"""The files themselves: named by the hash of their bytes, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from bot.engine import trouble

_HASH = re.compile(r"[0-9a-f]{64}")


class NoRoom(Exception):
    """The folder takes nothing: its disk is full or read-only. Nothing of the file is left."""


def keep(folder: Path, data: bytes) -> str:
    """Store the bytes under `folder` and give their SHA-256 (hex); the same bytes are stored once.

    Written aside, flushed to the disk, then renamed: a name that exists is a whole file, whenever the process dies.
    Raises NoRoom, which /readyz tells until a file is kept again.
    """
    with trouble.told("files"):
        try:
            return _keep(folder, data)
        except OSError as error:
            raise NoRoom(f"storage.path: {error.strerror}") from error


def _keep(folder: Path, data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    place = path(folder, name)
    if not place.exists():
        put(place, data)
    return name


def put(place: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone; its folder is made when missing."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.parent / f".{place.name[:16]}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        _write(aside, data)
        aside.replace(place)
    finally:
        aside.unlink(missing_ok=True)
    _flush(place.parent)


def path(folder: Path, name: str) -> Path:
    """Where the bytes of that hash are; ValueError when it is no hash."""
    if not is_name(name):
        raise ValueError("not the SHA-256 of a stored file")
    return folder / name[:2] / name


def is_name(name: str) -> bool:
    """Whether a stored file may be named so."""
    return bool(_HASH.fullmatch(name))


def _write(place: Path, data: bytes) -> None:
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """A rename lasts once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
