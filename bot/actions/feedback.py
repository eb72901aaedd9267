"""What a unit answers: the stage-1 acknowledgement, feedback, supplements (R2, R11, R33, A8, A28, A63, A80)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, cooperation, facts, matter, office, rights, setting, taking, target
from bot.engine import notify, withdraw
from bot.engine.notify import Planned
from bot.rules import life as rules
from bot.rules import recipients, report
from bot.rules.life import Life
from bot.rules.status import MATTER, rank, takes_feedback
from models import database, roster
from models import life as lives
from models.feedback import Feedback
from models.matter import Matter
from models.roster import Seated

SHORTEST = 10
SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of an answer: `facts` for the reply; `kept` as supplement or cooperation when it met nothing."""

    facts: dict[str, Any]
    kept: str = ""


async def submit(matter_id: int, node: str | None, by: Seated, at: datetime, text: str) -> Filed:
    """File a feedback for the obligation named by `node`, else for the one due; what meets nothing is a supplement.

    A cooperating unit's material is kept and meets nothing (A62). On time is `at` ≤ D.
    Raises Refused: closed_matter, other_unit, too_short.
    """
    async with database.transaction():
        if helped := await _helped(matter_id, by, at, text):
            return helped
        found, life, name = await _meant(matter_id, node, by, at, text)
        return await _file(found, life, name, by, at, text, "feedback")


async def supplement(matter_id: int, node: str | None, by: Seated, at: datetime, text: str) -> Filed:
    """Keep words with the obligation named or answered last; meets nothing (A8, A75). Raises as `submit`."""
    async with database.transaction():
        if helped := await _helped(matter_id, by, at, text):
            return helped
        found, life, name = await _meant(matter_id, node, by, at, text)
        return await _keep(found, life, name, by, at, text)


async def acknowledge(
    matter_id: int, handlers: Sequence[int], by: Seated, at: datetime, text: str, *, pressed: int | None = None
) -> Filed:
    """The stage-1 answer (R33): meets N1 and names the handler, the first of `handlers`, who is told.

    Once N1 is met it is a supplement (A80): a handler stays; where there is none yet, it passes the matter on (R32).
    `pressed`: it came by this delivery's card (0: by a reply's), which turns in the answer itself and has no words to
    keep. Raises Refused: closed_matter, other_unit, not_lead, name_unknown, stale_card (pressed, and N1 is met).
    """
    async with database.transaction():
        found, life = await _opened(matter_id, by, at)
        names = [await rights.expect_handler(found, each, at) for each in handlers]
        first = life.find("N1")
        if first is None or not first.is_open(at):
            if pressed is not None:
                raise errors.Refused("stale_card")
            filed = await _keep(found, life, "N1", by, at, text)
            if found.handler_id is None:
                await matter.assign(found.id, handlers[0], by, at)
            # it names a person, so it is no report of the next node's
            filed.facts.update(handlers=names, names_next=False)
            return filed
        await matter.set_handler(found, handlers[0])
        filed = await _file(found, life, "N1", by, at, text, "acknowledge", pressed=pressed)
        await matter.tell_handler(found, by, at, filed.facts)
        filed.facts["handlers"] = names
        return filed


async def _opened(matter_id: int, by: Seated, at: datetime) -> tuple[Matter, Life]:
    found = await database.lock_matter(matter_id)
    await rights.expect_filing(found, by)
    await taking.accept(found, by, at)
    # a period begins by the calendar, also when the engine has not come to it yet
    return found, rules.unfold(await lives.load(found), at, setting.book(found))


async def _meant(matter_id: int, node: str | None, by: Seated, at: datetime, text: str) -> tuple[Matter, Life, str]:
    """The matter, its life and the name of the obligation that the words are for."""
    found, life = await _opened(matter_id, by, at)
    _expect_words(found, text)
    return found, life, target.of(life, node, at, setting.book(found).rules)


async def _helped(matter_id: int, by: Seated, at: datetime, text: str) -> Filed | None:
    """What a cooperating unit sent; None when the sender's unit leads, or has nothing to do with it."""
    found = await database.lock_matter(matter_id)
    if not rights.helps(found, by):
        return None
    _expect_words(found, text)
    return Filed(await cooperation.keep(found.id, by, at, text), cooperation.KIND)


