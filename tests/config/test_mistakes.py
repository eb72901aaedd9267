"""A table of mistakes and the one line each of them gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError

WECOM = """
[wecom]
enabled = true
corp_id = "ww1"
agent_id = 1000002
secret = "s3cr3t-of-the-app"
token = "t0ken"
aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
"""

MISTAKES = [
    ('[wecom]\nsecert = "x"', 'wecom.secert: is no setting; did you mean "secret"?'),
    ("[wecom]\nfrobnicate = 1", "wecom.frobnicate: is no setting; known are enabled, corp_id"),
    ('[sms.cmcc_mas]\napid = "x"', 'sms.cmcc_mas.apid: is no setting; did you mean "ap_id"?'),
    ("[wecomm]", '[wecomm] is no section; did you mean "wecom"?'),
    ("wecom = 3", "wecom: input should be a valid dictionary"),
    ("web = 3", "web: input should be a valid dictionary"),
    ("[server\n", "not TOML"),
    ("[server]\nhost = duban", "texts need quotes"),
    ("[server]\nport = 70000", "server.port: input should be less than or equal to 65535"),
    ('[server]\npublic_url = "duban.example"', "server.public_url: write a full address"),
    ('[server]\nadmin_listen = "8714"', "server.admin_listen: write host:port"),
    ('[database]\nurl = "mysql://x/y"', 'database.url: write "sqlite://duban.db" or "postgres://'),
    ('[database]\nurl = "postgres://db"', "database.url: name the database after the host"),
    (WECOM.replace('"s3cr3t-of-the-app"', '""'), "wecom.secret: is empty; needed because wecom.enabled = true"),
    (WECOM.replace("1000002", "0"), "wecom.agent_id: is empty"),
    (WECOM.replace("ABCDEFG", ""), "wecom.aes_key: the EncodingAESKey is 43 letters and digits"),
    (WECOM.replace("ABCDEFG", "ABCDEF!"), "wecom.aes_key: the EncodingAESKey is 43 letters and digits"),
    (WECOM + 'api_base = "http://qyapi.example.cn"', "wecom.api_base: http:// is accepted on loopback only"),
    (WECOM + 'api_base = "http://127.0.0.1.example.cn"', "wecom.api_base: http:// is accepted on loopback only"),
    ("[dingtalk]\nenabled = true", "dingtalk.client_id: is empty; needed because dingtalk.enabled = true"),
    ('[dingtalk]\nmode = "push"', "dingtalk.mode: input should be 'stream' or 'http'"),
    ('[dingtalk]\noapi_base = "http://10.0.0.1"', "dingtalk.oapi_base: http:// is accepted on loopback only"),
    ('[sms]\ndriver = "aliyun"', 'sms.aliyun.access_key_id: is empty; needed because sms.driver = "aliyun"'),
    ('[sms]\nafter = "10 minutes"', 'sms.after: write a duration such as "5s"'),
    ("[sms]\nafter = true", "sms.after: write a duration"),
    ('[database]\nkeep_messages = "29d"', 'database.keep_messages: keep at least "30d"'),
    ('[database]\nkeep_closed = "never"', "database.keep_closed: write a duration"),
    ('[sms]\nalways = ["initiation"]', "sms.always.0: input should be 'initiate'"),
    ('[sms]\nsink = "https://sms.example.cn"', "sms.sink: texts are handed to loopback only"),
    ('[engine]\ntick = "0s"', "engine.tick: input should be greater than 0"),
    ("[engine]\nbatch = 0", "engine.batch: input should be greater than or equal to 1"),
    ('[rules]\nmonth = "lunar"', "rules.month: 'lunar': choose one of calendar_clamp, 30d"),
    ('[rules]\nmonths = "30d"', 'rules.months: is no setting; did you mean "month"?'),
    ('[rules]\nmonth_backstop = "true"', "rules.month_backstop: 'true': write true or false"),
    ('[web]\nsecret = "short"', "web.secret: write at least 32 bytes"),
    ('[ledger]\nkey = "short"', "ledger.key: write at least 32 bytes"),
    ("[clock]\nspeed = 600", "clock.speed: moves time, which only a sandbox may"),
    ('[clock]\nurl = "http://127.0.0.1:9/control"', "clock.url: moves time, which only a sandbox may"),
    ('[clock]\nstart = "yesterday"', "clock.start: write an instant such as"),
    ('[server]\nsandbox = true\nhost = "0.0.0.0"', "server.host: a sandbox listens on loopback only"),
    (WECOM + "[server]\nsandbox = true", "wecom.api_base: a sandbox talks to loopback only"),
    (
        '[server]\nsandbox = true\n[sms]\ndriver = "aliyun"\n[sms.aliyun]\naccess_key_id = "a"\n'
        'access_key_secret = "b"\nsign_name = "c"\ntemplate_code = "d"',
        "sms.driver: a sandbox sends no real SMS",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), MISTAKES)
def test_a_mistake_is_one_line_with_file_and_key(written: Callable[[str], Path], text: str, sentence: str) -> None:
    path = written(text)
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert sentence in line
    assert "\n" not in line
    assert "s3cr3t-of-the-app" not in line


VARIABLES = [
    ("DUBAN_WECOM__SECERT", "x", 'DUBAN_WECOM__SECERT: is no setting; did you mean "secret"?'),
    ("DUBAN_WECOMM__SECRET", "x", 'DUBAN_WECOMM__SECRET: WECOMM is no section; did you mean "wecom"?'),
    ("DUBAN_SERVER__PORT", "high", "DUBAN_SERVER__PORT: input should be a valid integer"),
    ("DUBAN_WEB__SECRET", "short", "DUBAN_WEB__SECRET: write at least 32 bytes"),
    ("DUBAN_RULES__QUIET_HOURS", "night", 'DUBAN_RULES__QUIET_HOURS: "night": write it as "22:00-08:00"'),
    ("DUBAN_SMS__ALWAYS", "urge", 'DUBAN_SMS__…: write one variable a key, and a list as ["a", "b"]'),
]


@pytest.mark.parametrize(("name", "value", "sentence"), VARIABLES)
def test_a_mistake_in_the_environment_names_the_variable(
    written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        config.load(written(""))
    assert str(caught.value).startswith(sentence)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml: no such file; copy config\.example\.toml"):
        config.load(tmp_path / "absent.toml", optional=True)


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('[sms.aliyun]\nsign_name = "水利厅"'.encode("gb18030"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        config.load(path)
