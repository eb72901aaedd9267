"""duban matter: the matters, one of them, and what it has been through; reads only."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from bot.commands import screen, store
from bot.config import Config
from bot.errors import ConfigError
from bot.rules import calendar
from models import database
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Approval, Matter
from models.notice import Notice
from models.obligation import Obligation

Line = tuple[datetime, str, str, str]


async def listing(config: Config) -> int:
    """Every matter and proposal, the newest first."""
    async with store.opened(config), database.reading():
        matters = await Matter.all().prefetch_related("unit", "handler").order_by("-id")
        owed = Obligation.filter(ended="", due_at__isnull=False).order_by("due_at")
        due: dict[int, str] = {}
        async for each in owed:
            due.setdefault(each.matter_id, f"{each.name} {_when(each.due_at)}")
    rows = [
        (_code(each), each.state, each.category, each.unit.name, _name(each), due.get(each.id, ""), each.title)
        for each in matters
    ]
    screen.table([("code", "state", "category", "unit", "handler", "next due", "title"), *rows])
    return 0


async def show(config: Config, code: str) -> int:
    """One matter: its facts, its approvals, what it owes."""
    async with store.opened(config), database.reading():
        matter = await _find(code)
        if matter is None:
            return 1
        approvals = await Approval.filter(matter=matter).prefetch_related("person").order_by("id")
        owed = await Obligation.filter(matter=matter).order_by("cycle", "due_at", "id")
    _print_facts(matter)
    _print_approvals(approvals)
    _print_obligations(owed)
    return 0


def _print_facts(matter: Matter) -> None:
    facts = {
        "title": matter.title,
        "state": matter.state,
        "source": matter.source,
        "category": matter.category,
        "unit": matter.unit.name,
        "handler": _name(matter),
        "document": matter.document_no,
        "proposed": _when(matter.proposed_at),
        "initiated": _when(matter.initiated_at),
        "closed": _when(matter.closed_at),
        "supervised": str(matter.supervised),
    }
    screen.table([("code", _code(matter)), *((key, value) for key, value in facts.items() if value)])


def _print_approvals(approvals: Sequence[Approval]) -> None:
    rows = [
        (
            each.role,
            each.verdict or "awaited",
            each.person.name if each.person else "",
            _when(each.decided_at),
            each.note,
        )
        for each in approvals
    ]
    screen.table([("",) * 5, ("approval", "verdict", "person", "at", "note"), *rows])


def _print_obligations(owed: Sequence[Obligation]) -> None:
    rows = [
        (
            each.name,
            _when(each.due_at),
            _when(each.met_at),
            each.ended or "open",
            "late" * each.late,
            _when(each.next_notice_at),
        )
        for each in owed
    ]
    screen.table([("",) * 6, ("obligation", "due", "met", "state", "", "next notice"), *rows])


async def timeline(config: Config, code: str) -> int:
    """What went out and what people did, in order, with what became of each notice's deliveries."""
    async with store.opened(config), database.reading():
        matter = await _find(code)
        if matter is None:
            return 1
        lines = await _notices(matter) + await _deeds(matter)
    rows = [(_when(at), what, of, more) for at, what, of, more in sorted(lines, key=lambda line: line[0])]
    screen.table([("at", "what", "obligation", "who and how"), *rows])
    return 0


async def _notices(matter: Matter) -> list[Line]:
    told: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    async for each in Delivery.filter(notice__matter_id=matter.id).prefetch_related("person").order_by("id"):
        told[each.notice_id][f"{each.person.name} {each.channel or each.lane} {each.state}"] += 1
    notices = await Notice.filter(matter=matter).prefetch_related("obligation").order_by("at", "id")
    return [
        (each.at, f"{each.kind} {each.seq or ''}".rstrip(), each.obligation.name, ", ".join(told[each.id]))
        for each in notices
    ]


async def _deeds(matter: Matter) -> list[Line]:
    lines = await Ledger.filter(matter=matter).prefetch_related("actor").order_by("n")
    return [(each.at, each.verb, "", each.actor.name if each.actor else "") for each in lines]


async def _find(code: str) -> Matter | None:
    """The matter people call 2026-0001, 2026-1 or 1 (the newest year's), a child 2026-0001-1 or 1-1, or the proposal
    拟-12; says so when none."""
    found = re.fullmatch(r"#?(?:(20\d\d)-|(拟-?))?0*(\d{1,8})(?:-(\d{1,2}))?", code.strip())
    if not found:
        raise ConfigError(f"{code} is no matter's number; write 2026-0001, or 拟-12 for a proposal")
    year, proposal, number, child = found.groups()
    wanted = {"number": int(number), "child": int(child or 0)} | ({"year": int(year)} if year else {})
    if proposal:
        wanted = {"proposal_no": int(number)}
    matter = await Matter.filter(**wanted).order_by("-year").prefetch_related("unit", "handler").first()
    if matter is None:
        screen.fail(f"no matter {code}; duban matter list shows all")
    return matter


def _code(matter: Matter) -> str:
    return matter.code or f"拟-{matter.proposal_no}"


def _name(matter: Matter) -> str:
    return matter.handler.name if matter.handler else ""


def _when(at: datetime | None) -> str:
    return f"{calendar.local(at):%Y-%m-%d %H:%M}" if at else ""
