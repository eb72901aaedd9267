"""Whether the map tells the truth: while a marked test runs, some function that cites its number must be called.

`make witness` runs every marked test on SQLite with this plugin; a number whose tests call none of its functions fails.
"""

from __future__ import annotations

import functools
import gc
import sys
from collections import defaultdict
from collections.abc import Generator, Iterable
from types import CodeType, FrameType

import pytest

from tests.requirements import page

_cited: dict[tuple[str, str], list[str]] = defaultdict(list)
for _number, _functions in page.functions().items():
    for _path, _name in _functions:
        _cited[str(page.TOP / _path), _name].append(_number)
_numbers: dict[CodeType, list[str]] = {}
_called: set[str] = set()
_asked: set[str] = set()
_proved: set[str] = set()


def _trace(frame: FrameType, event: str, argument: object) -> None:
    """Called once for each call: None, so that no line is traced."""
    code = frame.f_code
    found = _numbers.get(code)
    if found is None:
        found = _numbers[code] = _of(code)
    if found:
        _called.update(found)


def _of(code: CodeType) -> list[str]:
    """The numbers that the function cites, and the class whose method it is."""
    name = code.co_qualname.replace(".<locals>", "")
    parts = name.split(".")
    owners: Iterable[str] = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return [number for owner in owners for number in _cited.get((code.co_filename, owner), ())]


def _forget() -> None:
    """What is cached was worked out for another test."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and each.__module__.split(".")[0] in page.CODE:
            each.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    marked = {number for mark in item.iter_markers("requirement") for number in mark.args}
    if not marked:
        return (yield)
    _called.clear()
    _forget()
    sys.settrace(_trace)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        _asked.update(marked)
        _proved.update(marked & _called)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = sorted(_asked - _proved)
    terminalreporter.write_line(
        f"{len(_proved)} requirements witnessed; tests call no function of: {missing or 'none'}"
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _asked - _proved:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
