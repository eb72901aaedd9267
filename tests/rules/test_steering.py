"""Steering by hand: 督办, 转重大, 转月报, 转跟进, 撤销, 改派 (A46, A50, A55, A69), 代报 (A49), decided 问效 (A16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.rules import accountability, completion, extension, ladder, life, proxy, report, steering
from bot.rules.calendar import SHANGHAI, Calendar
from bot.rules.life import Book, Life, Refusal
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONTH = datetime(2026, 4, 2, 9, tzinfo=SHANGHAI)
BOOK = Book(Ruleset(), Calendar())


def matter(category: str = "general", due_on: date | None = None, **options: object) -> Life:
    return life.initiate(category, T, due_on, book(**options))


def book(**options: object) -> Book:
    return Book(Ruleset(**options), Calendar())  # type: ignore[arg-type]


def dues(current: Life) -> dict[str, datetime | None]:
    return {owed.name: owed.due_at for owed in current.obligations if not owed.ended and owed.due_at}


def refused(verb, *arguments: object) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(*arguments)
    return str(refusal.value)


class TestSupervise:
    def test_stands_for_the_automatic_one(self) -> None:
        after = steering.supervise(matter(), "N1", T + 25 * HOUR, BOOK)
        owed = after.find("N1")
        assert owed
        assert owed.next_notice_at is None
        assert (owed.episode, owed.rung) == (1, len(ladder.rungs(owed, BOOK.rules, BOOK.days)) + 1)
        assert (after.supervised, after.proposal_open) == (1, False)
        assert refused(steering.supervise, after, "N1", T + 26 * HOUR, BOOK) == "already_supervised"

    def test_only_what_is_overdue(self) -> None:
        for name, at in (("N1", T + 24 * HOUR), ("N3", T + 25 * HOUR), ("W2026-03-05", T + 25 * HOUR)):
            assert refused(steering.supervise, matter(), name, at, BOOK) == "not_overdue"

    def test_the_second_one_asks_for_accountability(self) -> None:
        told = matter()
        root = told.find("MATTER")
        assert root
        told = life.replaced(told, root, ladder.advance(root, T, BOOK.rules, BOOK.days)[1])
        once = steering.supervise(told, "N1", T + 4 * DAY, BOOK)
        twice = steering.supervise(once, "N3", T + 4 * DAY, BOOK)
        root = twice.find("MATTER")
        assert root
        assert (root.origin, root.next_notice_at) == ("proposal", T + 4 * DAY)
        assert twice.supervised == 2

    def test_after_the_automatic_one(self) -> None:
        owed = matter().find("N1")
        assert owed
        last = replace(owed, rung=20, next_notice_at=owed.due_at + 48 * HOUR if owed.due_at else None)
        current = life.replaced(replace(matter(), obligations=(owed,)), owed, last)
        _, moved = ladder.advance(last, T + 72 * HOUR, BOOK.rules, BOOK.days)
        gone = life.replaced(current, last, moved)
        assert refused(steering.supervise, gone, "N1", T + 80 * HOUR, BOOK) == "already_supervised"

    def test_a_week_without_urges_can_be_supervised(self) -> None:
        quiet = book(weekly_missed="off")
        current = steering.follow_up(matter("major"), T + DAY, quiet)
        week = current.find("W2026-03-12")
        assert week
        spent = replace(week, rung=len(ladder.rungs(week, quiet.rules, quiet.days)), next_notice_at=None)
        current = life.replaced(current, week, spent)
        after = steering.supervise(current, "W2026-03-12", T + 12 * DAY, quiet)
        assert after.supervised == 1
        assert refused(steering.supervise, after, "W2026-03-12", T + 13 * DAY, quiet) == "already_supervised"


class TestConvert:
    def test_everything_stays(self) -> None:
        before = report.feedback(matter(), "N1", T + HOUR, BOOK)
        after = steering.convert(before, T + 8 * DAY, BOOK)
        assert (after.category, after.obligations) == ("major", before.obligations)

    def test_the_month_counts_from_t(self) -> None:
        bare = book(month_backstop=False)
        after = steering.convert(matter(month_backstop=False), T + 8 * DAY, bare)
        assert dues(after)["NM"] == MONTH
        assert refused(extension.apply_extension, after, MONTH - 23 * HOUR, None, bare) == "extension_too_late"

    @pytest.mark.parametrize("backstop", [True, False])
    def test_after_the_month_24_hours_without_a_cutoff(self, backstop: bool) -> None:
        mine = book(month_backstop=backstop)
        after = steering.convert(matter(month_backstop=backstop), MONTH + HOUR, mine)
        assert dues(after)["NM"] == MONTH + 25 * HOUR
        main = after.find("NM")
        assert main
        assert main.next_notice_at
        assert main.next_notice_at > MONTH + 25 * HOUR
        assert main.episode == (2 if backstop else 1)
        assert extension.apply_extension(after, MONTH + 24 * HOUR, None, mine).extension_at

    def test_a_settled_month_stays_settled(self) -> None:
        loose = book(nm_met_by="feedback")
        before = report.feedback(matter(), "NM", T + 8 * DAY, loose)
        assert steering.convert(before, T + 9 * DAY, loose).obligations == before.obligations

    def test_refused(self) -> None:
        assert refused(steering.convert, matter("major"), T, BOOK) == "already_major"
        assert refused(steering.convert, matter("monthly"), T, BOOK) == "not_general"
        asked = extension.apply_extension(matter(), T + DAY, None, BOOK)
        assert refused(steering.convert, asked, T + DAY, BOOK) == "extension_pending"
        filed = completion.apply_completion(matter(), T + DAY, BOOK)
        assert refused(steering.convert, filed, T + DAY, BOOK) == "under_review"
        sent_back = completion.send_back(filed, T + 2 * DAY, BOOK)
        assert refused(steering.convert, sent_back, T + 2 * DAY, BOOK) == "under_review"


class TestMakeMonthly:
    AT = T + DAY + HOUR

    @pytest.mark.parametrize("category", ["general", "major"])
    def test_the_nodes_close_and_months_follow(self, category: str) -> None:
        before = matter(category, date(2026, 3, 5))
        after = steering.make_monthly(before, self.AT, BOOK)
        kept = {name: dues(before)[name] for name in ("N1", "CUSTOM")}
        assert (after.category, after.initiated_at) == ("monthly", T)
        assert dues(after) == {**kept, "M2026-03": datetime(2026, 4, 1, tzinfo=SHANGHAI)}
        assert after.find("N1") == before.find("N1")
        month = after.find("M2026-03")
        assert month
        assert (month.planned_at, month.opens_at) == (self.AT, self.AT)
        closed = {each.name: (each.met_at, each.next_notice_at) for each in after.obligations if each.ended == "void"}
        assert closed == dict.fromkeys(("N3", "N7", "NM"), (self.AT, None))

    def test_what_is_settled_stays(self) -> None:
        before = report.feedback(matter(), "N3", T + HOUR, BOOK)
        after = steering.make_monthly(before, self.AT, BOOK)
        assert after.obligations[:3] == before.obligations[:3]
        assert [each.ended for each in after.obligations] == ["", "met", "met", "void", "void", ""]

    @pytest.mark.parametrize(("name", "kept"), [("N1", True), ("N3", False), ("NM", False), ("CUSTOM2026-03-20", True)])
    def test_an_answer_to_what_closes_is_final(self, name: str, kept: bool) -> None:
        limited = steering.limit(matter(), date(2026, 3, 20), T, BOOK)
        before = replace(report.feedback(limited, name, T + HOUR, BOOK), filed=(name, T + HOUR))
        assert steering.make_monthly(before, self.AT, BOOK).filed == (before.filed if kept else None)

    @pytest.mark.parametrize(
        ("at", "options", "name"),
        [
            (datetime(2026, 3, 31, 23, tzinfo=SHANGHAI), {}, "M2026-03"),
            (datetime(2026, 4, 1, tzinfo=SHANGHAI), {}, "M2026-04"),
            (datetime(2026, 6, 10, tzinfo=SHANGHAI), {}, "M2026-06"),
            (AT, {"first_month": "next"}, "M2026-04"),
        ],
    )
    def test_the_first_month_is_of_t_or_still_ahead(self, at: datetime, options: dict[str, str], name: str) -> None:
        after = steering.make_monthly(matter(**options), at, book(**options))
        assert [each for each in dues(after) if each[0] == "M"] == [name]

    def test_refused(self) -> None:
        verb = steering.make_monthly
        assert refused(verb, matter("monthly"), T, BOOK) == "already_monthly"
        assert refused(verb, steering.follow_up(matter(), T + DAY, BOOK), T + DAY, BOOK) == "weekly_until_done"
        asked = extension.apply_extension(matter(), T + DAY, None, BOOK)
        assert refused(verb, asked, T + DAY, BOOK) == "extension_pending"
        filed = completion.apply_completion(matter(), T + DAY, BOOK)
        assert refused(verb, filed, T + DAY, BOOK) == "under_review"
        assert refused(verb, steering.withdraw(matter(), T + DAY), T + DAY, BOOK) == "closed"


class TestFollowUp:
    def test_the_thursdays_begin(self) -> None:
        after = steering.follow_up(matter(), MONTH + 4 * DAY, BOOK)
        month = after.find("NM", ended=True)
        assert month
        assert month.ended == "settled"
        assert (after.state, after.category, after.extension_at) == ("follow_up", "major", None)
        assert [name for name in dues(after) if name[0] == "W"] == ["W2026-04-16"]
        assert after.find("N1") is not None  # it keeps its ladder until it is answered (A84)

    def test_refused(self) -> None:
        after = steering.follow_up(matter(), T + DAY, BOOK)
        assert refused(steering.follow_up, after, T + DAY, BOOK) == "already_follow_up"
        assert refused(steering.follow_up, matter("monthly"), T, BOOK) == "not_for_monthly"
        asked = extension.apply_extension(matter(), T + DAY, None, BOOK)
        assert refused(steering.follow_up, asked, T + DAY, BOOK) == "extension_pending"


class TestWithdraw:
    def test_nothing_is_left(self) -> None:
        before = report.feedback(matter("major", date(2026, 5, 1)), "N1", T + HOUR, BOOK)
        filed = completion.apply_completion(before, T + DAY, BOOK)
        after = steering.withdraw(filed, T + 2 * DAY)
        assert (after.closed_at, after.completion_at, dues(after)) == (T + 2 * DAY, None, {})
        assert not [owed for owed in after.obligations if owed.next_notice_at or owed.paused_by]
        assert [owed.ended for owed in after.obligations if owed.name == "N1"] == ["met"]
        assert refused(steering.withdraw, after, T + 3 * DAY) == "closed"

    def test_a_proposal_ends_with_it(self) -> None:
        asked = replace(matter(), proposal_open=True, supervised=2)
        assert not steering.withdraw(asked, T + DAY).proposal_open


class TestReassign:
    AT = T + 10 * DAY

    def test_the_nodes_begin_anew(self) -> None:
        before = replace(report.feedback(matter(), "N1", T + HOUR, BOOK), supervised=1)
        after = steering.reassign(before, self.AT, BOOK)
        assert dues(after) == {
            "N1": self.AT + DAY,
            "N3": self.AT + 3 * DAY,
            "N7": self.AT + 7 * DAY,
            "NM": datetime(2026, 4, 12, 9, tzinfo=SHANGHAI),
        }
        old = [(owed.name, owed.ended) for owed in after.obligations if owed.ended]
        assert old == [("N1", "met"), ("N3", "void"), ("N7", "void"), ("NM", "void")]
        root = after.find("MATTER")
        assert root
        assert (root.episode, root.next_notice_at) == (2, self.AT)
        assert (after.supervised, after.initiated_at) == (0, self.AT)

    def test_an_own_deadline_stays(self) -> None:
        after = steering.reassign(matter("general", date(2026, 5, 1)), self.AT, BOOK)
        assert dues(after)["CUSTOM"] == datetime(2026, 5, 2, 0, tzinfo=SHANGHAI)
        assert "NM" not in dues(after)  # it is the back-stop of the new unit too (A45)

    def test_an_own_deadline_that_is_past(self) -> None:
        after = steering.reassign(matter("major", date(2026, 3, 4)), self.AT, BOOK)
        assert dues(after)["CUSTOM"] == self.AT + DAY

    def test_a_promise_in_follow_up(self) -> None:
        asked = extension.apply_extension(matter("major"), T + DAY, date(2026, 6, 1), BOOK)
        after = steering.reassign(extension.approve_extension(asked, T + 2 * DAY, BOOK), self.AT, BOOK)
        own = after.find("CUSTOM")
        assert own
        assert (own.origin, own.due_at) == ("plan", datetime(2026, 6, 2, 0, tzinfo=SHANGHAI))
        assert (after.state, sorted(dues(after))) == ("running", ["CUSTOM", "N1", "N3", "N7", "NM"])

    def test_monthly(self) -> None:
        after = steering.reassign(matter("monthly"), self.AT, BOOK)
        assert sorted(dues(after)) == ["M2026-03", "N1"]

    def test_refused(self) -> None:
        filed = completion.apply_completion(matter(), T + DAY, BOOK)
        assert refused(steering.reassign, filed, T + DAY, BOOK) == "under_review"
        asked = extension.apply_extension(matter(), T + DAY, None, BOOK)
        assert refused(steering.reassign, asked, T + DAY, BOOK) == "extension_pending"


class TestReopen:
    AT = T + 20 * DAY

    def closed(self, category: str = "general") -> Life:
        return completion.accept(completion.apply_completion(matter(category), T + DAY, BOOK), T + 2 * DAY)

    def test_every_clock_runs_anew(self) -> None:
        after = steering.reopen(replace(self.closed(), supervised=2, category="major"), self.AT, None, BOOK)
        days = {"N1": 1, "N3": 3, "N7": 7, "NM": 31}
        assert dues(after) == {name: self.AT + count * DAY for name, count in days.items()}
        assert (after.state, after.category, after.supervised, after.initiated_at) == ("running", "major", 0, self.AT)

    def test_an_own_deadline_that_is_ahead_holds_again(self) -> None:
        ahead, past = date(2026, 3, 22), date(2026, 3, 21)
        midnight = datetime(2026, 3, 22, 0, tzinfo=SHANGHAI)
        assert "CUSTOM" in dues(steering.reopen(self.closed(), midnight, ahead, BOOK))
        assert "CUSTOM" not in dues(steering.reopen(self.closed(), midnight, past, BOOK))
        assert "NM" in dues(steering.reopen(self.closed(), midnight, past, BOOK))

    def test_refused(self) -> None:
        assert refused(steering.reopen, matter(), self.AT, None, BOOK) == "not_closed"


class TestProxy:
    def test_an_answer_nobody_wrote_down(self) -> None:
        after = proxy.file_for(matter(), "N3", T + 20 * HOUR, BOOK)
        met = {owed.name: (owed.met_at, owed.late) for owed in after.obligations if owed.ended}
        assert met == {"N1": (T + 20 * HOUR, False), "N3": (T + 20 * HOUR, False)}

    def test_an_answer_written_down_late(self) -> None:
        late = report.feedback(matter(), "N1", T + 40 * HOUR, BOOK)
        after = proxy.file_for(late, "N1", T + 24 * HOUR, BOOK)
        owed = after.find("N1", ended=True)
        assert owed
        assert (owed.met_at, owed.late) == (T + 24 * HOUR, False)
        still = proxy.file_for(late, "N1", T + 30 * HOUR, BOOK).find("N1", ended=True)
        assert still
        assert still.late

    @pytest.mark.parametrize("hours", [0, 11, 24])
    def test_what_one_late_answer_met_is_met_then(self, hours: int) -> None:
        """A8: whether the late answer is written down before it or after it."""
        late = report.feedback(matter(), "N7", T + 122 * HOUR, BOOK)
        after = proxy.file_for(late, "N7", T + hours * HOUR, BOOK)
        assert after.filed == late.filed
        assert replace(after, filed=None) == replace(proxy.file_for(matter(), "N7", T + hours * HOUR, BOOK), filed=None)

    def test_what_was_met_later_by_another_answer(self) -> None:
        late = report.feedback(matter(), "N1", T + 30 * HOUR, BOOK)
        after = proxy.file_for(late, "N3", T + 20 * HOUR, BOOK)
        assert after == proxy.file_for(matter(), "N3", T + 20 * HOUR, BOOK)
        alone = proxy.file_for(late, "N3", T + 31 * HOUR, BOOK)
        assert alone.find("N1", ended=True) == late.find("N1", ended=True)

    def test_what_was_owed_anew_since_stays(self) -> None:
        back = completion.send_back(report.feedback(matter(), "N1", T + HOUR, BOOK), T + 9 * HOUR, BOOK)
        again = report.feedback(back, "N1", T + 12 * HOUR, BOOK)
        after = proxy.file_for(again, "N3", T + 8 * HOUR, BOOK)
        assert after.find("N1", ended=True) == again.find("N1", ended=True)
        assert after.find("N3", ended=True)
        # also while it is open still; from the instant it was planned on it is met like any other
        early = proxy.file_for(back, "N3", T + 9 * HOUR - datetime.resolution, BOOK)
        assert early.find("N1") == back.find("N1")
        assert early.find("N3", ended=True)
        assert proxy.file_for(back, "N3", T + 9 * HOUR, BOOK).find("N1") is None

    def test_refused(self) -> None:
        done = report.feedback(matter(), "N1", T + HOUR, BOOK)
        assert refused(proxy.file_for, done, "N1", T + 2 * HOUR, BOOK) == "nothing_to_file"
        assert refused(proxy.file_for, matter(), "NM", T + HOUR, BOOK) == "nothing_to_file"
        assert refused(proxy.file_for, matter(), "W2026-03-05", T + HOUR, BOOK) == "nothing_to_file"
        assert refused(proxy.file_for, matter(), "", T + HOUR, BOOK) == "nothing_to_file"
        again = completion.send_back(done, T + 2 * HOUR, BOOK)
        assert refused(proxy.file_for, again, "N1", T + HOUR, BOOK) == "before_episode"


class TestAccountability:
    def test_a_decision_begins_the_count_anew(self) -> None:
        asked = replace(matter(), proposal_open=True, supervised=3)
        assert refused(accountability.decide, matter()) == "no_proposal"
        after = accountability.decide(asked)
        assert (after.proposal_open, after.supervised) == (False, 0)
        assert refused(accountability.decide, after) == "no_proposal"
        assert refused(accountability.decide, replace(asked, closed_at=T)) == "no_proposal"

    @pytest.mark.parametrize(("unearned", "left", "open_"), [(0, 3, True), (1, 2, True), (2, 1, False), (9, 0, False)])
    def test_what_should_not_have_gone_out(self, unearned: int, left: int, open_: bool) -> None:
        after = accountability.recount(replace(matter(), proposal_open=True, supervised=3), unearned)
        assert (after.supervised, after.proposal_open) == (left, open_)
