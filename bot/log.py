"""The log says what happened and where, never who said what: secrets, phone numbers and Chinese words are masked.

Code, identifiers and our own messages are English (architecture.md); what is written in Chinese was written by people
or is a person's name, wherever it got in: a value, an exception's message, a library's line.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any
from urllib.parse import quote

SHORTEST = 6
"""Characters of a secret that is looked for; a shorter one would mask half of the log."""
HIDDEN = "***"
_NAMED = re.compile(
    r"(?i)(?<![a-z])((?:access_?token|corpsecret|appsecret|secret|password|msg_signature|code)=)[^&\s\"']+"
)
_LOGIN = re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_PHONE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d{5}(?=\d{4}(?!\d))")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_CHINESE = re.compile(
    "[\u2e80-\u303e\u3040-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff]"
    "[\u2e80-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff\u00b7\u2018-\u201d\u2026]*"
)

_secrets: tuple[str, ...] = ()


def hide(secrets: Iterable[str]) -> None:
    """Mask these values, as they are and as addresses quote them, from now on."""
    global _secrets
    forms = {form for each in secrets if len(each) >= SHORTEST for form in (each, quote(each, safe=""))}
    _secrets = tuple(sorted({*_secrets, *forms}, key=len, reverse=True))


def unsecret(text: str) -> str:
    """The text without secrets: for who runs a command, who may see the rest."""
    for secret in _secrets:
        text = text.replace(secret, HIDDEN)
    return _NAMED.sub(rf"\1{HIDDEN}", _LOGIN.sub(HIDDEN, text))


def mask(text: str) -> str:
    """The text without what must not stand in a log; a phone keeps its last four digits."""
    text = unsecret(text)
    text = _PHONE.sub("*" * 7, _IDENTITY.sub("*" * 18, text))
    return _CHINESE.sub("…", text)


def failure(event: str, error: BaseException | None) -> None:
    """What failed, and where: type and place only, for the message of an exception may hold what an officer wrote."""
    import structlog

    trace = error.__traceback__ if error else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    structlog.get_logger(__name__).error(event, error=type(error).__name__ if error else "cancelled", place=place)


class _Plain(logging.Formatter):
    """Lines of libraries (asyncio, aiohttp, apscheduler, asyncpg): a warning tells its cause in the line."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info and record.levelno < logging.ERROR else None
        if error:
            said = f"{record.getMessage()} ({type(error).__name__}: {error})"
            record = logging.makeLogRecord(
                {**vars(record), "msg": said, "args": (), "exc_info": None, "exc_text": None}
            )
        return mask(super().format(record))


def configure() -> None:
    """Our lines, the libraries' and an exception that ends the process go through `mask`; tracebacks show no values."""
    import structlog  # the command line masks without it

    render = structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )

    def masked(logger: Any, name: str, event: Any) -> str:
        return mask(render(logger, name, event))

    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], masked])
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain("%(asctime)s [%(levelname)s] %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(mask("".join(traceback.format_exception(kind, error, trace))))
