"""duban check: each thing that would fail in production is named, and exit code 1 says so."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import config as settings
from bot.commands import check
from models import database
from models.system import Meta

Duban = Callable[..., Any]
AES = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ROSTER = (
    "姓名,处室,角色,岗位,手机,企业微信,钉钉,分管\n张三,水资源处,负责人,,13800138001,zhangsan,,\n"
    "张三,水资源处,操作员,A,,,,\n李四,水资源处,操作员,B,13800138002,lisi,,\n赵厅,,厅领导,,,zhaot,,水资源处\n"
    "王主任,,办公室主任,,,wangzr,,\n王主任,,办公室,,,,,\n厅长,,主要领导,,,tingz,,\n"
)


class _Platform(BaseHTTPRequestHandler):
    """Answers token requests as the two platforms do."""

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        right = asked == {"corpid": ["ww1"], "corpsecret": ["right"]}
        self._answer({"errcode": 0, "access_token": "t"} if right else {"errcode": 40001, "errmsg": "invalid"})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        right = asked == {"appKey": "key", "appSecret": "right"}
        self._answer({"accessToken": "t", "expireIn": 7200} if right else {"code": "InvalidAuthentication"})

    def _answer(self, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def platform() -> Iterator[str]:
    """A platform's token service on loopback."""
    server = HTTPServer(("127.0.0.1", 0), _Platform)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str, platform: str) -> Path:
    """A configuration that works but for its roster."""
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "{sqlite_url}"\n[server]\npublic_url = "https://duban.example"\n[sms]\nmode = "off"\n'
        f'[wecom]\nenabled = true\ncorp_id = "ww1"\nagent_id = 1\nsecret = "right"\ntoken = "t"\naes_key = "{AES}"\n'
        f'api_base = "{platform}"\n[dingtalk]\nenabled = true\nclient_id = "key"\nclient_secret = "right"\n'
        f'robot_code = "r"\napi_base = "{platform}"\n[rules]\nmonth = "30d"\n'
    )
    path.chmod(0o600)
    (tmp_path / "holidays.toml").write_text("covered_until = 2099-12-31\n")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return path


def findings(out: str) -> list[tuple[str, str, str]]:
    """The table as (subject, verdict, finding)."""
    rows = [line.split(maxsplit=2) for line in out.splitlines()[1:]]
    return [(subject, verdict, text) for subject, verdict, text in rows]


def bad(out: str) -> list[tuple[str, str, str]]:
    """What is not ok."""
    return [row for row in findings(out) if row[1] != "ok"]


def test_a_good_installation_is_0(duban: Duban, config: Path) -> None:
    assert duban("roster", "import", "roster.csv").code == 0
    ran = duban("check")
    assert (bad(ran.out), ran.code) == ([], 0)
    subjects = {row[0] for row in findings(ran.out)}
    assert subjects == {
        "settings",
        "keys",
        "storage",
        "ledger",
        "calendar",
        "templates",
        "database",
        "roster",
        "wecom",
        "dingtalk",
    }
    assert not (config.parent / "keys.toml").exists()


def test_an_empty_roster_fails(duban: Duban, config: Path) -> None:
    ran = duban("check", "--config", str(config))
    assert bad(ran.out) == [("roster", "FAIL", "empty; run duban roster import FILE")]
    assert ran.code == 1


@pytest.mark.requirement("R50", "A39")
def test_a_missing_post_warns_or_blocks_by_the_rules(duban: Duban, config: Path) -> None:
    (config.parent / "roster.csv").write_text(ROSTER.replace("操作员,B", "承办人,"), encoding="utf-8")
    duban("roster", "import", "roster.csv")
    ran = duban("check")
    assert (bad(ran.out), ran.code) == ([("roster", "warn", "水资源处 has no 操作员 B")], 0)
    config.write_text(config.read_text() + 'posts_missing = "block"\n')
    ran = duban("check")
    assert (bad(ran.out), ran.code) == ([("roster", "FAIL", "水资源处 has no 操作员 B")], 1)
    (config.parent / "roster.csv").write_text(ROSTER.replace("水资源处,负责人", "水资源处,承办人"), encoding="utf-8")
    duban("roster", "import", "roster.csv")
    ran = duban("check")  # a head that is missing blocks nothing
    assert (bad(ran.out), ran.code) == ([("roster", "warn", "水资源处 has no 负责人")], 0)


