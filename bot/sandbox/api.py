"""The qyapi calls around sending: gettoken, user/get, getcallbackip, and the token check of every other call."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.sandbox import answers
from bot.sandbox.gate import Handler
from bot.sandbox.people import Person
from bot.sandbox.platform import PLATFORM

GETTOKEN = "/cgi-bin/gettoken"


@web.middleware
async def require_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    """41001 without a token, 40014 for an unknown one, 42001 for one whose 7,200 s of wall time are over."""
    if not request.path.startswith("/cgi-bin/") or request.path == GETTOKEN:
        return await handler(request)
    platform = request.app[PLATFORM]
    token = request.query.get("access_token", "")
    if not token:
        raise answers.Denied(41001, "access_token missing")
    if not platform.tokens.is_known(token):
        raise answers.Denied(40014, "invalid access_token")
    if not platform.tokens.is_valid(token, platform.settings.wall()):
        raise answers.Denied(42001, "access_token expired")
    return await handler(request)


async def gettoken(request: web.Request) -> web.Response:
    """40013 for another corporation, 40001 for a wrong secret; inside its validity always the same token."""
    platform = request.app[PLATFORM]
    if request.query.get("corpid") != platform.settings.corp_id:
        raise answers.Denied(40013, "invalid corpid")
    if request.query.get("corpsecret") != platform.settings.secret:
        raise answers.Denied(40001, "invalid credential")
    token, life = platform.tokens.issue(platform.settings.wall())
    return answers.answer(request, access_token=token, expires_in=life)


async def user_get(request: web.Request) -> web.Response:
    """A member by id, without regard to case; 60111 when there is none. Apps created since 2022 get no phone."""
    person = request.app[PLATFORM].people.on("wecom", request.query.get("userid", ""))
    if person is None:
        raise answers.Denied(60111, "userid not found")
    return answers.answer(request, **_member(person))


def _member(person: Person) -> dict[str, Any]:
    return {
        "userid": person.id,
        "name": person.name,
        "department": [1],
        "order": [0],
        "position": "",
        "is_leader_in_dept": [0],
        "direct_leader": [],
        "status": 1,
        "alias": "",
        "main_department": 1,
    }


async def callback_ip(request: web.Request) -> web.Response:
    """The addresses that callbacks come from."""
    return answers.answer(request, ip_list=["127.0.0.1"])


async def parsed(request: web.Request) -> dict[str, Any]:
    """The JSON object of an API call; 40035 when it is none."""
    try:
        found = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise answers.Denied(40035, f"invalid parameter: not JSON ({error})") from error
    if not isinstance(found, dict):
        raise answers.Denied(40035, "invalid parameter: a JSON object is expected")
    return found


def check_agent(request: web.Request, body: dict[str, Any]) -> None:
    """301002 unless the body's agentid belongs to the token's app; 41011 when it is missing."""
    agent = body.get("agentid")
    if agent is None:
        raise answers.Denied(41011, "missing agentid")
    if str(agent) != str(request.app[PLATFORM].settings.agent_id):
        raise answers.Denied(301002, "not allow operate another agent with this accesstoken")
