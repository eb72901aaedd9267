"""keys.toml: the secrets an installation makes for itself at first start, beside its configuration."""

from __future__ import annotations

import os
import secrets
import stat
import tomllib
from pathlib import Path

from bot.errors import ConfigError

NAME = "keys.toml"
_NAMES = (("web", "secret"), ("ledger", "key"))


def read(folder: Path) -> dict[str, dict[str, str]]:
    """The tables of keys.toml, {} when there is none; ConfigError when damaged or readable by others."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            tables = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise ConfigError(f"{path}: can't be read as TOML; restore it from a backup of this installation") from None
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigError(f"{path}: other users may read it; run chmod 600 {path}")
    for table, key in _NAMES:
        value = tables.get(table, {}).get(key) if isinstance(tables.get(table), dict) else None
        if not isinstance(value, str) or len(value) < 32:
            raise ConfigError(f"{path}: {table}.{key} is missing or short; restore the file from a backup")
    return tables


def make(folder: Path) -> dict[str, dict[str, str]]:
    """The tables of keys.toml, made when missing; of processes that start at once one wins, and all agree.

    The file appears complete and with mode 0600 or not at all: it is written aside, then linked to its name.
    """
    path = folder / NAME
    if found := read(folder):
        return found
    aside = folder / f".{NAME}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        _write(aside)
        try:
            os.link(aside, path)
        except FileExistsError:
            return read(folder)
        finally:
            aside.unlink()
    except OSError as error:
        raise ConfigError(
            f"{path}: can't be made ({error.strerror}); set web.secret and ledger.key in the configuration"
        ) from None
    return read(folder)


def _write(path: Path) -> None:
    lines = ["# Made at first start. Keep it with your backups: links and the ledger's chain hang on it."]
    lines += [f'\n[{table}]\n{key} = "{secrets.token_urlsafe(48)}"' for table, key in _NAMES]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
