"""Signing in: the platform says who the person is; the answer belongs to the browser that asked (wecom.md §3)."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from aiohttp import web
from yarl import URL

from bot import clock, errors
from bot.channels import ChannelError, Unreachable
from bot.engine import notify
from bot.pages import guard, site
from bot.pages.site import SITE, Site
from models import roster

PATH = "/login/wecom"
PATIENCE = timedelta(minutes=10)
"""How long a sign-in may take; a code itself lives five minutes."""
INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
OUTSIDE = "https://login.work.weixin.qq.com/wwlogin/sso/login"


async def login(request: web.Request) -> web.StreamResponse:
    """GET /login/wecom: without a code to the platform, with one back to `next`; a code changes the browser only.

    Raises Refused: login_expired (no state of this browser, a used code), login_down, not_in_roster.
    """
    here = request.app[SITE]
    if "code" not in request.query:
        return _leave(request, here)
    began = here.seal.open("login", request.cookies.get(here.cookie("login"), "")) or {}
    again = f"{PATH}?next={guard.own_path(str(began.get('next', '/')))}"
    age = here.wall().timestamp() - began.get("at", 0)
    state = str(began.get("state", ""))
    if not state or not 0 <= age <= PATIENCE.total_seconds() or not _same(state, request.query.get("state", "")):
        raise errors.Refused("login_expired", url=again)
    user = await _who(here, request.query["code"], again)
    person = await roster.sender("wecom", user, notify.today(clock.now())) if user else None
    if person is None:
        raise errors.Refused("not_in_roster")
    response = web.Response(status=302, headers={"Location": guard.own_path(str(began["next"]))})
    here.drop_cookie(response, "login")
    site.begin(here, response, person.id)
    return response


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))


def _leave(request: web.Request, here: Site) -> web.Response:
    """To the platform, with a state that only this browser can bring back."""
    state = secrets.token_hex(16)
    began = {"state": state, "next": guard.own_path(request.query.get("next", "/")), "at": int(here.wall().timestamp())}
    is_inside = "wxwork" in request.headers.get("User-Agent", "").lower()
    response = web.Response(status=302, headers={"Location": str(_platform(here, state, is_inside))})
    here.set_cookie(response, "login", here.seal.seal("login", began), int(PATIENCE.total_seconds()))
    return response


def _platform(here: Site, state: str, is_inside: bool) -> URL:
    """Inside the client silently, elsewhere by QR code."""
    shared = {
        "appid": here.corp_id,
        "agentid": str(here.agent_id),
        "redirect_uri": f"{here.base}{PATH}",
        "state": state,
    }
    place = URL(INSIDE if is_inside else OUTSIDE)
    if here.platform:
        place = URL(here.platform).with_path(place.path)
    if is_inside:
        asked = {**shared, "response_type": "code", "scope": "snsapi_base"}
        return place.with_query(asked).with_fragment("wechat_redirect")
    return place.with_query({**shared, "login_type": "CorpApp"})


async def _who(here: Site, code: str, again: str) -> str:
    try:
        return await here.who(code[:512])
    except Unreachable:
        raise errors.Refused("login_expired", url=again) from None
    except ChannelError:
        raise errors.Refused("login_down", url=again) from None
