"""Corners of a matter's life that were once wrong, or read in two ways; each with its number in the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot import workdays
from bot.rules import completion, extension, life, report, ruleset, simulate
from bot.rules.calendar import SHANGHAI
from bot.rules.life import Book, Life, Refusal
from bot.rules.ruleset import Ruleset

DAYS = workdays.calendar()
BOOK = Book(Ruleset(), DAYS)
Step = tuple[str, str] | tuple[str, str, dict[str, Any]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def play(*steps: Step, until: str = "04-01T00:00", **config: Any) -> dict[str, Any]:
    inputs = [
        {"at": at(step[0]).isoformat(), "event": step[1], **(step[2] if len(step) > 2 else {})}  # type: ignore[misc]
        for step in steps
    ]
    return simulate.run({"inputs": inputs, "until": at(until).isoformat()}, ruleset.parse(config), DAYS)


GENERAL: Step = ("03-02T09:00", "initiate", {"category": "general"})
MAJOR: Step = ("03-02T09:00", "initiate", {"category": "major"})


def started(category: str = "major", due_on: date | None = None) -> Life:
    return life.initiate(category, at("03-02T09:00"), due_on, BOOK)


def names(current: Life, ended: str = "") -> set[str]:
    return {owed.name for owed in current.obligations if owed.ended == ended}


def test_rework_is_answered_by_an_application_alone() -> None:
    """A feedback that names it is a supplement: there is nothing in it to return (A79, A80)."""
    steps: list[Step] = [GENERAL, ("03-02T10:00", "apply_completion"), ("03-02T11:00", "return")]
    named: Step = ("03-02T12:00", "feedback", {"node": "REWORK"})
    got = play(*steps, named, ("03-02T13:00", "return"), until="03-02T14:00")
    assert got["score"]["items"] == {"returned": 1}
    assert [one["why"] for one in got["refused"]] == ["nothing_to_return"]


def test_a_second_return_counts_from_the_first() -> None:
    """The earliest D open at the second application is REWORK's, though older ones lie at rest (A17, A85)."""
    first: list[Step] = [MAJOR, ("03-03T08:00", "apply_extension"), ("03-03T08:30", "apply_completion")]
    again: list[Step] = [("03-04T09:00", "return"), ("03-05T09:00", "apply_completion"), ("03-06T09:00", "return")]
    got = play(*first, *again, until="03-06T10:00")
    assert got["deadlines"]["REWORK"] == got["deadlines"]["NM"] == at("04-02T09:00").isoformat()


def test_what_remained_of_rework_is_what_remains() -> None:
    first: list[Step] = [GENERAL, ("03-03T08:00", "apply_completion"), ("03-04T09:00", "return")]
    got = play(*first, ("03-04T09:30", "apply_completion"), ("03-10T12:00", "return"), rework_clock="remaining")
    assert got["deadlines"]["REWORK"] == at("03-10T12:30").isoformat()


@pytest.mark.parametrize(("category", "late"), [("general", {"overdue": 1}), ("major", None)])
def test_only_a_general_matter_must_be_solved_in_seven_days(category: str, late: dict[str, int] | None) -> None:
    start: Step = ("03-02T09:00", "initiate", {"category": category})
    reported: Step = ("03-03T08:00", "feedback", {"node": "N7"})
    got = play(start, reported, until="03-09T09:01", n7_needs="completion", month_backstop=False)
    assert got["score"]["items"] == (late or {})


def test_the_initiation_is_told_even_when_all_is_over() -> None:
    """Never skipped (R31, A43): the outage lasts longer than the matter."""
    over: list[Step] = [("03-02T10:00", "apply_completion"), ("03-02T11:00", "accept", {"grade": "good"})]
    got = play(("03-02T08:00", "scheduler_down"), GENERAL, *over, ("03-02T12:00", "scheduler_up"))
    assert got["notices"] == [{"at": at("03-02T12:00").isoformat(), "kind": "initiate", "obligation": "MATTER"}]


def test_weeks_that_passed_in_an_outage_are_late_like_any_other() -> None:
    steps: list[Step] = [MAJOR, ("03-02T10:00", "apply_extension"), ("03-02T11:00", "approve_extension")]
    report_: Step = ("03-02T12:00", "feedback", {"node": "N7"})
    done: Step = ("03-28T09:00", "apply_completion")
    got = play(*steps, report_, ("03-02T13:00", "scheduler_down"), done, until="03-28T09:00")
    assert got["score"]["items"] == {"overdue": 3}


def test_an_obligation_is_graded_once() -> None:
    told: list[Step] = [
        MAJOR,
        ("03-03T08:00", "feedback", {"node": "NM"}),
        ("03-03T09:00", "accept", {"grade": "good"}),
    ]
    again: list[Step] = [
        ("03-04T08:00", "feedback", {"node": "NM"}),
        ("03-04T09:00", "accept", {"grade": "excellent"}),
    ]
    assert "excellent" not in play(*told, *again, until="03-04T10:00")["score"]["items"]


