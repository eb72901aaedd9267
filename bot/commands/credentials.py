"""Do the platforms accept the configured credentials? One token request each; no secret is ever in the answer."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.config import Config

_LIMIT = aiohttp.ClientTimeout(total=10)
_WECOM = {
    40001: "wecom.secret is wrong; copy the app's Secret again",
    40013: "wecom.corp_id is wrong; copy it from the corporation's page",
    60020: "this machine's address is not on the app's list of trusted addresses; add it there",
}
"""Meanings of gettoken's errcode (WeCom document 90313)."""


async def wecom(config: Config) -> str:
    """Ask WeCom's gettoken; "" when it answers with a token, else what is wrong and what to do."""
    query = {"corpid": config.wecom.corp_id, "corpsecret": config.wecom.secret.get_secret_value()}
    answer = await _ask("GET", f"{config.wecom.api_base}/cgi-bin/gettoken", params=query)
    if isinstance(answer, str):
        return f"wecom.api_base: {answer}"
    code = answer.get("errcode")
    if code == 0 and answer.get("access_token"):
        return ""
    return _WECOM.get(code if isinstance(code, int) else -1, f"gettoken answered errcode {code}; look it up")


async def dingtalk(config: Config) -> str:
    """Ask DingTalk for an app token; "" when it gives one, else what is wrong and what to do."""
    body = {"appKey": config.dingtalk.client_id, "appSecret": config.dingtalk.client_secret.get_secret_value()}
    answer = await _ask("POST", f"{config.dingtalk.api_base}/v1.0/oauth2/accessToken", json=body)
    if isinstance(answer, str):
        return f"dingtalk.api_base: {answer}"
    if answer.get("accessToken"):
        return ""
    return f"DingTalk answered {answer.get('code')}; look at dingtalk.client_id and client_secret"


async def _ask(method: str, url: str, **request: Any) -> dict[str, Any] | str:
    """The JSON object answered, or why there is none. The address is never told: its query holds a secret."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_LIMIT) as session,
            session.request(method, url, allow_redirects=False, **request) as response,
        ):
            answer = await response.json(content_type=None)
    except TimeoutError:
        return "no answer within 10 s; look at the network and the proxy"
    except (aiohttp.ClientError, ValueError) as error:
        return f"no usable answer ({type(error).__name__}); look at the network and the address"
    return answer if isinstance(answer, dict) else "the answer is no object; is this the platform's address?"
