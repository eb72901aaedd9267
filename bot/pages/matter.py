"""The matter that an address names."""

from __future__ import annotations

import re

from aiohttp import web

from bot import errors
from models.matter import Matter

CODE = r"{code:20\d\d-\d{1,5}(?:-\d{1,2})?}"
_PARTS = re.compile(r"(\d{4})-(\d+)(?:-(\d+))?")


async def named(request: web.Request) -> Matter:
    """The matter of `/m/{code}/…`; Refused unknown_matter."""
    code = request.match_info["code"]
    found = _PARTS.fullmatch(code)
    assert found
    year, number, child = (int(part or 0) for part in found.groups())
    matter = await Matter.get_or_none(year=year, number=number, child=child)
    if matter is None:
        raise errors.Refused("unknown_matter", code=code)
    return matter
