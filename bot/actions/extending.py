"""The office decides on an extension: follow-up begins, the plan's date moves, or all runs on (R37, A30, A31, A53)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, office, rights
from bot.actions import extension as extensions
from bot.engine import asked
from bot.rules import deadline, extension
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from models import database
from models import life as lives
from models.extension import Extension
from models.matter import Matter
from models.roster import Seated


async def approve(
    extension_id: int, by: Seated, at: datetime, note: str = "", *, pressed: bool = False
) -> extensions.Done:
    """Approve: follow-up begins, or the plan's date moves (R37, A53). A late one needs the office's `note` (A30).

    Raises Refused: closed_matter, not_reviewer, own_filing, extension_decided, note_missing, arrived_since.
    """
    async with database.transaction():
        found, row = await _opened(extension_id, by, at, pressed=pressed)
        late = row.state == "late"
        if late and not note:
            raise errors.Refused("note_missing", code=found.code)

        def verb(current: Life, book: Book) -> Life:
            if late:
                current = extension.apply_extension(current, at, row.until, book, override=True)
            return extension.approve_extension(current, at, book)

        said = {"row": row.id, "note": note, "overridden": late}
        done = await change.apply(found.id, verb, name="approve_extension", by=by.id, at=at, facts=said)
        after = _first_week(done.after) or facts.following(done.after.obligations, at)
        after |= _moved(row.until, at)
        return await _decided(done.matter, row, "approved", note, by, at, after, pressed=pressed)


async def refuse(extension_id: int, by: Seated, at: datetime, reason: str) -> extensions.Done:
    """Refuse: the month node runs again with D = max(D, refusal + 24 h); it costs nothing (A31). Raises as approve."""
    async with database.transaction():
        found, row = await _opened(extension_id, by, at, pressed=False)
        if row.state == "late":
            await change.record(found, "refuse_extension", by=by.id, at=at, facts={"row": row.id, "reason": reason})
            main = (await lives.load(found)).main()
        else:
            done = await change.apply(
                found.id,
                lambda current, book: extension.reject_extension(current, at, book),
                name="refuse_extension",
                by=by.id,
                at=at,
                facts={"row": row.id, "reason": reason},
            )
            found, main = done.matter, done.after.main()
        after = _owed(main) if main else {"next_node": ""}
        return await _decided(found, row, "refused", reason, by, at, after)


def _first_week(after: Life) -> dict[str, Any]:
    """The first Thursday of the follow-up, though its week has not begun (A22); nothing once weeks go by."""
    weeks = [owed for owed in after.obligations if owed.name[0] == "W"]
    return _owed(weeks[0]) if len(weeks) == 1 else {}


def _moved(until: date, at: datetime) -> dict[str, Any]:
    """The deadline that stands for a day promised that was past at the approval; nothing while it is ahead (A52)."""
    promised = deadline.promised(until)
    due_at = deadline.ahead(promised, at)
    return {} if due_at == promised else {"moved_to": due_at.isoformat()}


def _owed(next_: Obligation) -> dict[str, Any]:
    return {"next_node": next_.name, "next_due_at": next_.due_at and next_.due_at.isoformat()}


async def _opened(extension_id: int, by: Seated, at: datetime, *, pressed: bool) -> tuple[Matter, Extension]:
    """The application that still waits, under the matter's lock."""
    found = await database.lock_matter((await Extension.get(id=extension_id)).matter_id)
    row = await Extension.get(id=extension_id)
    rights.expect_open(found)
    await office.expect(found, by, at, row.person_id)
    if row.state not in ("pending", "late"):
        raise errors.Refused("extension_decided", code=found.code, state=row.state)
    if not pressed:
        office.expect_seen(found, extensions.KIND, row.at, at)
    return found, row


async def _decided(
    found: Matter,
    row: Extension,
    state: str,
    note: str,
    by: Seated,
    at: datetime,
    after: dict[str, Any],
    *,
    pressed: bool = False,
) -> extensions.Done:
    """Write it down, turn the cards, tell the unit."""
    row.update_from_dict({"state": state, "note": note, "decided_by_id": by.id, "decided_at": at})
    await row.save()
    verdict = "extended" if state == "approved" else "extension_refused"
    await asked.turn(found.id, extensions.KIND, [row.id], verdict, at, by=by.id, pressed=pressed)
    said = {"what": row.what, "until": row.until.isoformat(), "reason": note, **after}
    await office.tell(found, verdict, said, by, at)
    return extensions.Done(row, {**await facts.of(found), **said})
