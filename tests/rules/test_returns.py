"""What a return leaves, as whole states: of the material, of a feedback, as not done (A17, A19, A47, A79)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.rules import completion, life, report, steering
from bot.rules.calendar import Calendar
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from tests.rules.states import (
    BOOK,
    DAY,
    FRESH,
    HOUR,
    MONTH,
    SECOND,
    TOLD,
    WEEKLY,
    T,
    at,
    changed,
    get,
    planned,
    refused,
    weeks,
)


class TestReturn:
    @pytest.mark.parametrize(
        ("returned", "due"),
        [
            ("03-04 09:00", "04-02 09:00"),
            ("04-01 09:00", "04-02 09:00"),
            ("04-01 09:00:01", "04-02 09:00:01"),
        ],
    )
    def test_rework_stands_for_all(self, returned: str, due: str) -> None:
        """A17: D is the earliest of what was open, here the month's, or a day after the return."""
        applied = completion.apply_completion(MONTH, at("03-03 09:00"), BOOK)
        rework = planned("REWORK", at(due), at(returned))
        assert completion.send_back(applied, at(returned), BOOK) == replace(
            applied, completion_at=None, obligations=(*applied.obligations, rework)
        )

    def test_a_further_return_opens_it_again_as_an_episode_of_its_own(self) -> None:
        first = completion.send_back(completion.apply_completion(FRESH, T + HOUR, BOOK), T + 2 * HOUR, BOOK)
        second = completion.apply_completion(first, T + 3 * HOUR, BOOK)
        after = completion.send_back(second, T + 5 * HOUR, BOOK)
        again = replace(planned("REWORK", T + 29 * HOUR, T + 5 * HOUR), episode=2, origin="return")
        assert after == replace(second, completion_at=None, obligations=(*second.obligations[:-1], again))

    def test_of_another_unit_it_is_an_obligation_of_its_own(self) -> None:
        """A46: the unit that the matter was taken from keeps its record, and its points."""
        first = completion.send_back(completion.apply_completion(FRESH, T + HOUR, BOOK), T + 2 * HOUR, BOOK)
        taken = steering.reassign(first, T + 3 * HOUR, BOOK)
        applied = completion.apply_completion(taken, T + 4 * HOUR, BOOK)
        after = completion.send_back(applied, T + 5 * HOUR, BOOK)
        rework = replace(planned("REWORK", T + 29 * HOUR, T + 5 * HOUR), ordinal=1)
        assert after == replace(applied, completion_at=None, obligations=(*applied.obligations, rework))

    def test_what_remained_is_counted_from_the_application(self) -> None:
        book = Book(Ruleset(rework_clock="remaining"), Calendar())
        applied = completion.apply_completion(FRESH, T + 4 * HOUR, book)
        assert get(completion.send_back(applied, T + 9 * DAY, book), "REWORK").due_at == T + 9 * DAY + 20 * HOUR

    def test_a_date_that_a_leader_set_meanwhile_counts_too(self) -> None:
        """A17, A57: the earliest D of what was open, though it was open beside REWORK."""
        first = completion.send_back(
            completion.apply_completion(MONTH, at("03-03 09:00"), BOOK), at("03-04 09:00"), BOOK
        )
        assert get(first, "REWORK").due_at == at("04-02 09:00")
        limited = steering.limit(first, date(2026, 3, 20), at("03-05 09:00"), BOOK)
        applied = completion.apply_completion(limited, at("03-10 09:00"), BOOK)
        assert get(completion.send_back(applied, at("03-11 09:00"), BOOK), "REWORK").due_at == at("03-21 00:00")


class TestReturnedFeedback:
    def test_it_is_owed_again(self) -> None:
        """A19: N3 keeps its name and D, the node that it settled stays met."""
        filed = report.feedback(FRESH, "N3", T + HOUR, BOOK)
        again = replace(planned("N3", T + 3 * DAY, T + 2 * HOUR), episode=2)
        after = completion.send_back(filed, T + 2 * HOUR, BOOK)
        assert after == replace(life.replaced(filed, get(filed, "N3"), again), filed=None)

    def test_progress_on_the_month_costs_nothing_but_its_place(self) -> None:
        """A81: NM was open all along, the nodes that the progress closed stay closed."""
        filed = report.feedback(FRESH, "NM", T + HOUR, BOOK)
        assert filed.filed == ("NM", T + HOUR)
        assert completion.send_back(filed, T + 2 * HOUR, BOOK) == replace(filed, filed=None)

    def test_until_the_end_of_the_fifth_working_day(self) -> None:
        filed = report.feedback(FRESH, "N1", T + HOUR, BOOK)
        assert completion.send_back(filed, at("03-10 00:00"), BOOK).find("N1")
        assert refused(completion.send_back, filed, at("03-10 00:00") + SECOND, BOOK) == "return_too_late"

    def test_nothing_to_return(self) -> None:
        assert refused(completion.send_back, FRESH, T, BOOK) == "nothing_to_return"
        unknown = replace(FRESH, filed=("W2026-03-05", T))
        assert refused(completion.send_back, unknown, T, BOOK) == "nothing_to_return"

    def test_once_reviewed_it_stays(self) -> None:
        filed = report.feedback(FRESH, "N1", T + HOUR, BOOK)
        assert completion.review(filed) == replace(filed, filed=None)
        assert refused(completion.review, FRESH) == "nothing_to_accept"


