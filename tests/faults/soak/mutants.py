"""The program with one promise broken: copies of the tree that the soak must convict."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.faults.soak.yard import TREE

PARTS = ("bot", "handlers", "models", "templates")


@dataclass(frozen=True)
class Mutant:
    """`points` are the fail-points that bring it to light between these `hours` of a matter nobody answers; `patches`
    are (file, as it is, as it must not be)."""

    points: tuple[str, ...]
    hours: tuple[float, float]
    patches: tuple[tuple[str, str, str], ...]


MUTANTS = {
    "results without fencing": Mutant(
        ("claimed:freeze",),
        (71.5, 121),  # two supervise notices, whose texts a gateway does not recognise
        (
            (
                "models/delivery.py",
                'cls.filter(id=delivery_id, state="sending", attempt=attempt)',
                "cls.filter(id=delivery_id)",
            ),
            (
                "bot/engine/outbox.py",
                'Delivery.filter(id=each.id, state="sending", attempt=each.attempt)',
                "Delivery.filter(id=each.id)",
            ),
            (
                "bot/engine/letter.py",
                '    if len(found) == len(mine) and not any(row["gone"] for row in found):\n',
                "    if found or not found:\n",
            ),
        ),
    ),
    "cursor and outbox committed apart": Mutant(
        ("planning",),
        (26.5, 31),
        (
            (
                "bot/engine/due.py",
                '        await _write(planned, moved, now)\n        failpoint.hit("planning")\n',
                '        await _write([], moved, now)\n    failpoint.hit("planning")\n'
                "    async with database.transaction():\n        await _write(planned, [], now)\n",
            ),
        ),
    ),
}


def copy(folder: Path) -> Path:
    """The tree as it is, in a folder of its own."""
    for part in PARTS:
        shutil.copytree(TREE / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def mutated(name: str, folder: Path) -> Path:
    """A copy with the mutant's patches; RuntimeError when one does not fit any more."""
    copy(folder)
    for file, before, after in MUTANTS[name].patches:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        if text.count(before) != 1:
            raise RuntimeError(f"{name}: {file} reads otherwise now: {before!r}")
        path.write_text(text.replace(before, after), encoding="utf-8")
    return folder


MIGRATION = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "{after}")]
    operations = [ops.AddField("Matter", "colour", fields.CharField(max_length=10, db_default="red"))]
"""
NEWER = "9999_colour"


def newer(folder: Path) -> Path:
    """A copy of a later version: one more migration, which expands."""
    copy(folder)
    migrations = folder / "models" / "migrations"
    after = max(each.stem for each in migrations.glob("[0-9]*.py"))
    (migrations / f"{NEWER}.py").write_text(MIGRATION.format(after=after), encoding="utf-8")
    return folder
