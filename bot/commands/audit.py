"""duban audit: does the record hold, and an anchor file to be kept elsewhere."""

from __future__ import annotations

from pathlib import Path

import typer

from bot import clock
from bot.commands import screen, store
from bot.config import Config
from bot.documents import storage
from bot.errors import ConfigError
from bot.rules import calendar
from models import audit, database
from models.anchor import Anchor
from models.audit import Exported, Finding

_HOW = {
    "altered": "altered",
    "removed": "removed",
    "inserted": "inserted, nobody of ours wrote it",
    "gone": "the matter itself is gone",
}


async def verify(config: Config, file: Path | None) -> int:
    """Walk the whole record, with `file` also against what was exported; 1 at the first broken link."""
    key = _key(config)
    exported = _exported(file, key) if file else None
    if file and exported is None:
        screen.fail(f"{file}: altered, or sealed by another ledger.key; take another copy of it")
        return 1
    async with store.opened(config), database.reading():
        walk = audit.Audit(key)
        found = await walk.first(exported)
    if found:
        screen.fail(_sentence(found))
        return 1
    against = f", and {file} of {calendar.local(exported.at):%Y-%m-%d %H:%M:%S} agrees" if exported else ""
    typer.echo(f"{walk.matters} matters, {walk.lines} lines, {walk.anchors} anchors: every link holds{against}")
    return 0


async def keep(config: Config, file: Path) -> int:
    """Anchor what is not anchored yet and write an anchor file of this moment."""
    key = _key(config)
    async with store.opened(config):
        while await Anchor.write(clock.now(), key):
            pass
        newest = await Anchor.all().order_by("-n").first()
        if newest is None:
            screen.fail("there is no matter to anchor yet")
            return 1
        text = await audit.export(key, newest.n)
    try:
        storage.put(file, text.encode())
    except OSError as error:
        raise ConfigError(f"{file}: can't be written: {error.strerror}") from None
    typer.echo(f"anchor {newest.n} {newest.hash} written to {file}; keep it out of reach of this machine")
    return 0


def _key(config: Config) -> bytes:
    key = config.ledger.key.get_secret_value()
    if not key:
        raise ConfigError(
            f"{config.path}: ledger.key: there is none; restore keys.toml from this installation's backup"
        )
    return key.encode()


def _exported(file: Path, key: bytes) -> Exported | None:
    try:
        return audit.opened(file.name, file.read_text(encoding="utf-8"), key)
    except OSError as error:
        raise ConfigError(f"{file}: can't be read: {error.strerror}") from None
    except ValueError:
        raise ConfigError(
            f"{file}: no anchor file; name one of the folder anchors, or one of duban audit anchor"
        ) from None


def _sentence(found: Finding) -> str:
    """2026-0001 line 5: altered"""
    place = (
        found.chain
        if found.how == "gone"
        else f"{found.chain} {'number' if found.chain == 'anchors' else 'line'} {found.n}"
    )
    proof = f" (as {found.proof} shows)" if found.proof else ""
    doubt = "; or ledger.key is not the key it was written with" if found.how == "altered" and found.n == 1 else ""
    return f"{place}: {_HOW[found.how]}{proof}{doubt}"
