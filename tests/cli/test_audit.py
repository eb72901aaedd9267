"""duban audit: one clear line and the exit code, on a record that somebody had his hands in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.actions import setting
from models.anchor import Anchor
from models.ledger import Ledger
from models.matter import Matter
from tests import department
from tests.databases import within
from tests.department import KEY, T

Duban = Callable[..., Any]


@pytest.fixture
def config(tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A department with two matters, one of them anchored."""
    monkeypatch.setenv("DUBAN_DATABASE__URL", db_url)
    monkeypatch.setenv("DUBAN_LEDGER__KEY", KEY.decode())
    within(db_url, _matters)
    path = tmp_path / "config.toml"
    path.touch()
    return path


async def _matters() -> None:
    world = await department.found()
    await world.matter()
    await Anchor.write(T, KEY)
    await world.matter(department.PROPOSE.replace("取水", "用水"))


async def _cut() -> None:
    """The newest line of the first matter, covered up."""
    matter = await Matter.get(number=1)
    await Ledger.filter(matter=matter, n=matter.ledger_n).delete()
    last = await Ledger.get(matter=matter, n=matter.ledger_n - 1)
    await Matter.filter(id=matter.id).update(ledger_n=last.n, ledger_hash=last.hash, anchored_n=last.n)


async def _forget() -> None:
    await Anchor.all().delete()


def test_verify_says_the_first_broken_link(duban: Duban, config: Path, db_url: str, tmp_path: Path) -> None:
    whole = duban("audit", "verify")
    assert (whole.code, whole.err) == (0, "")
    assert whole.out == "2 matters, 6 lines, 1 anchors: every link holds\n"
    kept = duban("audit", "anchor", "kept.json")
    assert kept.code == 0
    assert kept.out.startswith("anchor 2 ")
    agreed = duban("audit", "verify", "--anchor", "kept.json")
    assert agreed.code == 0
    assert "2 anchors: every link holds, and kept.json of " in agreed.out

    within(db_url, _cut)
    cut = duban("audit", "verify")
    assert (cut.code, cut.out) == (1, "")
    assert cut.err == "duban: 2026-0001 line 3: removed (as anchor 1, 2026-03-02 09:00:00 shows)\n"
    within(db_url, _forget)
    assert duban("audit", "verify").code == 0
    outside = duban("audit", "verify", "--anchor", "kept.json")
    assert outside.err == "duban: anchors number 1: removed (as kept.json shows)\n"
    assert outside.code == 1


def test_what_the_command_can_not_work_with(
    duban: Duban, config: Path, db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert duban("audit", "anchor", "kept.json").code == 0
    text = (tmp_path / "kept.json").read_text("utf-8")
    (tmp_path / "kept.json").write_text(text.replace("2026-0001", "2026-0009"), "utf-8")
    forged = duban("audit", "verify", "--anchor", "kept.json")
    assert (forged.code, forged.out) == (1, "")
    assert "kept.json: altered, or sealed by another ledger.key" in forged.err
    (tmp_path / "other.json").write_text("{}", "utf-8")
    for name, words in (("other.json", "no anchor file"), ("absent.json", "can't be read: No such file")):
        ran = duban("audit", "verify", "--anchor", name)
        assert (ran.code, words in ran.err, ran.err.count("\n")) == (2, True, 1)
    monkeypatch.setenv("DUBAN_LEDGER__KEY", "x" * 32)
    other = duban("audit", "verify")
    assert other.err == "duban: 2026-0001 line 1: altered; or ledger.key is not the key it was written with\n"
    assert other.code == 1
    monkeypatch.delenv("DUBAN_LEDGER__KEY")
    none = duban("audit", "verify")
    assert (none.code, "restore keys.toml" in none.err) == (2, True)
    setting.use(setting.Setting(KEY))


def test_another_key_writes_no_line(duban: Duban, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restored database with new keys would make a record that nobody can verify."""
    config.write_text('[server]\nport = 1\nadmin_listen = ""\n')
    monkeypatch.setenv("DUBAN_LEDGER__KEY", "another-key-of-at-least-32-characters")
    ran = duban("serve")
    assert ran.code == 2
    assert ran.err.startswith("duban: config.toml: ledger.key: this database's record was written with another key")
    assert ran.err.count("\n") == 1
