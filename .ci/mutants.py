"""Mutation testing of the rules and the actions: `make mutants [SCOPE=actions] [ARGS=--jobs 2]`.

A copy of the tree is mutated by mutmut; what neither mypy nor a test notices must stand in docs/mutants.toml with the
reason, or the run fails. What stands there is not tried, what a test killed not again until its function changes;
`make clean` forgets.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import mutants_known

TOP = Path(__file__).resolve().parent.parent
KNOWN = TOP / "docs" / "mutants.toml"
PLUGIN, OURS = (TOP / ".ci" / f"{name}.py" for name in ("mutants_pytest", "mutants_known"))
BY_TESTS, BY_TYPES, BY_TIME = {1, 3}, {37}, {-24, 24, 36, 152, 255}
"""How a run ends that noticed: a test failed, mypy would not have it, or the tests came to no end."""
TYPES = [sys.executable, "-m", "mypy", "--output=json", "--no-warn-unused-ignores", "--disable-error-code=no-redef"]
"""What `make check` asks of the types, less what mutmut's own lines would break."""
CHAT = ["actions", "office", "family", "people", "handlers", "roster", "engine", "record"]
CHAT += [f"life/test_{name}.py" for name in ("extension", "review", "completion")]
SCOPES = {
    "rules": {"mutate": ["bot/rules/*"], "tests": ["tests/rules"], "args": []},
    "actions": {
        "mutate": ["bot/actions/*"],
        "tests": [f"tests/{name}" for name in CHAT],
        # what runs on both databases runs on one here: it tells the mutants apart
        "args": ["-k", "not postgres"],
    },
}
ENDS = {0: "survived", 5: "no test", 33: "no test"}
SETTINGS = """
[tool.mutmut]
source_paths = ["bot"]
only_mutate = {mutate}
also_copy = ["docs", "handlers", "models", "templates", "config.example.toml", "mutants_pytest.py", "mutants_known.py"]
pytest_add_cli_args = {args}
pytest_add_cli_args_test_selection = {tests}
type_check_command = {types}
use_git_change_detection = false
timeout_multiplier = 8
"""


def main() -> int:
    """Run one scope; 0 when every survivor is known."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("scope", choices=SCOPES)
    asked.add_argument("names", nargs="*", help="mutants as mutmut names them, wildcards allowed; none: all")
    asked.add_argument("--jobs", default="2")
    given = asked.parse_intermixed_args()
    folder = TOP / ".mutants" / given.scope
    _copy(folder, given.scope)
    _forget(folder)
    run = [_mutmut(), "run", "--max-children", given.jobs, *given.names]
    # the copy must be what is imported, not the checkout that the environment knows
    environment = {**os.environ, "PYTHONPATH": ".", "MUTANTS_SCOPE": given.scope}
    if failed := subprocess.run(run, cwd=folder, env=environment, check=False).returncode:
        return failed
    return _judge(given.scope, folder)


def _forget(folder: Path) -> None:
    """Which test calls which function is found out anew, mutmut looks at new tests only; so is who survived."""
    for name in ("mutmut-stats.json", "empty.db"):
        (folder / "mutants" / name).unlink(missing_ok=True)
    for file in (folder / "mutants").rglob("*.meta"):
        meta = json.loads(file.read_text())
        codes = meta["exit_code_by_key"]
        meta["exit_code_by_key"] = {name: code if code in BY_TESTS else None for name, code in codes.items()}
        file.write_text(json.dumps(meta))


def _mutmut() -> str:
    return str(Path(sys.executable).parent / "mutmut")


def _copy(folder: Path, scope: str) -> None:
    """The tracked files, rewritten only where they differ: mutmut goes by what changed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, check=True, capture_output=True).stdout
    kept = {name for name in listed.decode().split("\0") if name and (TOP / name).is_file()}
    for name in kept:
        _write(folder / name, (TOP / name).read_bytes())
    for old in (path for part in ("bot", "handlers", "models", "tests") for path in (folder / part).rglob("*.py")):
        if str(old.relative_to(folder)) not in kept:
            old.unlink()
    chosen = SCOPES[scope]
    words = {"mutate": chosen["mutate"], "tests": chosen["tests"]}
    words["types"] = [*TYPES, *(name.removesuffix("/*") for name in chosen["mutate"])]
    words["args"] = ["-p", "no:cacheprovider", "-p", PLUGIN.stem, *chosen["args"]]
    shown = {name: json.dumps(value) for name, value in words.items()}
    _write(folder / "pyproject.toml", (TOP / "pyproject.toml").read_bytes() + SETTINGS.format(**shown).encode())
    for file in (PLUGIN, OURS):
        _write(folder / file.name, file.read_bytes())


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _judge(scope: str, folder: Path) -> int:
    """Tell the survivors that docs/mutants.toml does not know; 1 when there are any, or anything was not run."""
    codes = _codes(folder)
    waiting = [name for name, code in codes.items() if code is None]
    ends = [sum(code in kind for code in codes.values()) for kind in (BY_TESTS, BY_TYPES, BY_TIME)]
    killed = BY_TESTS | BY_TYPES | BY_TIME
    left = {name: code for name, code in codes.items() if code not in killed and code is not None}
    known = mutants_known.known(KNOWN, scope)
    unknown = [
        (name, code, told) for name, code in left.items() if (told := mutants_known.told(name, folder)) not in known
    ]
    print(f"{scope}: {len(codes)} mutants, {sum(ends)} killed ({ends[1]} by mypy, {ends[2]} by the time limit), "
          f"{len(left)} survived ({len(left) - len(unknown)} known), {len(waiting)} not run")  # fmt: skip
    for name, code, told in unknown:
        print(f"\n# {name}: {ENDS.get(code, f'ended with {code}')}\n[[{scope}]]\nfunction = \"{told.function}\"\n"
              f"before = {json.dumps(told.before)}\nafter = {json.dumps(told.after)}")  # fmt: skip
    return int(bool(unknown) or bool(waiting))


def _codes(folder: Path) -> dict[str, int | None]:
    """How the tests of each mutant ended."""
    codes: dict[str, int | None] = {}
    for meta in sorted((folder / "mutants").rglob("*.meta")):
        codes |= json.loads(meta.read_text())["exit_code_by_key"]
    return codes


if __name__ == "__main__":
    sys.exit(main())
