"""GET and POST /login/link: a one-time link; opening it changes nothing, its button signs in (data.md §Links)."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot import clock, errors
from bot.engine import notify, word
from bot.pages import forms, guard, site
from bot.pages.site import SITE
from models import roster, ticket
from models.roster import Seated

PATH = "/login/link"
LONGEST = 100


async def show(request: web.Request) -> web.StreamResponse:
    """Whose link it is, and a button. Raises Refused: login_expired."""
    value = request.query.get("ticket", "")[:LONGEST]
    by = await _person(await ticket.look(value, request.app[SITE].wall()))
    return guard.html("link", person=by.name, ticket=value, next=guard.own_path(request.query.get("next", "/")))


async def use(request: web.Request) -> web.StreamResponse:
    """Sign in, once; the person is told in chat. Raises Refused: login_expired."""
    here, form = request.app[SITE], await _form(request)
    value = str(form.get("ticket", ""))[:LONGEST]
    by = await _person(await ticket.use(value, here.wall()))
    now = clock.now()
    await word.tell(f"signed:{ticket.short(value)}", "signed_in", [by.id], now, at=now)
    response = web.Response(status=303, headers={"Location": guard.own_path(str(form.get("next", "/")))})
    site.begin(here, response, by.id)
    return response


async def _form(request: web.Request) -> Mapping[str, object]:
    """What its button sent; nothing when it did not arrive whole."""
    try:
        return await request.post()
    except forms.BROKEN:
        return {}


async def _person(person_id: int | None) -> Seated:
    """Who is still here today."""
    by = await roster.person(person_id, notify.today(clock.now())) if person_id else None
    if by is None:
        raise errors.Refused("login_expired", url="/login/wecom")
    return by
