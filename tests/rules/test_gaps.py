"""What is missing in the record: nothing after any life of ticks, and exactly what was taken out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import gaps, ladder
from bot.rules.calendar import HOUR, SHANGHAI, Calendar
from bot.rules.gaps import Sent
from bot.rules.ladder import Rung
from bot.rules.life import Book
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

DUE = datetime(2026, 3, 3, 9, tzinfo=SHANGHAI)
T = DUE - 24 * HOUR
BOOK = Book(Ruleset(), Calendar())
BOOKS = [
    BOOK,
    Book(Ruleset(quiet_mode="defer"), BOOK.days),
    Book(Ruleset(catch_up="gap"), BOOK.days),
    Book(Ruleset(urge_first="at_deadline", min_gap_minutes=200), BOOK.days),
]
MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def begun(book: Book = BOOK, **more: object) -> Obligation:
    return ladder.plan(replace(Obligation("N1", DUE, T), **more), book.rules, book.days)  # type: ignore[arg-type]


def lived(owed: Obligation, ticks: list[datetime], book: Book) -> tuple[Obligation, list[Sent]]:
    """The obligation after these looks of the engine, and what went out."""
    sent = []
    for now in ticks:
        while owed.next_notice_at and owed.next_notice_at <= now:
            notice, owed = ladder.advance(owed, now, book.rules, book.days)
            if notice and notice.rung.kind != "open":
                at = now if notice.caught_up else notice.rung.at
                sent.append(Sent(notice.rung.kind, notice.rung.seq, at, notice.caught_up))
    return owed, sent


def at(hours: float) -> datetime:
    return DUE + hours * HOUR


TICKS = st.lists(st.integers(-6 * 60, 60 * 60), min_size=1, max_size=12).map(
    lambda minutes: [DUE + timedelta(minutes=each) for each in sorted(minutes)]
)


@given(TICKS, st.sampled_from(BOOKS))
@MANY
def test_nothing_is_missing_however_the_engine_looked(ticks: list[datetime], book: Book) -> None:
    owed, sent = lived(begun(book), ticks, book)
    assert gaps.missing(owed, sent, book) == []
    assert not gaps.is_lost(owed, ticks[-1], book)
    again = gaps.mended(owed, sent, book)
    assert (again.rung, again.next_notice_at is None) == (owed.rung, owed.next_notice_at is None)


@given(st.integers(0, 20), st.sampled_from([BOOK, BOOKS[1], BOOKS[3]]))
@MANY
def test_exactly_what_was_taken_out_is_missing(taken: int, book: Book) -> None:
    hourly = [DUE + timedelta(minutes=10 * each) for each in range(-144, 300)]
    owed, sent = lived(begun(book), hourly, book)
    gone = sent.pop(taken % len(sent))
    assert not any(each.caught_up for each in sent)
    assert gaps.missing(owed, sent, book) == [Rung(gone.at, gone.kind, gone.seq)]


def ladder_until(hours: float) -> tuple[Obligation, list[Sent]]:
    """Looked at every ten minutes from T on."""
    ticks = [T + timedelta(minutes=10 * each) for each in range(int((24 + hours) * 6) + 1)]
    return lived(begun(), ticks, BOOK)


def test_a_rest_is_no_gap() -> None:
    """What lay before `planned_at` rested, or belongs to an earlier D (A79)."""
    owed, _ = ladder_until(10)
    found = gaps.missing(replace(owed, planned_at=at(6)), [], BOOK)
    assert found == [Rung(at(6), "urge", 2), Rung(at(9), "urge", 3)]
    assert gaps.missing(replace(owed, planned_at=at(9) + timedelta(seconds=1)), [], BOOK) == []


def test_a_catch_up_stands_for_what_it_missed_and_what_was_too_near() -> None:
    owed, sent = ladder_until(2)
    owed, more = lived(owed, [at(14.5), at(18), at(21)], BOOK)
    assert [(each.seq, each.caught_up) for each in more] == [(4, True), (6, False), (7, False)]  # 5 was 30 minutes on
    record = [*sent, *more]
    assert gaps.missing(owed, record, BOOK) == []
    plain = [replace(each, caught_up=False) for each in record]
    assert [each.seq for each in gaps.missing(owed, plain, BOOK)] == [1, 2, 3, 5]
    assert [each.seq for each in gaps.missing(owed, record[:1] + record[2:], BOOK)] == [1, 2, 3, 4, 5]


def test_a_catch_up_stands_for_nothing_before_an_earlier_notice() -> None:
    """An urge that vanished long before the outage is missing all the same."""
    owed, sent = ladder_until(7)
    owed, more = lived(owed, [at(20)], BOOK)
    kept = [each for each in sent if each.seq != 1]
    assert [each.seq for each in gaps.missing(owed, [*kept, *more], BOOK)] == [1]


def test_a_catch_up_stands_for_all_up_to_its_own_instant() -> None:
    """Also where nothing is too near after it; a notice of the rung's own instant does not come between."""
    close = Book(Ruleset(min_gap_minutes=0), BOOK.days)
    owed = replace(begun(close), rung=2, next_notice_at=at(6))
    reminder, caught = Sent("remind", 0, at(3)), Sent("urge", 2, at(3), caught_up=True)
    assert gaps.missing(owed, [reminder, caught], close) == []
    assert gaps.missing(owed, [reminder, replace(caught, at=at(4))], close) == []
    assert gaps.missing(owed, [reminder, replace(caught, at=at(3) - timedelta(seconds=1))], close) == [
        Rung(at(3), "urge", 1)
    ]


