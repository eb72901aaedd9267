"""From supervise notices to a proposal and back, state by state (R59, A15, A16, A49, A78)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules import accountability, completion, ladder, life, outcome, steering
from bot.rules.accountability import Tally
from bot.rules.calendar import DAY, HOUR, SHANGHAI, Calendar
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
AT = T + 5 * DAY
"""D of N3 + 48 h: where a silent matter is supervised for the second time."""
BOOK = Book(Ruleset(), Calendar())


def told(**fields: object) -> Life:
    """A general matter whose initiation has gone out."""
    current = life.initiate("general", T, None, BOOK)
    root = replace(current.obligations[0], rung=1, next_notice_at=None)
    return replace(current, obligations=(root, *current.obligations[1:]), **fields)  # type: ignore[arg-type]


def rooted(current: Life, **fields: object) -> Life:
    """The same with fields of the matter's own record replaced."""
    root, *rest = current.obligations
    return replace(current, obligations=(replace(root, **fields), *rest))  # type: ignore[arg-type]


def proposed(at: datetime, **fields: object) -> Life:
    """A matter whose proposal leaves at `at`."""
    return rooted(told(**fields), origin="proposal", episode=2, planned_at=at, rung=0, next_notice_at=at)


def supervised(current: Life, name: str, at: datetime, book: Book = BOOK) -> Life:
    """After the last rung of that node has gone out at `at`."""
    owed = current.find(name)
    assert owed
    last = replace(owed, rung=20, next_notice_at=at)
    notice, moved = ladder.advance(last, at, book.rules, book.days)
    assert notice
    assert notice.rung.kind == "supervise"
    return outcome.notified(life.replaced(current, owed, last), notice, moved, at, book)


def done(current: Life, name: str) -> Life:
    """The life with that node's ladder gone out to its end."""
    return life.mapped(current, lambda owed: replace(owed, rung=21, next_notice_at=None) if owed.name == name else owed)


class TestProposed:
    def test_the_first_notice_is_counted_the_second_proposes_at_once(self) -> None:
        once = supervised(told(), "N1", T + 3 * DAY)
        assert once == done(told(supervised=1), "N1")
        assert supervised(once, "N3", AT) == done(done(proposed(AT, supervised=2), "N1"), "N3")

    def test_it_goes_out_and_stands(self) -> None:
        before = proposed(AT, supervised=2)
        notice, moved = ladder.advance(before.obligations[0], AT, BOOK.rules, BOOK.days)
        assert notice
        assert notice.rung == ladder.Rung(AT, "accountability_proposal")
        after = outcome.notified(before, notice, moved, AT, BOOK)
        assert after == rooted(replace(before, proposal_open=True), rung=1, next_notice_at=None)
        # while it stands no further one is made; the notice counts
        assert supervised(after, "N7", T + 9 * DAY) == done(replace(after, supervised=3), "N7")

    def test_hours_of_grace_run_from_the_second_notice(self) -> None:
        book = Book(Ruleset(accountability_grace_hours=5), Calendar())
        planned = supervised(told(supervised=1), "N3", AT, book)
        assert planned == done(proposed(AT + 5 * HOUR, supervised=2), "N3")
        third = supervised(planned, "N7", AT + 2 * HOUR, book)
        assert third == done(replace(planned, supervised=3), "N7")

    def test_again_after_a_completion_withdrew_it(self) -> None:
        """A78: what an application laid to rest is proposed by the next supervise notice, as new."""
        applied = completion.apply_completion(proposed(AT, supervised=2), AT - HOUR, BOOK)
        assert applied.obligations[0].paused_by == "completion"
        returned = completion.send_back(applied, AT, BOOK)
        after = steering.supervise(returned, "REWORK", T + 60 * DAY, BOOK)
        root = rooted(told(), origin="proposal", episode=3, planned_at=T + 60 * DAY, rung=0).obligations[0]
        assert after.obligations[0] == replace(root, next_notice_at=T + 60 * DAY)
        assert after.supervised == 3

    @pytest.mark.parametrize(
        ("tally", "proposes"),
        [
            (None, False),
            (Tally(0), False),
            (Tally(1), True),
            (Tally(1, is_open=True), False),
        ],
    )
    def test_by_hand_it_counts_as_the_unit_does(self, tally: Tally | None, proposes: bool) -> None:
        after = steering.supervise(told(), "N1", T + 25 * HOUR, BOOK, tally)
        expected = done(replace(proposed(T + 25 * HOUR) if proposes else told(), supervised=1), "N1")
        past = [replace(owed, rung=owed.rung + 1) if owed.name == "N1" else owed for owed in expected.obligations]
        assert after == replace(expected, obligations=tuple(past))


