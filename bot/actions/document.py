"""Files given to a matter before its completion is filed: handed in, taken out again, filed with it (R40, R42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import errors
from bot.actions import change, rights
from bot.documents import filetype
from bot.rules import calendar
from models import database
from models.completion import Completion
from models.document import Document
from models.matter import Matter
from models.roster import Seated

WAITING = ("fetching", "kept")
MOST_A_DAY = 200
"""Pictures that are fetched for one person on a day: the disk is everybody's."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the storage: the name to show, the hash of its bytes (hex), their number, their type."""

    name: str
    sha256: str
    size: int
    media_type: str


async def attach(matter_id: int, kept: Kept, by: Seated, at: datetime) -> Document:
    """Hand in a file for the matter's completion; the same bytes again change nothing.

    Raises Refused: closed_matter, other_unit, not_lead, already_in_review, too_many_files.
    """
    async with database.transaction():
        found = await _open(matter_id, by)
        mine = await waiting(found)
        if same := next((each for each in mine if each.sha256 == kept.sha256), None):
            return same
        _expect_room(mine)
        row = await Document.create(
            matter_id=found.id,
            cycle=found.cycle,
            person_id=by.id,
            kind="upload",
            state="kept",
            name=kept.name,
            sha256=kept.sha256,
            size=kept.size,
            media_type=kept.media_type,
            at=at,
        )
        said = {"document": row.id, "name": kept.name, "sha256": kept.sha256}
        await change.record(found, "attach", by=by.id, at=at, facts=said)
        return row


async def attach_all(matter_id: int, kept: Sequence[Kept], by: Seated, at: datetime) -> None:
    """Hand in the files of one form, all of them or none. Raises Refused as `attach` does."""
    async with database.transaction():
        for each in kept:
            await attach(matter_id, each, by, at)


async def receive(inbound_id: int, media_id: str, by: Seated, at: datetime, wall: datetime) -> Document:
    """A picture came by chat: its bytes are fetched later, from `wall` on; it belongs to no matter yet.

    Raises Refused: too_many_today.
    """
    start = calendar.instant(calendar.local(at).date())
    if await Document.filter(person_id=by.id, kind="picture", at__gte=start).count() >= MOST_A_DAY:
        raise errors.Refused("too_many_today", most=MOST_A_DAY)
    return await Document.create(
        person_id=by.id,
        inbound_id=inbound_id,
        kind="picture",
        state="fetching",
        media_id=media_id,
        next_try_at=wall,
        at=at,
    )


async def place(document_id: int, matter_id: int, by: Seated, at: datetime) -> tuple[Matter, int]:
    """Give a picture of his own to a matter as a page of its report; the matter and how many pages wait now.

    Raises Refused as `attach` does, stale_card when it is placed or dropped already, picture_lost.
    """
    async with database.transaction():
        found = await _open(matter_id, by)
        row = await _own(document_id, by)
        mine = await waiting(found)
        if any(each.sha256 and each.sha256 == row.sha256 for each in mine):
            await Document.filter(id=row.id).update(state="dropped")
            return found, len(mine)
        _expect_room(mine)
        await Document.filter(id=row.id).update(matter_id=found.id, cycle=found.cycle)
        await change.record(found, "attach", by=by.id, at=at, facts={"document": row.id, "media_id": row.media_id})
        return found, len(mine) + 1


async def drop_double(document_id: int, at: datetime) -> None:
    """A picture that was placed while it was on its way is no second page when the report has the same bytes already:
    it is taken out again, by nobody."""
    row = await Document.get(id=document_id)
    if row.matter_id is None:
        return
    async with database.transaction():
        found = await database.lock_matter(row.matter_id)
        same = [each.id for each in await waiting(found) if each.sha256 == row.sha256]
        if len(same) > 1 and row.id in same:
            await Document.filter(id=row.id).update(state="dropped")
            await change.record(found, "drop_document", by=None, at=at, facts={"document": row.id})


async def decline(document_id: int, by: Seated) -> None:
    """A picture of his own is for no report. Raises Refused as `place` does."""
    async with database.transaction():
        row = await _own(document_id, by)
        await Document.filter(id=row.id).update(state="dropped")


async def _own(document_id: int, by: Seated) -> Document:
    """His picture that waits for a word, locked."""
    row = await Document.filter(id=document_id).select_for_update().first()
    if row is None or row.person_id != by.id or row.matter_id is not None or row.state not in (*WAITING, "lost"):
        raise errors.Refused("stale_card")
    if row.state == "lost":
        raise errors.Refused("picture_lost")
    return row


async def drop(matter_id: int, document_id: int, by: Seated, at: datetime) -> None:
    """Take a file out again before it is filed; one that is out already, or another matter's, is left alone.

    Raises Refused as `attach` does.
    """
    async with database.transaction():
        found = await _open(matter_id, by)
        for row in await waiting(found):
            if row.id == document_id:
                await Document.filter(id=row.id).update(state="dropped")
                await change.record(found, "drop_document", by=by.id, at=at, facts={"document": row.id})


async def waiting(found: Matter) -> list[Document]:
    """Files of the running cycle that the next application will be filed with, in the order they came."""
    mine = Document.filter(matter_id=found.id, cycle=found.cycle, completion_id=None, state__in=WAITING)
    return await mine.order_by("id")


async def filed(row: Completion) -> list[Document]:
    """The files of an application."""
    return await Document.filter(completion_id=row.id).order_by("id")


async def file(found: Matter, row: Completion) -> list[Document]:
    """All that waits goes with the application, in the caller's transaction.

    Raises Refused: attachment_missing (R40), pictures_arriving while the platform still has some.
    """
    mine = await waiting(found)
    if not mine:
        raise errors.Refused("attachment_missing", code=found.code)
    if any(each.state == "fetching" for each in mine):
        raise errors.Refused("pictures_arriving", code=found.code)
    await Document.filter(id__in=[each.id for each in mine]).update(completion_id=row.id)
    return mine


async def _open(matter_id: int, by: Seated) -> Matter:
    found = await database.lock_matter(matter_id)
    await rights.expect_filing(found, by)
    if found.completion_at:
        raise errors.Refused("already_in_review", code=found.code, since=found.completion_at)
    return found


def _expect_room(mine: list[Document]) -> None:
    if len(mine) >= filetype.MOST_FILES:
        raise errors.Refused("too_many_files", most=filetype.MOST_FILES)
