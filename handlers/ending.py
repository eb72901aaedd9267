"""Ends by those who approved the initiation: /撤销, /并案, and the buttons that ask the other post (A46)."""

from __future__ import annotations

import re

from bot import errors, render
from bot.actions import consent, merging, posts, withdrawal
from bot.actions import facts as shared
from bot.actions.consent import Done
from bot.router import Reply, Router
from handlers import confirm, lookup, numbers, plain, words
from handlers.cards import ids
from handlers.turn import Turn
from models import roster
from models.matter import Matter
from models.ruling import Ruling

router = Router()
_MISTAKEN = re.compile(r"错立[\s,.:;，。：；]*")
_INTO = re.compile(r"(?:事项)?\s*(?:并入|归入|入|到|至|->|→)\s*(?:事项)?\s*")
_GLUED = re.compile(r"(?P<number>#?(?:20\d\d-)?\d{1,5}(?:-\d{1,2})?)(?=\s*(?:并入|归入|入|到|至|->|→))")


@router.text(words.pattern("withdraw"), *posts.APPROVERS)
async def withdraw(turn: Turn) -> Reply:
    """/撤销 1 [错立] 理由"""
    meant = await lookup.command(turn, whole=True)
    _, rows = await consent.expect(meant.matter, withdrawal.KIND, turn.by, turn.at)
    mistaken = _MISTAKEN.match(meant.said.rest)
    written = meant.said.rest[mistaken.end() if mistaken else 0 :]
    reason = rows[0].reason if rows else _reason(written, meant.said.said, meant.matter.code)
    if not turn.sure:
        wrong = rows[0].mistaken if rows else bool(mistaken)
        return await confirm.ask(turn, meant.matter, "withdrawn", *(["mistaken"] if wrong else []))
    done = await withdrawal.withdraw_matter(meant.matter.id, turn.by, turn.at, reason, mistaken=bool(mistaken))
    return _done(done, "withdrawn", turn)


@router.text(words.pattern("merge"), *posts.APPROVERS)
async def merge(turn: Turn) -> Reply:
    """/并案 1 入 2 理由"""
    matter, into, written = await _both(turn)
    _, rows = await merging.expect(matter, into, turn.by, turn.at)
    reason = rows[0].reason if rows else _reason(written, _word(turn), f"{matter.code} 入 {into.code}")
    if not turn.sure:
        return await confirm.ask(turn, matter, "merged", into=into)
    return _done(await merging.merge(matter.id, into.id, turn.by, turn.at, reason), "merged", turn)


def _reason(written: str, word: str, what: str) -> str:
    """What stands as the reason; Refused reason_needed when nothing does."""
    if len(written.strip()) < 2:
        raise errors.Refused("reason_needed", word=word, example=f"/{word} {what} 理由")
    return written.strip()


def _word(turn: Turn) -> str:
    return confirm.act(turn.text)


async def _both(turn: Turn) -> tuple[Matter, Matter, str]:
    """The matter that goes, the one it goes into, the reason. Refused merge_unclear rather than a direction guessed."""
    said = words.command(turn.text)
    assert said
    ref, rest = said.ref, said.rest
    if ref is None and (glued := _GLUED.match(plain.fold(rest))):  # 1入2
        (ref, _), rest = numbers.number(glued["number"]), rest[glued.end() :]
    way = _INTO.match(plain.fold(rest))
    to, written = numbers.number(rest[way.end() :]) if way else (None, "")
    if ref is None or to is None:
        raise errors.Refused("merge_unclear", word=said.said)
    return await lookup.numbered(ref, turn), await lookup.numbered(to, turn), written


def _done(done: Done, code: str, turn: Turn) -> Reply:
    waiting = [post + name for post, name in done.waiting]
    return Reply(render.reply(code, **done.facts, waiting=waiting, now=turn.at))


@router.press("agree")
async def agree(turn: Turn) -> Reply:
    """同意 on the card that asks for it: agree:<ruling>."""
    row = await _ruling(turn)
    if row.into_id is None:
        done = await withdrawal.withdraw_matter(
            row.matter_id, turn.by, turn.at, row.reason, mistaken=row.mistaken, ruling=row.id
        )
    else:
        done = await merging.merge(row.matter_id, row.into_id, turn.by, turn.at, row.reason, ruling=row.id)
    return await _turned(row, done.matter, "agreed", turn)


@router.press("disagree")
async def disagree(turn: Turn) -> Reply:
    """不同意: disagree:<ruling>."""
    row = await _ruling(turn)
    return await _turned(row, await consent.refuse(row, turn.by, turn.at), "dismissed", turn)


async def _turned(row: Ruling, matter: Matter, word: str, turn: Turn) -> Reply:
    """The presser's card in its answered form: it still says who had asked."""
    by = (await roster.names([row.asked_by_id])).get(row.asked_by_id or 0, "")
    shown = {**await shared.of(matter), **await consent.facts_of(row), "by": by}
    return Reply(replace=render.card(row.kind, **shown, now=turn.at, done=word))


async def _ruling(turn: Turn) -> Ruling:
    row = await Ruling.get_or_none(id=ids(turn, 1)[0], kind__in=list(consent.RESULT))
    if row is None:
        raise errors.Refused("stale_card")
    return row
