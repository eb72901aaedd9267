"""How the platform answers: JSON with an errcode, always status 200; and how the control API refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from aiohttp import web

BECAME: web.RequestKey[dict[str, Any]] = web.RequestKey("became", dict)
"""What a request led to, for the wire log: errcode, msgid, delivered, dropped, duplicate_of, fault, …"""


class Denied(Exception):
    """The platform refuses a call with this errcode; nothing was changed."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


def answer(request: web.Request, became: Mapping[str, Any] | None = None, **fields: Any) -> web.Response:
    """errcode 0 with `fields`; `became` is what the wire log says the call led to."""
    request[BECAME] = {"errcode": 0, **(became or {})}
    return web.json_response({"errcode": 0, "errmsg": "ok", **fields})


def denial(request: web.Request, denied: Denied) -> web.Response:
    """The platform's answer to a refused call."""
    request[BECAME] = {"errcode": denied.errcode, "errmsg": denied.errmsg}
    return web.json_response({"errcode": denied.errcode, "errmsg": denied.errmsg})


def shown(**fields: Any) -> web.Response:
    """An answer of the control API."""
    return web.json_response(fields)


def refuse(error: object, status: int = 400) -> NoReturn:
    """Refuse a control call: `{"error": …}`."""
    kind = web.HTTPNotFound if status == 404 else web.HTTPBadRequest
    raise kind(text=json.dumps({"error": str(error)}), content_type="application/json")


async def document(request: web.Request) -> Any:
    """The JSON of a control call; 400 when it is none."""
    raw = await request.read()
    try:
        return json.loads(raw or b"{}")
    except (ValueError, RecursionError) as error:
        refuse(f"body: not JSON ({error})")


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a control call; anything else is refused."""
    found = await document(request)
    if not isinstance(found, dict):
        refuse("body: a JSON object is expected")
    return dict(found)