def test_wrong_credentials_fail_and_are_not_shown(duban: Duban, config: Path) -> None:
    duban("roster", "import", "roster.csv")
    config.write_text(config.read_text().replace('"right"', '"wrong-secret"'))
    ran = duban("check")
    assert bad(ran.out) == [
        ("wecom", "FAIL", "wecom.secret is wrong; copy the app's Secret again"),
        ("dingtalk", "FAIL", "DingTalk answered InvalidAuthentication; look at dingtalk.client_id and client_secret"),
    ]
    assert ran.code == 1
    assert "wrong-secret" not in ran.out + ran.err


def test_a_platform_that_does_not_answer_fails(duban: Duban, config: Path, platform: str) -> None:
    duban("roster", "import", "roster.csv")
    config.write_text(config.read_text().replace(platform, "http://127.0.0.1:1"))
    ran = duban("check")
    assert [(subject, verdict) for subject, verdict, _ in bad(ran.out)] == [("wecom", "FAIL"), ("dingtalk", "FAIL")]
    assert "right" not in ran.out


def test_a_database_of_the_other_kind_fails(duban: Duban, config: Path, sqlite_url: str) -> None:
    async def stamp() -> None:
        await database.connect(sqlite_url)
        await Meta.create(key="stamp", value="sandbox")
        await database.close()

    duban("roster", "import", "roster.csv")
    asyncio.run(stamp())
    ran = duban("check")
    text = "marked as sandbox, the settings say production; use another database"
    assert (bad(ran.out), ran.code) == ([("database", "FAIL", text)], 1)


def test_a_database_without_its_schema_fails(duban: Duban, config: Path, sqlite_url: str) -> None:
    config.write_text(config.read_text().replace(sqlite_url, "sqlite://other.db"))
    ran = duban("check")
    assert [row[:2] for row in bad(ran.out)] == [("database", "FAIL")]
    assert "run duban migrate" in ran.out
    assert not (config.parent / "other.db").exists()


def test_settings_that_reach_nobody(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    ran = duban("check")
    assert ("settings", "FAIL", "no chat platform is enabled; set wecom.enabled or dingtalk.enabled = true") in bad(
        ran.out
    )
    assert [row[1] for row in bad(ran.out) if row[0] == "settings"] == ["FAIL", "warn", "warn"]


def test_who_can_reach_what(duban: Duban, config: Path) -> None:
    duban("roster", "import", "roster.csv")
    config.chmod(0o644)
    outside = 'public_url = "http://duban.example.cn"\nadmin_listen = "0.0.0.0:8714"'
    config.write_text(config.read_text().replace('public_url = "https://duban.example"', outside))
    found = bad(duban("check").out)
    said = "\n".join(row[2] for row in found)
    assert "holds secrets and other users may read it; run chmod 600" in said
    assert "admin_listen = 0.0.0.0:8714: see that nobody from outside gets there" in said
    text = "server.public_url is http: nobody can sign in without TLS; write https"
    assert [row for row in found if row[1] == "FAIL"] == [("settings", "FAIL", text)]


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("postgres://u:p@db.example.cn/duban", True),
        ("postgres://u:p@db.example.cn/duban?sslmode=require", True),
        ("postgres://u:p@db.example.cn/duban?sslmode=verify-full", False),
        ("postgres://u:p@127.0.0.1/duban", False),
        ("postgres://u@/duban?host=/run/postgresql", False),
        ("sqlite://duban.db", False),
    ],
)
def test_a_database_over_the_network_wants_tls(url: str, warned: bool, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[database]\nurl = "{url}"\n')
    found = list(check.doors(settings.load(tmp_path / "config.toml")))
    assert [each.subject for each in found] == ["database"] * warned


def test_the_calendars_horizon() -> None:
    (known,) = check.days(Path("absent"), date(2026, 11, 1))
    (short,) = check.days(Path("absent"), date(2026, 11, 24))
    assert (known.verdict, short.verdict) == ("ok", "warn")
    assert "2026-12-31" in short.text


def test_a_broken_template_is_named(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "urge.json.j2").write_text("{% if %}")
    (tmp_path / "cards" / "remind.json.j2").write_text("{{ title }}")
    (found,) = check.templates(tmp_path)
    assert (found.verdict, found.text.startswith("cards/urge.json.j2: ")) == ("FAIL", True)
    (empty,) = check.templates(tmp_path / "absent")
    assert empty.verdict == "FAIL"


def test_where_files_are_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert check.storage(tmp_path / "files" / "deep").verdict == "ok"
    assert check.storage(tmp_path / "file" / "files").verdict == "FAIL"
    assert not (tmp_path / "files").exists()
