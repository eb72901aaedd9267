"""docs/phrases.md: every phrase with what comes of it and what is answered, as played. `make phrases` writes it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from bot import wording
from models import database, migrate
from tests.life import hands
from tests.phrases import scenes

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "phrases.md"
HEAD = """# Phrases

How people really write, and what the bot makes of it: each phrase is understood, or asked back; none is filed wrongly.
Written by `make phrases` from `tests/phrases/phrases.toml`, every phrase played through the edge; the tests play them
on SQLite and PostgreSQL, and the build fails when this page is not current. What is filed is shown as in the ledger:
verb, matter, obligation, the words kept.
"""
Row = tuple[str, str, str]
"""A phrase, what came of it, the reply's first line."""


def data() -> list[dict[str, Any]]:
    """The situations, each with its phrases and what must come of them."""
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))["scene"]
    return found


async def played(scene: dict[str, Any]) -> list[Row]:
    """The phrases of a situation, in the connected, empty database."""
    world = await scenes.set_up(scene["name"])
    at = hands.at(scene["at"])
    return [(text, *await scenes.play(world, scene["who"], text, at)) for text, _ in scene["phrases"]]


def section(scene: dict[str, Any], rows: list[Row]) -> str:
    """A situation's part of the page."""
    lines = [f"## {scene['told']}", "", "| Written | Becomes | Answered |", "|---|---|---|"]
    return "\n".join(
        [
            *lines,
            *(f"| {_cell(text)} | {_becomes(done)} | {_cell(wording.short(said, 64))} |" for text, done, said in rows),
        ]
    )


def _becomes(done: str) -> str:
    kinds = {"? which": "asked which matter", "? sure": "asked to confirm"}
    return kinds.get(done) or ("asked back" if done[0] == "?" else "answered" if done[0] == "=" else _cell(done))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def written(sections: list[str]) -> str:
    """The page."""
    return "\n\n".join([HEAD.strip(), *sections]) + "\n"


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await migrate.migrate(f"sqlite://{folder}/empty.db")
        sections = []
        for number, scene in enumerate(data()):
            shutil.copyfile(f"{folder}/empty.db", f"{folder}/{number}.db")
            await database.connect(f"sqlite://{folder}/{number}.db")
            sections.append(section(scene, await played(scene)))
            await database.close()
    PAGE.write_text(written(sections), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_main())
