"""duban rules and duban simulate: the ruleset in force, and a scenario played by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot import workdays
from bot.commands import screen
from bot.config import Config
from bot.errors import ConfigError
from bot.rules import ruleset, simulate


def show(config: Config, *, as_json: bool) -> None:
    """Every key with its value, its default, the requirement it decides, and the choices there are."""
    entries = ruleset.explain(config.ruleset())
    if as_json:
        names = ("value", "default", "requirement", "choices")
        screen.as_json({key: dict(zip(names, rest, strict=True)) for key, *rest in entries})
        return
    rows = [
        (key, _word(value), "" if value == default else _word(default), source, " | ".join(map(_word, choices)))
        for key, value, default, source, choices in entries
    ]
    screen.table([("key", "value", "default", "requirement", "choices"), *rows])


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def play(file: Path, config: Config, *, as_json: bool) -> None:
    """A scenario's timeline and score by the configured rules with the scenario's own `config` on top."""
    try:
        scenario = _read(file)
        rules = ruleset.parse({**config.rules, **scenario.get("config", {})})
        result = simulate.run(scenario, rules, workdays.calendar(config.folder))
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{file}: {error}") from None
    except RecursionError:
        raise ConfigError(f"{file}: nested too deeply") from None
    if as_json:
        screen.as_json(result)
    else:
        _print(result)


def _read(file: Path) -> dict[str, Any]:
    try:
        scenario = json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ConfigError(f"{file}: line {error.lineno}: not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{file}: can't be read: {error.strerror}") from None
    if not isinstance(scenario, dict):
        raise ConfigError(f"{file}: write an object with config, inputs and until")
    inputs, given = scenario.get("inputs", []), scenario.get("config", {})
    if not isinstance(inputs, list) or not all(isinstance(each, dict) for each in inputs):
        raise ConfigError(f"{file}: inputs: write a list of objects with at and event")
    if not isinstance(given, dict):
        raise ConfigError(f"{file}: config: write an object of rules")
    return scenario


def _print(result: dict[str, Any]) -> None:
    notices = [(each["at"], each["kind"], each["obligation"], each.get("seq", "")) for each in result["notices"]]
    screen.table([("at", "kind", "obligation", "seq"), *notices])
    screen.table([("", ""), ("deadline", "of"), *((due, name) for name, due in result["deadlines"].items())])
    screen.table([("", ""), ("score", "times"), *result["score"]["items"].items(), ("total", result["score"]["total"])])
    if refused := result.get("refused"):
        rows = [(each["at"], each["event"], each["why"]) for each in refused]
        screen.table([("", "", ""), ("refused", "event", "why"), *rows])
