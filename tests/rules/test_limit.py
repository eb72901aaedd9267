"""A leader's date (限期): beside the nodes, answered by words, urged, never scored (A57)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.rules import completion, extension, forecast, ladder, life, proxy, report, scoring, simulate, steering
from bot.rules.calendar import SHANGHAI, Calendar
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

pytestmark = pytest.mark.requirement("A57")

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOOK = Book(Ruleset(), Calendar())


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+08:00")


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def matter(category: str = "general", due_on: date | None = None, book: Book = BOOK) -> Life:
    return life.initiate(category, T, due_on, book)


def limited(until: str, *more: str, when: str = "03-02 10:00", book: Book = BOOK, category: str = "general") -> Life:
    current = matter(category, book=book)
    for each in (until, *more):
        current = steering.limit(current, day(each), at(when), book)
    return current


def limits(current: Life) -> list[Obligation]:
    return [owed for owed in current.obligations if owed.is_limit]


def open_(current: Life) -> list[str]:
    return [owed.address for owed in current.obligations if owed.due_at and not owed.ended and not owed.paused_by]


def refused(verb, *arguments: object) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(*arguments)
    return str(refusal.value)


class TestSet:
    def test_it_stands_beside_the_nodes(self) -> None:
        before, after = matter(), limited("03-20")
        assert after.obligations[: len(before.obligations)] == before.obligations
        (owed,) = limits(after)
        assert (owed.name, owed.ordinal, owed.due_at, owed.origin) == ("CUSTOM", 0, at("03-21 00:00"), "leader")
        assert (owed.label, owed.address, owed.takes_feedback) == ("LIMIT", "CUSTOM2026-03-20", True)
        rungs = ladder.rungs(owed, BOOK.rules, BOOK.days)
        assert [(rung.kind, rung.at) for rung in rungs[:2]] == [
            ("remind", at("03-20 00:00")),
            ("urge", at("03-21 03:00")),
        ]
        assert (len(rungs), rungs[-1].kind, rungs[-1].at) == (21, "supervise", at("03-23 00:00"))

    def test_several_on_one_matter_each_day_once(self) -> None:
        twice = limited("03-20", "03-12")
        assert [(owed.ordinal, owed.address) for owed in limits(twice)] == [
            (0, "CUSTOM2026-03-20"),
            (1, "CUSTOM2026-03-12"),
        ]
        found = twice.limit()
        assert found
        assert found.address == "CUSTOM2026-03-12"
        assert refused(steering.limit, twice, day("03-20"), at("03-03 10:00"), BOOK) == "already_limited"
        met = report.feedback(twice, "CUSTOM2026-03-20", at("03-03 10:00"), BOOK)
        assert [owed.ordinal for owed in limits(steering.limit(met, day("03-20"), at("03-04 10:00"), BOOK))] == [
            0,
            1,
            2,
        ]

    def test_not_in_the_past_in_review_or_after_the_end(self) -> None:
        assert refused(steering.limit, matter(), day("03-01"), at("03-02 10:00"), BOOK) == "limit_past"
        assert refused(steering.limit, matter(), day("03-02"), at("03-03 00:00"), BOOK) == "limit_past"
        assert limits(steering.limit(matter(), day("03-02"), at("03-02 23:59"), BOOK))
        review = completion.apply_completion(matter(), at("03-02 10:00"), BOOK)
        assert refused(steering.limit, review, day("03-20"), at("03-02 11:00"), BOOK) == "in_review"
        rework = completion.send_back(review, at("03-02 12:00"), BOOK)
        assert limits(steering.limit(rework, day("03-20"), at("03-02 13:00"), BOOK))
        closed = completion.accept(review, at("03-02 12:00"))
        assert refused(steering.limit, closed, day("03-20"), at("03-02 13:00"), BOOK) == "closed"

    def test_it_is_no_back_stop(self) -> None:
        """An extension is about NM or the own date; a leader's is neither suspended nor settled by it."""
        own = Book(Ruleset(month_backstop=False), Calendar())
        bare = limited("03-20", book=own)
        assert bare.find("CUSTOM") is None
        assert bare.main() is None
        current = limited("03-20", category="major")
        waits = extension.apply_extension(current, at("03-03 10:00"), day("05-30"), BOOK)
        assert limits(waits) == limits(current)
        done = extension.approve_extension(waits, at("03-03 11:00"), BOOK)
        assert limits(done) == limits(current)
        plan = done.find("CUSTOM")
        assert plan
        assert (plan.origin, plan.ordinal) == ("plan", 1)

    def test_it_goes_with_the_matter_to_another_unit(self) -> None:
        moved = steering.reassign(limited("03-20"), at("03-04 10:00"), BOOK)
        (old, new) = limits(moved)
        assert (old.ended, new.ended) == ("void", "")
        assert (new.origin, new.due_at) == ("leader", at("03-21 00:00"))

    def test_it_shows_in_the_forecast(self) -> None:
        assert "LIMIT" in [each.name for each in forecast.ahead(limited("03-20"), at("03-02 11:00"), BOOK)]


