"""What the office and the approvers write: /立项, /批准, /驳回, 同意, 不同意."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import errors, render
from bot.actions import approval, posts
from bot.actions import facts as shared
from bot.actions import matter as matters
from bot.router import Reply, Router
from handlers import cards, doubt, fields, numbers, plain, proposal, todo, words
from handlers.turn import Turn
from models import roster
from models.matter import Matter

router = Router()
# 拟-1和拟-2, 1；批准 2, 1，2不批准, 2 件都同意: more than the one number
_ANOTHER = re.compile(
    r"拟\s?-?\s?\d|(?:同意|批准|驳回|退回|通过)\s*\d|\d\s*[号件]?\s*[也都均不]{0,2}(?:同意|批准|驳回|退回|通过)|\A[件个]"
)
_LATER = re.compile(
    r"节后(?:首个工作日)?\s*(?:0?8[:时点]30分?)?\s*(?:再?下?发)?(?=$|[\s,.;:，。；：])[\s,.;:，。；：]*"
)
PROPOSERS = ("office", "office_director")


@router.text(words.pattern("propose"), *PROPOSERS)
async def propose(turn: Turn) -> Reply:
    """/立项 标题 来源:… 类别:… 处室:…, on one line or many; alone it answers with the form."""
    said = words.command(turn.text)
    assert said
    written = proposal.proposal(said.rest, turn.today)
    if written.is_empty:
        return Reply(render.reply("proposal_form"))
    draft = await _draft(written, turn)
    done = await matters.propose(draft, turn.by, turn.at)
    if not done.waiting:
        return await approved(done, turn)
    shown = {**await shared.of(done.matter), "due_on": draft.due_on, "approvers": done.waiting}
    return Reply(render.reply("proposed", **shown, now=turn.at))


async def _draft(written: proposal.Proposal, turn: Turn) -> matters.Draft:
    """Codes and ids for what was written; Refused names the first thing that is missing or not understood."""
    _expect_understood(written)
    if written.due_on and written.due_on < turn.today:
        raise errors.Refused("bad_date", field="due_on", said=written.due_on.isoformat(), past=True)
    units = await roster.units()
    leads = (written.unit,) if written.unit in units else written.units
    for name in (*leads, *written.cooperating):
        if name not in units:
            raise errors.Refused("unknown_unit", said=name, near=words.nearest(name, units))
    return matters.Draft(
        title=written.title,
        source=written.source,
        category=written.category,
        unit_id=units[leads[0]],
        leads=tuple(units[name] for name in leads) if len(leads) > 1 else (),
        cooperating=tuple(units[name] for name in dict.fromkeys(written.cooperating) if name not in leads),
        due_on=written.due_on,
        urgent=written.urgent,
        sensitive=written.sensitive,
        later=written.later,
        document_no=written.document_no,
        document_on=written.document_on,
        instruction=written.instruction,
    )


def _expect_understood(written: proposal.Proposal) -> None:
    fields.expect_once(written.twice)
    for name, said in written.wrong.items():
        if name in ("source", "category"):
            raise errors.Refused(f"unknown_{name}", said=said)
        kind = "bad_date" if name in ("due_on", "document_on") else "bad_flag"
        raise errors.Refused(kind, field=name, said=said, past=False)
    if written.missing:
        raise errors.Refused("bad_form", fields=list(written.missing))


@router.text(words.pattern("approve"), *posts.APPROVERS)
async def approve(turn: Turn) -> Reply:
    """/批准 12 [节后下发] [批示], or 同意 when exactly one proposal waits for the sender."""
    said, found = await _proposal(turn)
    later = _LATER.match(plain.fold(said.rest))
    note = said.rest[later.end() if later else 0 :]
    doubt.expect_unconditional(said, f"拟-{found.proposal_no}", note)
    return await approved(await approval.approve(found.id, turn.by, turn.at, note, later=bool(later)), turn)


@router.text(words.pattern("refuse"), *posts.APPROVERS)
async def refuse(turn: Turn) -> Reply:
    """/驳回 12 理由, or 不同意."""
    said, found = await _proposal(turn)
    if not said.rest and said.said != "不同意":
        raise errors.Refused("reason_needed", word=said.said, example=f"/{said.said} 拟-{found.proposal_no} 理由")
    return await refused(await approval.refuse(found.id, turn.by, turn.at, said.rest), said.rest)


async def _proposal(turn: Turn) -> tuple[words.Command, Matter]:
    """The command and its proposal: a bare number is a proposal's here. Refused rather than one of several guessed, or
    a question taken as a decision."""
    said = words.command(turn.text)
    assert said
    waiting = [each.matter for each in await todo.proposals(turn)]
    is_named = said.ref and not said.rest.strip().isdecimal()
    found = await _named(said, waiting) if is_named else await _only(said, waiting, turn)
    doubt.expect(said, turn.text, f"拟-{found.proposal_no}")
    return said, found


async def _named(said: words.Command, waiting: Sequence[Matter]) -> Matter:
    assert said.ref
    found = None if said.ref.year else await Matter.get_or_none(proposal_no=said.ref.number)
    if found is None:
        raise errors.Refused("unknown_proposal", said=str(said.ref))
    if said.ref.child or _ANOTHER.search(plain.fold(said.rest)):
        raise _ambiguous(waiting)
    return found


async def _only(said: words.Command, waiting: Sequence[Matter], turn: Turn) -> Matter:
    if len(waiting) != 1 or numbers.is_unsure(said.rest) or _ANOTHER.search(plain.fold(said.rest)):
        raise _ambiguous(waiting)
    if said.said in ("同意", "不同意") and (reviews := await todo.reviews(turn)):
        raise errors.Refused("agree_to_what", proposal_no=waiting[0].proposal_no, reviews=reviews)
    return waiting[0]


def _ambiguous(waiting: Sequence[Matter]) -> errors.Refused:
    shown = [(each.proposal_no, each.title, each.sensitive) for each in waiting]
    return errors.Refused("ambiguous_proposal", proposals=shown) if shown else errors.Refused("nothing_to_approve")


async def approved(done: approval.Decided, turn: Turn) -> Reply:
    """What an approval brought about."""
    waiting = [post + name for post, name in done.waiting]
    shown = {**await shared.of(done.matter), "due_at": done.due_at, "waiting": waiting, "later_at": done.later_at}
    card = await cards.held(done, turn) if done.held else None
    return Reply(render.reply("approved", **shown, now=turn.at), card=card)


async def refused(matter: Matter, reason: str) -> Reply:
    """What a refusal brought about."""
    proposer = await roster.name(matter.proposer_id)
    return Reply(render.reply("declined", proposal_no=matter.proposal_no, reason=reason, proposer=proposer))
