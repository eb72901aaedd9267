"""A scenario played on a virtual clock through the very rules the server runs (`duban simulate`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.rules import accountability, completion, extension, ladder, life, outcome, report, scoring, steering
from bot.rules.accountability import Tally
from bot.rules.calendar import Calendar, day_of, local
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.scoring import Fact, Outage
from bot.rules.status import CATEGORIES, GRADES, STAGES, is_period


def run(scenario: Mapping[str, Any], rules: Ruleset, days: Calendar) -> dict[str, Any]:
    """Notices, deadlines and score of a scenario until its `until`.

    ValueError names the input that can't be read. Inputs that the rules refuse change nothing; they are listed under
    `refused` when there are any.
    """
    until = _instant(scenario.get("until"), "until")
    inputs = [(_instant(each.get("at"), f"inputs[{n}].at"), each) for n, each in enumerate(scenario.get("inputs", []))]
    for at, each in inputs:
        _expect_known(at, str(each.get("event")))
    try:
        return _played(Play(Book(rules, days)), inputs, until)
    except OverflowError as error:
        raise ValueError("a date leads out of the calendar: keep clear of the years 1 and 9999") from error


def _expect_known(at: datetime, name: str) -> None:
    if name not in (*VERBS, *SCHEDULER):
        raise ValueError(f"{at.isoformat()}: no such event {name!r}; events are {', '.join([*VERBS, *SCHEDULER])}")


def _played(play: Play, inputs: list[tuple[datetime, Mapping[str, Any]]], until: datetime) -> dict[str, Any]:
    for at, each in sorted(inputs, key=lambda pair: pair[0]):
        if at > until:
            break
        play.before(at)
        play.apply(at, each)
    play.until(until)
    return play.result(until)


def _instant(text: Any, where: str) -> datetime:
    try:
        return local(datetime.fromisoformat(str(text)))
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"{where} = {text!r}: write an instant with its zone, like 2026-03-02T09:00:00+08:00"
        ) from error


class Play:
    """One matter on a virtual clock; `down` is the instant since which the scheduler stands still, `clock` that of the
    latest event, before which nothing leaves any more."""

    clock: datetime

    def __init__(self, book: Book) -> None:
        self.book = book
        self.life: Life | None = None
        self.down: datetime | None = None
        self.outages: list[Outage] = []
        self.notices: list[dict[str, Any]] = []
        self.rungs: list[ladder.Rung] = []
        self.facts: list[Fact] = []
        self.late: dict[scoring.Key, tuple[datetime, datetime]] = {}
        self.excused: set[scoring.Key] = set()
        self.supervised: list[tuple[scoring.Key, datetime]] = []
        self.graded: set[str | None] = set()
        self.refused: list[dict[str, str]] = []

    def before(self, at: datetime) -> None:
        """Let everything go out that is due before `at`: inbound at `at` comes first (A5)."""
        self.until(at - datetime.resolution)

    def until(self, at: datetime) -> None:
        """Let everything go out that is due at `at` or before."""
        while self.life and self.down is None:
            owed = self._next(self.life)
            if owed is None or self._when(owed) > at:
                return
            self._send(self.life, owed, self._when(owed))

    def _next(self, current: Life) -> Obligation | None:
        waiting = [owed for owed in current.obligations if owed.next_notice_at]
        return min(waiting, key=self._when, default=None)

    def _when(self, owed: Obligation) -> datetime:
        assert owed.next_notice_at
        return max(owed.next_notice_at, self.clock)

    def _send(self, current: Life, owed: Obligation, when: datetime) -> None:
        notice, moved = ladder.advance(owed, when, self.book.rules, self.book.days)
        if notice is None:
            self.life = life.replaced(current, owed, moved)
            return
        self.life = outcome.notified(current, notice, moved, when, self.book, self._tally(when))
        kind, seq = notice.rung.kind, notice.rung.seq
        if kind == "initiate" and self.book.rules.clock_start == "delivery":
            self.life = life.begin(self.life, when, self.book)
        if kind == "open":
            return
        numbered = {"seq": seq} if kind == "urge" else {}
        self.notices.append({"at": when, "kind": kind, "obligation": owed.name, **numbered})
        self.rungs.append(replace(notice.rung, at=when))
        if kind == "supervise":
            self.supervised.append((owed.key, when))
        if kind in ("urge", "supervise") and not owed.is_limit:
            self.facts.append(Fact("urge_episode" if kind == "urge" else "supervise", owed.key))

    def _tally(self, at: datetime) -> Tally | None:
        """Where the unit's year counts (A15): what its one matter here had in the year of `at`."""
        if self.book.rules.accountability_count != "unit_year":
            return None
        year = day_of(at).year
        return Tally(sum(day_of(when).year == year for _, when in self.supervised))

    def apply(self, at: datetime, event: Mapping[str, Any]) -> None:
        """One thing that people (or the machine) did at `at`."""
        self.clock = at
        name = str(event.get("event"))
        if name in SCHEDULER:
            self._scheduler(name == "scheduler_down", at)
            return
        before = life.unfold(self.life, at, self.book) if self.life else None
        start = self.life
        try:
            if self.life and name in UNIT and self.book.rules.clock_start == "acceptance":
                self.life = life.begin(self.life, at, self.book)
            self.life = VERBS[name](self, at, event)
        except life.Refusal as refusal:
            self.life = start
            self.refused.append({"at": at.isoformat(), "event": name, "why": str(refusal)})
            return
        if before and self.life:
            self._account(before, life.unfold(self.life, at, self.book), at)
            self._excuse(self.life, at)

    def _scheduler(self, down: bool, at: datetime) -> None:
        if down and self.down is None:
            self.down = at
        if not down and self.down is not None:
            self.outages.append(Outage(self.down, at))
            self.down = None
            if self.life:
                self._excuse(self.life, at)

    def _account(self, before: Life, after: Life, at: datetime) -> None:
        """Whoever was late before the change is late for good: D and the instant of the answer are kept (A87)."""
        still = {owed.key for owed in after.obligations if owed.is_open(at)}
        for key, due in scoring.overdue(before, at):
            if key not in still:
                self.late.setdefault(key, (due, at))

    def _excuse(self, current: Life, at: datetime) -> None:
        """What an outage of ours excuses costs nothing, and its supervise notice counts no more (A49)."""
        self.excused = {key for key, times in self.late.items() if scoring.is_excused(*times, self.outages)}
        count = len(self.supervised)
        self.supervised = [each for each in self.supervised if each[0] not in self.excused]
        earned = accountability.earned_at(current, at, self.book.rules)
        self.life = accountability.recount(current, count - len(self.supervised), self._tally(earned))

    def grade(self, before: Life, grade: str, at: datetime) -> None:
        """A grade of the completion, or of the latest feedback; a period's counts once a quarter (A68, A71)."""
        stage = before.filed and before.filed[0]
        if stage and is_period(stage):
            stage = f"{at.year}Q{(at.month + 2) // 3}"
        if stage != "N1" and stage not in self.graded:
            self.graded.add(stage)
            self.facts += [Fact(grade)] if grade in scoring.TENTHS else []

    def known(self) -> Life:
        """The matter; ValueError when it was never initiated."""
        if self.life is None:
            raise ValueError("the first event must be `initiate`")
        return self.life

    def result(self, until: datetime) -> dict[str, Any]:
        """What `simulate --json` prints."""
        if self.life is None:
            return {"notices": [], "deadlines": {}, "score": {"items": {}, "total": "0.0"}}
        self.life = life.unfold(self.life, until, self.book)
        late = {*self.late, *(key for key, _ in scoring.overdue(self.life, until))}
        facts = [*(Fact("overdue", key) for key in late), *self.facts]
        counts = scoring.items((fact for fact in facts if fact.key not in self.excused), self.book.rules)
        ordered = {rule: counts[rule] for rule in scoring.TENTHS if counts.get(rule)}
        answer = {
            "notices": [each | {"at": each["at"].isoformat()} for each in self.notices],
            "deadlines": deadlines(self.life, until),
            "score": {"items": ordered, "total": scoring.written(scoring.total(counts))},
        }
        return answer | ({"refused": self.refused} if self.refused else {})