def _expect_words(found: Matter, text: str) -> None:
    if len("".join(text.split())) < SHORTEST:
        raise errors.Refused("too_short", code=found.code)


async def _file(
    found: Matter, life: Life, name: str, by: Seated, at: datetime, text: str, kind: str, *, pressed: int | None = None
) -> Filed:
    """Meet `name` and what it settles; nothing met makes it a supplement."""
    after = report.feedback(life, name, at, setting.book(found)) if name else life
    open_before = {(each.name, each.ordinal) for each in life.obligations if not each.ended}
    ended = [each for each in after.obligations if each.ended and (each.name, each.ordinal) in open_before]
    if not ended:
        return await _keep(found, life, name, by, at, text)
    ended.sort(key=lambda each: (each.address != name, rank(each.name)))
    own, met = ended[0], [each.address for each in ended]
    done = await change.apply(
        found.id,
        lambda current, book: report.feedback(current, name, at, book),
        name=kind,
        by=by.id,
        at=at,
        facts={"met": met, "text": text},
    )
    found, common = done.matter, await facts.of(done.matter)
    turned = {"done": "acknowledged" if kind == "acknowledge" else "answered"}
    ids = [done.written[each.name, each.ordinal] for each in ended]
    await withdraw.turn_cards(ids, found.id, turned, at, but=pressed)
    own_id = done.written[own.name, own.ordinal]
    row = await _write(found, own_id, by, at, text, kind)
    role = await _tell(found, own_id, own.episode, row, by, {**common, "late": own.late})
    shown = {**common, "role": role, "met": met, "late": own.late, **facts.following(after.obligations, at)}
    shown["also_late"] = any(each.late for each in ended[1:])
    shown["open_month"] = _open_month(after, name)
    return Filed(shown)


def _open_month(after: Life, name: str) -> str | None:
    """Who names NM hears that it stays open (A7, A81)."""
    month = after.find("NM") if name == "NM" else None
    return month.due_at.isoformat() if month and month.due_at else None


async def _keep(found: Matter, life: Life, name: str, by: Seated, at: datetime, text: str) -> Filed:
    """A supplement, kept with the obligation it is for, or with the matter."""
    rows = await lives.rows(found)
    root = next(each for each in rows if each.name == MATTER)
    owed = next((each for each in reversed(rows) if lives.owed(each).address == name), root)
    row = await _write(found, owed.id, by, at, text, SUPPLEMENT)
    await change.record(found, SUPPLEMENT, by=by.id, at=at, facts={"node": name, "text": text})
    common = await facts.of(found)
    await _tell(found, owed.id, owed.episode, row, by, {**common, "node": "", "late": False})
    shown = {**common, "node": owed.label if owed is not root else "", **facts.following(life.obligations, at)}
    shown["names_next"] = takes_feedback(shown["next_node"] or MATTER) and shown["next_node"] != name
    return Filed(shown, SUPPLEMENT)


async def _write(found: Matter, obligation: int | None, by: Seated, at: datetime, text: str, kind: str) -> Feedback:
    return await Feedback.create(
        matter_id=found.id, obligation_id=obligation, person_id=by.id, kind=kind, text=text, at=at, created_at=at
    )


async def _tell(
    found: Matter, obligation_id: int, episode: int, row: Feedback, by: Seated, shown: dict[str, Any]
) -> str:
    """Who reviews it is told of every filing (A37, A66), A of a handler's (A63); the role of who reviews."""
    desk = await office.desk(found, row.at, by.id)
    seated = (await notify.holders([found.unit_id], notify.today(row.at)))[found.unit_id]
    own = found.unit_id in by.units(roster.UNIT_POSTS)
    copied = [] if own else recipients.persons(("operator_a",), seated, None)
    people = list(dict.fromkeys([*desk.asked, *copied]))
    said = {**shown, "by": by.name, "at": row.at.isoformat(), "text": row.text}
    await notify.plan(
        [Planned(found.id, obligation_id, episode, "feedback", row.id, row.at, people, facts=said)], row.at
    )
    return desk.role
