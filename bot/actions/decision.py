"""What the office is asked by the system itself, and its answers (A6, A50, A56, A61)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, office, question, rights, setting, steering, tell
from bot.rules import asking
from bot.rules.life import Book, Life
from models import database, roster
from models import life as lives
from models.feedback import Feedback
from models.matter import Matter
from models.prompt import Prompt
from models.roster import Seated

WORDS = 200


async def ask(row: Prompt, matter: Matter, now: datetime) -> datetime | None:
    """The office gets the question's card, with what is true now; when it is asked again.

    Without ground it is over. While an extension waits for the office nothing else is asked: that word decides.
    """
    life, book = await lives.load(matter), setting.book(matter)
    if not asking.ground(row.kind, life, book):
        await question.end(row, "", now)
        return None
    if not life.extension_at:
        said = {**await facts.of(matter), **await _ABOUT[row.kind](matter, life, book)}
        await question.card(row, matter, (await office.desk(matter, now)).asked, said, now)
    return asking.again(row.kind, now, book)


async def _stalled(matter: Matter, life: Life, book: Book) -> dict[str, Any]:
    """The oldest duty that is silent, and which courses are open: 转跟进 is none where the weeks or months run."""
    silent = asking.silent(life, book)
    oldest = min(silent, key=lambda owed: owed.due_at or life.initiated_at)
    follows = not life.follow_up_at and life.category != "monthly" and life.state == "running"
    return {"node": oldest.label, "due_at": _iso(oldest.due_at), "silent": len(silent), "follows": follows}


async def _unsolved(matter: Matter, life: Life, book: Book) -> dict[str, Any]:
    """The words that met N7, and the back-stop if there is one."""
    row, month = await _answer(matter), life.find("NM")
    shown = {"by": await roster.name(row.person_id), "text": row.text, "at": row.at.isoformat()}
    return {**shown, "backstop_at": _iso(month.due_at) if month else None}


async def _answer(matter: Matter) -> Feedback:
    """The last one for N7, else the one that settled it with what it was for (A8, A57)."""
    owed: dict[int | None, str] = {row.id: row.name for row in await lives.rows(matter)}
    given = await Feedback.filter(obligation_id__in=list(owed), kind="feedback").order_by("-id")
    return next((each for each in given if owed[each.obligation_id] == "N7"), given[0])


async def _look_back(matter: Matter, life: Life, book: Book) -> dict[str, Any]:
    return {"closed_at": _iso(life.closed_at), "days": book.rules.look_back_days}


_ABOUT: Mapping[str, Callable[[Matter, Life, Book], Awaitable[dict[str, Any]]]] = {
    "stalled": _stalled,
    "unsolved": _unsolved,
    "look_back": _look_back,
}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


async def opened(prompt_id: int, nth: int, by: Seated, at: datetime) -> tuple[Prompt, Matter]:
    """An undecided question and its matter, locked; `nth` is the card that was pressed.

    Raises Refused: not_reviewer; stale_card (decided, or the card is of an earlier time that it was asked).
    """
    found = await Prompt.get_or_none(id=prompt_id)
    if found is None:
        raise errors.Refused("stale_card")
    matter = await database.lock_matter(found.matter_id)
    row = await Prompt.get(id=prompt_id)
    await office.expect(matter, by, at, None)
    if row.verdict or not await question.shown(row, nth):
        raise errors.Refused("stale_card")
    return row, matter


async def follow_up(prompt_id: int, nth: int, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    """转持续跟进 by the card (A50); raises as `opened` and `steering.follow_up`."""
    async with database.transaction():
        row, matter = await opened(prompt_id, nth, by, at)
        await question.end(row, "followed_up", at, by=by.id)  # what was pressed last is the card that asked back
        return await steering.follow_up(matter.id, by, at, reason)


async def convert(prompt_id: int, nth: int, by: Seated, at: datetime) -> dict[str, Any]:
    """转重大 by the card (A56); raises as `opened` and `steering.convert`."""
    async with database.transaction():
        row, matter = await opened(prompt_id, nth, by, at)
        await question.end(row, "converted", at, by=by.id, pressed=nth)
        return await steering.convert(matter.id, by, at)


async def settle(prompt_id: int, nth: int, verb: str, by: Seated, at: datetime) -> dict[str, Any]:
    """keep_general: the matter stays general, its back-stop runs (A56); confirm_stable: looked back at (A61).

    Nothing else changes. Raises as `opened`.
    """
    async with database.transaction():
        row, matter = await opened(prompt_id, nth, by, at)
        await change.record(matter, verb, by=by.id, at=at, facts={"prompt": row.id})
        await question.end(row, verb, at, by=by.id, pressed=nth)
        return {**await question.shown(row, nth), **await facts.of(matter)}


async def talk(matter_id: int, by: Seated, at: datetime, words: str) -> dict[str, Any]:
    """约谈: the unit's people and the leader in charge are told when and what about; the question rests (A50).

    Raises Refused: closed_matter, not_reviewer.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        rights.expect_open(matter)
        await office.expect(matter, by, at, None)
        said = {"words": words[:WORDS], "at": at.isoformat()}
        await change.record(matter, "talk", by=by.id, at=at, facts=said)
        await question.decide(matter, "stalled", "talk", at, by.id)
        await tell.card(matter, "talk", await tell.unit(matter, at, "leader_in_charge"), said, by, at)
        return {**await facts.of(matter), **said}
