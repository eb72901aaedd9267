"""docs/record.md: what each act writes and whom it tells, as played. `make record` writes it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from models import database, migrate
from tests.record import acts
from tests.roles import states

PAGE = Path(__file__).parents[2] / "docs" / "record.md"
HEAD = """# Record of acts

What each act writes and whom it tells. Written by `make record`: every act of `tests/roles/matrix.toml` is played
through the edge by the first person of each outcome (who else gets the same stands there), once everything that was
due before has left; after these the acts of `tests/record/scenes.toml`, and what the system does by itself. The tests
play them again, and the build fails when this page is not current.

Under each act, person by person: `says` is the answer in words, `shows` a card in answer, `turns` the pressed card
afterwards. `ledger` is the line that the act added, with all its facts. `+` is a new row of a table with its columns
that are not empty, `~` a row that changed (before → after), `-` one that is gone. `chat`, `sms` and `update` (a card
that was sent turns into its result) are deliveries: the notice they belong to, as kind, episode.number and obligation;
`!` and the severity; when it is due, if not at once; to whom; and what the person reads, part by part: <source and
tone>, title, what it is about, text, facts, buttons with their keys. Of many lines that
differ in numbers alone the first and the last are shown. Instants are those of Shanghai in 2026. People are named by
their login:

{people}
"""


def head() -> str:
    """The page's beginning, with who is who."""
    people = [f"`{login}` {place}" for place, login in states.PEOPLE.items() if place not in ("departed", "stranger")]
    return HEAD.format(people=", ".join(people) + ".").strip()


def section(given: str, found: list[str]) -> str:
    """The part of one state of a matter."""
    told = " ".join((acts.told(given)).split())
    return "\n".join([f"## {given}", "", told, "", "```", *found, "```"])


async def _main() -> None:
    sections = [head()]
    with tempfile.TemporaryDirectory() as folder:
        await migrate.migrate(f"sqlite://{folder}/empty.db")
        for given in acts.GIVEN:
            shutil.copyfile(f"{folder}/empty.db", f"{folder}/{given}.db")
            await database.connect(f"sqlite://{folder}/{given}.db")
            sections.append(section(given, await acts.state(given)))
            await database.close()
    PAGE.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_main())
