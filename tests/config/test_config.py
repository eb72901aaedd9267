"""What a configuration means: defaults, the environment on top, durations, paths, masks."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import config, sections
from bot.rules import ruleset

Written = Callable[[str], Path]
EXAMPLE = Path(__file__).parents[2] / "config.example.toml"

INTERFACE = {
    "server": {
        **{"host": "127.0.0.1", "port": 8713, "public_url": "", "sandbox": False, "admin_listen": "127.0.0.1:8714"},
        "messages_per_minute": 120,
    },
    "database": {
        **{"url": "sqlite://duban.db", "pgbouncer": False},
        **{"keep_messages": 180 * 86400.0, "keep_closed": 730 * 86400.0},
    },
    "wecom": {"enabled": False, "corp_id": "", "agent_id": 0, "api_base": "https://qyapi.weixin.qq.com"},
    "dingtalk": {
        "enabled": False,
        "mode": "stream",
        "api_base": "https://api.dingtalk.com",
        "oapi_base": "https://oapi.dingtalk.com",
        "card_template_id": "",
    },
    "sms": {
        **{"driver": "log", "mode": "fallback", "after": 600.0, "always": ("initiate", "supervise")},
        **{"per_person_day": 100, "per_day": 5000},
    },
    "storage": {"path": "files", "archive": "archive"},
    "engine": {"tick": 5.0, "batch": 500, "workers": 8},
    "clock": {"start": "", "speed": 1.0, "url": ""},
}


def test_the_defaults_are_those_of_the_interface(written: Written) -> None:
    settings = config.load(written(""))
    for section, keys in INTERFACE.items():
        for key, value in keys.items():
            assert getattr(getattr(settings, section), key) == value, f"{section}.{key}"
    assert settings.ruleset() == ruleset.Ruleset()


def test_the_example_is_the_defaults_and_names_every_key(tmp_path: Path) -> None:
    example = config.load(EXAMPLE)
    (tmp_path / "empty.toml").touch()
    assert example.model_dump() == config.load(tmp_path / "empty.toml").model_dump()
    text = EXAMPLE.read_text(encoding="utf-8")
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    named = tomllib.loads(uncommented)
    for section in set(config.Config.model_fields) - {"rules", "sms"}:
        assert set(named[section]) == set(type(getattr(example, section)).model_fields), section
    assert set(named["sms"]) == set(sections.Sms.model_fields)
    assert set(named["sms"]["cmcc_mas"]) == set(sections.CmccMas.model_fields)
    assert {key for key, *_ in ruleset.explain(ruleset.Ruleset())} <= set(named["rules"])


def test_the_environment_wins_key_by_key(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SERVER__PORT", "9000")
    monkeypatch.setenv("DUBAN_SMS__CMCC_MAS__AP_ID", "ap")
    monkeypatch.setenv("DUBAN_SMS__ALWAYS", '["urge"]')
    monkeypatch.setenv("DUBAN_RULES__MIN_GAP_MINUTES", "60")
    monkeypatch.setenv("DUBAN_RULES__MONTH_BACKSTOP", "false")
    settings = config.load(written('[server]\nport = 8000\nhost = "127.0.0.2"\n[rules]\nmonth = "30d"'))
    assert (settings.server.port, settings.server.host) == (9000, "127.0.0.2")
    assert (settings.sms.cmcc_mas.ap_id, settings.sms.always) == ("ap", ("urge",))
    rules = settings.ruleset()
    assert (rules.min_gap_minutes, rules.month_backstop, rules.month) == (60, False, "30d")


def test_the_environment_alone_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_ENGINE__WORKERS", "3")
    assert config.load().engine.workers == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [("500ms", 0.5), ("5s", 5), ("10m", 600), ("4h", 14400), ("1d", 86400), (7, 7), (0.5, 0.5), ("1.5 h", 5400)],
)
def test_durations_are_seconds(text: str | float, expected: float) -> None:
    assert sections.seconds(text) == expected


def test_paths_start_at_the_file_not_at_the_working_folder(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written('[storage]\npath = "uploads"')
    monkeypatch.chdir("/")
    settings = config.load(path)
    assert settings.storage_path == path.parent / "uploads"
    assert settings.database_url == f"sqlite://{path.parent}/duban.db"


def test_absolute_addresses_stay(written: Written) -> None:
    for url in ("sqlite:///var/lib/duban.db", "postgres://u:p@h/duban"):
        assert config.load(written(f'[database]\nurl = "{url}"')).database_url == url


def test_nothing_shows_a_secret(written: Written) -> None:
    text = (
        '[database]\nurl = "postgres://duban:hidden1@db/duban"\n[wecom]\nsecret = "hidden2"\ntoken = "hidden3"\n'
        '[dingtalk]\nclient_secret = "hidden4"\n[sms.cmcc_mas]\nsecret_key = "hidden5"\nsend_secret = "hidden6"\n'
        '[sms.aliyun]\naccess_key_secret = "hidden7"\n[sms.tencent]\nsecret_key = "hidden8"\n'
        f'[web]\nsecret = "hidden9{"x" * 32}"\n[ledger]\nkey = "hidden10{"x" * 32}"\n'
    )
    settings = config.load(written(text))
    assert settings.database.url.endswith("hidden1@db/duban")
    assert settings.wecom.secret.get_secret_value() == "hidden2"
    for shown in (repr(settings), str(settings), f"{settings.database}", f"{settings.web!r}"):
        assert "hidden" not in shown


def test_a_sandbox_may_move_time_on_loopback(written: Written) -> None:
    settings = config.load(
        written('[server]\nsandbox = true\n[clock]\nstart = "2026-03-02T09:00:00"\nspeed = 600\nurl = "http://[::1]:9"')
    )
    assert settings.clock.start_at == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert settings.clock.speed == 600


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False), ("a.cn", False)],
)
def test_what_counts_as_loopback(host: str, expected: bool) -> None:
    assert sections.is_loopback(host) is expected


@pytest.mark.parametrize("said", ["http://127.0.0.1:8797/control", "http://127.0.0.1:8797/control/clock"])
def test_the_clocks_address_is_the_control_apis(written: Written, said: str) -> None:
    settings = config.load(written(f'[server]\nsandbox = true\n[clock]\nurl = "{said}"'))
    assert settings.clock.url == "http://127.0.0.1:8797/control"
