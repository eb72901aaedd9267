"""Roster files written by the line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "姓名,处室,角色,岗位,手机,企业微信,钉钉,分管"


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines under the header as CSV and gives the path."""

    def write(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
        path = tmp_path / "roster.csv"
        path.write_bytes("\n".join([header, *lines]).encode(encoding))
        return path

    return write
