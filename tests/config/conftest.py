"""A folder with a configuration, and an environment that sets nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("DUBAN_"):
            monkeypatch.delenv(name)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a config.toml and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
