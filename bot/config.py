"""Typed settings from config.toml and the environment; a mistake stops the start and names the key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot import keys, sections
from bot.errors import ConfigError
from bot.rules import ruleset

DEFAULT = Path("config.toml")
PREFIX = "DUBAN_"
_NEEDED = {
    "wecom": ("corp_id", "agent_id", "secret", "token", "aes_key"),
    "dingtalk": ("client_id", "client_secret", "robot_code"),
    "sms.cmcc_mas": ("base_url", "ec_name", "ap_id", "secret_key", "sign"),
    "sms.aliyun": ("access_key_id", "access_key_secret", "sign_name", "template_code"),
    "sms.tencent": ("secret_id", "secret_key", "app_id", "sign_name", "template_id"),
}


def _typed_rules(rules: Any) -> Any:
    """Rules from the environment arrive as text: numbers and true/false get their type, the rest stays."""
    if not isinstance(rules, dict):
        return rules
    words: dict[Any, Any] = {"true": True, "false": False}
    typed = {}
    for key, value in rules.items():
        if isinstance(value, str) and _variable(f"rules.{key}"):
            value = int(value) if value.isdecimal() else words.get(value.lower(), value)
        typed[key] = value
    return typed


def _variable(key: str) -> str | None:
    """The environment variable that sets `key`, None when none does."""
    wanted = PREFIX + key.replace(".", "__").upper()
    return next((name for name in os.environ if name.upper() == wanted), None)


class Config(BaseSettings):
    """Every setting of the installation. Secrets are SecretStr; `repr` shows none of them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    server: sections.Server = sections.Server()
    database: sections.Database = sections.Database()
    wecom: sections.Wecom = sections.Wecom()
    dingtalk: sections.Dingtalk = sections.Dingtalk()
    sms: sections.Sms = sections.Sms()
    rules: Annotated[dict[str, Any], BeforeValidator(_typed_rules)] = {}
    web: sections.Web = sections.Web()
    ledger: sections.Ledger = sections.Ledger()
    storage: sections.Storage = sections.Storage()
    engine: sections.Engine = sections.Engine()
    clock: sections.Clock = sections.Clock()

    _path: Path = PrivateAttr(DEFAULT)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file (which arrives as arguments)."""
        return env_settings, init_settings

    @property
    def path(self) -> Path:
        """The file these settings came from (it may be absent when the environment gave them all)."""
        return self._path

    @property
    def folder(self) -> Path:
        """The folder of the file: keys.toml and holidays.toml live in it, relative paths start there."""
        return self._path.absolute().parent

    @property
    def storage_path(self) -> Path:
        """The folder of uploads, absolute."""
        return self.folder / self.storage.path

    def keeping(self) -> tuple[Path, timedelta | None, timedelta | None]:
        """The archive's folder, absolute, and how long messages and closed matters' notices stay as they are."""
        spans = (self.database.keep_messages, self.database.keep_closed)
        messages, closed = (None if each is None else timedelta(seconds=each) for each in spans)
        return self.folder / self.storage.archive, messages, closed

    @property
    def database_url(self) -> str:
        """The database's address; a relative SQLite path starts at `folder`, wherever the command runs."""
        scheme, _, rest = self.database.url.partition("://")
        if scheme != "sqlite" or rest.startswith((":memory:", "/")):
            return self.database.url
        return f"sqlite://{quote(str(self.folder))}/{rest}"

    def secrets(self) -> list[str]:
        """Every secret in it, the database's password included: what no log and no message may show."""
        password = urlsplit(self.database.url).password
        return [*_hidden(self), *([unquote(password)] if password else [])]

    def ruleset(self) -> ruleset.Ruleset:
        """The ruleset in force for matters initiated from now on."""
        return ruleset.parse(self.rules)


def _hidden(model: BaseModel) -> Iterator[str]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _hidden(value)
        elif isinstance(value, SecretStr) and value.get_secret_value():
            yield value.get_secret_value()


def load(path: Path | None = None, *, first_start: bool = False, optional: bool = False) -> Config:
    """The settings of `path` (config.toml in the working folder when None) with the environment on top.

    A named file must exist; without a name the environment alone will do, or with `optional` the defaults.
    `first_start` makes keys.toml when web.secret or ledger.key is empty. ConfigError names file, key and what to do.
    """
    source = path or DEFAULT
    variables = any(name.startswith(PREFIX) and "__" in name for name in os.environ)
    tables = _read(source, required=path is not None or not (variables or optional))
    _refuse_unknown_sections(tables, source)
    tables = _with_keys(tables, source, first_start)
    try:
        config = Config(**tables)
    except ValidationError as error:
        raise ConfigError(_sentence(error, source)) from None
    except SettingsError as error:
        field = str(error).partition('field "')[2].partition('"')[0]
        name = f"{PREFIX}{field.upper()}__…"
        raise ConfigError(f'{name}: write one variable a key, and a list as ["a", "b"]') from None
    config._path = source
    for key, problem in _contradictions(config):
        raise ConfigError(f"{_place(key, source)} {problem}")
    return config


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        if not required:
            return {}
        raise ConfigError(
            f"{path}: no such file; copy config.example.toml to it, or name another by --config"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}; texts need quotes") from None
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from None


