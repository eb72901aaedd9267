"""The edge of every message (architecture.md, flow 1): once by key, in order by person, one transaction, one reply."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from bot import clock, errors, failpoint, render, router
from bot.engine import notify, trouble
from bot.router import Message, Reply
from handlers import (
    accountability,
    assessment,
    cards,
    completion,
    contact,
    ending,
    extension,
    leader,
    leading,
    office,
    officer,
    overview,
    pick,
    picture,
    points,
    prompts,
    recall,
    reopening,
    review,
    seats,
    secrecy,
    signing,
    steering,
    sure,
    taking,
    unknown,
    words,
)
from handlers.crowd import Crowd, Verdict
from handlers.turn import Turn
from models import database, replies, roster

ROUTERS = (
    cards.router,
    pick.router,
    taking.router,
    picture.router,
    office.router,
    leader.router,  # before the officers': 转办 is both
    leading.router,
    officer.router,
    extension.router,
    completion.router,
    recall.router,
    review.router,
    points.router,
    assessment.router,
    accountability.router,
    steering.router,
    ending.router,
    reopening.router,
    prompts.router,
    overview.router,
    seats.router,
    signing.router,
    sure.router,
    unknown.router,
)
LONGEST = 4000
"""Characters of a message: twice what the platform lets a person write; more would be many times the work."""
SPOKEN = frozenset({"text", "card", "image", "voice", "video", "file", "location", "link"})

crowd = Crowd()
"""`[server] messages_per_minute`, set at start."""

# first come, first served: transactions on connections of their own would race to the database's lock
_queues: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()


async def receive(message: Message) -> Reply:
    """The reply to a message. The same key again, also at the same time, gets the stored reply and changes nothing.

    One person's messages are served one by one, as they arrived; between replicas the database's lock keeps them apart.
    A refusal is a reply; anything unexpected is raised with nothing stored, so that the platform's retry starts anew.
    Who floods is told once that nothing more of his is taken, and then nothing; the database is not asked.
    """
    verdict = crowd.judge(message, clock.monotonic())
    if verdict is not Verdict.SERVE:
        return Reply(render.refusal("too_many_messages", most=crowd.most) if verdict is Verdict.SAY else "")
    async with _queues.setdefault((message.channel, message.user.lower()), asyncio.Lock()):
        with trouble.told("answers", passing_only=True):
            reply = await database.retrying(lambda: _once(message))
    failpoint.hit("answered")
    return reply


async def late(message: Message, reply: Reply) -> None:
    """Push `reply`, what could not go back in the answer, unless it was handed over already."""
    await replies.push(message, reply, clock.now())


async def answered(message: Message) -> None:
    """The whole reply went back in the answer: it is not pushed any more."""
    await replies.passed(message)


async def overdue_replies(before_wall: datetime) -> int:
    """Push what was received before `before_wall` (wall) and neither answered nor pushed, 100 at most; how many."""
    return await replies.push_overdue(before_wall, clock.now())


def _typed(message: Message) -> Message:
    """As handlers read it: invisible characters out, the command first, a menu item as the words it stands for."""
    kind = "text" if message.kind == "click" else message.kind
    return replace(message, kind=kind, text=words.ordered(message.text))


async def _once(message: Message) -> Reply:
    async with database.transaction():
        await database.lock_person(message.channel, message.user.lower())
        # marked text is not kept either (A76), nor where it is what somebody replies to
        written, message = message.text, _typed(message)
        secret = secrecy.is_secret(message.text) or secrecy.is_secret(written)
        inbound_id = await replies.keep(replace(message, text="", raw={}) if secret else message, clock.wall())
        if inbound_id is None:
            return await replies.stored(message)
        by = await roster.sender(message.channel, message.user, notify.today(message.at))
        reply = await _reply(message, by, inbound_id, secret=secret)
        return await replies.answer(inbound_id, by.id if by else None, reply)


async def _reply(message: Message, by: roster.Seated | None, inbound_id: int, *, secret: bool) -> Reply:
    """The handler's reply; a refusal undoes what the handler did and says why."""
    try:
        async with database.transaction():
            if message.kind == "contact":
                await contact.serve(message)
                return Reply()
            if by is None:
                if message.kind in SPOKEN:
                    raise errors.Refused("not_in_roster")
                return Reply()
            if secret:
                raise errors.Refused("secret")
            if len(message.text) > LONGEST:
                raise errors.Refused("message_too_long", most=LONGEST)
            return await _serve(Turn(message, by, inbound_id))
    except errors.Refused as refusal:
        said = render.refusal(refusal.code, **{"now": message.at, **refusal.facts})
        return Reply("\n".join([said, *(await _away(by, message) if by else ())]))


async def _away(by: roster.Seated, message: Message) -> list[str]:
    """What was refused to somebody may be his stand-in's for now (A64)."""
    found = await roster.away(by.id, notify.today(message.at))
    return [render.reply("away", name=by.name, stand_in=name, last=last, now=message.at) for name, last in found[:1]]


async def _serve(turn: Turn) -> Reply:
    found = router.match(ROUTERS, turn.message, turn.by.roles)
    return await found[0].handler(turn) if found else Reply()
