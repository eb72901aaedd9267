"""The commands on a real database: migrate, roster, matter, and what the database itself gets wrong."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.documents import roster
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Approval, Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person, Unit
from tests.databases import within

Duban = Callable[..., Any]
ROSTER = (
    "姓名,处室,角色,岗位,手机,企业微信,钉钉,分管\n张三,水资源处,负责人,,13800138001,zhangsan,,\n"
    "李四,水资源处,操作员,A,13800138002,lisi,,\n"
)


@pytest.fixture
def config(tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration on a migrated database of each kind."""
    monkeypatch.setenv("DUBAN_DATABASE__URL", db_url)
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    path = tmp_path / "config.toml"
    path.touch()
    return path


def test_migrate_brings_a_new_file_to_the_schema(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[database]\nurl = "sqlite://own.db"\n')
    before = duban("matter", "list")
    assert (before.code, before.out) == (2, "")
    assert "run duban migrate" in before.err
    assert not (tmp_path / "own.db").exists()
    assert "applied 0001_initial" in duban("migrate").out
    assert duban("migrate").out == "nothing to apply\n"
    assert duban("matter", "list").code == 0


@pytest.mark.usefixtures("config")
def test_roster_in_and_out(duban: Duban) -> None:
    dry = duban("roster", "import", "roster.csv", "--dry-run")
    assert dry.code == 0
    assert dry.out.endswith("2 rows, 2 people: 5 would change\n")
    done = duban("roster", "import", "roster.csv")
    assert done.out.endswith("2 rows, 2 people: 5 changed\n")
    assert "warning: 水资源处 has no 操作员 B\n" in done.err
    assert duban("roster", "export", "out.xlsx").out == "2 rows written to out.xlsx\n"
    assert [row.name for row in roster.read(Path("out.xlsx"))[0]] == ["张三", "李四"]
    assert duban("roster", "import", "out.xlsx").out == "2 rows, 2 people: nothing changed\n"


@pytest.mark.usefixtures("config")
def test_a_wrong_roster_is_refused_whole(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text(ROSTER + "王五,水资源处,操作员,A,138,,,\n赵六,,主任,,,,,\n", encoding="utf-8")
    ran = duban("roster", "import", "wrong.csv")
    assert (ran.code, ran.out) == (1, "")
    assert [line.removeprefix("duban: wrong.csv: ").partition(":")[0] for line in ran.err.splitlines()] == [
        "row 4, column 岗位",
        "row 4, column 手机",
        "row 5, column 角色",
        "nothing imported; mend the rows above and run it again",
    ]
    assert duban("roster", "export", "out.csv").out.startswith("0 rows")


@pytest.mark.usefixtures("config")
def test_files_that_are_no_roster_are_2(duban: Duban) -> None:
    assert duban("roster", "import", "absent.csv").code == 2
    ran = duban("roster", "export", "roster.txt")
    assert (ran.code, ran.err) == (2, "duban: roster.txt: neither .csv nor .xlsx; name it one of them\n")


AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


async def _matter() -> None:
    unit = await Unit.create(name="水资源处")
    person = await Person.create(name="张三")
    facts = {"source": "province", "category": "general", "unit": unit, "proposer": person, "proposed_at": AT}
    matter = await Matter.create(
        **facts, title="水库除险", state="running", year=2026, number=1, handler=person, initiated_at=AT
    )
    await Matter.create(**facts, title="待批", state="proposed", proposal_no=7)
    due = AT.replace(day=3)
    owed = {"matter": matter, "unit": unit, "planned_at": AT}
    one = await Obligation.create(**owed, name="N1", due_at=due, next_notice_at=due)
    await Obligation.create(**owed, name="MATTER")
    notice = await Notice.create(matter=matter, obligation=one, kind="remind", at=AT.replace(hour=20), created_at=AT)
    sent = {"notice": notice, "kind": "remind", "due_at": AT, "created_at": AT, "channel": "wecom"}
    await Delivery.create(**sent, person=person, lane="chat", state="accepted")
    await Ledger.create(matter=matter, n=1, at=AT, actor=person, verb="initiate", body="{}", prev="", hash="x")
    await Approval.create(matter=matter, role="office_director", person=person, verdict="approved", decided_at=AT)


@pytest.mark.usefixtures("config")
def test_matters_are_listed_shown_and_followed(duban: Duban, db_url: str) -> None:
    within(db_url, _matter)
    listed = duban("matter", "list").out.splitlines()
    assert listed[1].split()[:2] == ["拟-7", "proposed"]
    assert " ".join(listed[2].split()) == "2026-0001 running general 水资源处 张三 N1 2026-03-03 09:00 水库除险"
    for code in ("2026-0001", "2026-1", "1", "#1"):
        shown = duban("matter", "show", code)
        assert "水库除险" in shown.out, code
    assert "office_director  approved  张三    2026-03-02 09:00" in shown.out
    assert duban("matter", "show", "拟-7").out.splitlines()[1].split() == ["title", "待批"]
    assert [line.split() for line in duban("matter", "timeline", "1").out.splitlines()[1:]] == [
        ["2026-03-02", "09:00", "initiate", "张三"],
        ["2026-03-03", "04:00", "remind", "N1", "张三", "wecom", "accepted"],
    ]


@pytest.mark.usefixtures("config")
def test_a_matter_that_is_not_there(duban: Duban) -> None:
    ran = duban("matter", "show", "2026-99")
    assert (ran.code, ran.err) == (1, "duban: no matter 2026-99; duban matter list shows all\n")
    assert duban("matter", "timeline", "水库").code == 2


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_database_that_does_not_answer(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").touch()
    monkeypatch.setenv("DUBAN_DATABASE__URL", f"postgres://duban:hidden@127.0.0.1:{_closed_port()}/duban")
    ran = duban("matter", "list")
    assert ran.code == 1
    assert ran.err.startswith("duban: database.url: the database can't be used")
    assert ran.err.count("\n") == 1
    assert "hidden" not in ran.err


def test_a_file_that_is_no_database(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    (tmp_path / "duban.db").write_text("not a database " * 100)
    ran = duban("migrate")
    assert ran.code == 1
    assert "file is not a database" in ran.err


def test_a_port_that_is_taken(duban: Duban, tmp_path: Path, sqlite_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        text = f'[server]\nport = {port}\nadmin_listen = ""\n[database]\nurl = "{sqlite_url}"\n'
        (tmp_path / "config.toml").write_text(text)
        ran = duban("serve")
    assert ran.code == 2
    assert "[server] can't listen" in ran.err
    assert "change server.host, server.port" in ran.err
