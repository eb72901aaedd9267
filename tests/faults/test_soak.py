"""The soak in short: each fail-point once, an upgrade, a cut connection, a burst; and the mutants it must convict."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.soak import mutants, store, trial, upgrade
from tests.faults.soak.trial import Result


def is_told(result: Result) -> None:
    """Each point was hit, everything came, nothing twice."""
    assert (result.wrong, result.lost, result.doubled) == ([], 0, 0), result.rows
    missed = [each for each in trial.POINTS if not result.fired[each]]
    assert not missed, result.fired
    assert 15 <= result.most_a_minute <= trial.LIMIT


async def test_one_process_on_sqlite(tmp_path: Path) -> None:
    is_told(await trial.run(trial.quick(deaths=0), store.file(tmp_path)))


async def test_two_replicas_on_postgres(pg_empty: str) -> None:
    result = await trial.run(trial.quick(deaths=1), pg_empty)
    is_told(result)
    assert result.fired[trial.FROZEN]
    assert result.fired[upgrade.POINT]


long = pytest.mark.skipif(not os.environ.get("DUBAN_LONG"), reason="a minute; DUBAN_LONG=1, or make soak")


@long
async def test_a_mutant_without_fencing_is_convicted(pg_empty: str, tmp_path: Path) -> None:
    await convict("results without fencing", pg_empty, tmp_path / "tree")


@long
async def test_a_mutant_that_commits_cursor_and_outbox_apart_is_convicted(tmp_path: Path) -> None:
    await convict("cursor and outbox committed apart", store.file(tmp_path), tmp_path / "tree")


async def convict(name: str, url: str, tree: Path) -> None:
    result = await trial.run(trial.convicting(name), url, tree=mutants.mutated(name, tree))
    assert result.fired[mutants.MUTANTS[name].points[0]]
    assert result.lost + result.doubled > 0
