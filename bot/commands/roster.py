"""duban roster import and export."""

from __future__ import annotations

from pathlib import Path

import typer

from bot import clock
from bot.actions import roster as action
from bot.commands import screen, store
from bot.config import Config
from bot.documents import roster, seating
from bot.rules import calendar


async def bring_in(config: Config, file: Path, *, dry_run: bool) -> int:
    """Import a roster file; every problem on a line of its own, warnings on stderr. 1 when it was refused."""
    try:
        rows, problems = roster.read(file)
        people = seating.people(rows, problems)
    except roster.RosterError as error:
        for problem in error.problems:
            screen.fail(f"{file}: {problem}")
        screen.fail(f"{file}: nothing imported; mend the rows above and run it again")
        return 1
    async with store.opened(config):
        on = calendar.local(clock.now()).date()
        changes = await action.apply(people, seating.units(rows), on=on, dry_run=dry_run)
    for line in changes:
        typer.echo(line)
    for warning in seating.warnings(people):
        typer.echo(f"warning: {warning}", err=True)
    done = "would change" if dry_run else "changed"
    typer.echo(f"{len(rows)} rows, {len(people)} people: {len(changes) or 'nothing'} {done}")
    return 0


async def take_out(config: Config, file: Path) -> int:
    """Export the roster of today."""
    async with store.opened(config):
        rows = await action.current(calendar.local(clock.now()).date())
    roster.write(file, rows)
    typer.echo(f"{len(rows)} rows written to {file}")
    return 0
