"""A completion applied for and accepted, as whole states: nothing changes beside what is said (R29, R31, A18, A51)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.rules import completion, extension, life
from bot.rules.calendar import Calendar
from bot.rules.life import Book, Life
from bot.rules.ruleset import Ruleset
from tests.rules.states import (
    BOOK,
    DAY,
    FRESH,
    HOUR,
    SECOND,
    TOLD,
    WEEKLY,
    T,
    at,
    changed,
    planned,
    refused,
    weeks,
)


class TestApply:
    def test_everything_open_rests_and_what_was_pending_falls_away(self) -> None:
        """R29, A16, A85: the month's D is kept, as it was before the extension suspended it."""
        asked = extension.apply_extension(life.initiate("major", T, None, BOOK), T + HOUR, date(2026, 5, 30), BOOK)
        before = replace(changed(asked, "MATTER", origin="proposal"), filed=("N1", T), proposal_open=True)
        after = completion.apply_completion(before, T + 2 * HOUR, BOOK)
        resting = [
            replace(owed, paused_by="completion", paused_at=T + 2 * HOUR, next_notice_at=None)
            for owed in before.obligations
        ]
        assert after == Life(
            "major", T, tuple(resting), completion_at=T + 2 * HOUR, old_due=at("04-02 09:00"), proposal_open=False
        )

    @pytest.mark.parametrize("before", [FRESH, TOLD])
    def test_the_notice_of_the_initiation_is_never_lost(self, before: Life) -> None:
        """R31; and without an extension there is no older D of the month."""
        after = completion.apply_completion(before, T + HOUR, BOOK)
        assert after.obligations[0] == before.obligations[0]
        assert after.old_due is None
        assert refused(completion.apply_completion, after, T + 2 * HOUR, BOOK) == "already_in_review"

    @pytest.mark.parametrize(("after_due", "late"), [(timedelta(0), False), (SECOND, True)])
    def test_it_alone_answers_rework(self, after_due: timedelta, late: bool) -> None:
        """A79, A5: at D it is in time."""
        first = completion.apply_completion(FRESH, T + HOUR, BOOK)
        back = completion.send_back(first, T + 2 * HOUR, BOOK)
        when = T + 26 * HOUR + after_due
        met = changed(back, "REWORK", ended="met", met_at=when, late=late, next_notice_at=None)
        assert completion.apply_completion(back, when, BOOK) == replace(met, completion_at=when)

    def test_a_series_at_rest_stands_still(self) -> None:
        """A47: the second application comes two Thursdays later, while REWORK stands for the weeks."""
        first = completion.apply_completion(WEEKLY, at("03-10 10:00"), BOOK)
        back = completion.send_back(first, at("03-11 10:00"), BOOK)
        again = completion.apply_completion(back, at("03-24 10:00"), BOOK)
        assert weeks(again) == weeks(first) == [("03-12", "", at("03-13 00:00")), ("03-19", "", at("03-20 00:00"))]


class TestAccept:
    def test_every_duty_is_met_as_of_the_application(self) -> None:
        """A51: the record of the matter ends, a week not begun was never owed."""
        applied_at, when = at("03-10 10:00"), at("03-12 10:00")
        applied = completion.apply_completion(WEEKLY, applied_at, BOOK)
        root, one, three, seven, month, week, coming = applied.obligations
        over = {"met_at": applied_at, "paused_by": "", "paused_at": None}
        ended = (
            replace(root, ended="void", met_at=applied_at),
            *(one, three, seven, month),
            replace(week, ended="met", **over),
            replace(coming, ended="void", **over),
        )
        assert [owed.ended for owed in (one, three, seven, month)] == ["met", "met", "met", "settled"]
        assert completion.accept(applied, when) == replace(
            applied, obligations=ended, closed_at=when, completion_at=None
        )

    def test_a_week_is_owed_from_its_first_instant(self) -> None:
        for applied_at, ended in ((at("03-09 00:00") - SECOND, "void"), (at("03-09 00:00"), "met")):
            applied = completion.apply_completion(WEEKLY, applied_at, BOOK)
            assert weeks(completion.accept(applied, at("03-12 10:00")))[0][1] == ended

    def test_what_an_earlier_application_laid_to_rest_was_met_then(self) -> None:
        first = completion.send_back(completion.apply_completion(TOLD, T + HOUR, BOOK), T + 2 * HOUR, BOOK)
        accepted = completion.accept(completion.apply_completion(first, T + 3 * HOUR, BOOK), T + 4 * HOUR)
        met = {owed.name: owed.met_at for owed in accepted.obligations if owed.ended == "met"}
        assert met == dict.fromkeys(["N1", "N3", "N7", "NM"], T + HOUR) | {"REWORK": T + 3 * HOUR}

    def test_the_initiation_not_told_yet_will_be(self) -> None:
        """R31, A43."""
        accepted = completion.accept(completion.apply_completion(FRESH, T, BOOK), T + HOUR)
        assert accepted.obligations[0] == FRESH.obligations[0]

    def test_only_an_application(self) -> None:
        assert refused(completion.accept, FRESH, T) == "nothing_to_accept"


@pytest.mark.parametrize("clock", ["later_of", "remaining"])
def test_sent_back_from_above_the_record_is_open_again(clock: str) -> None:
    """A51, A17: what the acceptance ended stays ended, REWORK has its day, of which nothing could remain."""
    book = Book(Ruleset(rework_clock=clock), Calendar())
    accepted = completion.accept(completion.apply_completion(TOLD, T + HOUR, book), T + 2 * HOUR)
    root, *nodes = accepted.obligations
    assert (root.ended, root.met_at) == ("void", T + HOUR)
    rework = planned("REWORK", T + 5 * DAY, T + 4 * DAY)
    after = completion.return_from_above(accepted, T + 4 * DAY, book)
    assert after == replace(accepted, closed_at=None, obligations=(TOLD.obligations[0], *nodes, rework))