@pytest.mark.parametrize("start", ["delivery", "acceptance"])
def test_nothing_is_proposed_before_t(start: str) -> None:
    """A1: the notices about dates of their own count, and T can still begin."""
    waits = rooted(told(supervised=1), origin="waiting")
    book = Book(Ruleset(clock_start=start), Calendar())
    after = outcome.supervised(waits, waits.obligations[1], AT, book)
    assert after == replace(waits, supervised=2)
    begun = life.begin(after, AT, book)
    assert outcome.supervised(begun, begun.obligations[1], AT, book).obligations[0].origin == "proposal"


class TestRecounted:
    """A notice of before 10:00 that an answer of 09:00 would have stopped did not count (A49)."""

    STANDS = rooted(proposed(AT, supervised=2, proposal_open=True), rung=1, next_notice_at=None)
    WAITS = proposed(AT, supervised=2)

    def test_too_few_are_left(self) -> None:
        withdrawn = replace(self.STANDS, supervised=1, proposal_open=False)
        assert accountability.recount(self.STANDS, 1) == withdrawn
        assert accountability.recount(self.WAITS, 1) == rooted(replace(self.WAITS, supervised=1), next_notice_at=None)

    def test_enough_are_left(self) -> None:
        for before in (self.STANDS, self.WAITS):
            assert accountability.recount(replace(before, supervised=3), 1) == before

    def test_the_year_is_that_of_the_notice_that_made_it(self) -> None:
        """A15: the proposal itself left a grace later; without one the present year counts."""
        rules = Ruleset(accountability_grace_hours=24)
        assert accountability.earned_at(self.STANDS, T, rules) == AT - DAY
        assert accountability.earned_at(rooted(self.STANDS, origin=""), T, rules) == T
        assert accountability.earned_at(replace(self.STANDS, obligations=()), T, rules) == T

    @pytest.mark.parametrize(
        ("notices", "unearned", "stands"), [(2, 1, True), (1, 1, False), (2, 0, True), (1, 0, False), (3, 2, True)]
    )
    def test_the_year_of_the_unit_decides_where_it_counts(self, notices: int, unearned: int, stands: bool) -> None:
        after = accountability.recount(self.WAITS, unearned, Tally(notices))
        expected = self.WAITS if stands else rooted(self.WAITS, next_notice_at=None)
        assert after == replace(expected, supervised=2 - unearned)

    def test_the_notice_of_the_initiation_stays(self) -> None:
        fresh = life.initiate("general", T, None, BOOK)
        assert accountability.recount(replace(fresh, supervised=1), 1) == fresh

    def test_a_closed_matter_has_no_record_to_move(self) -> None:
        over = steering.withdraw(self.WAITS, AT - HOUR)
        assert accountability.recount(over, 1) == replace(over, supervised=1)


def test_a_weekly_duty_wakes_when_rework_is_supervised() -> None:
    """A47: the rest is over, the week whose D is ahead is owed."""
    week = Obligation("W2026-03-12", T + 10 * DAY + 15 * HOUR, T, opens_at=T)
    current = life.add(life.add(told(category="major", follow_up_at=T), week, BOOK), Obligation("REWORK", T, T), BOOK)
    applied = completion.apply_completion(current, T + HOUR, BOOK)
    returned = completion.send_back(applied, T + 2 * HOUR, BOOK)
    rests = returned.find("W2026-03-12")
    assert rests
    assert rests.paused_by == "completion"
    after = steering.supervise(returned, "REWORK", T + 8 * DAY, BOOK)
    woken = after.find("W2026-03-12")
    assert woken
    assert (woken.paused_by, woken.due_at) == ("", week.due_at)
