"""Completion (完结): a draft with its reason, two ticks, the application; then silence (R29, R41, R47, A74)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, document, facts, office, rights, setting, taking
from bot.engine import asked, withdraw
from bot.rules import completion, life
from models import database, roster
from models import life as lives
from models.completion import Completion
from models.extension import Extension
from models.matter import Matter
from models.roster import Seated

KIND = "completion"
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Done:
    """An application as it stands now; `facts` for its cards and replies."""

    row: Completion
    facts: dict[str, Any] = field(default_factory=dict)


async def draft(
    matter_id: int, reason: str, by: Seated, at: datetime, *, form: Mapping[str, str] | None = None, report: str = ""
) -> Done:
    """Keep the reason (R41) until both ticks are given; nothing is filed yet, every clock runs on.

    It takes the place of the old draft, from which it has what is not said anew: the reason, or the report's `form`
    and text. Raises Refused: closed_matter, other_unit, not_lead, already_in_review, completion_reason.
    """
    async with database.transaction():
        found = await database.lock_matter(matter_id)
        await rights.expect_filing(found, by)
        await taking.accept(found, by, at)
        if found.completion_at:
            raise errors.Refused("already_in_review", code=found.code, since=found.completion_at)
        old = await Completion.get_or_none(matter_id=found.id, state="draft")
        old = old or Completion(reason="")
        reason = reason or old.reason
        if len("".join(reason.split())) < SHORTEST:
            raise errors.Refused("completion_reason", code=found.code)
        await Completion.filter(matter_id=found.id, state="draft").update(state="dropped")
        row = Completion(matter_id=found.id, cycle=found.cycle, person_id=by.id, reason=reason, state="draft", at=at)
        row.form = dict(form) if form else old.form
        row.report = report if form else old.report
        await row.save()
        await change.record(found, "draft_completion", by=by.id, at=at, facts={"row": row.id, "reason": reason})
        current = life.unfold(await lives.load(found), at, setting.book(found))
        return Done(row, {**await shown(found, row), **facts.following(current.obligations, at)})


async def submit(completion_id: int, by: Seated, at: datetime) -> dict[str, Any]:
    """File the draft with both ticks given by `by`: everything of the matter falls silent (R29, A18); the facts.

    Raises Refused as `draft` does, stale_card when the draft is none any more, attachment_missing without a file (R40),
    pictures_arriving while one is still at the platform.
    """
    async with database.transaction():
        found, row = await _drafted(completion_id, by)
        earlier = await Completion.filed(found)
        row.update_from_dict({"person_id": by.id, "talked": True, "all_done": True, "state": "pending", "at": at})
        row.attempt = len(earlier) + 1
        await row.save()
        files = await document.file(found, row)
        said = {"row": row.id, "attempt": row.attempt, "reason": row.reason, "talked": True, "all_done": True}
        done = await change.apply(
            found.id,
            lambda current, book: completion.apply_completion(current, at, book),
            name="apply_completion",
            by=by.id,
            at=at,
            facts={**said, "files": [each.sha256 for each in files]},
        )
        found = done.matter
        await _withdraw_extensions(found, at)
        await withdraw.turn_cards(done.ended(), found.id, {"done": "in_review"}, at, but=None)
        told = await shown(found, row)
        return {**told, "role": await office.ask(found, KIND, row.id, told, by, at)}


async def drop(completion_id: int, by: Seated, at: datetime) -> dict[str, Any]:
    """再想想: the draft is thrown away, nothing was filed; the facts of its card. Raises Refused as `submit` does."""
    async with database.transaction():
        found, row = await _drafted(completion_id, by)
        told = await shown(found, row)
        await row.update_from_dict({"state": "dropped"}).save()
        await change.record(found, "drop_completion", by=by.id, at=at, facts={"row": row.id})
        return told


async def _drafted(completion_id: int, by: Seated) -> tuple[Matter, Completion]:
    """The draft, under the matter's lock."""
    found = await database.lock_matter((await Completion.get(id=completion_id)).matter_id)
    row = await Completion.get(id=completion_id)
    await rights.expect_filing(found, by)
    if found.completion_at:
        raise errors.Refused("already_in_review", code=found.code, since=found.completion_at)
    if row.state != "draft":
        raise errors.Refused("stale_card")
    return found, row


async def _withdraw_extensions(found: Matter, at: datetime) -> None:
    """A85: a pending extension falls away, and so does a late one."""
    waiting = await Extension.filter(matter_id=found.id, state__in=("pending", "late"))
    ids = [each.id for each in waiting]
    await Extension.filter(id__in=ids).update(state="withdrawn", decided_at=at)
    await asked.over(found.id, "extension", ids, "void", at)


async def shown(found: Matter, row: Completion) -> dict[str, Any]:
    """The facts of the cards about an application; `pages` counts its files, `url` is its page."""
    name = (await roster.names([row.person_id]))[row.person_id]
    files = await (document.waiting(found) if row.state == "draft" else document.filed(row))
    said = {"completion": row.id, "reason": row.reason, "attempt": row.attempt, "by": name, "at": row.at.isoformat()}
    return {**await facts.of(found), **said, "pages": len(files), "url": facts.page(found, "completion")}
