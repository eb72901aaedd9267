"""Which template a text was made from, read off the text alone: each template as a regular expression of its words."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import nodes

from bot import render, wording

FOLDER = wording.TEMPLATES / "replies"
_FACT = "(.*)"  # on one line
_REST = r"((?:.|\n)*)"


def name(text: str) -> str:
    """The reply whose words these are, as `feedback` or `refused/too_short`; LookupError when none is, or two alike."""
    fit = [(_own(match), each) for each, shape in _shapes().items() if (match := _match(shape, text))]
    found = sorted((own, each) for own, each in fit if own > 1)
    if not found or (len(found) > 1 and found[-2][0] == found[-1][0]):
        raise LookupError(f"{found} for {text!r}")
    return found[-1][1]


def _match(shape: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The line end that a last block had is cut off what people read."""
    return shape.fullmatch(text) or shape.fullmatch(text + "\n")


def _own(match: re.Match[str]) -> int:
    """How much of the text are the template's own words."""
    return len(match[0]) - sum(len(each or "") for each in match.groups())


@cache
def _shapes() -> dict[str, re.Pattern[str]]:
    paths = sorted(FOLDER.rglob("*.txt"))
    return {str(path.relative_to(FOLDER).with_suffix("")): _shape(path.read_text(encoding="utf-8")) for path in paths}


def _shape(source: str) -> re.Pattern[str]:
    return re.compile(rf"\s*{_body(render._ENVIRONMENT.parse(source).body)}\s*")


def _body(body: list[nodes.Node]) -> str:
    return "".join(map(_node, body))


def _node(node: nodes.Node) -> str:
    if isinstance(node, nodes.Output):
        return "".join(map(_said, node.nodes))
    if isinstance(node, nodes.If):
        branches = [node.body, *(each.body for each in node.elif_), node.else_]
        return f"(?:{'|'.join(map(_body, branches))})"
    if isinstance(node, nodes.Include):
        return _REST
    # the first round in its own words, whatever follows as one fact
    return f"(?:{_body(node.body)}{_REST})?" if isinstance(node, nodes.For) else ""


def _said(part: nodes.Node) -> str:
    if isinstance(part, nodes.TemplateData):
        return re.escape(part.data)
    if isinstance(part, nodes.Const):
        return re.escape(str(part.value))
    if isinstance(part, nodes.Concat):
        return "".join(map(_said, part.nodes))
    if isinstance(part, nodes.CondExpr):
        return f"(?:{_said(part.expr1)}|{_said(part.expr2) if part.expr2 else ''})"
    return _FACT
