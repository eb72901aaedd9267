"""One matter as its people change: what waits goes to the new holder, what was sent is issued again (A64)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions import asks, inventory, rights, setting
from bot.actions.asks import Ask
from bot.actions.moves import Group, Move
from bot.engine import handover, notify
from bot.engine.notify import Holders, Planned
from bot.rules import recipients
from bot.rules.status import MATTER
from models import open as opened
from models import roster
from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation

KIND = "taken_over"
_BY_ROLES = frozenset({"initiate", "remind", "urge", "supervise"})
_GONE = ("left", "relieved")
_LIVE = ("pending", "sending", "accepted", "delivered", "read")


@dataclass(frozen=True, slots=True)
class Succession:
    """The matter, locked, with who sits where now, who handles it, and which words it waits for."""

    matter: Matter
    group: Group
    waiting: Sequence[Ask]
    seated: Holders
    handler: int | None
    at: datetime

    @classmethod
    async def of(cls, matter: Matter, group: Group, waiting: Sequence[Ask], at: datetime) -> Succession:
        on = notify.today(at)
        seated = (await notify.holders([matter.unit_id], on))[matter.unit_id]
        return cls(matter, group, waiting, seated, await notify.handler(matter, on), at)

    async def drop_handler(self) -> None:
        """Who left the unit for good handles nothing there any more: the next A does, until it is assigned anew."""
        left = {each.person for each in self._own() if each.what in _GONE and not self.group.sits(each.person)}
        if self.matter.handler_id in left:
            self.matter.handler_id = None
            await Matter.filter(id=self.matter.id).update(handler_id=None)

    def is_taken_over(self) -> bool:
        """Whether a post that answers for the matter itself changed hands."""
        if self.matter.state not in opened.RUNNING:
            return False
        posts = {each for each in self._own() if each.role in roster.UNIT_POSTS}
        handling = {each.person for each in self._own()} & {self.handler, self.matter.handler_id}
        return bool(posts or handling)

    def _own(self) -> list[Move]:
        mine = self.group.unit_id == self.matter.unit_id
        return [each for each in self.group.moves if mine and each.role in rights.FILERS]

    async def move(self, unsent: Delivery) -> bool:
        """What was not sent yet goes to whom it concerns now; whether it moved."""
        notice, person = unsent.notice, unsent.person_id
        assert notice
        told = self._told(notice, unsent.lane == "sms")
        if person in told if told is not None else self._belongs(person):
            return False
        await handover.take(unsent)
        await handover.give(notice, self._heirs(person) if told is None else told, self.at, unsent)
        return True

    def _told(self, notice: Notice, is_sms: bool) -> list[int] | None:
        """Who gets a notice of the ladder, or is asked for a word; None where that stands in no table."""
        if notice.kind in _BY_ROLES:
            people, sms = notify.by_roles(
                notify.rung(notice), setting.book(self.matter).rules, self.seated, self.handler
            )
            return sms if is_sms else people
        if notice.kind in asks.KINDS:
            asked = [each for each in self.waiting if (each.kind, each.row) == (notice.kind, notice.seq)]
            return sorted(person for each in asked for person in each.people)
        return None

    def _belongs(self, person: int) -> bool:
        """Whether news of the matter is still his: he files for it, or reads what its unit filed."""
        found = self.group.people[person]
        return found is not None and rights.is_his(self.matter, found)

    def _heirs(self, person: int) -> list[int]:
        """Who gains what he loses; without a successor, in the unit itself, A or who stands for A."""
        found = self.group.heirs(person)
        return found if found or not self._own() else recipients.persons(("operator_a",), self.seated, None)

    async def ask_again(self, ask: Ask) -> bool:
        """The card that asks for a word, to all who may give it now and have none; whether anybody got it."""
        notices = Notice.filter(matter_id=self.matter.id, kind=ask.kind, seq=ask.row)
        notice = await notices.order_by("-id").first()
        return notice is not None and await handover.give(notice, sorted(ask.people), inventory.when(self.at))

    async def turn(self, person: int, rows: Sequence[Obligation]) -> None:
        """The cards in his hands that ask for what is not his any more; while a stand-in is there they only rest."""
        if all(each.what not in _GONE for each in self.group.moves if each.person == person):
            return
        mine = Notice.filter(matter_id=self.matter.id)
        is_out = bool(self._own()) and not self.group.sits(person)
        open_ = [each.id for each in rows if is_out and not each.ended]
        found = await mine.filter(obligation_id__in=open_, kind__in=(*_BY_ROLES, KIND))
        for ask in self.waiting:
            if person not in ask.people:
                found += await mine.filter(kind=ask.kind, seq=ask.row)
        await handover.turn([each.id for each in found], person, self.at)

    async def issue(self, rows: Sequence[Obligation]) -> None:
        """A card for each open duty about which his post has had one, to who gained it and has none; the takeover's
        ledger line numbers it."""
        root = next(each for each in rows if each.name == MATTER)
        seq, at = self.matter.ledger_n, inventory.when(self.at)
        planned = []
        for row in rows:
            if row.due_at and not row.ended and not row.paused_by:
                people = await self._newcomers(row, root)
                planned.append(Planned(self.matter.id, row.id, row.episode, KIND, seq, at, people))
        await notify.plan([each for each in planned if each.people], self.at)

    async def _newcomers(self, row: Obligation, root: Obligation) -> list[int]:
        gained = [each.person for each in self._own() if each.gains]
        if not gained:
            return []
        owners = {row.id: row.episode} | ({root.id: root.episode} if row.name == "N1" else {})
        rows_ = await Notice.filter(obligation_id__in=list(owners), kind__in=(*_BY_ROLES, KIND)).order_by("id")
        notices = [each for each in rows_ if each.episode == owners[each.obligation_id]]
        sent = Delivery.filter(notice_id__in=[each.id for each in notices])
        gone = {(each.notice_id, each.person_id) for each in await sent.filter(lane="update")}
        live = await sent.filter(lane="chat", state__in=_LIVE)
        held = {each.person_id for each in live if (each.notice_id, each.person_id) not in gone}
        told = {person for each in notices for person in self._told(each, False) or ()}
        return [each for each in dict.fromkeys(gained) if each in told and each not in held]
