"""message/send (document 90236): limits, targets, the duplicate check, and delivery to the screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.channels.wecom import card_limits, limits
from bot.channels.wecom.schema import Problem
from bot.sandbox import answers, api
from bot.sandbox.people import Person
from bot.sandbox.platform import PLATFORM, Platform, Sent

DEFAULT_INTERVAL = 1800
"""Seconds of the duplicate check when the body names none."""

WITH_MEDIA = ("image", "voice", "video", "file")


async def send(request: web.Request) -> web.Response:
    """Accept a message. A partly wrong list of targets is errcode 0 with invaliduser; 81013 when nobody is left."""
    platform, raw, body = request.app[PLATFORM], await request.read(), await api.parsed(request)
    api.check_agent(request, body)
    refuse_hard(limits.check(body))
    if duplicate := _duplicate(platform, raw, body):
        return answers.answer(request, {"duplicate_of": duplicate}, msgid=duplicate)
    _check_media(platform, body)
    people, invalid, unlicensed = _targets(platform, body)
    _claim(platform, body, len(people))
    msgid = f"msg-{next(platform.numbers)}"
    platform.sent[msgid] = Sent(tuple(one.id for one in people), platform.at())
    if body.get("enable_duplicate_check"):
        platform.duplicates.note(raw, msgid, platform.at())
    delivered, dropped = _deliver(platform, body, people, msgid)
    became = {"msgid": msgid, "delivered": delivered, "dropped": dropped, "invalid": invalid}
    return answers.answer(request, became, **_result(platform, body, msgid, invalid, unlicensed))


def refuse_hard(problems: Sequence[Problem]) -> None:
    """Refuse with the errcode of the first hard limit that is broken; display lengths are clipped on the screen."""
    if problem := next((one for one in problems if one.hard), None):
        raise answers.Denied(problem.errcode, f"{problem.field}: {problem.what}")


def _duplicate(platform: Platform, raw: bytes, body: dict[str, Any]) -> str | None:
    """The first answer's response_code is not given again: no document promises it."""
    if not body.get("enable_duplicate_check"):
        return None
    interval = int(body.get("duplicate_check_interval") or DEFAULT_INTERVAL)
    return platform.duplicates.find(raw, interval, platform.at())


def _check_media(platform: Platform, body: dict[str, Any]) -> None:
    kind = str(body.get("msgtype"))
    if kind not in WITH_MEDIA:
        return
    try:
        platform.media.look(str(body[kind]["media_id"]), platform.at())
    except (KeyError, TypeError, ValueError) as error:
        raise answers.Denied(40007, f"invalid media_id: {error}") from error


def _targets(platform: Platform, body: dict[str, Any]) -> tuple[list[Person], list[str], list[str]]:
    """Members to show it to, unknown ids (lower-cased), members without a licence; 81013 when nobody is left.

    The corporation has no departments and no tags: they reach nobody."""
    wanted = [user for user in str(body.get("touser") or "").split("|") if user]
    if wanted == ["@all"]:
        wanted = [one.id for one in platform.people.all("wecom")]
    people: dict[str, Person] = {}
    invalid, unlicensed, tolerated = [], [], False
    for user in wanted:
        person = platform.people.on("wecom", user)
        if person is None or platform.faults.take("unknown_user", "/", user):
            invalid.append(user.lower())
        elif platform.faults.take("invalid_user", "/", user):
            invalid.append(user.lower())
            tolerated = True
        elif platform.faults.take("unlicensed", "/", user):
            unlicensed.append(user.lower())
        else:
            people[person.id] = person
    if not (people or unlicensed or tolerated):
        raise answers.Denied(81013, "user & party & tag all invalid")
    return list(people.values()), invalid, unlicensed


def _claim(platform: Platform, body: dict[str, Any], count: int) -> None:
    """A task_id is unique per app for ever (42014); the app's day has an end (45009)."""
    task_id = _card(body).get("task_id", "")
    if task_id in platform.task_ids:
        raise answers.Denied(42014, f"invalid task_id: {task_id} was used before")
    if not platform.rates.spend(count, platform.at()):
        raise answers.Denied(45009, "api freq out of limit: the app's messages of the day are used up")
    if task_id:
        platform.task_ids.add(task_id)


def _card(body: dict[str, Any]) -> dict[str, Any]:
    """The template card of a message; empty for the other types, whatever else the body holds."""
    return dict(body["template_card"]) if body["msgtype"] == "template_card" else {}


def _deliver(
    platform: Platform, body: dict[str, Any], people: Sequence[Person], msgid: str
) -> tuple[list[str], list[str]]:
    """Members over 30 a minute or 1,000 an hour miss the message, and nobody is told (document 90454)."""
    kind, delivered, dropped = str(body["msgtype"]), [], []
    for person in people:
        lost = platform.faults.take("unreachable", "/", person.id)
        if lost or not platform.rates.let_through(person.id, platform.at()):
            dropped.append(person.id)
            continue
        platform.show(person.id, "wecom", kind, body[kind], msgid=msgid, via="push")
        delivered.append(person.id)
    return delivered, dropped


def _result(
    platform: Platform, body: dict[str, Any], msgid: str, invalid: list[str], unlicensed: list[str]
) -> dict[str, str]:
    parties = {"invalidparty": body.get("toparty"), "invalidtag": body.get("totag")}
    found = {"invaliduser": "|".join(invalid), "unlicenseduser": "|".join(unlicensed), "msgid": msgid}
    if str(body.get("touser")) != "@all":
        found |= {name: str(value) for name, value in parties.items() if value}
    card = _card(body)
    if card.get("card_type") in card_limits.INTERACTIVE or card.get("action_menu"):
        found["response_code"] = platform.response_codes.issue(msgid, platform.at())
    return {name: value for name, value in found.items() if value}