def test_who_reports_on_being_reminded_before_a_holiday_has_reported() -> None:
    """W2026-02-19 is reminded of on Saturday 02-14, a working day, and may be met from then on (A23, A28)."""
    start: Step = ("02-09T09:00", "initiate", {"category": "major"})
    steps: list[Step] = [start, ("02-09T10:00", "apply_extension"), ("02-09T11:00", "approve_extension")]
    met: list[Step] = [
        ("02-09T12:00", "feedback", {"node": "N7"}),
        ("02-14T09:01", "feedback", {"node": "W2026-02-19"}),
    ]
    early: list[Step] = [met[0], ("02-14T08:59", "feedback", {"node": "W2026-02-19"})]
    assert play(*steps, *met, until="02-25T12:00")["score"]["items"] == {}
    assert play(*steps, *early, until="02-25T12:00")["score"]["items"] == {"overdue": 1, "urge_episode": 1}


def test_a_return_is_possible_for_five_working_days() -> None:
    filed = report.feedback(started(), "N1", at("03-02T10:00"), BOOK)
    back = completion.send_back(filed, at("03-10T00:00"), BOOK)
    owed = back.find("N1")
    assert owed is not None
    assert (owed.due_at, owed.origin, owed.episode, back.filed) == (at("03-11T00:00"), "return", 2, None)
    with pytest.raises(Refusal, match="return_too_late"):
        completion.send_back(filed, at("03-10T00:01"), BOOK)
    with pytest.raises(Refusal, match="nothing_to_return"):
        completion.send_back(back, at("03-10T00:00"), BOOK)


def test_the_cut_off_of_an_extension() -> None:
    in_time = extension.apply_extension(started(), at("04-01T00:00"), None, BOOK)
    assert in_time.extension_at == at("04-01T00:00")
    with pytest.raises(Refusal, match="extension_too_late"):
        extension.apply_extension(started(), at("04-01T00:01"), None, BOOK)
    late = extension.apply_extension(started(), at("04-01T00:01"), None, BOOK, override=True)
    with pytest.raises(Refusal, match="already_applied"):
        extension.apply_extension(late, at("04-01T00:02"), None, BOOK)


@pytest.mark.parametrize(("grace", "due"), [(0, "04-03T10:00"), (12, "04-03T22:00")])
def test_a_refusal_leaves_a_day(grace: int, due: str) -> None:
    book = Book(Ruleset(extension_grace_hours=grace), DAYS)
    asked = extension.apply_extension(started(), at("03-31T10:00"), None, book)
    again = extension.reject_extension(asked, at("04-02T10:00"), book).find("NM")
    assert again is not None
    assert (again.due_at, again.paused_by, again.episode) == (at(due), "", 2)


def test_an_approved_extension_settles_the_month_and_the_own_date() -> None:
    asked = extension.apply_extension(started("general", date(2026, 3, 20)), at("03-10T10:00"), date(2026, 4, 20), BOOK)
    agreed = extension.approve_extension(asked, at("03-11T10:00"), BOOK)
    assert agreed.state == "follow_up"
    assert agreed.category == "major"
    assert names(agreed, "settled") == {"CUSTOM"}
    assert names(agreed) == {"MATTER", "N1", "N3", "N7", "W2026-03-19", "CUSTOM"}


