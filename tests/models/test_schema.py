"""The schema as the databases tell it: indexes under every foreign key, unique keys, no drift from the models."""

from __future__ import annotations

from models import database, migrate
from models.matter import Matter

UNIQUE = {
    ("anchor", "n"),
    ("approval", "matter_id", "role"),
    ("delivery", "notice_id", "person_id", "lane"),
    ("inbound", "channel", "corp", "agent", "key"),
    ("ledger", "matter_id", "n"),
    ("matter", "year", "number", "child"),
    ("notice", "obligation_id", "episode", "kind", "seq"),
    ("obligation", "matter_id", "cycle", "name", "ordinal"),
    ("prompt", "matter_id", "cycle", "kind", "subject"),
    ("quota", "channel", "window"),
    ("recipient", "person_id", "channel"),
    ("score_event", "obligation_id", "episode", "rule", "seq"),
    ("score_freeze", "year", "quarter"),
}

POSTGRES_KEYS = """
SELECT c.conrelid::regclass::text AS name, a.attname AS leading FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"""

POSTGRES_INDEXES = """
SELECT i.indrelid::regclass::text AS name, i.indisunique AS is_unique, i.indpred IS NOT NULL AS partial,
  ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(n, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.place) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace
WHERE s.nspname = 'public'"""

SQLITE_KEYS = """
SELECT t.name AS name, k."from" AS leading FROM sqlite_master t, pragma_foreign_key_list(t.name) k
WHERE t.type = 'table'"""

SQLITE_INDEXES = """
SELECT t.name AS name, i."unique" AS is_unique, i.partial AS partial, i.name AS own
FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'"""


async def keys() -> set[tuple[str, str]]:
    text = SQLITE_KEYS if database.dialect() == "sqlite" else POSTGRES_KEYS
    return {(row["name"], row["leading"]) for row in await database.rows(text)}


async def indexes() -> list[tuple[str, bool, bool, tuple[str, ...]]]:
    """(table, unique, partial, columns) of every index."""
    if database.dialect() == "postgres":
        found = await database.rows(POSTGRES_INDEXES)
    else:
        found = await database.rows(SQLITE_INDEXES)
        for row in found:
            inside = await database.rows("SELECT name FROM pragma_index_info(?) ORDER BY seqno", [row["own"]])
            row["columns"] = [each["name"] for each in inside]
    return [(r["name"], bool(r["is_unique"]), bool(r["partial"]), tuple(r["columns"])) for r in found]


async def unindexed() -> set[tuple[str, str]]:
    """Foreign keys that no whole index begins with."""
    leading = {(table, columns[0]) for table, _, partial, columns in await indexes() if not partial}
    return await keys() - leading


async def test_every_foreign_key_has_an_index(db: str) -> None:
    assert len(await keys()) > 20
    assert await unindexed() == set()


async def test_a_missing_index_would_be_found(db: str) -> None:
    await database.execute("CREATE TABLE child (id INT, parent_id INT REFERENCES person (id))")
    assert await unindexed() == {("child", "parent_id")}


async def test_unique_keys_and_partial_indexes(db: str) -> None:
    found = await indexes()
    assert {(table, *columns) for table, unique, _, columns in found if unique} >= UNIQUE
    partial = {(table, columns) for table, _, is_partial, columns in found if is_partial}
    due = {("obligation", ("next_notice_at", "id")), ("delivery", ("due_at", "id"))}
    others = {("inbound", ("received_wall",)), ("document", ("next_try_at",)), ("prompt", ("next_at", "id"))}
    assert partial == due | others


async def test_the_migrations_bring_exactly_the_models() -> None:
    assert [draft.operations for draft in await migrate.drafts()] == []


async def test_the_due_statements_use_their_indexes(sqlite_url: str) -> None:
    await database.connect(sqlite_url)
    try:
        text = "EXPLAIN QUERY PLAN SELECT id FROM obligation WHERE next_notice_at <= ? ORDER BY next_notice_at, id"
        plan = await database.rows(text, ["2026"])
        assert [row["detail"] for row in plan] == [
            "SEARCH obligation USING COVERING INDEX obligation_due (next_notice_at<?)"
        ]
        text = "EXPLAIN QUERY PLAN SELECT min(next_notice_at) FROM obligation WHERE next_notice_at IS NOT NULL"
        assert "obligation_due" in (await database.rows(text))[0]["detail"]
    finally:
        await database.close()


async def test_codes(matter: Matter) -> None:
    assert matter.code == ""
    matter.year, matter.number = 2026, 1
    assert matter.code == "2026-0001"
