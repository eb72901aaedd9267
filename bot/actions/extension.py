"""Extension (延期) and a changed plan (调整方案): the application (R34–R36, A29, A30, A53, A54, A83–A86)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, office, rights, setting, taking
from bot.rules import deadline, extension, life
from bot.rules.life import Life
from models import database, roster
from models import life as lives
from models.extension import Extension
from models.matter import Matter
from models.roster import Seated

KIND = "extension"
LONGEST = 60
"""Characters of who is responsible."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an application must carry (R35, R36): why, how, who, and the day until when (24:00, A60)."""

    reason: str
    plan: str
    responsible: str
    until: date


@dataclass(frozen=True, slots=True)
class Done:
    """An application as it stands now; `facts` for the reply."""

    row: Extension
    facts: dict[str, Any] = field(default_factory=dict)


async def apply(matter_id: int, asked_for: Plan, by: Seated, at: datetime) -> Done:
    """File an application (R35, R36), ask the office. Past the cut-off it suspends nothing and is kept as late (A30).

    Raises Refused: too_long, closed_matter, other_unit, not_lead, in_review, extension_pending, nothing_to_extend,
    until_not_later (than D; a changed plan may come earlier), extension_too_late (where the office may not let a late
    one pass).
    """
    if len(asked_for.responsible) > LONGEST:
        raise errors.Refused("too_long", field="responsible", most=LONGEST)
    async with database.transaction():
        found = await database.lock_matter(matter_id)
        await rights.expect_filing(found, by)
        await taking.accept(found, by, at)
        current = life.unfold(await lives.load(found), at, setting.book(found))
        await expect_free(found, current)
        what, main = _what(current), current.main()
        due_at = main.due_at if main and what != "revise" else None
        if what != "revise" and due_at is None:
            raise errors.Refused("nothing_to_extend", code=found.code)
        if due_at and deadline.promised(asked_for.until) <= due_at:
            raise errors.Refused("until_not_later", code=found.code, until=asked_for.until, due_at=due_at)
        cutoff_at = extension.cutoff(main, setting.book(found)) if main and due_at else None
        late = cutoff_at is not None and at > cutoff_at
        may = setting.book(found).rules.extension_late == "override"
        limits = {"due_at": due_at, "cutoff_at": cutoff_at, "can_override": may}
        if late and not may:
            raise errors.Refused("extension_too_late", **{**await facts.of(found), **limits})
        row = await _create(found, asked_for, what, by, at, late=late)
        said = {"row": row.id, "what": what, "until": row.until, "reason": row.reason, "late": late}
        if late:
            await change.record(found, "apply_extension_late", by=by.id, at=at, facts=said)
        else:
            found = await _suspend(found, row, by, at, said)
        return Done(row, {**await facts.of(found), **_shown(row), **limits})


async def expect_free(found: Matter, current: Life) -> None:
    """Refused extension_in_review or extension_pending."""
    if current.state in ("review", "rework"):
        raise errors.Refused("extension_in_review", code=found.code, state=current.state)
    if current.extension_at:
        raise errors.Refused("extension_pending", code=found.code, since=current.extension_at)


def _what(current: Life) -> str:
    if current.follow_up_at or current.category == "monthly":
        return "revise"
    return "convert" if current.category == "general" else "extend"


async def _create(found: Matter, plan: Plan, what: str, by: Seated, at: datetime, *, late: bool) -> Extension:
    """A new application stands for a late one that nobody let pass."""
    await Extension.filter(matter_id=found.id, state="late").update(state="withdrawn")
    return await Extension.create(
        matter_id=found.id,
        cycle=found.cycle,
        person_id=by.id,
        what=what,
        reason=plan.reason,
        plan=plan.plan,
        responsible=plan.responsible,
        until=plan.until,
        state="late" if late else "pending",
        at=at,
    )


async def _suspend(found: Matter, row: Extension, by: Seated, at: datetime, said: dict[str, Any]) -> Matter:
    done = await change.apply(
        found.id,
        lambda current, book: extension.apply_extension(current, at, row.until, book),
        name="apply_extension",
        by=by.id,
        at=at,
        facts=said,
    )
    await office.ask(done.matter, KIND, row.id, await shown(done.matter, row), by, at)
    return done.matter


def _shown(row: Extension) -> dict[str, Any]:
    return {
        "extension": row.id,
        "what": row.what,
        "reason": row.reason,
        "plan": row.plan,
        "responsible": row.responsible,
        "until": row.until.isoformat(),
    }


async def shown(found: Matter, row: Extension) -> dict[str, Any]:
    """The facts of the card that asks the office."""
    name = (await roster.names([row.person_id]))[row.person_id]
    return {**await facts.of(found), **_shown(row), "by": name, "at": row.at.isoformat()}
