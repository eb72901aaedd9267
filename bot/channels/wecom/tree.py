"""A decrypted callback's XML as plain dicts, read without trust: no document type, no entity, little depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from bot.channels.wecom.refusal import Rejected

MAX_DEPTH = 12
MAX_NODES = 2000


def leaf(node: Mapping[str, Any], name: str) -> str:
    """The text of a child, "" when absent. Raises Rejected(400) when it is repeated or has children."""
    value = node.get(name, "")
    if not isinstance(value, str):
        raise Rejected(400, f"{name} is no text")
    return value


def many(node: Mapping[str, Any], name: str) -> list[Any]:
    """The children of that name, as a list whether there are none, one or several."""
    value = node.get(name, [])
    return value if isinstance(value, list) else [value]


def parse(xml: str) -> dict[str, Any]:
    """The tree of an `<xml>` document: text, or a dict of children where a repeated name holds a list.

    Document types, entities, more than 12 levels or 2,000 elements are refused: Rejected(400).
    """
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_declaration
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError):
        raise Rejected(400, "message is not well-formed XML") from None
    if builder.root_name != "xml" or not isinstance(builder.root, dict):
        raise Rejected(400, "message has no <xml> root with children")
    return builder.root


def _refuse_declaration(*_: object) -> None:
    raise Rejected(400, "message declares a document type or an entity")


class _Builder:
    """Collects expat's events into dicts; attributes don't occur in callbacks and are dropped."""

    def __init__(self) -> None:
        self.root: dict[str, Any] | str = ""
        self.root_name = ""
        self._nodes = 0
        self._stack: list[tuple[str, dict[str, Any], list[str]]] = []

    def start(self, name: str, _: Mapping[str, str]) -> None:
        self._nodes += 1
        if len(self._stack) >= MAX_DEPTH or self._nodes > MAX_NODES:
            raise Rejected(400, "message nests too deep or has too many elements")
        self._stack.append((name, {}, []))

    def text(self, data: str) -> None:
        self._stack[-1][2].append(data)

    def end(self, _: str) -> None:
        name, children, pieces = self._stack.pop()
        value: dict[str, Any] | str = children or "".join(pieces)
        if not self._stack:
            self.root, self.root_name = value, name
            return
        siblings = self._stack[-1][1]
        if name not in siblings:
            siblings[name] = value
        elif isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]
