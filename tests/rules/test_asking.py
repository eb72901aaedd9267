"""As long as what the office is asked by the system itself, and when (A6, A50, A56, A61)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.rules import asking, completion, extension, life, report, steering
from bot.rules.calendar import SHANGHAI, Calendar, local
from bot.rules.life import Book, Life
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOLIDAYS = Calendar(holidays=frozenset(date(2026, 4, day) for day in (1, 2, 3)))


def book(days: Calendar | None = None, **options: object) -> Book:
    return Book(Ruleset(**options), days or Calendar())  # type: ignore[arg-type]


BOOK = book()


def matter(category: str = "general", with_: Book = BOOK) -> Life:
    return life.initiate(category, T, None, with_)


def silent(with_: Book = BOOK, category: str = "general") -> Life:
    """N1 supervised, by hand: it stands for the automatic one."""
    return steering.supervise(matter(category, with_), "N1", T + 30 * HOUR, with_)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+08:00")


@pytest.mark.requirement("A50")
class TestStalled:
    def test_rests_on_every_silent_duty(self) -> None:
        assert asking.ground("stalled", matter(), BOOK) == frozenset()
        one = silent()
        assert asking.ground("stalled", one, BOOK) == {("N1", 0, 1)}
        both = steering.supervise(one, "N3", T + 80 * HOUR, BOOK)
        assert asking.ground("stalled", both, BOOK) == {("N1", 0, 1), ("N3", 0, 1)}
        assert [owed.name for owed in asking.silent(both, BOOK)] == ["N1", "N3"]

    def test_not_on_what_was_answered_or_rests(self) -> None:
        answered = report.feedback(silent(), "N1", T + 40 * HOUR, BOOK)
        assert asking.ground("stalled", answered, BOOK) == frozenset()
        applied = completion.apply_completion(silent(), T + 40 * HOUR, BOOK)
        assert asking.ground("stalled", applied, BOOK) == frozenset()
        gone = steering.withdraw(silent(), T + 40 * HOUR)
        assert asking.ground("stalled", gone, BOOK) == frozenset()

    def test_the_option(self) -> None:
        off = book(stalled_decision=False)
        assert asking.ground("stalled", silent(off), off) == frozenset()
        assert asking.turned("stalled", "supervise", matter(), silent(off), off) is None

    def test_raised_by_each_silence_and_over_by_an_answer(self) -> None:
        before, one = matter(), silent()
        assert asking.turned("stalled", "supervise", before, one, BOOK) is True
        assert asking.turned("stalled", "grade", one, one, BOOK) is None
        both = steering.supervise(one, "N3", T + 80 * HOUR, BOOK)
        assert asking.turned("stalled", "supervise", one, both, BOOK) is True
        left = report.feedback(both, "N1", T + 90 * HOUR, BOOK)
        assert asking.turned("stalled", "feedback", both, left, BOOK) is None
        assert (
            asking.turned("stalled", "feedback", both, report.feedback(both, "N3", T + 90 * HOUR, BOOK), BOOK) is False
        )
        assert asking.turned("stalled", "feedback", before, before, BOOK) is None

    @pytest.mark.parametrize("verb", ["followed_up", "approve_extension", "reassign", "withdraw"])
    def test_over_by_a_decision_though_duties_stay_silent(self, verb: str) -> None:
        after = steering.follow_up(silent(), T + 40 * HOUR, BOOK)
        assert asking.ground("stalled", after, BOOK)
        assert asking.turned("stalled", verb, silent(), after, BOOK) is False

    def test_first_48_hours_later_and_never_in_the_quiet_hours(self) -> None:
        assert asking.first("stalled", at("03-05 09:00"), BOOK) == at("03-07 09:00")
        assert asking.first("stalled", at("03-05 23:00"), BOOK) == at("03-07 23:00")
        quiet = book(quiet_mode="defer")
        assert asking.first("stalled", at("03-05 23:00"), quiet) == at("03-08 08:00")
        assert asking.first("stalled", at("03-05 08:00"), quiet) == at("03-07 08:00")

    @pytest.mark.parametrize(
        ("now", "then"),
        [
            ("03-09 00:00", "03-12 09:00"),
            ("03-11 23:59", "03-12 09:00"),
            ("03-12 00:00", "03-19 09:00"),
            ("03-12 09:00", "03-19 09:00"),
            ("03-13 09:00", "03-19 09:00"),
            ("03-15 23:59", "03-19 09:00"),
        ],
    )
    def test_then_on_thursdays(self, now: str, then: str) -> None:
        assert asking.again("stalled", at(now), BOOK) == at(then)

    def test_a_thursday_off_is_made_up_for(self) -> None:
        assert asking.again("stalled", at("03-30 09:00"), book(HOLIDAYS)) == at("04-06 09:00")


@pytest.mark.requirement("A6", "A56")
class TestUnsolved:
    def test_rests_on_a_seven_that_was_met_without_a_completion(self) -> None:
        before = matter()
        after = report.feedback(before, "N7", T + 3 * DAY, BOOK)
        assert asking.ground("unsolved", before, BOOK) == frozenset()
        assert asking.ground("unsolved", after, BOOK) == {("N7", 0, 1)}
        assert asking.turned("unsolved", "feedback", before, after, BOOK) is True
        assert asking.turned("unsolved", "grade", after, completion.review(after), BOOK) is None
        later = report.feedback(before, "NM", T + 8 * DAY, BOOK)  # closes the nodes before it (A81)
        assert asking.turned("unsolved", "feedback", before, later, BOOK) is True

    def test_not_of_a_major_or_monthly_matter(self) -> None:
        for category in ("major", "monthly"):
            after = report.feedback(matter(category), "N7", T + 3 * DAY, BOOK)
            assert asking.ground("unsolved", after, BOOK) == frozenset()

    @pytest.mark.parametrize(
        "verb", ["convert", "make_monthly", "follow_up", "apply_completion", "send_back", "recall", "withdraw"]
    )
    def test_over_when_the_ground_is_gone(self, verb: str) -> None:
        after = report.feedback(matter(), "N7", T + 3 * DAY, BOOK)
        when = T + 4 * DAY
        gone = {
            "convert": lambda: steering.convert(after, when, BOOK),
            "make_monthly": lambda: steering.make_monthly(after, when, BOOK),
            "follow_up": lambda: steering.follow_up(after, when, BOOK),
            "apply_completion": lambda: completion.apply_completion(after, when, BOOK),
            "send_back": lambda: completion.send_back(after, when, BOOK),
            "recall": lambda: report.recall(after, when, BOOK),
            "withdraw": lambda: steering.withdraw(after, when),
        }[verb]()
        assert asking.turned("unsolved", verb, after, gone, BOOK) is False

    def test_rework_is_a_completion_under_way(self) -> None:
        after = report.feedback(matter(), "N7", T + 3 * DAY, BOOK)
        applied = completion.apply_completion(after, T + 4 * DAY, BOOK)
        assert (
            asking.turned("unsolved", "return", applied, completion.send_back(applied, T + 5 * DAY, BOOK), BOOK) is None
        )
        void = completion.send_back(applied, T + 5 * DAY, BOOK, not_done=True)
        assert asking.turned("unsolved", "return", applied, void, BOOK) is True

    def test_a_seven_settled_otherwise_is_none(self) -> None:
        after = report.feedback(matter(), "N7", T + 3 * DAY, BOOK)
        seven = after.find("N7", ended=True)
        assert seven
        settled = life.replaced(after, seven, replace(seven, ended="settled"))
        assert asking.ground("unsolved", settled, BOOK) == frozenset()
        assert asking.ground("unsolved", Life("general", T), BOOK) == frozenset()

    def test_at_once_then_each_working_day(self) -> None:
        assert asking.first("unsolved", at("03-06 22:30"), book(quiet_mode="defer")) == at("03-06 22:30")
        assert asking.again("unsolved", at("03-06 22:30"), BOOK) == at("03-09 09:00")
        assert asking.again("unsolved", at("03-09 09:00"), BOOK) == at("03-10 09:00")
        assert asking.again("unsolved", at("03-31 09:00"), book(HOLIDAYS)) == at("04-06 09:00")


@pytest.mark.requirement("A61")
class TestLookBack:
    def test_rests_on_an_acceptance_alone(self) -> None:
        applied = completion.apply_completion(matter(), T + HOUR, BOOK)
        done = completion.accept(applied, T + DAY)
        assert asking.ground("look_back", applied, BOOK) == frozenset()
        assert asking.ground("look_back", done, BOOK) == {T + DAY}
        assert asking.turned("look_back", "accept", applied, done, BOOK) is True
        assert asking.turned("look_back", "write_off", done, done, BOOK) is None
        for verb in ("withdraw", "merge"):
            assert asking.turned("look_back", verb, applied, steering.withdraw(applied, T + DAY), BOOK) is None
        again = completion.return_from_above(done, T + 2 * DAY, BOOK)
        assert asking.turned("look_back", "return_from_above", done, again, BOOK) is False

    @pytest.mark.parametrize(
        ("closed_at", "days", "asked_at"),
        [
            ("03-02 13:00", 30, "04-01 08:30"),
            ("03-03 00:00", 30, "04-01 08:30"),  # 24:00 of the 2nd
            ("03-03 00:01", 30, "04-02 08:30"),
            ("03-06 13:00", 30, "04-06 08:30"),  # Sunday the 5th
            ("03-02 13:00", 7, "03-09 08:30"),
        ],
    )
    def test_once_on_a_working_morning(self, closed_at: str, days: int, asked_at: str) -> None:
        with_ = book(look_back_days=days)
        assert asking.first("look_back", at(closed_at), with_) == at(asked_at)
        assert asking.again("look_back", at(asked_at), with_) is None

    def test_after_a_holiday(self) -> None:
        assert asking.first("look_back", at("03-02 13:00"), book(HOLIDAYS)) == at("04-06 08:30")


def test_instants_are_read_in_shanghai() -> None:
    """Whatever zone they come in: the database's are UTC."""
    assert asking.again("stalled", at("03-12 07:00").astimezone(), BOOK) == at("03-19 09:00")
    for kind in asking.KINDS:
        assert asking.first(kind, at("03-06 13:00").astimezone(), BOOK).tzinfo is SHANGHAI
    assert local(at("03-06 13:00")).tzinfo is SHANGHAI


def test_an_extension_that_waits_leaves_the_ground() -> None:
    """Who asks looks at that himself: when it is refused the question goes on."""
    major = silent(category="major")
    waits = extension.apply_extension(major, T + 40 * HOUR, date(2026, 5, 30), BOOK)
    assert asking.turned("stalled", "apply_extension", major, waits, BOOK) is None
