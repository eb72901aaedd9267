"""Extension, state by state: what waits, what is settled, what runs again (R5, R34–R37, A31, A45, A52–A54)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.rules import completion, extension, life, report, steering
from bot.rules.calendar import DAY, HOUR, SHANGHAI, Calendar
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
AT = T + 10 * DAY  # Thursday 03-12 09:00
PLAN = date(2026, 6, 30)
PLANNED = datetime(2026, 7, 1, tzinfo=SHANGHAI)
SOON = date(2026, 3, 20)
MONTH = datetime(2026, 4, 2, 9, tzinfo=SHANGHAI)
BOOK = Book(Ruleset(), Calendar())


def matter(category: str = "major", due_on: date | None = None) -> Life:
    return life.initiate(category, T, due_on, BOOK)


def ended(current: Life, at: datetime, *names: str) -> Life:
    """The life with these obligations settled at `at`."""
    return life.mapped(
        current,
        lambda owed: (
            replace(owed, ended="settled", met_at=at, next_notice_at=None, paused_by="", paused_at=None)
            if owed.name in names
            else owed
        ),
    )


def refused(verb, *arguments: object) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(*arguments)
    return str(refusal.value)


class TestApplied:
    @pytest.mark.parametrize(
        ("category", "due_on", "waits"),
        [
            ("major", None, "NM"),
            ("general", None, "NM"),
            ("major", SOON, "NM"),
            ("general", SOON, "CUSTOM"),  # the own deadline stands in for the month (A45)
        ],
    )
    def test_one_node_waits_and_nothing_else_moves(self, category: str, due_on: date | None, waits: str) -> None:
        before = matter(category, due_on)
        after = extension.apply_extension(before, AT, PLAN, BOOK)
        paused = {"paused_by": "extension", "paused_at": AT, "next_notice_at": None}
        expected = life.mapped(before, lambda owed: replace(owed, **paused) if owed.name == waits else owed)  # type: ignore[arg-type]
        assert after == replace(expected, extension_at=AT, plan_until=PLAN)

    def test_in_follow_up_and_for_months_the_plan_alone_is_revised(self) -> None:
        for before in (steering.follow_up(matter(), T + DAY, BOOK), matter("monthly"), matter("monthly", SOON)):
            after = extension.apply_extension(before, AT, PLAN, BOOK)
            assert after == replace(before, extension_at=AT, plan_until=PLAN)

    def test_refused(self) -> None:
        applied = completion.apply_completion(matter(), AT, BOOK)
        returned = completion.send_back(applied, AT + HOUR, BOOK)
        for current in (applied, returned):
            assert refused(extension.apply_extension, current, AT + 2 * HOUR, PLAN, BOOK) == "in_review"
        twice = extension.apply_extension(matter(), AT, PLAN, BOOK)
        assert refused(extension.apply_extension, twice, AT, PLAN, BOOK) == "already_applied"
        bare = Book(Ruleset(month_backstop=False), Calendar())
        general = life.initiate("general", T, None, bare)
        assert refused(extension.apply_extension, general, AT, PLAN, bare) == "nothing_to_extend"

    def test_to_a_day_that_ends_after_the_deadline(self) -> None:
        """The month ends on 04-02 at 09:00, or with 04-01; what the office overrides may."""
        midnight, day = life.initiate("major", T.replace(hour=0), None, BOOK), date(2026, 4, 1)
        for current in (matter(), midnight):
            assert refused(extension.apply_extension, current, AT, day, BOOK) == "until_not_later"
            assert extension.apply_extension(current, AT, day + DAY, BOOK).plan_until == day + DAY
            late = extension.apply_extension(current, AT, day, BOOK, override=True)
            assert late.plan_until == day

    def test_where_the_month_is_settled_no_other_deadline_takes_its_place(self) -> None:
        """A45: the own deadline of a major matter is a date beside NM, not what an extension is about."""
        book = Book(Ruleset(nm_met_by="feedback"), Calendar())
        met = report.feedback(matter("major", SOON), "NM", AT, book)
        assert met.find("CUSTOM")
        assert met.main() is None
        assert refused(extension.apply_extension, met, AT + HOUR, PLAN, book) == "nothing_to_extend"


class TestApproved:
    THURSDAY = datetime(2026, 3, 20, tzinfo=SHANGHAI)

    def week(self, at: datetime) -> Obligation:
        """The Thursday of the week after the one of AT, as it is planned at `at` (A22)."""
        return Obligation("W2026-03-19", self.THURSDAY, at, opens_at=datetime(2026, 3, 16, tzinfo=SHANGHAI))

    @pytest.mark.parametrize("category", ["general", "major"])
    @pytest.mark.parametrize("due_on", [None, SOON])
    def test_the_month_is_settled_the_weeks_and_the_promise_begin(self, category: str, due_on: date | None) -> None:
        before = matter(category, due_on)
        at = AT + HOUR
        after = extension.approve_extension(extension.apply_extension(before, AT, PLAN, BOOK), at, BOOK)
        expected = replace(ended(before, at, "NM", "CUSTOM"), category="major", follow_up_at=at)
        expected = life.add(expected, self.week(at), BOOK)
        assert after == life.add(expected, Obligation("CUSTOM", PLANNED, at, origin="plan"), BOOK)

    def test_a_promise_that_is_past_at_the_approval_is_a_day_from_then(self) -> None:
        """A61: the office took its time, and that is never at the unit's cost."""
        asked = extension.apply_extension(matter(), AT, date(2026, 4, 20), BOOK)
        midnight = datetime(2026, 4, 21, tzinfo=SHANGHAI)
        for at, due in ((midnight - HOUR, midnight), (midnight, midnight + DAY), (midnight + DAY, midnight + 2 * DAY)):
            plan = extension.approve_extension(asked, at, BOOK).find("CUSTOM")
            assert plan
            assert (plan.due_at, plan.origin) == (due, "plan")

    def test_without_a_date_nothing_is_promised(self) -> None:
        after = extension.approve_extension(extension.apply_extension(matter(), AT, None, BOOK), AT, BOOK)
        assert after.find("CUSTOM", ended=True) is None

    def test_what_had_ended_stays_as_it_ended(self) -> None:
        book = Book(Ruleset(nm_met_by="feedback"), Calendar())
        met = report.feedback(matter(), "NM", T + DAY, book)
        after = steering.follow_up(met, AT, book)
        assert after.find("NM", ended=True) == met.find("NM", ended=True)

    @pytest.mark.parametrize("category", ["major", "monthly"])
    def test_a_revision_changes_the_date_of_the_plan_alone(self, category: str) -> None:
        """A53: also where the month node is owed again, because what had met it was returned."""
        book = Book(Ruleset(nm_met_by="feedback"), Calendar())
        before = life.initiate(category, T, None, book)
        if category == "major":
            met = report.feedback(before, "NM", T + DAY, book)
            before = completion.send_back(steering.follow_up(met, T + 2 * DAY, book), T + 3 * DAY, book)
            assert before.find("NM")
        first = extension.approve_extension(extension.apply_extension(before, AT, PLAN, book), AT, book)
        plan = Obligation("CUSTOM", PLANNED, AT, origin="plan")
        assert first == life.add(before, plan, book)
        at = AT + DAY
        second = extension.approve_extension(extension.apply_extension(first, at, date(2026, 9, 30), book), at, book)
        later = Obligation("CUSTOM", datetime(2026, 10, 1, tzinfo=SHANGHAI), at, origin="plan")
        assert second == life.add(ended(first, at, "CUSTOM"), later, book)

    def test_only_what_was_applied_for(self) -> None:
        assert refused(extension.approve_extension, matter(), AT, BOOK) == "nothing_to_approve"
        assert refused(extension.reject_extension, matter(), AT, BOOK) == "nothing_to_reject"


class TestRejected:
    @pytest.mark.parametrize(
        ("at", "due", "episode"),
        [
            (AT, MONTH, 1),
            (MONTH - DAY, MONTH, 1),
            (MONTH - DAY + timedelta(seconds=1), MONTH + timedelta(seconds=1), 2),
            (MONTH + DAY, MONTH + 2 * DAY, 2),
        ],
    )
    def test_the_month_runs_again_with_a_day_at_least(self, at: datetime, due: datetime, episode: int) -> None:
        before = matter()
        after = extension.reject_extension(extension.apply_extension(before, AT, PLAN, BOOK), at, BOOK)
        month = life.add(Life("major", T), Obligation("NM", due, at, episode=episode), BOOK).obligations[0]
        assert after == replace(before, obligations=(*before.obligations[:-1], month))

    def test_of_a_revision_nothing_moves(self) -> None:
        before = steering.follow_up(matter(), T + DAY, BOOK)
        assert extension.reject_extension(extension.apply_extension(before, AT, PLAN, BOOK), AT, BOOK) == before