class TestNotDone:
    """未落实退回 (A17): the application is void."""

    def test_what_was_open_runs_again_and_what_was_met_stays(self) -> None:
        """N1 was answered at the very instant of the application; the proposal is withdrawn for good (A16)."""
        applied_at, when = T + HOUR, T + 4 * DAY
        told = report.feedback(changed(TOLD, "MATTER", origin="proposal"), "N1", applied_at, BOOK)
        after = completion.send_back(completion.apply_completion(told, applied_at, BOOK), when, BOOK, not_done=True)
        three = replace(planned("N3", when + DAY, when), episode=2)
        seven, month = planned("N7", T + 7 * DAY, when), planned("NM", at("04-02 09:00"), when)
        assert after == replace(told, filed=None, obligations=(*told.obligations[:2], three, seven, month))

    def test_late_rework_is_owed_anew(self) -> None:
        first = completion.send_back(completion.apply_completion(TOLD, T + HOUR, BOOK), T + 2 * HOUR, BOOK)
        applied = completion.apply_completion(first, T + 27 * HOUR, BOOK)
        assert get(applied, "REWORK").late
        when = T + 30 * HOUR
        again = replace(planned("REWORK", when + DAY, when), episode=2)
        after = completion.send_back(applied, when, BOOK, not_done=True)
        assert after == replace(first, obligations=(*first.obligations[:-1], again))

    @pytest.mark.parametrize(
        ("applied", "returned", "owed"),
        [
            # still ahead: the open week has a day at least, one that had not begun keeps its D
            ("03-10 10:00", "03-10 12:00", [("03-12", "", "03-13 00:00"), ("03-19", "", "03-20 00:00")]),
            ("03-10 10:00", "03-12 23:59:59", [("03-12", "", "03-13 23:59:59"), ("03-19", "", "03-20 00:00")]),
            # its D passed in review, at the latest with the return: never owed
            ("03-10 10:00", "03-13 00:00", [("03-12", "void", "03-13 00:00"), ("03-19", "", "03-20 00:00")]),
            # from its D on as well: who applies then is in time
            ("03-13 00:00", "03-14 00:00", [("03-12", "void", "03-13 00:00"), ("03-19", "", "03-20 00:00")]),
            ("03-13 00:00:01", "03-14 00:00", [("03-12", "", "03-15 00:00"), ("03-19", "", "03-20 00:00")]),
        ],
    )
    def test_weeks(self, applied: str, returned: str, owed: list[tuple[str, str, str]]) -> None:
        """A79."""
        current = completion.apply_completion(WEEKLY, at(applied), BOOK)
        after = completion.send_back(current, at(returned), BOOK, not_done=True)
        assert weeks(after) == [(name, ended, at(due)) for name, ended, due in owed]

    def test_a_week_not_begun_keeps_its_deadline_to_the_last(self) -> None:
        current = completion.apply_completion(WEEKLY, at("03-10 10:00"), BOOK)
        after = completion.send_back(current, at("03-19 10:00"), BOOK, not_done=True)
        assert weeks(after)[1:] == [("03-19", "", at("03-20 00:00")), ("03-26", "", at("03-27 00:00"))]

    def test_the_series_goes_on_with_the_first_week_still_ahead(self) -> None:
        """A79: two Thursdays lapsed and are never owed, as of the application; that of the return's week is."""
        applied_at, when = at("03-10 10:00"), at("04-07 10:00")
        current = completion.apply_completion(WEEKLY, applied_at, BOOK)
        after = completion.send_back(current, when, BOOK, not_done=True)
        lapsed = [
            replace(owed, ended="void", met_at=applied_at, paused_by="", paused_at=None)
            for owed in current.obligations[-2:]
        ]
        first = life.add(
            Life("major", T), Obligation("W2026-04-09", at("04-10 00:00"), when, opens_at=when), BOOK
        ).obligations[0]
        assert after.obligations[-4:-1] == (*lapsed, first)
        assert weeks(after)[-1] == ("04-16", "", at("04-17 00:00"))
        assert after == replace(current, completion_at=None, obligations=after.obligations)

    def test_a_series_that_ended_before_does_not_begin_again(self) -> None:
        """A46: the new unit is not in follow-up."""
        fresh = steering.reassign(WEEKLY, at("03-10 10:00"), BOOK)
        applied = completion.apply_completion(fresh, at("03-10 11:00"), BOOK)
        after = completion.send_back(applied, at("03-10 12:00"), BOOK, not_done=True)
        assert [ended for _, ended, _ in weeks(after)] == ["void"]


