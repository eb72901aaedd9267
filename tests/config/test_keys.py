"""keys.toml: made once, whole, for its owner alone, the same for all who start at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import config, keys
from bot.errors import ConfigError

Written = Callable[[str], Path]


def test_the_first_start_makes_them_and_the_next_keeps_them(written: Written) -> None:
    path = written("")
    assert config.load(path).web.secret.get_secret_value() == ""
    first = config.load(path, first_start=True)
    file = path.parent / "keys.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(first.web.secret.get_secret_value()) >= 43
    assert first.web.secret != first.ledger.key
    for again in (config.load(path, first_start=True), config.load(path)):
        assert (again.web.secret, again.ledger.key) == (first.web.secret, first.ledger.key)
    assert [entry.name for entry in path.parent.iterdir() if "keys" in entry.name] == ["keys.toml"]


def test_what_is_configured_stays(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(f'[web]\nsecret = "{"w" * 32}"')
    monkeypatch.setenv("DUBAN_LEDGER__KEY", "k" * 32)
    settings = config.load(path, first_start=True)
    assert settings.web.secret.get_secret_value() == "w" * 32
    assert settings.ledger.key.get_secret_value() == "k" * 32
    assert not (path.parent / "keys.toml").exists()


def test_one_configured_the_other_made(written: Written) -> None:
    settings = config.load(written(f'[web]\nsecret = "{"w" * 32}"'), first_start=True)
    assert settings.web.secret.get_secret_value() == "w" * 32
    assert len(settings.ledger.key.get_secret_value()) >= 43


def test_who_start_at_once_agree(tmp_path: Path) -> None:
    for number in range(5):
        folder = tmp_path / str(number)
        folder.mkdir()
        together = threading.Barrier(8)

        def start(folder: Path = folder, together: threading.Barrier = together) -> str:
            together.wait(10)
            return str(keys.make(folder))

        with ThreadPoolExecutor(8) as pool:
            answers = {future.result(30) for future in [pool.submit(start) for _ in range(8)]}
        assert len(answers) == 1
        assert [entry.name for entry in folder.iterdir()] == ["keys.toml"]


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keys.make(tmp_path)
    (tmp_path / "keys.toml").chmod(0o644)
    with pytest.raises(ConfigError, match="other users may read it; run chmod 600"):
        keys.read(tmp_path)


@pytest.mark.parametrize("text", ["[web", '[web]\nsecret = "x"', 'web = "x"', '[ledger]\nkey = "' + "k" * 40 + '"'])
def test_a_damaged_file_is_never_made_anew(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="backup"):
        keys.make(tmp_path)
    assert file.read_text() == text


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"set web\.secret and ledger\.key in the configuration"):
        keys.make(tmp_path / "absent")
