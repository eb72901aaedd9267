"""The cursor under any sequence of ticks: nothing twice, nothing lost that must not be, one catch-up (A10, A43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import workdays
from bot.rules import ladder
from bot.rules.calendar import DAY, SHANGHAI
from bot.rules.ladder import Notice, Rung
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

MANY = settings(max_examples=150, deadline=None, derandomize=True, database=None)
DAYS = workdays.calendar()
MINUTE = timedelta(minutes=1)

DUE = st.integers(0, 3 * 1440).map(lambda minutes: datetime(2026, 3, 10, tzinfo=SHANGHAI) + minutes * MINUTE)
OWED = st.builds(
    lambda name, due, back: Obligation(name, due, due - back * MINUTE),
    st.sampled_from(["N1", "N3", "N7", "NM", "CUSTOM", "REWORK"]),
    DUE,
    st.one_of(st.just(5 * 1440), st.integers(-2880, 5 * 1440)),
)
RULES = st.builds(
    Ruleset,
    quiet_mode=st.sampled_from(["off", "defer"]),
    quiet_hours=st.sampled_from(["22:00-08:00", "12:00-13:30", "23:00-00:30", "19:10-09:05"]),
    min_gap_minutes=st.sampled_from([0, 90, 300]),
    urge_first=st.sampled_from(["after_interval", "at_deadline"]),
    catch_up_after_minutes=st.integers(0, 90),
    catch_up=st.sampled_from(["latest", "gap"]),
)


def ride(owed: Obligation, ticks: list[datetime], rules: Ruleset) -> list[tuple[datetime, Notice]]:
    """Every notice with the tick it left at; each advance is asked twice, as two replicas would."""
    row, sent = ladder.plan(owed, rules, DAYS), []
    for now in ticks:
        while True:
            notice, after = ladder.advance(row, now, rules, DAYS)
            assert ladder.advance(row, now, rules, DAYS) == (notice, after)
            moved, row = after != row, after
            if notice:
                sent.append((now, notice))
            if not moved:
                break
    return sent


def steady(owed: Obligation, steps: list[int]) -> list[datetime]:
    """Ticks by the given steps in minutes, over and over, until long after the ladder's end."""
    assert owed.due_at
    now, ticks, turn = min(owed.planned_at, owed.due_at - 5 * DAY), [], 0
    while now < owed.due_at + 6 * DAY:
        ticks.append(now)
        now += steps[turn % len(steps)] * MINUTE
        turn += 1
    return ticks + [now + hour * 60 * MINUTE for hour in range(25)]  # whatever the nights are, one tick is awake


def around(owed: Obligation, rules: Ruleset, began: datetime, ended: datetime) -> list[datetime]:
    """A tick at every rung outside [began, ended), at the outage's end and at the end of a night it ends in."""
    night = ladder.quiet_window(ended, rules)
    ticks = {rung.at for rung in ladder.rungs(owed, rules, DAYS)} | {ended, night[1] if night else ended}
    return sorted(now for now in ticks if not began <= now < ended)


def ahead(owed: Obligation, rules: Ruleset) -> list[Rung]:
    return [rung for rung in ladder.rungs(owed, rules, DAYS) if rung.at >= owed.planned_at]


@given(owed=OWED, rules=RULES, steps=st.lists(st.integers(1, 2000), min_size=1, max_size=30))
@MANY
def test_no_rung_goes_out_twice_and_supervise_is_never_lost(owed: Obligation, rules: Ruleset, steps: list[int]) -> None:
    sent = [notice for _, notice in ride(owed, steady(owed, steps), rules)]
    rungs = [notice.rung for notice in sent]
    assert len(set(rungs)) == len(rungs)
    assert set(rungs) <= set(ahead(owed, rules))
    assert [rung.at for rung in rungs] == sorted(rung.at for rung in rungs)
    expected = [rung for rung in ahead(owed, rules) if rung.kind == "supervise"]
    assert [rung for rung in rungs if rung.kind == "supervise"] == expected


@given(owed=OWED, rules=RULES, data=st.data())
@MANY
def test_any_ticks_close_enough_give_the_whole_ladder(owed: Obligation, rules: Ruleset, data: st.DataObject) -> None:
    limit = max(1, rules.catch_up_after_minutes)
    steps = data.draw(st.lists(st.integers(1, limit), min_size=1, max_size=9))
    if rules.catch_up_after_minutes == 0:
        steps = [1]
    sent = ride(owed, steady(owed, steps), rules)
    assert [notice.rung for _, notice in sent] == ahead(owed, rules)
    assert not any(notice.caught_up for _, notice in sent)