class TestWake:
    def test_weeks_run_again_and_the_nodes_rest(self) -> None:
        """A47, A79: REWORK is supervised; what lapsed meanwhile is never owed."""
        applied_at, when = at("03-10 10:00"), at("04-07 10:00")
        before = completion.send_back(completion.apply_completion(WEEKLY, applied_at, BOOK), at("03-11 10:00"), BOOK)
        after = completion.wake_periods(before, when, BOOK)
        assert weeks(after) == [
            ("03-12", "void", at("03-13 00:00")),
            ("03-19", "void", at("03-20 00:00")),
            ("04-09", "", at("04-10 00:00")),
            ("04-16", "", at("04-17 00:00")),
        ]
        assert get(after, "W2026-03-19").met_at == applied_at
        assert get(after, "REWORK") == get(before, "REWORK")


class TestSeriesFromAbove:
    """A47, A51: what the superior sends back is REWORK, and the series rests until that is supervised."""

    @pytest.mark.parametrize(
        ("accepted", "returned", "resting", "woken", "owed"),
        [
            # the week that the acceptance found not begun was never owed: it is the next
            ("03-10 12:00", "03-11 10:00", "03-19", "03-13 10:00", [("03-19", "", "03-20 00:00")]),
            # the first whose D is ahead; it lapses while it rests
            (
                "03-10 12:00",
                "03-24 10:00",
                "03-26",
                "03-27 10:00",
                [("03-26", "void", "03-27 00:00"), ("04-02", "", "04-03 00:00")],
            ),
            # a week that a further application met is not owed again, though its D is ahead
            ("03-17 12:00", "03-18 10:00", "03-26", "03-20 10:00", [("03-26", "", "03-27 00:00")]),
        ],
    )
    def test_weeks(
        self, accepted: str, returned: str, resting: str, woken: str, owed: list[tuple[str, str, str]]
    ) -> None:
        current = completion.apply_completion(WEEKLY, at("03-10 10:00"), BOOK)
        if accepted == "03-17 12:00":
            current = completion.send_back(current, at("03-10 12:00"), BOOK)
            current = completion.apply_completion(current, at("03-17 10:00"), BOOK)
        done = completion.accept(current, at(accepted))
        after = completion.return_from_above(done, at(returned), BOOK)
        first = get(after, f"W2026-{resting}")
        due_at = {name: at(due) for name, _, due in owed}[resting]
        fresh = Obligation(first.name, due_at, at(returned), first.ordinal, max(due_at - 4 * DAY, at(returned)))
        assert first == replace(fresh, paused_by="completion", paused_at=at(returned))
        assert weeks(after) == [*weeks(done), (resting, "", due_at)]
        assert life.unfold(after, at("05-01 10:00"), BOOK) == after
        again = weeks(completion.wake_periods(after, at(woken), BOOK))[len(weeks(done)) :]
        assert again == [(name, ended, at(due)) for name, ended, due in owed]

    def test_months(self) -> None:
        current = life.unfold(life.initiate("monthly", T, None, BOOK), at("03-20 09:00"), BOOK)
        done = completion.accept(completion.apply_completion(current, at("03-20 09:30"), BOOK), at("03-20 10:00"))
        after = completion.return_from_above(done, at("04-10 10:00"), BOOK)
        assert get(after, "M2026-04").paused_by == "completion"
        woken = completion.wake_periods(after, at("04-13 10:00"), BOOK)
        assert get(woken, "M2026-04").next_notice_at == at("04-28 08:00")
        assert get(woken, "M2026-05").opens_at == at("05-01 00:00")

    def test_of_another_units_weeks_nothing_is_left(self) -> None:
        """A46."""
        fresh = steering.reassign(WEEKLY, at("03-10 10:00"), BOOK)
        done = completion.accept(completion.apply_completion(fresh, at("03-10 11:00"), BOOK), at("03-10 12:00"))
        assert weeks(completion.return_from_above(done, at("03-11 10:00"), BOOK)) == weeks(done)
