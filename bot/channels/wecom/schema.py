"""The small language the platform's limits are written in: Text, Number, Object, Many; `walk` compares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BAD_PARAM = 40058


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken limit: the `field`'s path, `what` is wrong, the `errcode` the platform answers with.

    `hard` False: the platform takes it, but clients clip or ignore it (errcode 0).
    """

    field: str
    what: str
    errcode: int
    hard: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """A string: hard maximum in UTF-8 `bytes`, recommended maximum in `chars`, hard `pattern`."""

    need: bool = False
    bytes: int = 0
    chars: int = 0
    pattern: str = ""
    missing: int = BAD_PARAM
    code: int = BAD_PARAM


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number out of `values`."""

    values: Collection[int]
    need: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false; with `update_only` it has no effect in a first message."""

    update_only: bool = False
    need: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number r with least ≤ r < below."""

    least: float
    below: float
    need: bool = False


@dataclass(frozen=True, slots=True)
class Object:
    """Named members; what is not named is ignored by the platform."""

    members: Mapping[str, Spec]
    need: bool = False
    missing: int = BAD_PARAM


@dataclass(frozen=True, slots=True)
class Many:
    """A list of `least` to `most` items whose `unique` member never repeats."""

    item: Object
    least: int = 0
    most: int = 0
    unique: str = ""
    need: bool = False
    code: int = BAD_PARAM


Spec = Text | Number | Flag | Ratio | Object | Many


def walk(spec: Spec, value: Any, path: str) -> Iterator[Problem]:
    """Compare a value with its specification, depth first; yields every broken limit."""
    match spec:
        case Text():
            yield from _text(spec, value, path)
        case Object():
            yield from _object(spec, value, path)
        case Many():
            yield from _many(spec, value, path)
        case Flag() if not isinstance(value, bool):
            yield Problem(path, "not true or false", BAD_PARAM)
        case Number() if isinstance(value, bool) or not isinstance(value, int) or value not in spec.values:
            yield Problem(path, f"{value!r} is not allowed", BAD_PARAM)
        case Ratio() if isinstance(value, bool) or not isinstance(value, int | float):
            yield Problem(path, "not a number", BAD_PARAM)
        case Ratio() if not spec.least <= value < spec.below:
            yield Problem(path, f"not between {spec.least} and {spec.below}", BAD_PARAM)


def _text(spec: Text, value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, "not a string", BAD_PARAM)
    elif spec.need and not value:
        yield Problem(path, "empty", spec.missing)
    elif spec.bytes and len(value.encode(errors="surrogatepass")) > spec.bytes:
        yield Problem(path, f"longer than {spec.bytes} bytes", spec.code)
    elif value and spec.pattern and not re.fullmatch(spec.pattern, value):
        yield Problem(path, f"has characters outside {spec.pattern}", spec.code)
    elif spec.chars and len(value) > spec.chars:
        yield Problem(path, f"longer than {spec.chars} characters, clipped", 0, hard=False)


def _object(spec: Object, value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path, "not an object", BAD_PARAM)
        return
    for name, member in spec.members.items():
        here = f"{path}.{name}"
        if value.get(name) is not None:
            yield from walk(member, value[name], here)
        elif member.need:
            yield Problem(here, "missing", getattr(member, "missing", BAD_PARAM))
    for name in value.keys() - spec.members.keys():
        yield Problem(f"{path}.{name}", "unknown here, ignored", 0, hard=False)


def _many(spec: Many, value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield Problem(path, "not a list", BAD_PARAM)
        return
    if not spec.least <= len(value) <= spec.most:
        yield Problem(path, f"{len(value)} items, {spec.least} to {spec.most} allowed", spec.code)
    seen: set[Any] = set()
    for number, item in enumerate(value):
        yield from _object(spec.item, item, f"{path}[{number}]")
        mark = item.get(spec.unique) if spec.unique and isinstance(item, Mapping) else None
        if isinstance(mark, str) and mark:
            if mark in seen:
                yield Problem(f"{path}[{number}].{spec.unique}", f"{mark!r} is used twice", BAD_PARAM)
            seen.add(mark)
