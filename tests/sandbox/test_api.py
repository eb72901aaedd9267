"""gettoken, the token check, user/get, getcallbackip."""

from __future__ import annotations

from typing import Any

import pytest


async def test_the_credentials_name_every_endpoint(world: Any) -> None:
    found = world.sandbox.credentials()
    assert list(found) == ["url", "control", "wecom", "dingtalk", "sms"]
    assert found["control"] == f"{found['url']}/control"
    assert set(found["wecom"]) == {"corp_id", "agent_id", "secret", "token", "aes_key", "api_base"}
    assert len(found["wecom"]["aes_key"]) == 43


@pytest.mark.parametrize(("change", "code"), [({"corpid": "other"}, 40013), ({"corpsecret": "wrong"}, 40001)])
async def test_gettoken_refuses(world: Any, change: dict[str, str], code: int) -> None:
    assert (await world.gettoken(**change))["errcode"] == code


async def test_a_token_stays_the_same_and_is_not_extended(world: Any) -> None:
    first = await world.gettoken()
    world.wall.on(seconds=7000)
    second = await world.gettoken()
    assert (first["access_token"], first["expires_in"]) == (second["access_token"], 7200)
    assert second["expires_in"] == 200
    world.wall.on(seconds=200)
    third = await world.gettoken()
    assert third["access_token"] != first["access_token"]
    assert third["expires_in"] == 7200


async def test_a_token_runs_on_wall_time(world: Any) -> None:
    await world.call("getcallbackip", "GET")
    await world.post("clock", step=30 * 86400)
    assert (await world.call("getcallbackip", "GET"))["ip_list"] == ["127.0.0.1"]
    world.wall.on(seconds=7200)
    assert (await world.call("getcallbackip", "GET"))["errcode"] == 42001


async def test_a_missing_and_an_unknown_token(world: Any) -> None:
    missing = await world.json("GET", f"{world.sandbox.url}/cgi-bin/getcallbackip")
    assert missing["errcode"] == 41001
    world.token = "made up"
    assert (await world.call("getcallbackip", "GET"))["errcode"] == 40014


async def test_user_get_knows_members_without_regard_to_case(world: Any) -> None:
    found = await world.call("user/get", "GET", params={"userid": "LISI"})
    assert (found["userid"], found["name"], found["status"]) == ("LiSi", "Li", 1)
    assert "mobile" not in found
    assert (await world.call("user/get", "GET", params={"userid": "nobody"}))["errcode"] == 60111
