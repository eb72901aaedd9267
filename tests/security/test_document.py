"""docs/security.md names a test for each threat, and each of them exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def functions_of(file: str) -> frozenset[str]:
    """The test functions of a file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    found = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return frozenset(each.name for each in found if each.name.startswith("test_"))


def threats() -> list[str]:
    """The rows of the tables with threats."""
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    body = text.partition("## Doors and threats")[2].partition("## What the ledger proves")[0]
    rows = [line for line in body.splitlines() if line.startswith("| ")]
    return [row for row in rows if not row.startswith("| threat")]


def test_each_threat_is_tried() -> None:
    rows = threats()
    assert len(rows) > 35
    assert not [row for row in rows if not NAMED.search(row)]


def test_each_test_exists() -> None:
    named = NAMED.findall((ROOT / "docs" / "security.md").read_text("utf-8"))
    assert len(named) > 60
    missing = [
        f"{file}::{name}" for file, name in named if not (ROOT / file).exists() or name not in functions_of(file)
    ]
    assert not missing
