"""What the office decides on what was filed: /同意办结, /受理, /退回, /评价, /销号, and the card's buttons (A71)."""

from __future__ import annotations

from bot import errors, render
from bot.actions import acceptance, grading, office, review, upward
from bot.actions import completion as completions
from bot.router import Reply, Router
from handlers import cards, desk, doubt, verdict, words
from handlers.turn import Turn
from handlers.which import Meant
from models.completion import Completion
from models.matter import Matter

router = Router()


@router.text(words.pattern("accept"), *office.DECIDERS)
async def accept(turn: Turn) -> Reply:
    """/同意办结 1 [优秀]: the pending completion, else the latest feedback; a stage that is named is graded (A71)."""
    meant = await desk.meant(turn, "completion", "feedback")
    doubt.expect(meant.said, turn.text, meant.matter.code)
    if meant.said.node:
        return await _graded(meant, turn)
    grade = _grade(meant.said.rest, needed=False)
    row = await _pending(meant.matter)
    if row:
        return _accepted(await acceptance.accept(row.id, turn.by, turn.at, grade), turn)
    done = await grading.accept(meant.matter.id, grade, turn.by, turn.at)
    return Reply(render.reply("graded", **done, now=turn.at))


@router.text(words.pattern("receive"), *office.DECIDERS)
async def receive(turn: Turn) -> Reply:
    """/受理 1 asks for confirmation by card first."""
    meant = await desk.meant(turn, "completion")
    row = await _pending(meant.matter)
    if row is None:
        raise errors.Refused("no_completion", code=meant.matter.code)
    await office.expect(meant.matter, turn.by, turn.at, row.person_id)
    return Reply(card=render.card("completion", **await completions.shown(meant.matter, row), now=turn.at))


@router.text(words.pattern("send_back"), *office.DECIDERS)
async def send_back(turn: Turn) -> Reply:
    """/退回 1 [第3] [不计分] [未落实] 理由; /退回 1 上级 理由 for what was accepted (A51)."""
    said = words.command(turn.text)
    assert said
    how = verdict.returned(said.rest)
    meant = await desk.meant(turn, *(("accepted",) if how.superior else ("completion", "feedback")))
    doubt.expect(meant.said, turn.text, meant.matter.code, how.reason)
    if how.superior:
        sent = await upward.send_back(meant.matter.id, how.reason, turn.by, turn.at)
        return Reply(render.reply("returned_from_above", **sent, now=turn.at))
    if meant.matter.completion_at and not meant.said.node and verdict.is_open(said.rest):
        raise errors.Refused("return_how", code=meant.matter.code)
    done = await review.send_back(meant.matter.id, how, turn.by, turn.at, meant.said.node or "")
    return Reply(render.reply("returned", **done, now=turn.at))


@router.text(words.pattern("grade"), *office.DECIDERS)
async def grade(turn: Turn) -> Reply:
    """/评价 1 [7天] 良好"""
    return await _graded(await desk.meant(turn, desk.GRADE), turn)


async def _graded(meant: Meant, turn: Turn) -> Reply:
    given = _grade(meant.said.rest, needed=True)
    done = await grading.grade(meant.matter.id, given, turn.by, turn.at, meant.said.node or "")
    return Reply(render.reply("graded", **done, now=turn.at))


@router.text(words.pattern("close"), *office.DECIDERS)
async def write_off(turn: Turn) -> Reply:
    """/销号 1 [文号]"""
    meant = await desk.meant(turn, "accepted")
    doubt.expect(meant.said, turn.text, meant.matter.code)
    done = await acceptance.write_off(meant.matter.id, turn.by, turn.at, meant.said.rest)
    return Reply(render.reply("written_off", **done, now=turn.at))


def _grade(rest: str, *, needed: bool) -> str:
    """The grade in words; Refused unknown_grade rather than a decision that was not meant."""
    found = verdict.grade(rest)
    if found is None or (needed and not found):
        raise errors.Refused("unknown_grade", said=rest)
    return found


async def _pending(matter: Matter) -> Completion | None:
    return await Completion.get_or_none(matter_id=matter.id, cycle=matter.cycle, state="pending")


def _accepted(done: dict[str, object], turn: Turn) -> Reply:
    return Reply(render.reply("accepted", **done, now=turn.at))


@router.press("accept")
async def press_accept(turn: Turn) -> Reply:
    """同意办结 with a grade chosen or none: accept:<completion>."""
    row = await _row(turn)
    chosen = cards.selected(turn, "grade") or 0
    if chosen >= len(verdict.GRADES):
        raise errors.Refused("stale_card")
    given = verdict.GRADES[chosen]
    done = await acceptance.accept(row.id, turn.by, turn.at, given, pressed=True)
    shown = await completions.shown(await Matter.get(id=row.matter_id), row)
    card = render.card("completion", **shown, now=turn.at, done="accepted")
    return Reply(_accepted(done, turn).text, replace=card)


@router.press("send_back")
async def press_send_back(turn: Turn) -> Reply:
    """退回: a return needs its reason, so the words to write are said while this completion waits."""
    row = await _row(turn)
    found = await Matter.get(id=row.matter_id)
    await office.expect(found, turn.by, turn.at, row.person_id)
    if row.state != "pending":
        raise errors.Refused("completion_decided", code=found.code, state=row.state)
    raise errors.Refused("return_reason", code=found.code)


async def _row(turn: Turn) -> Completion:
    found = await Completion.get_or_none(id=cards.ids(turn, 1)[0])
    if found is None:
        raise errors.Refused("stale_card")
    return found
