"""What a failure leaves in the log: where, never what an officer wrote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from bot import app


@pytest.fixture
def configured() -> Iterator[None]:
    app.log_plainly()
    yield
    structlog.reset_defaults()


def fail(said: str) -> None:
    raise RuntimeError("failed" if said else "")


@pytest.mark.usefixtures("configured")
def test_a_traceback_names_places_not_values(capsys: pytest.CaptureFixture[str]) -> None:
    said = "收到" + "此项任务"
    try:
        fail(said)
    except RuntimeError:
        structlog.get_logger("test").exception("tick_failed")
    printed = capsys.readouterr().out
    assert "tick_failed" in printed
    assert "in fail" in printed
    assert "RuntimeError: failed" in printed
    assert said not in printed
