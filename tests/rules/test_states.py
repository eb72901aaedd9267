"""Whole states: what a verb leaves is compared field by field, so that nothing changes beside what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.rules import completion, life, proxy, report, steering
from bot.rules.calendar import SHANGHAI, Calendar
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOOK = Book(Ruleset(), Calendar())
FRESH = life.initiate("general", T, None, BOOK)


def changed(current: Life, names: tuple[str, ...], **fields: object) -> Life:
    """The life with fields of these obligations replaced."""
    return life.mapped(current, lambda owed: replace(owed, **fields) if owed.name in names else owed)  # type: ignore[arg-type]


def refused(verb, *arguments: object) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(*arguments)
    return str(refusal.value)


class TestRecall:
    def test_all_is_as_it_was(self) -> None:
        filed = report.feedback(FRESH, "N3", T + 2 * HOUR, BOOK)
        assert filed.filed == ("N3", T + 2 * HOUR)
        assert report.recall(filed, T + 3 * HOUR, BOOK) == changed(FRESH, ("N1", "N3"), planned_at=T + 3 * HOUR)

    def test_what_was_met_before_or_otherwise_stays(self) -> None:
        first = report.feedback(FRESH, "N1", T + HOUR, BOOK)
        # MATTER carries the same instant and is no answer
        root = changed(report.feedback(first, "N3", T + 2 * HOUR, BOOK), ("MATTER",), ended="met", met_at=T + 2 * HOUR)
        back = report.recall(root, T + 3 * HOUR, BOOK)
        assert back == replace(changed(root, ("N3",), ended="", met_at=None), obligations=back.obligations, filed=None)
        assert [owed.ended for owed in back.obligations] == ["met", "met", "", "", ""]

    def test_until_the_very_deadline(self) -> None:
        filed = report.feedback(FRESH, "N1", T + HOUR, BOOK)
        assert report.recall(filed, T + 24 * HOUR, BOOK).find("N1")
        assert refused(report.recall, filed, T + 24 * HOUR + timedelta(seconds=1), BOOK) == "recall_too_late"

    def test_nothing_to_recall(self) -> None:
        assert refused(report.recall, FRESH, T, BOOK) == "nothing_to_recall"
        assert refused(report.recall, replace(FRESH, filed=("W2026-03-05", T)), T, BOOK) == "nothing_to_recall"


class TestReassign:
    def test_everything_begins_anew_and_the_old_record_stays(self) -> None:
        at, own = T + 30 * HOUR, date(2026, 5, 30)
        book = Book(Ruleset(calendar="workday"), Calendar())
        before = replace(
            changed(life.initiate("major", T, own, book), ("MATTER",), origin="proposal", paused_by="x", paused_at=T),
            filed=("N1", T),
            old_due=T,
            plan_until=own,
            follow_up_at=T,
            supervised=2,
            proposal_open=True,
        )
        fresh = life.initiate("major", at, own, book)
        root = replace(fresh.obligations[0], episode=2)
        old = [life.end(owed, at, "void") for owed in before.obligations[1:]]
        new = [replace(owed, ordinal=1) for owed in fresh.obligations[1:]]
        assert steering.reassign(before, at, book) == Life("major", at, (root, *old, *new))

    def test_what_had_ended_stays_as_it_ended(self) -> None:
        filed = report.feedback(FRESH, "N1", T + HOUR, BOOK)
        after = steering.reassign(filed, T + 30 * HOUR, BOOK)
        assert after.obligations[1] == filed.obligations[1]

    @pytest.mark.parametrize(
        ("own", "due", "nodes"),
        [
            # ahead, and later than the new N7: it stays absolute and stands in for the month
            (Obligation("CUSTOM", T + 20 * DAY, T), T + 20 * DAY, ["N1", "N3", "N7"]),
            # at this very instant, or gone by: the new unit gets a day, the month is its back-stop
            (Obligation("CUSTOM", T + 8 * DAY, T), T + 9 * DAY, ["N1", "N3", "N7", "NM"]),
            (Obligation("CUSTOM", T + 2 * DAY, T), T + 9 * DAY, ["N1", "N3", "N7", "NM"]),
            # a plan's day or a leader's is no deadline of the source
            (Obligation("CUSTOM", T + 20 * DAY, T, origin="plan"), T + 20 * DAY, ["N1", "N3", "N7", "NM"]),
        ],
    )
    def test_own_deadlines(self, own: Obligation, due: datetime, nodes: list[str]) -> None:
        before = life.add(FRESH, own, BOOK)
        after = steering.reassign(before, T + 8 * DAY, BOOK)
        owed = [each for each in after.obligations if not each.ended and each.due_at]
        assert [each.name for each in owed] == [*nodes, "CUSTOM"]
        assert (owed[-1].due_at, owed[-1].origin) == (due, own.origin)


class TestConvert:
    OWN = life.initiate("general", T, date(2026, 3, 20), BOOK)  # its own deadline stands in for the month
    MONTH = datetime(2026, 4, 2, 9, tzinfo=SHANGHAI)

    @pytest.mark.parametrize("before", [timedelta(seconds=1), timedelta(0)])
    def test_the_month_is_owed_or_a_day_once_it_is_over(self, before: timedelta) -> None:
        at = self.MONTH - before
        due, origin = (self.MONTH, "") if before else (at + DAY, "converted")
        after = steering.convert(self.OWN, at, BOOK)
        assert after == life.add(replace(self.OWN, category="major"), Obligation("NM", due, at, origin=origin), BOOK)

    def test_an_overdue_month_gets_a_day_as_an_episode_of_its_own(self) -> None:
        at = self.MONTH + HOUR
        month = FRESH.find("NM")
        assert month
        caught = life.replaced(FRESH, month, replace(month, rung=5, caught_up_at=at))
        after = steering.convert(caught, at, BOOK)
        fresh = life.add(Life("major", T), Obligation("NM", at + DAY, at, origin="converted"), BOOK).obligations[0]
        assert after.find("NM") == replace(fresh, episode=2)
        assert after.obligations[:-1] == FRESH.obligations[:-1]


def test_a_withdrawal_ends_all_and_nothing_waits() -> None:
    at = T + 30 * HOUR
    met = report.feedback(FRESH, "N1", T + HOUR, BOOK)
    before = replace(met, completion_at=T, extension_at=T, proposal_open=True)
    ended = tuple(owed if owed.ended else life.end(owed, at, "void") for owed in met.obligations)
    assert steering.withdraw(before, at) == replace(FRESH, obligations=ended, closed_at=at)


class TestFromAbove:
    @pytest.mark.parametrize("clock", ["later_of", "next_workday_18"])
    def test_rework_alone_is_owed(self, clock: str) -> None:
        book = Book(Ruleset(rework_clock=clock), Calendar())
        applied = completion.apply_completion(FRESH, T + HOUR, book)
        accepted = completion.accept(applied, T + 2 * HOUR)
        at = T + 4 * DAY + HOUR  # Friday 10:00
        after = completion.return_from_above(accepted, at, book)
        due = at + DAY if clock == "later_of" else datetime(2026, 3, 9, 18, tzinfo=SHANGHAI)
        root, *nodes, rework = after.obligations
        assert root == replace(accepted.obligations[0], ended="", met_at=None)
        assert tuple(nodes) == accepted.obligations[1:]
        assert rework == life.add(Life("general", T), Obligation("REWORK", due, at), book).obligations[0]
        assert after == replace(accepted, closed_at=None, obligations=after.obligations)

    def test_a_second_time_it_is_the_same_duty_again(self) -> None:
        applied = completion.apply_completion(FRESH, T + HOUR, BOOK)
        returned = completion.send_back(applied, T + 2 * HOUR, BOOK)
        accepted = completion.accept(completion.apply_completion(returned, T + 3 * HOUR, BOOK), T + 4 * HOUR)
        old = accepted.find("REWORK", ended=True)
        assert old
        at = T + 10 * DAY
        after = completion.return_from_above(accepted, at, BOOK)
        assert after.find("REWORK") == life.reopened(old, at + DAY, at, BOOK)
        assert [owed.name for owed in after.obligations].count("REWORK") == 1

    def test_only_what_was_voided_of_the_record_is_open_again(self) -> None:
        accepted = completion.accept(completion.apply_completion(FRESH, T + HOUR, BOOK), T + 2 * HOUR)
        met = changed(accepted, ("MATTER",), ended="met")
        assert completion.return_from_above(met, T + DAY, BOOK).obligations[0] == met.obligations[0]

    def test_not_before_the_end(self) -> None:
        assert refused(completion.return_from_above, FRESH, T, BOOK) == "not_accepted"


class TestMoves:
    """The moves every verb is made of."""

    MET = replace(FRESH.obligations[1], ended="met", met_at=T + HOUR, next_notice_at=None)

    @pytest.mark.parametrize(
        ("how", "at", "late"),
        [
            ("met", T + DAY, False),
            ("met", T + DAY + timedelta(seconds=1), True),
            ("settled", T + 2 * DAY, False),
        ],
    )
    def test_an_end_is_final(self, how: str, at: datetime, late: bool) -> None:
        owed = FRESH.obligations[1]
        expected = replace(owed, ended=how, met_at=at, late=late, next_notice_at=None)
        assert life.end(owed, at, how) == expected
        assert life.end(life.pause(owed, T + HOUR, "completion"), at, how) == expected

    def test_a_rest_counts_from_its_beginning_and_the_next_from_its_own(self) -> None:
        owed = FRESH.obligations[1]
        rests = replace(owed, paused_by="extension", paused_at=T, next_notice_at=None)
        assert life.pause(owed, T, "extension") == life.pause(rests, T + HOUR, "extension") == rests
        other = replace(rests, paused_by="completion", paused_at=T + HOUR)
        assert life.pause(rests, T + HOUR, "completion") == other

    def test_owed_again_it_is_fresh(self) -> None:
        """A17: a moved D has REWORK's reminder, 5 hours ahead; nothing of the old episode is left."""
        late = replace(self.MET, late=True, caught_up_at=T, rung=7)
        at, due = T + 2 * HOUR, T + 26 * HOUR
        again = replace(FRESH.obligations[1], due_at=due, origin="return", episode=2, planned_at=at, rung=0)
        assert life.reopened(late, due, at, BOOK) == replace(again, next_notice_at=due - 5 * HOUR)

    def test_a_week_owed_again_by_the_same_deadline_keeps_its_reminder(self) -> None:
        due, opens = datetime(2026, 3, 13, tzinfo=SHANGHAI), datetime(2026, 3, 9, tzinfo=SHANGHAI)
        week = Obligation("W2026-03-12", due, T, opens_at=opens)
        met = replace(week, ended="met", met_at=opens, rung=1)
        at = datetime(2026, 3, 10, 9, tzinfo=SHANGHAI)
        reminder = datetime(2026, 3, 11, 9, tzinfo=SHANGHAI)
        expected = replace(week, planned_at=at, episode=2, rung=1, next_notice_at=reminder)
        assert life.reopened(met, due, at, BOOK) == expected

    def test_progress_on_the_month_is_kept_for_it_whatever_becomes_of_it(self) -> None:
        """A81: what named NM met N1 to N7; the office reviews it as NM, also after an extension has settled that."""
        told = report.feedback(FRESH, "NM", T + HOUR, BOOK)
        assert told.filed == ("NM", T + HOUR)
        assert told.answered() == told.find("NM") == FRESH.find("NM")
        settled = changed(told, ("NM",), ended="settled", met_at=T + 2 * HOUR)
        assert settled.answered() == settled.obligations[-1]
        assert FRESH.answered() is None

    def test_a_series_that_rests_stands_still(self) -> None:
        """A47: during a review April begins unseen."""
        monthly = completion.apply_completion(life.initiate("monthly", T, None, BOOK), T + HOUR, BOOK)
        assert [owed.name for owed in monthly.obligations] == ["MATTER", "N1", "M2026-03", "M2026-04"]
        for later in (T + 2 * HOUR, datetime(2026, 4, 20, tzinfo=SHANGHAI)):
            assert life.unfold(monthly, later, BOOK) == monthly


