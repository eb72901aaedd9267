"""Migrations over filled tables, on both databases: nothing lost, all or nothing, two migrators at once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError

import models.migrations
from models import database, migrate
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person, Unit
from tests.databases import connected

HEAD = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "{after}")]
    operations = [{operations}]
"""

WIDER = """
        ops.AlterField("Unit", "name", fields.CharField(max_length=150, unique=True)),
        ops.AlterField("Matter", "title", fields.CharField(max_length=300)),
        ops.AddField("Matter", "colour", fields.CharField(max_length=10, db_default="red")),
        ops.AlterField("Obligation", "name", fields.CharField(max_length=40)),
"""
FAILS = """
        ops.AlterField("Matter", "title", fields.CharField(max_length=300)),
        ops.RunSQL("INSERT INTO nowhere VALUES (1)"),
"""
ORPHANS = """
        ops.RunSQL("DELETE FROM unit"),
"""

Package = Callable[[str], str]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """A migrations package with ours and one more of the given operations."""
    name = f"more_migrations_{tmp_path.name}"
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(operations: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        ours = sorted(Path(str(models.migrations.__file__)).parent.glob("*.py"))
        for file in ours:
            (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        text = HEAD.format(after=max(file.stem for file in ours if file.stem[0] == "0"), operations=operations)
        (folder / "9999_more.py").write_text(text, encoding="utf-8")
        return name

    yield write
    for module in [each for each in sys.modules if each.split(".")[0] == name]:
        del sys.modules[module]


@pytest.fixture
async def filled(db_url: str, now: object) -> str:
    """A migrated database with a unit, a matter of it and three obligations of that."""
    async with connected(db_url):
        unit = await Unit.create(name="水资源处")
        person = await Person.create(name="张三")
        matter = await Matter.create(
            title="河道; 整治", source="meeting", category="general", state="running", unit=unit, proposer=person,
            proposed_at=now, year=2026, number=1,
        )  # fmt: skip
        for n in range(3):
            await Obligation.create(matter=matter, unit=unit, name="N7", ordinal=n, planned_at=now)
    return db_url


async def catalogue() -> set[tuple[str, ...]]:
    """Table and columns of each unique key, and the partial indexes by name."""
    if database.dialect() == "postgres":
        text = "SELECT tablename AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'public'"
        return {(row["name"], row["sql"]) for row in await database.rows(text)}
    text = (
        'SELECT t.name AS name, i."unique" AS u, i.partial AS partial, '
        "(SELECT group_concat(name) FROM pragma_index_info(i.name)) AS inside "
        "FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'"
    )
    return {tuple(str(value) for value in row.values()) for row in await database.rows(text)}


async def references() -> list[dict[str, object]]:
    text = (
        'SELECT t.name AS name, k."table" AS parent, k."from" AS inside, k.on_delete AS rule '
        "FROM sqlite_master t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table' ORDER BY 1, 2, 3"
    )
    return await database.rows(text) if database.dialect() == "sqlite" else []


async def test_altering_parents_keeps_rows_indexes_and_keys(filled: str, package: Package) -> None:
    async with connected(filled):
        before, keys = await catalogue(), await references()
    name = package(WIDER)
    assert await migrate.pending(filled, package=name) == ["9999_more"]
    assert await migrate.migrate(filled, package=name) == ["9999_more"]
    assert await migrate.pending(filled, package=name) == []
    async with connected(filled):
        assert await catalogue() == before
        assert await references() == keys
        assert [row["colour"] for row in await database.rows("SELECT colour FROM matter")] == ["red"]
        assert await Obligation.all().count() == 3
        matter = await Matter.get(title="河道; 整治")
        assert matter.ruleset == {}
        with pytest.raises(IntegrityError):
            await Obligation.create(
                matter=matter, unit_id=matter.unit_id, name="N7", ordinal=2, planned_at=matter.proposed_at
            )
        with pytest.raises(IntegrityError):
            await Unit.filter(id=matter.unit_id).delete()


async def test_a_failing_migration_changes_nothing(filled: str, package: Package) -> None:
    async with connected(filled):
        before = await catalogue()
    name = package(FAILS)
    with pytest.raises(Exception, match="nowhere"):
        await migrate.migrate(filled, package=name)
    assert await migrate.pending(filled, package=name) == ["9999_more"]
    async with connected(filled):
        assert await catalogue() == before
        assert await Obligation.all().count() == 3


async def test_rows_without_a_parent_are_refused(filled: str, package: Package) -> None:
    name = package(ORPHANS)
    with pytest.raises((RuntimeError, IntegrityError), match=r"parent|foreign key"):
        await migrate.migrate(filled, package=name)
    async with connected(filled):
        assert await Unit.all().count() == 1


async def test_two_migrators_at_once(filled: str, package: Package) -> None:
    name = package(WIDER)
    done = await asyncio.gather(*(migrate.migrate(filled, package=name) for _ in range(3)))
    assert sorted(done) == [[], [], ["9999_more"]]


async def test_two_first_starts_at_once(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'new.db'}"
    missing = await migrate.pending(url)
    done = await asyncio.gather(*(migrate.migrate(url) for _ in range(3)))
    assert sorted(done) == [[], [], missing]
    async with connected(url):
        await Unit.create(name="a")


async def test_two_first_starts_at_once_on_postgres(pg_url: str) -> None:
    async with connected(pg_url):
        await database.execute("DROP SCHEMA public CASCADE")
        await database.execute("CREATE SCHEMA public")
    missing = await migrate.pending(pg_url)
    done = await asyncio.gather(*(migrate.migrate(pg_url) for _ in range(3)))
    assert sorted(done) == [[], [], missing]
    async with connected(pg_url):
        await Unit.create(name="a")