@pytest.mark.parametrize(("minutes", "missing"), [(89, []), (90, [2])])
def test_too_near_ends_with_the_gap(minutes: int, missing: list[int]) -> None:
    """Rung 2 is dropped when a catch-up left less than 90 minutes before it, not at 90."""
    owed = replace(begun(), rung=3, next_notice_at=at(9))
    reminder = Sent("remind", 0, at(-5))
    caught = Sent("urge", 1, at(6) - timedelta(minutes=minutes), caught_up=True)
    assert [each.seq for each in gaps.missing(owed, [reminder, caught], BOOK)] == missing


def test_a_supervise_notice_is_never_too_near() -> None:
    ticks = [*(DUE + timedelta(minutes=10 * each) for each in range(-36, 6 * 30)), at(47.5), at(48)]
    owed, sent = lived(begun(), ticks, BOOK)
    assert [(each.kind, each.caught_up) for each in sent[-2:]] == [("urge", True), ("supervise", False)]
    assert gaps.missing(owed, sent, BOOK) == []
    assert [each.kind for each in gaps.missing(owed, sent[:-1], BOOK)] == ["supervise"]


def test_what_the_option_leaves_out_is_no_gap() -> None:
    """catch_up = gap: missed urges are left out; a supervise notice never is."""
    book = BOOKS[2]
    owed, sent = lived(begun(book), [at(-5), at(47)], book)
    assert [each.kind for each in sent] == ["remind"]
    assert gaps.missing(owed, sent, book) == []
    owed, sent = lived(owed, [at(48)], book)
    assert [each.kind for each in gaps.missing(owed, [], book)] == ["supervise"]


def test_by_hand() -> None:
    """督办 by hand ends the ladder from there on; 催办 by hand stands for nothing (A69)."""
    owed, sent = ladder_until(10)
    ended = replace(owed, rung=len(ladder.rungs(owed, BOOK.rules, BOOK.days)), next_notice_at=None)
    hand = Sent("supervise", 0, at(12), by_hand=True)
    assert gaps.missing(ended, [*sent, hand], BOOK) == []
    assert gaps.missing(ended, [*sent, replace(hand, at=at(12) + HOUR)], BOOK) == [Rung(at(12), "urge", 4)]
    assert len(gaps.missing(ended, [*sent, replace(hand, kind="urge", seq=101)], BOOK)) == 17
    by_hand = [replace(each, by_hand=True) if each.seq == 2 else each for each in sent]
    assert [each.seq for each in gaps.missing(owed, by_hand, BOOK)] == [2]


def test_a_period_that_opens_is_silent() -> None:
    opens = DUE - 72 * HOUR
    owed = begun(opens_at=opens, planned_at=opens, name="W2026-03-05")
    owed, sent = lived(owed, [opens], BOOK)
    assert (owed.rung, sent, gaps.missing(owed, sent, BOOK)) == (1, [], [])
    assert not gaps.is_lost(owed, opens, BOOK)
    assert gaps.mended(owed, sent, BOOK) == owed


def test_a_lost_cursor() -> None:
    owed, sent = ladder_until(4)
    assert not gaps.is_lost(owed, at(4), BOOK)
    assert gaps.is_lost(replace(owed, next_notice_at=None), at(4), BOOK)
    later = replace(owed, next_notice_at=at(28))  # put off to the end of a long night
    assert not gaps.is_lost(later, at(4), BOOK)
    assert gaps.is_lost(later, at(4) - timedelta(seconds=1), BOOK)
    assert not gaps.is_lost(owed, at(-48), BOOK)  # its rung is simply far ahead
    assert not gaps.is_lost(replace(owed, next_notice_at=None, ended="met"), at(4), BOOK)
    assert not gaps.is_lost(replace(owed, next_notice_at=None, paused_by="extension"), at(4), BOOK)
    done, _ = ladder_until(60)
    assert (done.next_notice_at, gaps.is_lost(done, at(60), BOOK)) == (None, False)
    assert gaps.mended(replace(owed, next_notice_at=None), sent, BOOK) == owed


def test_mended_the_ladder_goes_on_behind_the_last_notice() -> None:
    """What is missing at the end is caught up with; what a later notice has made up for is not sent again."""
    owed, sent = ladder_until(10)
    again = gaps.mended(owed, [each for each in sent if each.seq not in (2, 3)], BOOK)
    assert (again.rung, again.next_notice_at) == (2, at(6))
    _, more = lived(again, [at(10.1)], BOOK)
    assert [(each.kind, each.seq, each.caught_up) for each in more] == [("urge", 3, True)]
    assert gaps.mended(owed, [each for each in sent if each.seq != 1], BOOK) == owed
    assert gaps.mended(owed, [], BOOK).rung == 0
    matter = ladder.plan(Obligation("MATTER", None, T), BOOK.rules, BOOK.days)
    passed = replace(matter, rung=1, next_notice_at=None)
    assert gaps.missing(passed, [], BOOK) == [Rung(T, "initiate")]
    assert gaps.mended(passed, [], BOOK) == matter
    done, all_sent = ladder_until(60)
    assert gaps.mended(done, all_sent[:-1], BOOK) == done  # counted when the cursor passed it
    assert gaps.mended(done, all_sent, BOOK) == done
    by_hand = replace(done, rung=done.rung + 1)
    assert gaps.mended(by_hand, [], BOOK) == by_hand