@given(owed=OWED, rules=RULES, down=st.integers(0, 6 * 1440), length=st.integers(1, 5 * 1440))
@MANY
def test_one_catch_up_stands_for_all_that_was_missed(owed: Obligation, rules: Ruleset, down: int, length: int) -> None:
    assert owed.due_at
    rules = replace(rules, catch_up="latest")
    began = owed.due_at - 3 * DAY + down * MINUTE
    ended = began + length * MINUTE
    sent = ride(owed, around(owed, rules, began, ended), rules)
    caught = [(now, notice) for now, notice in sent if notice.caught_up]
    late = timedelta(minutes=rules.catch_up_after_minutes)
    missed = [rung for rung in ahead(owed, rules) if began <= rung.at < ended - late]
    assert len(caught) == bool(missed)
    if not caught:
        assert [notice.rung for _, notice in sent] == ahead(owed, rules)
        return
    now, notice = caught[0]
    night = ladder.quiet_window(ended, rules)
    assert now == (night[1] if night else ended)
    held = [rung for rung in ahead(owed, rules) if began <= rung.at <= now]
    worst = max(held, key=lambda rung: (["remind", "urge", "supervise"].index(rung.kind), rung.seq))
    assert notice.rung == worst
    rest = [rung for rung in ahead(owed, rules) if rung.at > now]
    kept = [rung for rung in rest if rung.at >= now + rules.gap or rung.kind == "supervise"]
    assert [each.rung for _, each in sent if each.rung.at > now] == kept


@given(owed=OWED, rules=RULES, down=st.integers(0, 6 * 1440), length=st.integers(1, 5 * 1440))
@MANY
def test_gap_leaves_what_was_missed_unsent(owed: Obligation, rules: Ruleset, down: int, length: int) -> None:
    """The other reading of A43: nothing stands for missed reminders and urges, no later one is dropped."""
    assert owed.due_at
    rules = replace(rules, catch_up="gap", quiet_mode="off")
    began = owed.due_at - 3 * DAY + down * MINUTE
    ended = began + length * MINUTE
    sent = ride(owed, around(owed, rules, began, ended), rules)
    late = timedelta(minutes=rules.catch_up_after_minutes)
    missed = [rung for rung in ahead(owed, rules) if began <= rung.at < ended - late]
    swallowed = [rung for rung in ahead(owed, rules) if missed and began <= rung.at <= ended]
    lost = [rung for rung in swallowed if rung.kind != "supervise"]
    assert [notice.rung for _, notice in sent] == [rung for rung in ahead(owed, rules) if rung not in lost]


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 10, hour, minute, tzinfo=SHANGHAI)


def test_a_quarter_of_an_hour_late_is_in_time_a_minute_more_is_missed() -> None:
    owed = ladder.plan(Obligation("N1", at(9), at(9)), Ruleset(), DAYS)
    assert owed.next_notice_at == at(12)
    assert ladder.advance(owed, at(11, 59), Ruleset(), DAYS) == (None, owed)
    notice, after = ladder.advance(owed, at(12, 15), Ruleset(), DAYS)
    assert notice == Notice(owed, Rung(at(12), "urge", 1))
    assert (after.next_notice_at, after.caught_up_at) == (at(15), None)
    notice, after = ladder.advance(owed, at(12, 16), Ruleset(), DAYS)
    assert notice == Notice(owed, Rung(at(12), "urge", 1), caught_up=True)
    assert (after.next_notice_at, after.caught_up_at) == (at(15), at(12, 16))


@pytest.mark.requirement("A37", "A43", "A44")
def test_a_catch_up_stands_for_all_that_was_missed_or_dropped() -> None:
    owed = ladder.plan(Obligation("N1", at(9), at(9)), Ruleset(), DAYS)
    notice, after = ladder.advance(owed, at(9) + timedelta(hours=25), Ruleset(), DAYS)
    assert notice is not None
    assert (notice.rung.seq, notice.rung.marks) == (8, {ladder.FIRST, ladder.SECOND_DAY})
    notice, _ = ladder.advance(after, at(9) + timedelta(hours=28), Ruleset(), DAYS)
    assert notice is not None
    assert (notice.rung.seq, notice.rung.marks) == (10, frozenset())


def test_a_rung_ninety_minutes_after_the_catch_up_goes_out_a_minute_less_does_not() -> None:
    owed = ladder.plan(Obligation("N1", at(9), at(9)), Ruleset(), DAYS)
    assert ladder.advance(owed, at(13, 30), Ruleset(), DAYS)[1].next_notice_at == at(15)
    assert ladder.advance(owed, at(13, 31), Ruleset(), DAYS)[1].next_notice_at == at(18)


def test_the_initiation_is_told_at_night_after_an_outage() -> None:
    rules = Ruleset(quiet_mode="defer")
    owed = ladder.plan(Obligation("MATTER", None, at(9)), rules, DAYS)
    notice, after = ladder.advance(owed, at(23), rules, DAYS)
    assert notice is not None
    assert (notice.rung.kind, after.next_notice_at) == ("initiate", None)


def test_planning_begins_with_what_is_due_at_the_very_instant() -> None:
    owed = Obligation("N1", at(9), at(4))
    assert ladder.plan(owed, Ruleset(), DAYS).next_notice_at == at(4)
    assert ladder.plan(replace(owed, planned_at=at(4, 1)), Ruleset(), DAYS).next_notice_at == at(12)
    for done in (replace(owed, ended="met"), replace(owed, paused_by="completion")):
        assert ladder.plan(done, Ruleset(), DAYS).next_notice_at is None