@pytest.mark.parametrize(
    ("do", "why"),
    [
        (lambda it: completion.accept(it, at("03-03T10:00")), "nothing_to_accept"),
        (lambda it: completion.review(it), "nothing_to_accept"),
        (lambda it: completion.send_back(it, at("03-03T10:00"), BOOK), "nothing_to_return"),
        (lambda it: extension.approve_extension(it, at("03-03T10:00"), BOOK), "nothing_to_approve"),
        (lambda it: extension.reject_extension(it, at("03-03T10:00"), BOOK), "nothing_to_reject"),
    ],
)
def test_what_nobody_asked_for_is_refused(do: Any, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        do(started())


@pytest.mark.parametrize(
    ("days", "excellent"),
    [(("02-10", "03-31"), 1), (("03-31", "04-10"), 2), (("01-20", "03-31"), 1)],
)
def test_a_series_is_graded_once_a_quarter(days: tuple[str, str], excellent: int) -> None:
    steps: list[Step] = [("01-05T09:00", "initiate", {"category": "monthly"})]
    for day in days:
        steps.append((f"{day}T09:00", "feedback", {"node": f"M2026-{day[:2]}"}))
        steps.append((f"{day}T10:00", "accept", {"grade": "excellent"}))
    assert play(*steps, until="04-11T00:00")["score"]["items"]["excellent"] == excellent


def test_the_first_node_is_never_graded() -> None:
    told: Step = ("03-02T10:00", "feedback", {"node": "N1"})
    got = play(GENERAL, told, ("03-02T11:00", "accept", {"grade": "excellent"}), until="03-02T12:00")
    assert got["score"]["items"] == {}


def test_an_application_leaves_no_feedback_to_return_and_no_proposal() -> None:
    filed = replace(report.feedback(started(), "N1", at("03-02T10:00"), BOOK), proposal_open=True)
    applied = completion.apply_completion(filed, at("03-02T11:00"), BOOK)
    assert not applied.proposal_open
    void = completion.send_back(applied, at("03-02T12:00"), BOOK, not_done=True)
    with pytest.raises(Refusal, match="nothing_to_return"):
        completion.send_back(void, at("03-02T13:00"), BOOK)


def test_progress_on_an_own_date_serves_the_nodes_due_by_then() -> None:
    current = life.initiate("general", at("03-02T00:00"), date(2026, 3, 4), BOOK)
    told = report.feedback(current, "CUSTOM", at("03-02T10:00"), BOOK)
    assert names(told, "met") == {"N1", "N3"}


def test_a_deadline_that_stays_keeps_its_episode() -> None:
    applied = completion.apply_completion(started(), at("03-02T11:00"), BOOK)
    void = completion.send_back(applied, at("03-02T12:00"), BOOK, not_done=True)
    episodes = {owed.name: owed.episode for owed in void.obligations}
    assert episodes == {"MATTER": 1, "N1": 2, "N3": 1, "N7": 1, "NM": 1}


def test_what_rests_rests_since_it_was_laid_to_rest() -> None:
    applied = completion.apply_completion(started(), at("03-02T11:00"), BOOK)
    again = completion.apply_completion(completion.send_back(applied, at("03-02T12:00"), BOOK), at("03-02T13:00"), BOOK)
    seven = again.find("N7")
    assert seven is not None
    assert seven.paused_at == at("03-02T11:00")


@pytest.mark.parametrize(("woken", "void"), [("03-12T23:59", set()), ("03-13T00:00", {"W2026-03-12"})])
def test_a_week_is_owed_again_while_its_deadline_is_ahead(woken: str, void: set[str]) -> None:
    """REWORK is supervised when W2026-03-12 is nearly due, and when it is just due (A47, A79)."""
    asked = extension.apply_extension(started(), at("03-03T10:00"), None, BOOK)
    follow_up = extension.approve_extension(asked, at("03-03T11:00"), BOOK)
    applied = completion.apply_completion(follow_up, at("03-09T10:00"), BOOK)
    rework = completion.send_back(applied, at("03-09T11:00"), BOOK)
    assert names(completion.wake_periods(rework, at(woken), BOOK), "void") == void


@pytest.mark.parametrize(("reading", "met"), [("completion", False), ("feedback", True)])
def test_what_meets_the_month(reading: str, met: bool) -> None:
    told = report.feedback(started(), "NM", at("03-03T10:00"), Book(Ruleset(nm_met_by=reading), DAYS))
    assert ("NM" in names(told, "met")) is met


@pytest.mark.parametrize(("applied", "due"), [("03-08T23:59", "03-11T10:00"), ("03-09T00:00", "03-13T00:00")])
def test_a_week_counts_from_its_first_instant(applied: str, due: str) -> None:
    """What was open at the application gives REWORK its D: the week from Monday 00:00, not a minute before (A17)."""
    asked = extension.apply_extension(started(), at("03-03T10:00"), None, BOOK)
    follow_up = extension.approve_extension(asked, at("03-03T11:00"), BOOK)
    told = report.feedback(follow_up, "N7", at("03-03T12:00"), BOOK)
    back = completion.send_back(completion.apply_completion(told, at(applied), BOOK), at("03-10T10:00"), BOOK)
    rework = back.find("REWORK")
    assert rework is not None
    assert rework.due_at == at(due)


@pytest.mark.parametrize(("settles", "met"), [(True, {"N1", "N3"}), (False, {"N3"})])
def test_whether_a_later_answer_settles_the_earlier(settles: bool, met: set[str]) -> None:
    book = Book(Ruleset(late_settles_earlier=settles), DAYS)
    assert names(report.feedback(started(), "N3", at("03-04T10:00"), book), "met") == met


@pytest.mark.parametrize(("filed", "late"), [("03-03T09:00", False), ("03-03T09:01", True)])
def test_an_answer_at_the_deadline_is_in_time(filed: str, late: bool) -> None:
    owed = report.feedback(started(), "N1", at(filed), BOOK).find("N1", ended=True)
    assert owed is not None
    assert owed.late is late


def test_a_month_that_begins_brings_the_next_with_it() -> None:
    for moment, known in (("03-31T23:59", 2), ("04-01T00:00", 3)):
        unfolded = life.unfold(started("monthly"), at(moment), BOOK)
        assert sum(name.startswith("M2026") for name in names(unfolded)) == known


def test_nothing_moves_in_a_closed_matter() -> None:
    applied = completion.apply_completion(started(), at("03-02T10:00"), BOOK)
    with pytest.raises(Refusal, match="already_in_review"):
        completion.apply_completion(applied, at("03-02T10:01"), BOOK)
    with pytest.raises(Refusal, match="in_review"):
        extension.apply_extension(applied, at("03-02T10:01"), None, BOOK)
    closed = completion.accept(applied, at("03-02T11:00"))
    assert closed.state == "closed"
    with pytest.raises(Refusal, match="closed"):
        report.feedback(closed, "N1", at("03-02T12:00"), BOOK)
    with pytest.raises(Refusal, match="closed"):
        extension.apply_extension(closed, at("03-02T12:00"), None, BOOK)