class TestAnswered:
    def test_by_a_report_that_names_it(self) -> None:
        after = report.feedback(limited("03-20"), "CUSTOM", at("03-02 11:00"), BOOK)
        (owed,) = limits(after)
        assert (owed.ended, owed.met_at, owed.late) == ("met", at("03-02 11:00"), False)
        assert after.filed == ("N1", at("03-02 11:00"))  # due within the day, so it is served
        assert open_(after) == ["N3", "N7", "NM"]  # due before the 20th, and not served for that

    def test_the_one_named_or_the_one_due_first(self) -> None:
        two = limited("03-20", "03-03")
        first = report.feedback(two, "CUSTOM", at("03-02 11:00"), BOOK)
        assert open_(first) == ["N3", "N7", "NM", "CUSTOM2026-03-20"]
        later = report.feedback(two, "CUSTOM2026-03-20", at("03-02 11:00"), BOOK)
        assert open_(later) == ["N3", "N7", "NM", "CUSTOM2026-03-03"]
        assert report.feedback(two, "CUSTOM2026-03-21", at("03-02 11:00"), BOOK) == two

    @pytest.mark.parametrize(
        ("until", "answered", "left"),
        [
            ("03-04", "03-04 09:00", ["N7", "NM"]),  # N3 is due on the 5th at 09:00, exactly 24 hours later
            ("03-04", "03-04 08:59", ["N3", "N7", "NM"]),
            ("03-05", "03-03 10:00", ["N3", "N7", "NM"]),  # due before the date, and not within the day
            ("03-04", "03-06 10:00", ["N7", "NM"]),  # late itself: N3, late too, is the next one
            ("03-07", "03-08 09:00", ["NM"]),  # N3 is late and settled, N7 is the next one
            ("03-07", "03-08 08:59", ["N7", "NM"]),
            ("03-04", "03-09 10:00", ["N7", "NM"]),  # both are late, N3 is the next one
        ],
    )
    def test_it_serves_the_next_open_node_when_that_is_due_within_a_day(
        self, until: str, answered: str, left: list[str]
    ) -> None:
        current = report.feedback(limited(until), "N1", at("03-02 11:00"), BOOK)
        assert open_(report.feedback(current, "CUSTOM", at(answered), BOOK)) == left

    def test_it_never_serves_what_needs_more_or_has_not_begun(self) -> None:
        """NM within the day needs a completion, N7 too where the house says so; a month that has not begun is none."""
        late = limited("04-01", when="03-31 10:00")
        late = report.feedback(late, "N7", at("03-31 11:00"), BOOK)
        assert open_(report.feedback(late, "CUSTOM", at("04-01 20:00"), BOOK)) == ["NM"]
        strict = Book(Ruleset(n7_needs="completion"), Calendar())
        current = report.feedback(limited("03-08", book=strict), "N3", at("03-04 10:00"), strict)
        assert open_(report.feedback(current, "CUSTOM", at("03-08 20:00"), strict)) == ["N7", "NM"]
        major = report.feedback(limited("03-08", book=strict, category="major"), "N3", at("03-04 10:00"), strict)
        assert open_(report.feedback(major, "CUSTOM", at("03-08 20:00"), strict)) == ["NM"]

    def test_a_week_due_within_the_day(self) -> None:
        follows = steering.follow_up(limited("03-11"), at("03-03 10:00"), BOOK)
        follows = report.feedback(follows, "N7", at("03-03 11:00"), BOOK)
        week = "W2026-03-12"
        assert week in open_(follows)
        assert week not in open_(report.feedback(follows, "CUSTOM", at("03-12 00:00"), BOOK))
        assert week in open_(report.feedback(follows, "CUSTOM", at("03-11 23:59"), BOOK))

    def test_what_is_late_is_settled_by_what_is_due_after_it(self) -> None:
        current = limited("03-04", "03-20")
        assert open_(report.feedback(current, "N3", at("03-05 10:00"), BOOK)) == ["N7", "NM", "CUSTOM2026-03-20"]
        assert "CUSTOM2026-03-04" in open_(report.feedback(current, "N3", at("03-05 00:00"), BOOK))  # not late yet
        assert "CUSTOM2026-03-20" in open_(report.feedback(current, "NM", at("03-21 10:00"), BOOK))
        # N1 and the date of the 4th are late; N3, due on the 5th, is the next one
        assert open_(report.feedback(current, "CUSTOM2026-03-20", at("03-05 08:00"), BOOK)) == ["N7", "NM"]
        apart = Book(Ruleset(late_settles_earlier=False), Calendar())
        current = limited("03-04", "03-20", book=apart)
        kept = report.feedback(current, "N3", at("03-05 10:00"), apart)
        assert open_(kept) == ["N1", "N7", "NM", "CUSTOM2026-03-04", "CUSTOM2026-03-20"]
        alone = report.feedback(current, "CUSTOM2026-03-20", at("03-05 08:00"), apart)
        assert open_(alone) == ["N3", "N7", "NM", "CUSTOM2026-03-04"]  # N1 is the next one

    def test_progress_on_a_date_that_needs_more_leaves_it(self) -> None:
        current = steering.limit(matter(due_on=day("03-25")), day("03-20"), at("03-02 10:00"), BOOK)
        assert "CUSTOM2026-03-20" in open_(report.feedback(current, "NM", at("03-03 10:00"), BOOK))
        met = report.feedback(current, "CUSTOM", at("03-03 10:00"), BOOK)
        assert open_(met) == ["N3", "N7", "CUSTOM"]  # the matter's own date waits for a completion
        again = report.feedback(met, "CUSTOM", at("03-04 10:00"), BOOK)
        assert open_(again) == ["CUSTOM"]
        assert again.filed == ("CUSTOM", at("03-04 10:00"))

    def test_a_completion_and_its_return(self) -> None:
        current = limited("03-03", "03-20")
        applied = completion.apply_completion(current, at("03-10 10:00"), BOOK)
        assert open_(applied) == []
        void = completion.send_back(applied, at("03-11 10:00"), BOOK, not_done=True)
        first, second = limits(void)
        assert (first.due_at, first.origin) == (at("03-12 10:00"), "leader")
        assert (second.due_at, second.origin) == (at("03-21 00:00"), "leader")
        assert ladder.rungs(first, BOOK.rules, BOOK.days)[0].at == at("03-11 10:00")
        done = completion.accept(applied, at("03-11 10:00"))
        assert {owed.ended for owed in limits(done)} == {"met"}

    def test_progress_on_the_month_closes_a_node_that_came_back_after_it(self) -> None:
        back = completion.send_back(report.feedback(matter(), "N7", at("04-10 10:00"), BOOK), at("04-10 11:00"), BOOK)
        assert open_(back) == ["N7", "NM"]
        assert open_(report.feedback(back, "NM", at("04-10 12:00"), BOOK)) == ["NM"]

    def test_returned_it_keeps_costing_nothing(self) -> None:
        answered = report.feedback(limited("03-02"), "CUSTOM", at("03-02 11:00"), BOOK)
        assert answered.filed == ("N1", at("03-02 11:00"))  # N1 is due within the day
        alone = report.feedback(
            report.feedback(limited("03-02"), "N1", at("03-02 10:30"), BOOK), "CUSTOM", at("03-02 11:00"), BOOK
        )
        assert alone.filed == ("CUSTOM", at("03-02 11:00"))
        found = alone.answered()
        assert found
        assert found.is_limit
        back = completion.send_back(alone, at("03-02 12:00"), BOOK)
        (owed,) = limits(back)
        assert (owed.due_at, owed.origin, owed.episode, owed.ended) == (at("03-03 12:00"), "limit_back", 2, "")
        assert (owed.is_limit, owed.label, owed.address) == (True, "LIMIT", "CUSTOM2026-03-03")
        assert ladder.rungs(owed, BOOK.rules, BOOK.days)[0].at == at("03-03 07:00")
        assert scoring.overdue(back, at("03-09 12:00")) == scoring.overdue(matter(), at("03-09 12:00"))[1:]

    def test_taken_back_it_is_owed_again(self) -> None:
        answered = report.feedback(limited("03-04"), "CUSTOM", at("03-04 10:00"), BOOK)
        assert open_(answered) == ["N7", "NM"]
        assert answered.filed == ("N3", at("03-04 10:00"))
        again = report.recall(answered, at("03-04 11:00"), BOOK)
        assert open_(again) == ["N1", "N3", "N7", "NM", "CUSTOM2026-03-04"]

    def test_written_down_later(self) -> None:
        current = limited("03-03")
        filed = proxy.file_for(current, "CUSTOM", at("03-03 08:00"), BOOK)
        assert "CUSTOM2026-03-03" not in open_(filed)
        late = report.feedback(current, "CUSTOM2026-03-03", at("03-05 08:00"), BOOK)
        earlier = proxy.file_for(late, "CUSTOM2026-03-03", at("03-03 08:00"), BOOK)
        assert (limits(earlier)[0].met_at, limits(earlier)[0].late) == (at("03-03 08:00"), False)
        assert (
            refused(proxy.file_for, matter(due_on=day("03-20")), "CUSTOM", at("03-03 08:00"), BOOK) == "nothing_to_file"
        )