def deadlines(current: Life, until: datetime) -> dict[str, str]:
    """D of every obligation that came to exist, at its latest value; a period exists once it is open (A77)."""
    begun = (owed for owed in current.obligations if not owed.opens_at or owed.opens_at <= _last(owed, until))
    return {owed.name: local(owed.due_at).isoformat() for owed in begun if owed.due_at}


def _last(owed: Obligation, until: datetime) -> datetime:
    """When the obligation stopped running, `until` at the latest."""
    return min(owed.met_at or owed.paused_at or until, until)


Verb = Callable[[Play, datetime, Mapping[str, Any]], Life]


def _initiate(play: Play, at: datetime, event: Mapping[str, Any]) -> Life:
    if event.get("category") not in CATEGORIES:
        raise ValueError(f"{at.isoformat()}: category {event.get('category')!r}: one of {', '.join(CATEGORIES)}")
    if play.life:
        raise ValueError(f"{at.isoformat()}: a scenario holds one matter; it is initiated already")
    return life.initiate(event["category"], at, _day(event, "deadline"), play.book)


def _feedback(play: Play, at: datetime, event: Mapping[str, Any]) -> Life:
    name = str(event.get("node", ""))
    if name not in (*STAGES, "CUSTOM", "REWORK") and not _is_series(name):
        raise ValueError(f"{at.isoformat()}: node {name!r} is none of N1 N3 N7 NM W<Thursday> M<year-month>")
    return report.feedback(play.known(), name, at, play.book)