def _refuse_unknown_sections(tables: dict[str, Any], path: Path) -> None:
    """The library ignores variables of unknown sections; a misspelt one must not be lost silently."""
    for name in tables:
        if name not in Config.model_fields:
            raise ConfigError(f"{path}: [{name}] is no section{_near(name, Config.model_fields)}")
    for variable in sorted(os.environ):
        section, mark, _ = variable.removeprefix(PREFIX).partition("__")
        if variable.startswith(PREFIX) and mark and section.lower() not in Config.model_fields:
            raise ConfigError(f"{variable}: {section} is no section{_near(section.lower(), Config.model_fields)}")


def _with_keys(tables: dict[str, Any], path: Path, first_start: bool) -> dict[str, Any]:
    """The tables with what keys.toml holds in the place of an empty web.secret and ledger.key."""
    empty = [
        (table, key)
        for table, key in (("web", "secret"), ("ledger", "key"))
        if isinstance(tables.get(table, {}), dict)
        and not (tables.get(table, {}).get(key) or _variable(f"{table}.{key}"))
    ]
    folder = path.absolute().parent
    made = (keys.make(folder) if first_start else keys.read(folder)) if empty else {}
    for table, key in empty if made else ():
        tables = {**tables, table: {**tables.get(table, {}), key: made[table][key]}}
    return tables


def _sentence(error: ValidationError, path: Path) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = [str(part) for part in first["loc"]]
    key = ".".join(place)
    if first["type"] == "extra_forbidden":
        return f"{_place(key, path)} is no setting{_near(place[-1], _fields(place[:-1]))}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{_place(key, path)} {message[:1].lower()}{message[1:]}"


def _fields(place: list[str]) -> list[str]:
    model: Any = Config
    for part in place:
        model = model.model_fields[part].annotation
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _place(key: str, path: Path) -> str:
    name = _variable(key)
    return f"{name}:" if name else f"{path}: {key}:"


def _near(name: str, known: Any) -> str:
    found = get_close_matches(name, list(known), 1)
    return f'; did you mean "{found[0]}"?' if found else f"; known are {', '.join(known)}"


def _contradictions(config: Config) -> Iterator[tuple[str, str]]:
    """(key, what to do) for settings that are well written but can't stand together."""
    yield from _missing(config)
    if config.sms.sink and not sections.on_loopback(config.sms.sink):
        yield "sms.sink", "texts are handed to loopback only; choose a driver to send real ones"
    known = [entry[0] for entry in ruleset.explain(ruleset.Ruleset())] + ["preset"]
    for name in config.rules:
        if name not in known:
            yield f"rules.{name}", f"is no setting{_near(name, known)}"
    try:
        config.ruleset()
    except ValueError as error:
        key, _, problem = str(error).removeprefix("rules.").partition(" ")
        yield f"rules.{key.rstrip(':')}", problem.removeprefix("= ")
    yield from _sandbox(config) if config.server.sandbox else _production(config)


def _missing(config: Config) -> Iterator[tuple[str, str]]:
    enabled = [name for name in ("wecom", "dingtalk") if getattr(config, name).enabled]
    reasons = {name: f"needed because {name}.enabled = true" for name in enabled}
    if config.sms.driver != "log" and config.sms.mode != "off":
        reasons[f"sms.{config.sms.driver}"] = f'needed because sms.driver = "{config.sms.driver}"'
    for section, reason in reasons.items():
        table: Any = config
        for part in section.split("."):
            table = getattr(table, part)
        for key in _NEEDED[section]:
            value = getattr(table, key)
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                yield f"{section}.{key}", f"is empty; {reason}"


def _production(config: Config) -> Iterator[tuple[str, str]]:
    default = sections.Clock()
    for key in ("start", "speed", "url"):
        if getattr(config.clock, key) != getattr(default, key):
            yield (
                f"clock.{key}",
                "moves time, which only a sandbox may; remove it or set server.sandbox = true",
            )


def _sandbox(config: Config) -> Iterator[tuple[str, str]]:
    admin = config.server.admin_listen.rpartition(":")[0].strip("[]")
    for key, host in (("server.host", config.server.host), ("server.admin_listen", admin)):
        if host and not sections.is_loopback(host):
            yield key, "a sandbox listens on loopback only; write 127.0.0.1"
    bases = [("wecom.api_base", config.wecom.enabled, config.wecom.api_base)]
    bases += [
        (f"dingtalk.{key}", config.dingtalk.enabled, getattr(config.dingtalk, key)) for key in ("api_base", "oapi_base")
    ]
    for key, enabled, url in bases:
        if enabled and not sections.on_loopback(url):
            yield key, "a sandbox talks to loopback only; write the address that duban sandbox prints"
    if config.clock.url and not sections.on_loopback(config.clock.url):
        yield "clock.url", "the clock of a sandbox is served on loopback only"
    gateway = config.sms.cmcc_mas.base_url
    if config.sms.driver != "log" and not (config.sms.driver == "cmcc_mas" and sections.on_loopback(gateway)):
        yield "sms.driver", 'a sandbox sends no real SMS; write "log", or a gateway on loopback'