def play(*inputs: tuple[str, str, dict[str, str]], until: str = "03-30 00:00") -> dict:
    events = [{"at": T.isoformat(), "event": "initiate", "category": "general"}]
    events += [{"at": at(when).isoformat(), "event": event, **rest} for when, event, rest in inputs]
    return simulate.run({"inputs": events, "until": at(until).isoformat()}, BOOK.rules, BOOK.days)


class TestScored:
    FILED = (("03-02 10:00", "feedback", {"node": "N7"}),)
    LIMIT = ("03-02 11:00", "limit", {"deadline": "2026-03-05"})

    def test_never_though_it_is_urged_and_supervised(self) -> None:
        told = play(*self.FILED, self.LIMIT)
        kinds = [each["kind"] for each in told["notices"] if each["obligation"] == "CUSTOM"]
        assert kinds == ["remind"] + ["urge"] * 19 + ["supervise"]
        assert told["deadlines"]["CUSTOM"] == "2026-03-06T00:00:00+08:00"
        assert told["score"] == {"items": {}, "total": "0.0"}

    def test_neither_its_return_nor_its_grade(self) -> None:
        answered = (*self.FILED, self.LIMIT, ("03-04 10:00", "feedback", {"node": "CUSTOM"}))
        for event in (("return", {}), ("accept", {"grade": "fail"})):
            told = play(*answered, ("03-04 11:00", *event))
            assert told["score"] == {"items": {}, "total": "0.0"}
            assert "refused" not in told

    def test_what_it_served_is_scored_as_ever(self) -> None:
        served = (self.LIMIT, ("03-04 10:00", "feedback", {"node": "CUSTOM"}), ("03-04 11:00", "return", {}))
        assert play(*served, until="03-04 12:00")["score"]["items"]["returned"] == 1
        done = (*self.FILED, self.LIMIT, ("03-04 10:00", "apply_completion", {}), ("03-04 11:00", "return", {}))
        assert play(*done, until="03-04 12:00")["score"]["items"] == {"returned": 1}

    def test_its_date_is_asked_for(self) -> None:
        with pytest.raises(ValueError, match="a limit needs its deadline"):
            play(("03-02 11:00", "limit", {}))
        assert play(("03-02 11:00", "limit", {"deadline": "2026-03-01"}))["refused"][0]["why"] == "limit_past"
