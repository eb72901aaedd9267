"""What a failure leaves in the log: where, never what an officer wrote, who he is, or a secret."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import log

SECRET = "sEcr3t/of the+app"


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test configures is undone."""
    monkeypatch.setattr(log, "_secrets", ())
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    log.hide([SECRET])
    yield
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def fail(said: str) -> None:
    raise RuntimeError("failed" if said else "")


@pytest.mark.usefixtures("configured")
def test_a_traceback_names_places_not_values(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("invalid value '收到，已安排张三处理' at 7", "invalid value '…' at 7"),
        ("Key (phone)=(13800138000) exists, +8613800138000", "Key (phone)=(*******8000) exists, *******8000"),
        ("11010519491231002X", "******************"),
        ("GET /cgi-bin/gettoken?corpid=ww1&corpsecret=abc", "GET /cgi-bin/gettoken?corpid=ww1&corpsecret=***"),
        ("errcode=40001 access_token=xyz&a=1", "errcode=40001 access_token=***&a=1"),
        ("postgres://duban:pa55@db/duban", "postgres://***@db/duban"),
        (f"secret {SECRET} in words", "secret *** in words"),
        ("secret sEcr3t%2Fof%20the%2Bapp quoted", "secret *** quoted"),
        ("2026-0001 obligation 13 at 1772409600 in 1772409600123 ms", None),
        ("plain words, 138 of 2000", None),
    ],
)
@pytest.mark.usefixtures("configured")
def test_what_is_masked(said: str, shown: str | None) -> None:
    assert log.mask(said) == (shown or said)


@pytest.mark.usefixtures("configured")
def test_values_libraries_and_last_words(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    structlog.get_logger("test").warning("sms", text="王主任：速办", phone="13800138000", why={"a": [SECRET]})
    logging.getLogger("aiohttp.server").error("Error handling request from %s", "李四")
    try:
        raise ValueError(f"李四 {SECRET}")
    except ValueError as error:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
        sys.excepthook(ValueError, error, error.__traceback__)
    seen = capsys.readouterr()
    printed = seen.out + seen.err
    assert printed.count("ValueError: … ***") == 2
    assert "Error handling request from …" in printed
    assert not [word for word in ("王", "李四", "13800138000", SECRET) if word in printed]


@pytest.mark.usefixtures("configured")
def test_a_librarys_warning_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A pool that tries again every few seconds must not fill the log; a defect is told whole."""
    log.configure()
    try:
        fail("")
    except RuntimeError:
        logging.getLogger("asyncpg.pool").warning("retrying %s", "soon", exc_info=True)
        warned = capsys.readouterr().err
        logging.getLogger("asyncio").error("a task failed", exc_info=True)
    assert warned.endswith("asyncpg.pool: retrying soon (RuntimeError: )\n")
    assert warned.count("\n") == 1
    assert "Traceback" in capsys.readouterr().err
