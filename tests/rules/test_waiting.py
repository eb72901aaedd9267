"""Where T waits for the delivery or the acceptance: what is owed meanwhile, and what begins it (A1, A45, A46, A55)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.rules import completion, extension, gaps, ladder, life, outcome, simulate, steering
from bot.rules.calendar import DAY, HOUR, SHANGHAI, Calendar
from bot.rules.ladder import Notice, Rung
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

pytestmark = pytest.mark.requirement("A1")

SENT = datetime(2026, 3, 6, 9, tzinfo=SHANGHAI)  # a Friday
T = SENT + 5 * HOUR
DAYS = Calendar()
ACCEPTANCE = Book(Ruleset(clock_start="acceptance", calendar="workday"), DAYS)
DELIVERY = Book(Ruleset(clock_start="delivery", calendar="workday"), DAYS)
DISPATCH = Book(Ruleset(calendar="workday"), DAYS)
FAR, NEAR = date(2026, 5, 30), date(2026, 3, 10)
BOOKS = pytest.mark.parametrize("book", [ACCEPTANCE, DELIVERY])


def sent(book: Book = ACCEPTANCE, category: str = "general", due_on: date | None = None) -> Life:
    return life.initiate(category, SENT, due_on, book)


def begun(category: str = "general", due_on: date | None = None, at: datetime = T) -> list[Obligation]:
    """N1… as a matter dispatched at `at` would owe them."""
    fresh = life.initiate(category, at, due_on, DISPATCH)
    return [owed for owed in fresh.obligations if owed.name not in ("MATTER", "CUSTOM")]


@BOOKS
def test_meanwhile_only_the_own_deadline_is_owed(book: Book) -> None:
    root = Obligation("MATTER", None, SENT, origin="waiting", next_notice_at=SENT)
    assert sent(book) == Life("general", SENT, (root,))
    own = life.add(Life("general", SENT), Obligation("CUSTOM", datetime(2026, 5, 31, tzinfo=SHANGHAI), SENT), book)
    assert sent(book, due_on=FAR) == Life("general", SENT, (root, *own.obligations))


@BOOKS
@pytest.mark.parametrize("category", ["general", "major", "monthly"])
@pytest.mark.parametrize("due_on", [None, NEAR, FAR])
@pytest.mark.parametrize("told", [False, True])
def test_it_begins_as_if_dispatched_then(book: Book, category: str, due_on: date | None, told: bool) -> None:
    """A far own deadline of a general matter stands in for its month (A45); a notice not gone yet goes out still."""
    before = sent(book, category, due_on)
    root, *own = before.obligations
    if told:  # its next rung would be the beginning by itself
        root = replace(root, rung=1, next_notice_at=SENT + DAY)
    after = life.begin(replace(before, obligations=(root, *own)), T, book)
    root = replace(root, origin="", next_notice_at=None if told else SENT)
    assert after == Life(category, T, (root, *own, *begun(category, due_on)))
    assert life.begin(after, T + HOUR, book) == after


@BOOKS
def test_after_the_end_nothing_new_is_owed(book: Book) -> None:
    over = steering.withdraw(sent(book, due_on=FAR), SENT + HOUR)
    root, *rest = sent(book).obligations[0], *over.obligations[1:]
    before = replace(over, obligations=(root, *rest))
    expected = (replace(root, origin=""), *rest)
    assert life.begin(before, T, book) == replace(before, initiated_at=T, obligations=expected)


@BOOKS
@pytest.mark.requirement("R29", "A17", "A47")
@pytest.mark.parametrize("category", ["general", "monthly"])
def test_what_begins_in_review_or_rework_rests_with_it(book: Book, category: str) -> None:
    asked = completion.apply_completion(sent(book, category, FAR), SENT + HOUR, book)
    returned = completion.send_back(asked, SENT + 2 * HOUR, book)
    for before, since in ((asked, SENT + HOUR), (returned, T)):
        root, *rest = before.obligations
        resting = (life.pause(owed, since, "completion") for owed in begun(category, FAR))
        expected = (replace(root, origin=""), *rest, *resting)
        assert life.begin(before, T, book) == replace(before, initiated_at=T, obligations=expected)


@pytest.mark.requirement("A17")
def test_an_application_before_t_that_is_void_leaves_every_node_owed() -> None:
    """With 24 hours from the return at least."""
    asked = completion.apply_completion(sent(DELIVERY), SENT + HOUR, DELIVERY)
    back = T + 3 * HOUR
    again = completion.send_back(life.begin(asked, T, DELIVERY), back, DELIVERY, not_done=True)
    owed = {each.name: each.due_at for each in again.obligations if each.due_at and each.is_open(back)}
    assert owed == {each.name: max(each.due_at or back, back + DAY) for each in begun()}
    assert all(each.next_notice_at for each in again.obligations if each.name in owed)


@pytest.mark.requirement("A17")
def test_accepted_before_t_was_up_nothing_is_owed_or_late() -> None:
    asked = life.begin(completion.apply_completion(sent(DELIVERY), SENT + HOUR, DELIVERY), T, DELIVERY)
    over = completion.accept(asked, T + HOUR)
    assert {(each.ended, each.late) for each in over.obligations if each.due_at} == {("met", False)}


def test_a_day_after_the_notice_it_begins_by_itself() -> None:
    """When we come to it: late in an outage, T is the instant at which we are back."""
    root = replace(sent().obligations[0], rung=1, next_notice_at=SENT + DAY)
    waiting = replace(sent(), obligations=(root,))
    assert ladder.advance(root, SENT + DAY - timedelta(seconds=1), ACCEPTANCE.rules, DAYS) == (None, root)
    for now in (SENT + DAY, SENT + 3 * DAY):
        notice, moved = ladder.advance(root, now, ACCEPTANCE.rules, DAYS)
        passed = replace(root, rung=2, next_notice_at=None)
        assert (notice, moved) == (Notice(root, Rung(now, "open")), passed)
        assert notice
        after = outcome.notified(waiting, notice, moved, now, ACCEPTANCE)
        assert after == Life("general", now, (replace(passed, origin=""), *begun(at=now)))


@pytest.mark.parametrize("hours", [23, 24, 60])
def test_no_outage_swallows_the_beginning(hours: int) -> None:
    """A43: the notice of the initiation is caught up with; what stands behind it is neither dropped nor taken in."""
    (root,) = sent().obligations
    now = SENT + hours * HOUR
    notice, moved = ladder.advance(root, now, ACCEPTANCE.rules, DAYS)
    assert notice == Notice(root, Rung(SENT, "initiate"), caught_up=True)
    assert moved == replace(root, rung=1, next_notice_at=SENT + DAY, caught_up_at=now)
    assert not gaps.is_lost(moved, now, ACCEPTANCE)
    scenario = {
        "inputs": [
            {"at": SENT.isoformat(), "event": "scheduler_down"},
            {"at": SENT.isoformat(), "event": "initiate", "category": "general"},
            {"at": now.isoformat(), "event": "scheduler_up"},
        ],
        "until": (SENT + 61 * HOUR).isoformat(),
    }
    got = simulate.run(scenario, ACCEPTANCE.rules, DAYS)
    assert got["deadlines"]["N1"] == (max(now, SENT + DAY) + DAY).isoformat()


class TestOfficeFirst:
    """转重大 and 转跟进 of a matter that waits begin it: their dates are counted from T."""

    def test_convert(self) -> None:
        assert steering.convert(sent(), T, ACCEPTANCE) == steering.convert(
            life.begin(sent(), T, ACCEPTANCE), T, ACCEPTANCE
        )
        assert steering.convert(sent(), T, ACCEPTANCE).initiated_at == T
        # one that began is left alone
        known = life.begin(sent(), T, ACCEPTANCE)
        assert steering.convert(known, T + DAY, ACCEPTANCE) == replace(known, category="major")

    def test_make_monthly(self) -> None:
        after = steering.make_monthly(sent(), T, ACCEPTANCE)
        assert after == steering.make_monthly(life.begin(sent(), T, ACCEPTANCE), T, ACCEPTANCE)
        assert after.initiated_at == T

    def test_follow_up(self) -> None:
        known = life.begin(sent(), T, ACCEPTANCE)
        after = steering.follow_up(sent(), T, ACCEPTANCE)
        asked = replace(known, extension_at=T)
        assert after == extension.approve_extension(asked, T, ACCEPTANCE)
        assert (after.initiated_at, after.follow_up_at) == (T, T)

    @BOOKS
    def test_reassign_waits_for_the_new_unit(self, book: Book) -> None:
        known = life.begin(sent(book), T, book)
        at = T + DAY
        after = steering.reassign(known, at, book)
        old = [life.end(owed, at, "void") for owed in known.obligations[1:]]
        root = Obligation("MATTER", None, at, origin="waiting", episode=2, next_notice_at=at)
        assert after == Life("general", at, (root, *old))


def test_the_office_is_not_the_unit() -> None:
    """A leader's date accepts nothing for the unit; whatever the unit does first does."""
    first = [
        {"at": SENT.isoformat(), "event": "initiate", "category": "general"},
        {"at": T.isoformat(), "event": "limit", "deadline": "2026-03-20"},
    ]
    until = (T + HOUR).isoformat()
    limited = simulate.run({"inputs": first, "until": until}, ACCEPTANCE.rules, DAYS)
    assert limited["deadlines"] == {"CUSTOM": datetime(2026, 3, 21, tzinfo=SHANGHAI).isoformat()}
    told = {"at": until, "event": "feedback", "node": "N1"}
    answered = simulate.run({"inputs": [*first, told], "until": until}, ACCEPTANCE.rules, DAYS)
    assert answered["deadlines"]["N1"] == (T + 25 * HOUR).isoformat()
