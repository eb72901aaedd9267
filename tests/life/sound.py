"""What is true of a department whatever happened in it."""

from __future__ import annotations

import re
from datetime import datetime

from bot.actions import setting, tally
from bot.engine import auditor, points
from bot.rules.status import CLOSED, MATTER
from models import database
from models import life as lives
from models.completion import Completion
from models.extension import Extension
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import Obligation
from models.ruling import Ruling
from tests.department import KEY

UNREADY = re.compile(
    r"None|[{}]|undefined|nan\b|。。|，，|，。|。，|：。|；。|、。|，、|、、|\n\n\n|-\d+(?:天|小时|分钟)"
)
"""What no text for people has in it: a value that is not there, a sentence that a template left half."""
ENTRIES = "SELECT obligation_id, episode, rule, seq, tenths, reason FROM score_event ORDER BY id"


async def check(at: datetime, *, down: bool) -> None:
    """AssertionError names the matter and what is wrong with it."""
    if not down:
        gaps = await auditor.whole(at)
        assert not gaps, gaps
    for matter in await Matter.all():
        await _state(matter)
        await _pending(matter)
        await _schedule(matter)
        await _accountability(matter, at)
        assert await Ledger.verify(matter.id, KEY) is None, matter.id
    await _points(at)


def worded(text: str) -> None:
    """No text for people has gaps in it."""
    assert not UNREADY.search(text), text


async def _state(matter: Matter) -> None:
    """The column says what the rules make of the others."""
    if matter.initiated_at and matter.state not in (*CLOSED, "split"):
        async with database.transaction():
            life = await lives.load(await database.lock_matter(matter.id))
        assert matter.state == life.state, (matter.id, matter.state, life.state)


async def _pending(matter: Matter) -> None:
    """An application in the office's hands is one row, and the rules wait for it."""
    own = {"matter_id": matter.id, "cycle": matter.cycle}
    extensions = await Extension.filter(**own, state="pending").count()
    assert extensions == bool(matter.extension_at and matter.state not in CLOSED), (matter.id, "extension", extensions)
    completions = await Completion.filter(**own, state="pending").count()
    assert completions == bool(matter.completion_at and matter.state not in CLOSED), (
        matter.id,
        "completion",
        completions,
    )
    if matter.state in CLOSED:
        waiting = await Ruling.filter(matter_id=matter.id, verdict="").exclude(kind="objection").count()
        assert not waiting, (matter.id, "a word is awaited of what is over")


async def _schedule(matter: Matter) -> None:
    """What is over is told of no more; an older cycle is over."""
    planned = Obligation.filter(matter_id=matter.id, next_notice_at__not_isnull=True)
    old = await planned.exclude(cycle=matter.cycle).count()
    assert not old, (matter.id, "an older cycle is told of")
    if matter.state in CLOSED:
        names = await planned.values_list("name", flat=True)
        assert not names, (matter.id, matter.state, names)
        left = Obligation.filter(matter_id=matter.id, ended="").exclude(name=MATTER)
        names = await left.values_list("name", flat=True)
        assert not names, (matter.id, matter.state, "open", names)


async def _accountability(matter: Matter, at: datetime) -> None:
    """The matter's count is what its notices say."""
    if not matter.initiated_at or matter.state in CLOSED:
        return
    assert matter.supervised == len(await tally.counted(matter)), (matter.id, matter.supervised, "count")
    if setting.book(matter).rules.accountability_count == "matter" and matter.proposal_open:
        assert matter.supervised >= 2, (matter.id, matter.supervised, "proposal")


async def _points(at: datetime) -> None:
    """To look at every episode once more changes nothing."""
    before = await database.rows(ENTRIES)
    ids = [each.id for each in await Obligation.all()]
    async with database.transaction():
        await points.settle(ids, at)
    after = await database.rows(ENTRIES)
    assert before == after, after[len(before) :]
