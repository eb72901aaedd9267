"""duban check: would this installation work in production? A table of findings, each with what to do."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jinja2

from bot import clock, keys, log, sections, wording, workdays
from bot.actions import roster
from bot.commands import credentials, screen, store
from bot.config import Config
from bot.documents.roster import RosterError
from bot.engine import anchors
from bot.rules import calendar
from models.system import Meta

HORIZON = timedelta(days=60)
"""How far ahead deadlines in working days reach: the calendar should be known that long."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table; `verdict` is ok, warn (works, but) or FAIL (would fail in production)."""

    subject: str
    verdict: str
    text: str


async def run(config: Config) -> int:
    """Print the table; 1 when something would fail in production."""
    today = calendar.local(clock.now()).date()
    findings = [*settings(config), *days(config.folder, today), *templates(wording.TEMPLATES)]
    findings += [each async for each in database(config, today)]
    findings += [each async for each in platforms(config)]
    screen.table([("subject", "verdict", "finding"), *((each.subject, each.verdict, each.text) for each in findings)])
    return int(any(each.verdict == "FAIL" for each in findings))


def settings(config: Config) -> Iterator[Finding]:
    """What the settings say by themselves."""
    yield Finding("settings", "ok", f"{config.path} and the environment are well written")
    if config.server.sandbox:
        yield Finding("settings", "warn", "server.sandbox = true: nothing leaves this machine")
    if not (config.wecom.enabled or config.dingtalk.enabled):
        yield Finding("settings", "FAIL", "no chat platform is enabled; set wecom.enabled or dingtalk.enabled = true")
    yield from doors(config)
    if not config.server.public_url:
        yield Finding("settings", "warn", "server.public_url is empty: cards carry no link to the matter's page")
    if config.sms.driver == "log" and config.sms.mode != "off":
        yield Finding("settings", "warn", 'sms.driver = "log": no SMS leaves, supervise notices go by chat alone')
    kept = bool(config.web.secret.get_secret_value() and config.ledger.key.get_secret_value())
    where = "set or kept in" if kept else "will be made at first start in"
    yield Finding("keys", "ok", f"web.secret and ledger.key: {where} {config.folder / keys.NAME}")
    yield storage(config.storage_path)
    yield anchored(anchors.folder(config.storage_path))


def doors(config: Config) -> Iterator[Finding]:
    """Who can reach what: the admin port is for this machine, pages are for TLS."""
    admin = config.server.admin_listen.rpartition(":")[0].strip("[]")
    if admin and not sections.is_loopback(admin):
        text = f"server.admin_listen = {config.server.admin_listen}: see that nobody from outside gets there"
        yield Finding("settings", "warn", text)
    if problem := _readable(config):
        yield Finding("settings", "warn", problem)
    if _is_open(config.database.url):
        yield Finding("database", "warn", "database.url goes over the network; end it in ?sslmode=verify-full")
    if config.server.public_url.startswith("http:") and not sections.on_loopback(config.server.public_url):
        yield Finding("settings", "FAIL", "server.public_url is http: nobody can sign in without TLS; write https")


def _readable(config: Config) -> str:
    """What is wrong when others may read secrets in the file; "" when nothing is."""
    if not config.path.exists() or not config.path.stat().st_mode & 0o077:
        return ""
    text = config.path.read_text(encoding="utf-8", errors="replace")
    if not any(each in text for each in config.secrets() if len(each) >= log.SHORTEST):
        return ""
    return f"{config.path} holds secrets and other users may read it; run chmod 600 {config.path}"


def _is_open(url: str) -> bool:
    """Whether the database is another machine's and its connection need not be encrypted."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[-1]
    here = host.startswith("/") or sections.is_loopback(host)
    return parts.scheme != "sqlite" and not here and "sslmode=verify" not in parts.query


def anchored(folder: Path) -> Finding:
    """Whether the day's anchor file can be written, beside the storage."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding("ledger", "ok", f"anchors are written to {folder}; copy them out of reach of this machine")
    return Finding("ledger", "warn", f"{there} can't be written to: the day's anchor file ({folder}) is not made")


def storage(folder: Path) -> Finding:
    """Whether files that officers hand in can be kept (R40); the folder itself is made with the first one."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding("storage", "ok", f"files are kept in {folder}")
    return Finding("storage", "FAIL", f"{there} can't be written to; make storage.path a folder of the service's user")


def days(folder: Path, today: date) -> Iterator[Finding]:
    """How far the working calendar is known."""
    until = workdays.calendar(folder).covered_until or date.min
    if until >= today + HORIZON:
        yield Finding("calendar", "ok", f"public holidays are known until {until}")
    else:
        text = (
            f"public holidays are known until {until}; later deadlines are provisional until {workdays.NAME} has them"
        )
        yield Finding("calendar", "warn", text)


def templates(folder: Path) -> Iterator[Finding]:
    """Every template parses."""
    environment = jinja2.Environment(autoescape=True)
    names = sorted(path for path in folder.rglob("*") if path.name.endswith((".j2", ".txt", ".html")))
    broken = 0
    for path in names:
        try:
            environment.parse(path.read_text(encoding="utf-8"))
        except (jinja2.TemplateSyntaxError, UnicodeDecodeError) as error:
            broken += 1
            yield Finding("templates", "FAIL", f"{path.relative_to(folder)}: {error}")
    if not broken:
        verdict, text = ("ok", "well written") if names else ("FAIL", f"none found in {folder}; install duban again")
        yield Finding("templates", verdict, f"{len(names)} {text}")


async def database(config: Config, today: date) -> AsyncIterator[Finding]:
    """Reachable, at this version's schema, of the right kind, with a roster."""
    try:
        waiting = await store.pending(config.database_url)
    except store.unreachable() as error:
        yield Finding(
            "database", "FAIL", f"not reachable ({type(error).__name__}); look at database.url and the server"
        )
        return
    if waiting:
        yield Finding("database", "FAIL", f"migrations wait ({', '.join(waiting)}); run duban migrate")
        return
    async with store.opened(config):
        yield Finding("database", "ok", "reachable, at this version's schema")
        for look in (_stamp, _roster):
            for finding in await look(config, today):
                yield finding


async def _stamp(config: Config, today: date) -> list[Finding]:
    stored = await Meta.get_or_none(key="stamp")
    kind = "sandbox" if config.server.sandbox else "production"
    if stored is None:
        return [Finding("database", "ok", f"new: the first start marks it as {kind}, for good")]
    if stored.value != kind:
        return [Finding("database", "FAIL", f"marked as {stored.value}, the settings say {kind}; use another database")]
    return [Finding("database", "ok", f"marked as {kind}")]


async def _roster(config: Config, today: date) -> list[Finding]:
    try:
        gaps = await roster.gaps(today)
    except RosterError as error:
        return [Finding("roster", "FAIL", problem.text) for problem in error.problems]
    if gaps is None:
        return [Finding("roster", "FAIL", "empty; run duban roster import FILE")]
    blocks = config.ruleset().posts_missing == "block"
    found = [Finding("roster", "FAIL" if blocks and gap.post else "warn", gap.text) for gap in gaps]
    return found or [Finding("roster", "ok", "every post is filled")]


async def platforms(config: Config) -> AsyncIterator[Finding]:
    """The enabled platforms accept the credentials."""
    looks: dict[str, Callable[[Config], Awaitable[str]]] = {
        "wecom": credentials.wecom,
        "dingtalk": credentials.dingtalk,
    }
    for name, look in looks.items():
        if getattr(config, name).enabled:
            problem = await look(config)
            yield Finding(name, "FAIL" if problem else "ok", problem or "the platform accepts the credentials")
