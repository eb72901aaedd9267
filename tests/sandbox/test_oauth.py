"""Signing in: the redirect, the code, its owner."""

from __future__ import annotations

from typing import Any

import pytest
from yarl import URL

BACK = "http://127.0.0.1:9/m/2026-0001?tab=1"


async def authorize(world: Any, path: str = "/connect/oauth2/authorize", **change: Any) -> tuple[int, Any, str]:
    query = {
        "appid": world.wecom["corp_id"],
        "agentid": str(world.wecom["agent_id"]),
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
        "person": "ZhangSan",
        **change,
    }
    url = world.sandbox.url + path
    async with world.http.get(url, params=query, allow_redirects=False) as response:
        text = await response.text()
        return response.status, URL(response.headers.get("Location", "")), text


async def owner(world: Any, code: str) -> dict[str, Any]:
    return dict(await world.call("auth/getuserinfo", "GET", params={"code": code}))


@pytest.mark.parametrize("path", ["/connect/oauth2/authorize", "/wwlogin/sso/login"])
async def test_a_code_names_its_owner_once(world: Any, path: str) -> None:
    status, place, _ = await authorize(world, path)
    assert (status, place.query["state"], place.query["tab"], place.path) == (302, "abc123", "1", "/m/2026-0001")
    assert (await owner(world, place.query["code"]))["userid"] == "zhangsan"
    assert (await owner(world, place.query["code"]))["errcode"] == 40029


@pytest.mark.parametrize(("seconds", "code"), [(299, 0), (300, 40029)])
async def test_a_code_lives_five_minutes_of_wall_time(world: Any, seconds: int, code: int) -> None:
    _, place, _ = await authorize(world)
    await world.post("clock", step=86400)
    world.wall.on(seconds=seconds)
    assert (await owner(world, place.query["code"]))["errcode"] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"appid": "other"}, 40013),
        ({"agentid": "7"}, 301002),
        ({"redirect_uri": "https://example.com/"}, 50001),
        ({"redirect_uri": "http://127.0.0.1.example.com/"}, 50001),
        ({"state": "a b"}, 40035),
        ({"scope": "everything"}, 40035),
        ({"person": "nobody"}, 60111),
    ],
)
async def test_authorize_refuses(world: Any, change: dict[str, str], code: int) -> None:
    status, _, text = await authorize(world, **change)
    assert status == 200
    assert f'"errcode": {code}' in text


async def test_without_a_person_it_asks_who(world: Any) -> None:
    await world.post("people", id="x", name="<b>")
    status, _, text = await authorize(world, person="")
    assert status == 200
    assert "person=LiSi" in text
    assert "&lt;b&gt;" in text
    assert "<b>" not in text


async def test_an_unknown_code(world: Any) -> None:
    assert (await owner(world, "made up"))["errcode"] == 40029
