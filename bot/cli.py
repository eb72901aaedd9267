"""The duban command: every subcommand, declared here, done in `bot.commands`, which is loaded only when it runs.

Exit codes: 0 done, 1 the thing asked about is not right, 2 usage or configuration. A user's mistake is one line on
stderr; a traceback is a defect.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import _click

from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.config import Config

_HELP = "A chat-bot that runs the 13710 supervision system inside WeCom and DingTalk."
_PLAIN = {"no_args_is_help": True, "rich_markup_mode": None, "add_completion": False}

app = typer.Typer(help=_HELP, pretty_exceptions_enable=False, **_PLAIN)  # type: ignore[arg-type]
roster = typer.Typer(help="Bring the people in, take them out.", **_PLAIN)  # type: ignore[arg-type]
matter = typer.Typer(help="Look at matters.", **_PLAIN)  # type: ignore[arg-type]
app.add_typer(roster, name="roster")
app.add_typer(matter, name="matter")
audit = typer.Typer(help="Prove the record.", **_PLAIN)  # type: ignore[arg-type]
app.add_typer(audit, name="audit")

ConfigPath = Annotated[Path | None, typer.Option("--config", help="The settings; config.toml when not given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _load(path: Path | None, *, first_start: bool = False, optional: bool = False) -> Config:
    from bot import config, log

    found = config.load(path, first_start=first_start, optional=optional)
    log.hide(found.secrets())
    return found


def _done(work: Coroutine[None, None, int | None]) -> None:
    """Run a command's coroutine; a result other than 0 is the exit code."""
    if code := asyncio.run(work):
        raise typer.Exit(code)


@app.command()
def serve(config: ConfigPath = None) -> None:
    """Run the bot: callbacks, pages, scheduler."""
    gc.disable()  # imports leave nothing to collect: a quarter of a second of every start
    settings = _load(config, first_start=True)
    from bot import app as application

    gc.freeze()
    gc.enable()
    try:
        application.serve(settings)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        hint = "change server.host, server.port or server.admin_listen"
        raise ConfigError(f"{settings.path}: [server] can't listen ({error}); {hint}") from None


@app.command()
def demo(
    headless: Annotated[bool, typer.Option(help="Play a whole matter, print who received what, and end.")] = False,
    speed: Annotated[float, typer.Option(min=0.0, help="Business seconds per second.")] = 600.0,
    folder: Annotated[Path | None, typer.Option("--dir", help="Keep settings, database and files here.")] = None,
) -> None:
    """Start a sandbox platform and the bot, on this machine alone."""
    from bot import demo as show

    if code := show.run(headless, speed, folder):
        raise typer.Exit(code)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0, as_json: AsJson = False
) -> None:
    """Run the loopback platform alone, for any bot."""
    from bot.sandbox import app as platform

    try:
        asyncio.run(platform.run(port, as_json))
    except OSError as error:
        raise ConfigError(f"--port {port}: {error.strerror}; choose another") from None


@app.command()
def check(config: ConfigPath = None) -> None:
    """Say what would fail in production; 1 when something would."""
    from bot.commands import check as command

    _done(command.run(_load(config)))


@app.command()
def rules(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Print the ruleset in force, each key with its requirement."""
    from bot.commands import rules as command

    command.show(_load(config, optional=True), as_json=as_json)


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="A scenario, JSON.")], config: ConfigPath = None, as_json: AsJson = False
) -> None:
    """Play a scenario: its notices, deadlines and score."""
    from bot.commands import rules as command

    command.play(file, _load(config, optional=True), as_json=as_json)


@app.command()
def migrate(config: ConfigPath = None) -> None:
    """Bring the database to this version's schema."""
    from bot.commands import store

    _done(store.upgrade(_load(config)))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The archive, a file that is not there yet.")], config: ConfigPath = None
) -> None:
    """Database and files as one archive, while the bot runs."""
    from bot.commands import backup as command

    _done(command.make(_load(config), file))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="An archive of duban backup.")], config: ConfigPath = None
) -> None:
    """Bring an archive back into an empty place; start the bot afterwards."""
    from bot.commands import backup as command

    _done(command.bring_back(_load(config), file))


@roster.command("import")
def roster_import(
    file: Annotated[Path, typer.Argument(help="The roster, .csv or .xlsx.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
    config: ConfigPath = None,
) -> None:
    """Make persons, units and seats those of the file; all of it or nothing."""
    from bot.commands import roster as command

    _done(command.bring_in(_load(config), file, dry_run=dry_run))


@roster.command("export")
def roster_export(
    file: Annotated[Path, typer.Argument(help="Written anew: .csv or .xlsx.")], config: ConfigPath = None
) -> None:
    """Write today's persons and seats to a file that import reads."""
    from bot.commands import roster as command

    _done(command.take_out(_load(config), file))


@matter.command("list")
def matter_list(config: ConfigPath = None) -> None:
    """Every matter and proposal, the newest first."""
    from bot.commands import matter as command

    _done(command.listing(_load(config)))


@matter.command("show")
def matter_show(code: str, config: ConfigPath = None) -> None:
    """One matter: facts, approvals, what it owes."""
    from bot.commands import matter as command

    _done(command.show(_load(config), code))


@matter.command("timeline")
def matter_timeline(code: str, config: ConfigPath = None) -> None:
    """What went out and what people did, in order."""
    from bot.commands import matter as command

    _done(command.timeline(_load(config), code))


@audit.command("verify")
def audit_verify(
    anchor: Annotated[Path | None, typer.Option("--anchor", help="An anchor file, kept elsewhere.")] = None,
    config: ConfigPath = None,
) -> None:
    """Walk every matter's ledger and the anchors; 1 at the first link that is altered, removed or inserted."""
    from bot.commands import audit as command

    _done(command.verify(_load(config), anchor))


@audit.command("anchor")
def audit_anchor(file: Annotated[Path, typer.Argument(help="Written anew.")], config: ConfigPath = None) -> None:
    """Write an anchor file of this moment, to be kept out of reach of this machine."""
    from bot.commands import audit as command

    _done(command.keep(_load(config), file))


def run(args: Sequence[str]) -> int:
    """Run one command line; the exit code. What is the user's to mend is said on stderr in one line."""
    try:
        return app(args=list(args), prog_name="duban", standalone_mode=False) or 0
    except _click.exceptions.NoArgsIsHelpError as error:
        typer.echo(error.format_message(), err=True)
    except _click.ClickException as error:
        _say(f"{error.format_message().rstrip('.')}; duban --help shows what there is")
    except ConfigError as error:
        _say(str(error))
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the libraries are loaded by now, if they are what failed
        known = _known(error)
        if known is None:
            raise
        _say(known[1])
        return known[0]
    return 2


def _known(error: Exception) -> tuple[int, str] | None:
    """Exit code and sentence for what is no defect: an unreadable file, a database that does not answer."""
    from bot.commands import store
    from bot.documents import tables

    if isinstance(error, tables.TableError):
        return 2, str(error)
    if isinstance(error, store.unreachable()):
        return 1, f"database.url: the database can't be used ({error}); is it running, may this user in?"
    return None


def _say(text: str) -> None:
    """One line on stderr. What a driver says of a failure may hold the password it was given."""
    from bot import log

    typer.echo(f"duban: {' '.join(log.unsecret(text).split())}", err=True)


def main() -> None:
    """The entry point of the `duban` script; what it writes (database, files, exports) is its user's alone to read."""
    os.umask(0o077)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
