"""What WeCom takes in a message, as data, and the check that compares a request body with it.

Both the client (before it sends) and the sandbox (before it accepts) use this one table. Source: platform documents
90236 (message/send) and 94945 (update_template_card). Lengths are UTF-8 bytes where the platform counts bytes
(`bytes`), characters where it recommends a display length (`chars`); what is longer than a recommended length is
clipped on the screen, what breaks a hard limit is refused with the errcode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.wecom import card_limits
from bot.channels.wecom.schema import Many, Number, Object, Problem, Text, walk

TEXT_BYTES = 2048
PASSIVE_TEXT_BYTES = 2048
DUPLICATE_INTERVAL = 14400  # seconds: the longest the platform allows
MEMBER_PER_MINUTE = 30  # one app to one member; what is over is dropped without an error
MEMBER_PER_HOUR = 1000
APP_PER_ACCOUNT_DAY = 200  # person-sends a day = this × the corporation's account cap
CONCURRENT_CALLS = 5  # per API; more brings 45033
RECALL_SECONDS = 24 * 3600
RESPONSE_CODE_SECONDS = 72 * 3600
MEDIA_MIN_BYTES = 6
MEDIA_BYTES = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}

NO_TARGET, BAD_TYPE, BAD_AGENT, BAD_PARAM, EMPTY_TEXT, TOO_LONG = 82001, 40008, 40056, 40058, 44004, 45002
NO_TITLE, TOO_MANY_ARTICLES, NO_MEDIA = 41016, 45008, 40007

TARGETS = {"touser": 1000, "toparty": 100, "totag": 100}
FLAGS = {
    "safe": Number((0, 1, 2)),
    "enable_id_trans": Number((0, 1)),
    "enable_duplicate_check": Number((0, 1)),
    "duplicate_check_interval": Number(range(1, DUPLICATE_INTERVAL + 1)),
}
_CONTENT = Text(need=True, bytes=TEXT_BYTES, missing=EMPTY_TEXT, code=TOO_LONG)
_MEDIA = Text(need=True, missing=NO_MEDIA)
_URL = Text(need=True, bytes=2048)
_ARTICLE = Object(
    {
        "title": Text(need=True, bytes=128, missing=NO_TITLE, code=TOO_LONG),
        "description": Text(bytes=512, code=TOO_LONG),
        "url": Text(bytes=2048),
        "picurl": Text(),
        "appid": Text(),
        "pagepath": Text(),
    }
)
BODIES: dict[str, Object] = {
    "text": Object({"content": _CONTENT}),
    "markdown": Object({"content": _CONTENT}),
    "image": Object({"media_id": _MEDIA}),
    "voice": Object({"media_id": _MEDIA}),
    "file": Object({"media_id": _MEDIA}),
    "video": Object(
        {
            "media_id": _MEDIA,
            "title": Text(bytes=128, code=TOO_LONG),
            "description": Text(bytes=512, code=TOO_LONG),
        }
    ),
    "textcard": Object(
        {
            "title": Text(need=True, bytes=128, missing=NO_TITLE, code=TOO_LONG),
            "description": Text(need=True, bytes=512, code=TOO_LONG),
            "url": _URL,
            "btntxt": Text(chars=4),
        }
    ),
    "news": Object({"articles": Many(_ARTICLE, least=1, most=8, need=True, code=TOO_MANY_ARTICLES)}),
}


def check(message: Mapping[str, Any]) -> list[Problem]:
    """Every limit a message/send body breaks; empty when it may be sent."""
    problems = [*_targets(message), *_flags(message)]
    kind = message.get("msgtype")
    if kind == "template_card":
        return problems + _inside(message, "template_card", card_limits.check)
    if not isinstance(kind, str) or kind not in BODIES:
        return [*problems, Problem("msgtype", f"unknown type {kind!r}", BAD_TYPE)]
    body = BODIES[kind]
    return problems + _inside(message, kind, lambda inner: list(walk(body, inner, kind)))


def check_update(body: Mapping[str, Any]) -> list[Problem]:
    """Every limit an update_template_card body breaks."""
    problems = list(_flags(body, ("agentid",)))
    for field, most in {"userids": 1000, "partyids": 100, "tagids": 100}.items():
        ids = body.get(field)
        if ids is not None and not (isinstance(ids, list) and len(ids) <= most):
            problems.append(Problem(field, f"not a list of at most {most}", BAD_PARAM))
    if not (body.get("atall") or body.get("userids") or body.get("partyids") or body.get("tagids")):
        problems.append(Problem("userids", "nobody to update for", NO_TARGET))
    if not body.get("response_code"):
        problems.append(Problem("response_code", "missing", BAD_PARAM))
    if "button" in body:
        name = Object({"replace_name": Text(need=True)})
        return problems + _inside(body, "button", lambda inner: list(walk(name, inner, "button")))
    return problems + _inside(body, "template_card", lambda card: card_limits.check(card, update=True))


def _inside(
    body: Mapping[str, Any], field: str, inspect: Callable[[Mapping[str, Any]], list[Problem]]
) -> list[Problem]:
    inner = body.get(field)
    if not isinstance(inner, Mapping):
        return [Problem(field, "missing", BAD_PARAM)]
    return inspect(inner)


def _targets(message: Mapping[str, Any]) -> list[Problem]:
    problems, found = [], False
    for field, most in TARGETS.items():
        value = message.get(field) or ""
        if not isinstance(value, str):
            problems.append(Problem(field, "not a string", BAD_PARAM))
            continue
        ids = [one for one in value.split("|") if one]
        found = found or bool(ids)
        if len(ids) > most:
            problems.append(Problem(field, f"{len(ids)} ids, at most {most}", BAD_PARAM))
        if field == "touser" and any(len(one.encode(errors="surrogatepass")) > 64 for one in ids):
            problems.append(Problem(field, "an id is longer than 64 bytes", BAD_PARAM))
    return problems if found else [*problems, Problem("touser", "nobody to send to", NO_TARGET)]


def _flags(message: Mapping[str, Any], only: tuple[str, ...] = ("agentid", *FLAGS)) -> list[Problem]:
    problems = []
    agent = message.get("agentid")
    if not isinstance(agent, int) or isinstance(agent, bool):
        problems.append(Problem("agentid", "not a whole number", BAD_AGENT))
    for field, spec in FLAGS.items():
        if field in only and field in message:
            problems.extend(walk(spec, message[field], field))
    return problems