def _is_series(name: str) -> bool:
    day = f"{name[1:]}-01" if name.startswith("M") else name[1:]
    try:
        return name.startswith(("W", "M")) and date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _return(play: Play, at: datetime, event: Mapping[str, Any]) -> Life:
    kind = event.get("kind", "material")
    if kind not in ("material", "not_done"):
        raise ValueError(f"{at.isoformat()}: kind {kind!r} of a return: leave it out, or write not_done")
    before = play.known()
    after = completion.send_back(before, at, play.book, not_done=kind == "not_done")
    play.facts += [Fact("returned")] if before.completion_at or not _answers_limit(before) else []
    return after


def _answers_limit(current: Life) -> bool:
    """Whether what waits for a review answers a leader's date alone: that is never scored (A57)."""
    owed = current.answered()
    return owed is not None and owed.is_limit


def _limit(play: Play, at: datetime, event: Mapping[str, Any]) -> Life:
    day = _day(event, "deadline")
    if day is None:
        raise ValueError(f"{at.isoformat()}: a limit needs its deadline, a day like 2026-05-30")
    return steering.limit(play.known(), day, at, play.book)


def _accept(play: Play, at: datetime, event: Mapping[str, Any]) -> Life:
    grade = event.get("grade")
    if grade is not None and grade not in GRADES:
        raise ValueError(f"{at.isoformat()}: grade {grade!r}: one of {', '.join(GRADES)}")
    before = play.known()
    after = completion.accept(before, at) if before.completion_at else completion.review(before)
    if grade and (before.completion_at or not _answers_limit(before)):
        play.grade(before, str(grade), at)
    return after


def _day(event: Mapping[str, Any], key: str) -> date | None:
    text = event.get(key)
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError as error:
        raise ValueError(f"{event['at']}: {key} = {text!r}: write a day like 2026-05-30") from error


UNIT = ("accept_task", "feedback", "apply_completion", "apply_extension")
"""What the unit does; whatever it does first accepts the matter (A1)."""
SCHEDULER = ("scheduler_down", "scheduler_up")
VERBS: dict[str, Verb] = {
    "initiate": _initiate,
    "accept_task": lambda play, at, _: play.known(),
    "feedback": _feedback,
    "apply_completion": lambda play, at, _: completion.apply_completion(play.known(), at, play.book),
    "return": _return,
    "accept": _accept,
    "apply_extension": lambda play, at, event: extension.apply_extension(
        play.known(), at, _day(event, "plan_until"), play.book
    ),
    "approve_extension": lambda play, at, _: extension.approve_extension(play.known(), at, play.book),
    "reject_extension": lambda play, at, _: extension.reject_extension(play.known(), at, play.book),
    "limit": _limit,
}
