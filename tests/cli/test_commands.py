"""Exit codes and one-line errors; the commands that need no database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.rules import ruleset

Duban = Callable[..., Any]

SCENARIO = {
    "config": {"urge_first": "at_deadline"},
    "inputs": [
        {"at": "2026-03-02T09:00:00+08:00", "event": "initiate", "category": "general"},
        {"at": "2026-03-03T10:00:00+08:00", "event": "feedback", "node": "N1"},
    ],
    "until": "2026-03-03T12:00:00+08:00",
}

USAGE = [
    ((), "Usage: duban"),
    (("frob",), "No such command 'frob'"),
    (("rules", "--jsn"), "No such option: --jsn"),
    (("simulate",), "Missing argument"),
    (("sandbox", "--port", "70000"), "'--port': Input should be less than or equal to 65535"),
    (("serve",), "config.toml: no such file; copy config.example.toml"),
    (("check", "--config", "absent.toml"), "absent.toml: no such file"),
    (("matter", "list"), "config.toml: no such file"),
    (("simulate", "absent.json"), "absent.json: can't be read: No such file"),
]


@pytest.mark.parametrize(("args", "text"), USAGE)
def test_usage_and_configuration_are_2(duban: Duban, args: tuple[str, ...], text: str) -> None:
    ran = duban(*args)
    assert ran.code == 2
    assert text in ran.err
    assert not args or ran.err.count("\n") == 1


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from bot import cli; code = cli.run(['--help']); heavy = {'tortoise', 'aiohttp', 'pydantic', "
        "'chinese_calendar', 'jinja2', 'asyncpg'} & set(sys.modules); "
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    for command in ("serve", "demo", "sandbox", "check", "rules", "simulate", "migrate", "roster", "matter"):
        assert f"\n  {command} " in ran.stdout


def test_a_mistake_in_the_file_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[server]\nprot = 1\n")
    command = [sys.executable, "-m", "bot.cli", "check"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, env=_environment())
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == 'duban: config.toml: server.prot: is no setting; did you mean "port"?\n'


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2])}


def test_rules_are_told_with_their_requirement(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[rules]\nmonth = "30d"\n')
    told = json.loads(duban("rules", "--json").out)
    expected = {"value": "30d", "default": "calendar_clamp", "requirement": "A4", "choices": ["calendar_clamp", "30d"]}
    assert told["month"] == expected
    assert set(told) == set(ruleset.to_mapping(ruleset.Ruleset()))
    lines = [line.split() for line in duban("rules").out.splitlines()]
    assert lines[0] == ["key", "value", "default", "requirement", "choices"]
    assert ["month", "30d", "calendar_clamp", "A4", "calendar_clamp", "|", "30d"] in lines
    assert len(lines) == len(told) + 1


def test_rules_without_a_file_are_the_defaults(duban: Duban) -> None:
    assert all(entry["value"] == entry["default"] for entry in json.loads(duban("rules", "--json").out).values())


def test_a_scenario_is_played_by_its_own_rules(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(SCENARIO))
    ran = duban("simulate", "s.json", "--json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert [(each["at"], each["kind"], each["obligation"]) for each in told["notices"]] == [
        ("2026-03-02T09:00:00+08:00", "initiate", "MATTER"),
        ("2026-03-03T04:00:00+08:00", "remind", "N1"),
        ("2026-03-03T09:00:00+08:00", "urge", "N1"),
    ]
    assert told["deadlines"]["N3"] == "2026-03-05T09:00:00+08:00"
    assert told["score"] == {"items": {"overdue": 1, "urge_episode": 1}, "total": "-0.2"}
    table = duban("simulate", "s.json").out
    assert "2026-03-03T09:00:00+08:00  urge      N1          1" in table
    assert "total         -0.2" in table


def test_the_configured_rules_are_below_the_scenarios(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[rules]\naccountability_grace_hours = 1\nurge_first = 'after_interval'\n")
    (tmp_path / "s.json").write_text(json.dumps({**SCENARIO, "config": {}}))
    told = json.loads(duban("simulate", "s.json", "--config", "own.toml", "--json").out)
    assert [each["kind"] for each in told["notices"]] == ["initiate", "remind"]


BROKEN = [
    ("{", "s.json: line 1: not JSON"),
    ("[]", "s.json: write an object with config, inputs and until"),
    ('{"inputs": 3}', "s.json: inputs: write a list of objects"),
    ('{"inputs": [3]}', "s.json: inputs: write a list of objects"),
    (f'{{"config": {"[" * 100_000}', "s.json: nested too deeply"),
    ('{"config": []}', "s.json: config: write an object of rules"),
    ('{"until": "soon"}', "s.json: until = 'soon': write an instant"),
    (json.dumps({**SCENARIO, "config": {"month": "x"}}), "s.json: rules.month = 'x': choose one of"),
    (json.dumps({**SCENARIO, "inputs": [{"at": "2026-03-02T09:00:00+08:00", "event": "x"}]}), "no such event 'x'"),
    (json.dumps({**SCENARIO, "inputs": [{"at": "2026-03-02T09:00:00", "event": "initiate"}]}), "s.json: "),
]


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_a_broken_scenario_is_one_line(duban: Duban, tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "s.json").write_text(text)
    ran = duban("simulate", "s.json", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
