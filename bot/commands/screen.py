"""Plain tables for a terminal or a pipe: no colours, no wrapping, Chinese counted two columns wide."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

import typer


def width(text: str) -> int:
    """Columns a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows: Sequence[Sequence[object]]) -> None:
    """Print rows under one another, the first a header; the last column is as long as it likes."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def as_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a value as JSON, Chinese as it is."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def fail(text: object) -> None:
    """One line on stderr."""
    typer.echo(f"duban: {' '.join(str(text).split())}", err=True)
