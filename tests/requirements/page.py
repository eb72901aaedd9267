"""docs/requirements.md: each number of the rules with the functions that carry it out and the tests that prove it.

A function says in its docstring what it carries out (architecture.md, convention 2); a test says it by
`@pytest.mark.requirement("R22", "A9")`. Both are read from the source, so that a name on the page exists, and a test
on it is one that pytest collects. `make requirements` writes the page; `test_requirements.py` fails when it is stale or
when a number has no function, or no test that lives through it in chat on both databases.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGE = TOP / "docs" / "requirements.md"
CODE = ("bot", "handlers", "models")
_NUMBER = re.compile(r"\b([RA])(\d+)(?:\s?[–-]\s?\1?(\d+))?\b")
_HTTP = frozenset({"story", "line", "live"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef
HEAD = """# Requirements

What stands in the rules, number by number (R: what the source says; A: how we read what it leaves open), the functions
that carry it out and the tests that prove it. Written by `make requirements` from the docstrings of the code and the
marks of the tests; the build fails when it is not current, or when a number has no function or no test over HTTP.
`make witness` lets the tests show that they call the functions.

**HTTP**: people write and press on the loopback platform, over real HTTP, and time is stepped. **Chat**: their messages
come in at the edge of the handlers. Both on SQLite and PostgreSQL. *Rules*: pure functions, as tables.
"""


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """A test: `level` 0 over HTTP, 1 in chat, both on the two databases; 2 anything else."""

    level: int
    path: Path
    name: str

    @property
    def lived(self) -> bool:
        return self.level < 2


def rules() -> dict[str, dict[str, str]]:
    """Section → number → the requirement in our words."""
    return {key: table for key, table in _rules().items() if isinstance(table, dict)}


def _rules() -> dict[str, dict[str, str]]:
    return tomllib.loads((TOP / "tests" / "requirements" / "rules.toml").read_text(encoding="utf-8"))


def withdrawn() -> frozenset[str]:
    """Numbers that carry no rule (A48)."""
    return frozenset(_rules()["withdrawn"])


def cited(text: str) -> list[str]:
    """The numbers in a docstring, R16–R19 as four."""
    found = _NUMBER.finditer(text)
    return [f"{each[1]}{n}" for each in found for n in range(int(each[2]), int(each[3] or each[2]) + 1)]


@cache
def functions() -> dict[str, list[tuple[Path, str]]]:
    """Number → (file, function) of every function or class whose docstring cites it."""
    found: dict[str, list[tuple[Path, str]]] = defaultdict(list)
    for path in sorted(each for folder in CODE for each in (TOP / folder).rglob("*.py")):
        for name, node in _definitions(_tree(path)):
            for number in dict.fromkeys(cited(ast.get_docstring(node) or "")):
                found[number].append((path.relative_to(TOP), name))
    return found


def _definitions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, _Function | ast.ClassDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, _Function | ast.ClassDef):
            yield prefix + node.name, node
            yield from _definitions(node, f"{prefix}{node.name}.")


@cache
def proofs() -> dict[str, list[Proof]]:
    """Number → the tests marked with it, those over HTTP first."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for path in sorted((TOP / "tests").rglob("test_*.py")):
        for node in _tree(path).body:
            if isinstance(node, _Function) and node.name.startswith("test"):
                for number in _marks(node):
                    found[number].append(Proof(_level(node, path), path.relative_to(TOP), node.name))
    return {number: sorted(tests) for number, tests in found.items()}


def _marks(node: _Function) -> list[str]:
    calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
    marks = [each for each in calls if ast.unparse(each.func) == "pytest.mark.requirement"]
    return [ast.literal_eval(argument) for each in marks for argument in each.args]


def _level(node: _Function, path: Path) -> int:
    asked = _closure([each.arg for each in node.args.args], path)
    return 2 if "db_url" not in asked else 0 if asked & _HTTP else 1


def _closure(names: list[str], path: Path) -> set[str]:
    """The fixtures that a test rests on."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            names += _fixture(name, path)
    return found


def _fixture(name: str, path: Path) -> list[str]:
    """What the fixture asks for that a test in this file gets under the name: the file's own, or the nearest."""
    places = [path, *(folder / "conftest.py" for folder in path.parents if folder.is_relative_to(TOP / "tests"))]
    for place in (each for each in places if each.exists()):
        for node in _tree(place).body:
            if (
                isinstance(node, _Function)
                and node.name == name
                and "fixture" in ast.dump(ast.List(node.decorator_list))
            ):
                return [each.arg for each in node.args.args]
    return []


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def written() -> str:
    """The page as it should be."""
    code, tests = functions(), proofs()
    lines = [HEAD]
    for section, title in (("source", "What the source says"), ("reading", "What it leaves open")):
        lines += [f"## {title}", "", "| No. | In our words | Carried out by | Proved by |", "|---|---|---|---|"]
        for number, text in rules()[section].items():
            carried = ", ".join(f"`{_module(path)}.{name}`" for path, name in code.get(number, []))
            lines.append(f"| {number} | {text} | {carried} | {_proved(tests.get(number, []))} |")
        lines.append("")
    lines.append(f"Withdrawn, carrying no rule: {', '.join(sorted(withdrawn()))}.")
    return "\n".join(lines) + "\n"


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _proved(tests: list[Proof]) -> str:
    parts = []
    for level, label in enumerate(("**HTTP**", "**Chat**", "*Rules*")):
        named: dict[Path, list[str]] = defaultdict(list)
        for each in tests:
            if each.level == level:
                named[each.path].append(each.name.removeprefix("test_"))
        shown = [
            f"[{path.parent.name}/{path.stem[5:]}](../{path}): {', '.join(names)}" for path, names in named.items()
        ]
        parts += [f"{label} {'; '.join(shown)}"] if shown else []
    return "<br>".join(parts)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
