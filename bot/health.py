"""Is the process alive, is it ready, and on the admin port: why not, and the sandbox's step (interfaces.md §HTTP)."""

from __future__ import annotations

from aiohttp import web

from bot import clock
from bot.engine import auditor, heartbeat, scheduler, timekeeper, trouble
from models import database, migrate, schedule
from models.obligation import Obligation
from models.prompt import Prompt

MOST_SKEW = 2.0
"""Seconds that the clocks of this machine and of the database may differ (data.md)."""


def routes() -> list[web.RouteDef]:
    """The public routes."""
    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


async def healthz(request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="ok")


async def readyz(request: web.Request) -> web.Response:
    """200 when the database answers and takes what is written, at a schema that this version knows, its clock is ours
    and this process's heart beats; else 503. No details to the outside."""
    state = await report()
    return web.Response(text="ready" if state["ready"] else "not ready", status=200 if state["ready"] else 503)


async def report() -> dict[str, object]:
    """Every check by name; `ready` is all of them."""
    try:
        skew = await _skew()
        await timekeeper.look()
        beating = await heartbeat.is_fresh(timekeeper.wall())
        newer = await migrate.newer()
        faults = await Obligation.exclude(fault="").count() + await Prompt.exclude(fault="").count()
    except Exception as error:
        return {"ready": False, "database": type(error).__name__}
    schema = f"newer than this version: {newer}; it plans and sends nothing any more, stop it" if newer else "ok"
    troubles = trouble.seen()
    ready = beating and skew <= MOST_SKEW and not newer and not troubles
    checks = {"database": "ok", "schema": schema, "heartbeat": beating, "skew": round(skew, 3)}
    return {"ready": ready, **checks, "trouble": troubles, "quarantined": faults, "audited": await auditor.last()}


async def _skew() -> float:
    """Seconds between this machine's clock and PostgreSQL's; SQLite has none of its own."""
    if database.dialect() == "sqlite":
        await database.rows("SELECT 1")
        return 0.0
    return abs((clock.wall() - await database.clock()).total_seconds())


def admin_routes(engine: web.AppKey[scheduler.Engine], *, sandbox: bool) -> list[web.RouteDef]:
    """The admin port's routes: `GET /readyz?detail`, and in a sandbox `POST /drain` after a step of the clock."""

    async def detail(request: web.Request) -> web.Response:
        state = await report()
        return web.json_response(state, status=200 if state["ready"] else 503)

    async def drain(request: web.Request) -> web.Response:
        moved = await request.app[engine].drain()
        first = await schedule.first_due_at()
        return web.json_response({"moved": moved, "next": first.isoformat() if first else None})

    return [web.get("/readyz", detail), *([web.post("/drain", drain)] if sandbox else [])]
