"""Who may do what, written down from rules.md and interfaces.md, apart from the code: a ledger verb → a judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sender:
    """A person as seated before his message: roles, and units by role."""

    id: int
    seats: frozenset[tuple[str, int | None]]

    def has(self, *roles: str) -> bool:
        return bool({role for role, _ in self.seats} & {*roles})

    def sits(self, units: frozenset[int], *roles: str) -> bool:
        return any((role, unit) in self.seats for role in roles for unit in units)


@dataclass(frozen=True)
class Scene:
    """The matter before the message (None: it did not exist) and the units where the office sits."""

    matter: Row | None
    office: frozenset[int]

    @property
    def units(self) -> frozenset[int]:
        """The unit that leads; of a family's parent all that lead together (A62)."""
        return frozenset({self.matter["unit_id"], *(self.matter["leads"] or ())}) if self.matter else frozenset()

    @property
    def is_office(self) -> bool:
        return bool(self.units & self.office)


Judge = Callable[[Sender, Scene], bool]


def files(by: Sender, at: Scene) -> bool:
    """The lead unit's head, A, B and handlers, and the matter's handler (A63)."""
    assert at.matter
    own = by.sits(at.units, "head", "operator_a", "operator_b", "handler")
    return own or at.matter["handler_id"] == by.id


def helps(by: Sender, at: Scene) -> bool:
    """Somebody of a unit that cooperates (A62)."""
    assert at.matter
    units = {int(each) for each in at.matter["cooperating"]}
    return any(unit in units for _, unit in by.seats)


def decides(by: Sender, at: Scene) -> bool:
    """The office and its director; of a matter that the office leads itself the leaders (A66)."""
    return by.has("main_leader", "leader_in_charge") if at.is_office else by.has("office", "office_director")


def directs(by: Sender, at: Scene) -> bool:
    """The director; of the office's own matters, and where nobody holds the post, the leaders."""
    return by.has("office_director") or (at.is_office and by.has("leader_in_charge", "main_leader"))


def approves(by: Sender, at: Scene) -> bool:
    """By source (R7–R10), the end of a matter like its initiation (A46)."""
    source = at.matter["source"] if at.matter else ""
    if source == "meeting":
        return by.has("leader_in_charge", "main_leader")
    if source == "unit":
        return by.has("office_director") or by.sits(at.units, "leader_in_charge")
    return by.has("office_director")


def proposes(by: Sender, at: Scene) -> bool:
    return by.has("office", "office_director")


def leads(by: Sender, at: Scene) -> bool:
    """A main leader every matter, a leader in charge his units'."""
    return by.has("main_leader") or by.sits(at.units, "leader_in_charge")


def rules_over(by: Sender, at: Scene) -> bool:
    return by.has("main_leader")


def reads(by: Sender, at: Scene) -> bool:
    """Who may see a matter's title: the office, the leaders above it, its approvers, its own and its helping units."""
    wide = by.has("office", "office_director", "main_leader")
    return wide or leads(by, at) or files(by, at) or helps(by, at) or approves(by, at)


MATRIX: dict[str, Judge] = {
    "propose": proposes,
    "approve": approves,
    "refuse": approves,
    "initiate": lambda by, at: approves(by, at) if at.matter else directs(by, at),
    **dict.fromkeys(("acknowledge", "feedback", "assign", "recall", "attach", "drop_document", "object"), files),
    **dict.fromkeys(("draft_completion", "apply_completion", "drop_completion"), files),
    **dict.fromkeys(("apply_extension", "apply_extension_late", "revise_plan"), files),
    "supplement": lambda by, at: files(by, at) or helps(by, at),
    "cooperation": helps,
    **dict.fromkeys(("accept", "return", "grade", "write_off", "return_from_above", "file_for"), decides),
    **dict.fromkeys(("approve_extension", "refuse_extension", "urge_by_hand", "reassign", "reopen", "talk"), decides),
    **dict.fromkeys(
        ("converted", "made_monthly", "followed_up", "keep_general", "confirm_stable", "take_over"), decides
    ),
    "supervise_by_hand": directs,
    "decide_objection": directs,
    **dict.fromkeys(("ask_withdrawal", "refuse_withdrawal", "ask_merge", "refuse_merge"), approves),
    **dict.fromkeys(("withdraw", "merge"), approves),
    "take_in": lambda by, at: by.has("office_director", "leader_in_charge", "main_leader"),
    **dict.fromkeys(("accountability_reported", "accountability_dropped"), directs),
    **dict.fromkeys(("accountability_started", "accountability_declined"), rules_over),
    **dict.fromkeys(("instruct", "see", "limit", "pass_on"), leads),
    "follow_children": lambda by, at: True,  # what a child's line, judged for itself, made of its parent
}


def judged(verb: str, by: Sender, at: Scene) -> bool:
    """Whether the matrix lets this person do that. KeyError for a verb that it does not know: write it down."""
    return MATRIX[verb](by, at)
