"""What each person's digest says: red obligations and what waits for his word (A11, A61)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from bot.actions import asks, office, posts, setting, tell
from bot.engine import anchors, notify, word
from bot.rules import asking
from models import open as opened
from models import roster
from models.completion import Completion
from models.extension import Extension
from models.matter import Matter
from models.notice import Notice
from models.people import Unit
from models.prompt import Prompt
from models.ruling import Ruling

SECTIONS = ("red", "approvals", "completions", "extensions", "rulings", "look_back", "anchor")


class _Digest:
    """Lines by person and section, on their way."""

    def __init__(self, units: dict[int, str]) -> None:
        self.units = units
        self.people: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: {each: [] for each in SECTIONS})

    def add(self, section: str, people: Iterable[int], matter: Matter, **rest: Any) -> None:
        head = {"code": matter.code, "proposal_no": matter.proposal_no, "title": matter.title}
        line = {**head, "sensitive": matter.sensitive, "unit": self.units[matter.unit_id], **rest}
        for each in dict.fromkeys(people):
            if line not in self.people[each][section]:
                self.people[each][section].append(line)


async def sections(at: datetime, since: date) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """The lines of everybody who has any, by person and section; `since` is the day of the digest before."""
    made = _Digest({unit.id: unit.name for unit in await Unit.all()})
    await _red(made, at)
    await _approvals(made, at)
    await _pending(made, at)
    await _rulings(made, at)
    await _look_back(made, at)
    await _anchor(made, at, since)
    return dict(made.people)


async def _red(made: _Digest, at: datetime) -> None:
    """Supervised and still unanswered: no notice comes any more, so it stays here until it is (A11)."""
    rows = Notice.filter(kind="supervise", obligation__ended="", obligation__paused_by="")
    for each in await rows.filter(matter__state__in=opened.RUNNING).prefetch_related("obligation", "matter"):
        owed, matter = each.obligation, each.matter
        if owed.episode == each.episode and setting.book(matter).rules.red_digest:
            people = await tell.unit(matter, at, "leader_in_charge", "office")
            made.add("red", people, matter, node=owed.label, due_at=owed.due_at)


async def _approvals(made: _Digest, at: datetime) -> None:
    for each in await opened.approvals():
        held = await posts.holders(each.matter, [each.role], notify.today(at))
        made.add("approvals", held[each.role], each.matter)


async def _pending(made: _Digest, at: datetime) -> None:
    """Completions and extensions stand in the office's; after some working days in the director's too, every day."""
    for section, rows in (
        ("completions", await Completion.filter(state="pending").prefetch_related("matter").order_by("at")),
        ("extensions", await Extension.filter(state__in=("pending", "late")).prefetch_related("matter").order_by("at")),
    ):
        for each in rows:
            matter: Matter = each.matter
            filed_at: datetime = each.at
            book = setting.book(matter)
            people = list((await office.desk(matter, at, each.person_id)).asked)
            if at >= book.days.add_workdays(filed_at, book.rules.pending_workdays):
                people += await office.directors(matter, at)
            made.add(section, people, matter, at=filed_at)


async def _rulings(made: _Digest, at: datetime) -> None:
    """Objections, withdrawals, merges, and both steps of accountability that wait for a word."""
    rows = await Ruling.filter(verdict="").prefetch_related("matter").order_by("id")
    for each in rows:
        made.add("rulings", await asks.deciders(each, at), each.matter, kind=each.kind)
    reported = {each.matter_id for each in rows if each.kind == "accountability"}
    for matter in await Matter.filter(proposal_open=True).order_by("id"):
        if matter.id not in reported:
            directors = (await posts.over(matter.unit_id, notify.today(at)))[1]
            made.add("rulings", directors, matter, kind="accountability_proposal")


async def _look_back(made: _Digest, at: datetime) -> None:
    """The look-backs that are asked this very morning, by a card of their own (A61)."""
    waiting = Prompt.filter(kind="look_back", verdict="").prefetch_related("matter").order_by("id")
    for each in await waiting:
        asked_at = asking.first(each.kind, each.since, setting.book(each.matter))
        if notify.today(asked_at) == notify.today(at):
            made.add("look_back", (await office.desk(each.matter, at)).asked, each.matter)


async def _anchor(made: _Digest, at: datetime, since: date) -> None:
    """The ledger's anchor of the day: a message on the office's phones is out of reach of who changes the database."""
    export = await anchors.latest()
    if export and since.isoformat() < export.day:
        for each in await roster.holding(word.OFFICE, notify.today(at)):
            made.people[each]["anchor"].append({"n": export.n, "hash": export.hash, "name": export.name})