class TestFiledFor:
    def test_an_answer_of_the_first_instant_and_of_a_month_not_unfolded(self) -> None:
        after = proxy.file_for(FRESH, "N1", T, BOOK)
        owed = after.find("N1", ended=True)
        assert owed
        assert (owed.ended, owed.met_at, owed.late) == ("met", T, False)
        monthly = life.initiate("monthly", T, None, BOOK)
        april = datetime(2026, 4, 10, 9, tzinfo=SHANGHAI)
        assert monthly.find("M2026-05") is None
        later = proxy.file_for(monthly, "M2026-04", april, BOOK)
        owed = later.find("M2026-04", ended=True)
        assert owed
        assert (owed.ended, owed.met_at) == ("met", april)

    def test_the_same_answer_twice(self) -> None:
        filed = report.feedback(FRESH, "N1", T + 2 * HOUR, BOOK)
        assert refused(proxy.file_for, filed, "N1", T + 2 * HOUR, BOOK) == "nothing_to_file"
        earlier = proxy.file_for(filed, "N1", T + HOUR, BOOK)
        assert earlier == changed(filed, ("N1",), met_at=T + HOUR, late=False)

    @pytest.mark.parametrize("named", ["N1", "N3"])
    def test_an_application_that_came_later_is_lifted(self, named: str) -> None:
        """A49, A8: as if it had been written down at once, before the silence; the rest goes on resting."""
        told = report.feedback(FRESH, "N1", T + HOUR, BOOK) if named == "N3" else FRESH
        applied = completion.apply_completion(told, T + 4 * DAY, BOOK)
        for current in (applied, completion.send_back(applied, T + 5 * DAY, BOOK)):
            after = proxy.file_for(current, named, T + 2 * HOUR, BOOK)
            met = {"ended": "met", "met_at": T + 2 * HOUR, "late": False, "paused_by": "", "paused_at": None}
            assert after == changed(current, (named,), **met)
        assert refused(proxy.file_for, applied, named, T + 4 * DAY, BOOK) == "nothing_to_file"
        assert proxy.file_for(applied, named, T + 4 * DAY - timedelta(microseconds=1), BOOK) != applied

    def test_what_was_never_owed_is_not_lifted(self) -> None:
        """A55: the months took the place of N3."""
        monthly = steering.make_monthly(FRESH, T + DAY, BOOK)
        assert refused(proxy.file_for, monthly, "N3", T + HOUR, BOOK) == "nothing_to_file"
        assert proxy.file_for(monthly, "N1", T + HOUR, BOOK).find("N3") is None
