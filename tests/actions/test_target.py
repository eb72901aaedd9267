"""Which obligation a feedback is for, as a table (A8, A28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import errors
from bot.actions import target
from bot.rules.calendar import SHANGHAI
from bot.rules.life import Life
from bot.rules.obligation import Obligation

T = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def met(owed: Obligation, when: datetime) -> Obligation:
    return replace(owed, ended="met", met_at=when)


N1 = Obligation("N1", at(3, 3, 9), T)
N3 = Obligation("N3", at(3, 5, 9), T)
N7 = Obligation("N7", at(3, 9, 9), T)
NM = Obligation("NM", at(4, 2, 9), T)
W9 = Obligation("W2026-04-09", at(4, 10), T, opens_at=at(4, 6))
W16 = Obligation("W2026-04-16", at(4, 17), T, opens_at=at(4, 13))
W23 = Obligation("W2026-04-23", at(4, 24), T, opens_at=at(4, 20))
HOLIDAY = Obligation("W2026-04-30", at(5, 8), T, opens_at=at(4, 27))  # moved to the next Thursday (A23)
LIMIT = Obligation("CUSTOM", at(3, 5), T, origin="leader")
M3 = Obligation("M2026-03", at(4, 1), T, opens_at=T)
M4 = Obligation("M2026-04", at(5, 1), T, opens_at=at(4, 1))


@pytest.mark.parametrize(
    ("owed", "hint", "when", "name"),
    [
        ((N1, N3, N7, NM), None, at(3, 2, 12), "N1"),
        ((N1, N3, N7, NM), None, at(3, 3, 9), "N1"),
        ((N1, N3, N7, NM), None, at(3, 4), "N1"),
        ((N1, N3, N7, NM), None, at(3, 6), "N3"),
        ((met(N1, at(3, 2, 10)), N3, N7, NM), None, at(3, 3), "N1"),
        ((met(N1, at(3, 2, 10)), N3, N7, NM), None, at(3, 3, 9), "N1"),
        ((met(N1, at(3, 2, 10)), N3, N7, NM), None, at(3, 3, 10), "N3"),
        ((met(N1, at(3, 4)), N3, N7, NM), None, at(3, 4, 1), "N3"),
        ((met(N1, at(3, 2, 10)), met(N3, at(3, 2, 12)), N7, NM), None, at(3, 3), "N3"),
        ((met(N1, at(3, 2, 10)), N3, N7, NM), "N7", at(3, 3), "N7"),
        ((met(N1, at(3, 2, 10)), N3, N7, NM), "N1", at(3, 6), "N1"),
        ((N1, N3, N7, NM), "W", at(3, 2, 12), "N1"),
        ((N1, N3, N7, NM), "M", at(3, 2, 12), "N1"),
        ((NM,), None, at(3, 20), ""),
        ((met(N7, at(3, 10)), NM), None, at(3, 20), "N7"),
        ((NM,), "NM", at(3, 20), "NM"),
        ((W9, W16, W23), None, at(4, 7), "W2026-04-09"),
        ((W9, W16, W23), None, at(4, 14), "W2026-04-09"),
        ((W9, W16, W23), "W", at(4, 21), "W2026-04-16"),
        ((met(W9, at(4, 7)), W16), None, at(4, 8), "W2026-04-09"),
        ((met(W9, at(4, 7)), W16), None, at(4, 14), "W2026-04-16"),
        ((W9, W16, W23), "W04-16", at(4, 14), "W2026-04-16"),
        ((N3, W9), "W", at(4, 7), "W2026-04-09"),
        ((M3, W9), "W", at(4, 7), "W2026-04-09"),
        ((M3, M4), None, at(3, 20), "M2026-03"),
        ((M3, M4), None, at(4, 5, 23), "M2026-03"),
        ((M3, M4), None, at(4, 6), "M2026-04"),
        ((M3,), None, at(4, 6), "M2026-03"),
        ((M3, M4), "M04", at(4, 2), "M2026-04"),
        ((met(M3, at(3, 20)), M4), None, at(4, 2), "M2026-04"),
        ((N1, M3, M4), None, at(3, 2, 12), "N1"),
        ((N1, M3, M4), "M", at(3, 2, 12), "M2026-03"),
        ((N1, N3, HOLIDAY), "W05-07", at(5, 6), "W2026-04-30"),
        ((N1, met(HOLIDAY, at(5, 1))), "W04-30", at(5, 6), "W2026-04-30"),
        ((met(LIMIT, at(3, 3)),), "CUSTOM", at(3, 6), "CUSTOM2026-03-04"),
        ((met(N1, at(3, 2, 10)), replace(N3, ended="void", met_at=at(3, 2, 11))), None, at(3, 6), "N1"),
    ],
)
def test_target(owed: tuple[Obligation, ...], hint: str | None, when: datetime, name: str) -> None:
    assert target.of(Life("general", T, owed), hint, when) == name


@pytest.mark.parametrize("node", [N3, N7])
def test_a_node_that_the_months_replaced_takes_no_more_words(node: Obligation) -> None:
    life = Life("monthly", T, (met(N1, at(3, 2, 10)), met(node, at(3, 2, 12)), M3))
    assert target.of(life, None, at(3, 4)) == "M2026-03"
    assert target.of(life, None, at(3, 3)) == "N1"  # until its own D


def month(year: int, number: int) -> Obligation:
    begins = datetime(year, number, 1, tzinfo=SHANGHAI)
    return Obligation(f"M{year}-{number:02d}", begins + timedelta(days=31), T, opens_at=begins)


THURSDAY = Obligation("W2026-12-31", datetime(2027, 1, 1, tzinfo=SHANGHAI), T, opens_at=at(12, 28))


@pytest.mark.requirement("R15", "A28")
@pytest.mark.parametrize(
    ("hint", "when", "name"),
    [
        ("M12", "2027-01-02 10:00", "M2026-12"),
        ("M2026-12", "2027-01-07 10:00", "M2026-12"),
        ("M12", "2026-11-20 10:00", "M2025-12"),  # this year's has not begun
        ("M12", "2026-12-01 00:00", "M2026-12"),
        ("M01", "2027-01-02 10:00", "M2027-01"),
        ("M02", "2027-01-02 10:00", "M2027-02"),  # it will: kept for it
        ("W12-31", "2027-01-02 10:00", "W2026-12-31"),
    ],
)
def test_a_period_without_its_year_is_the_newest_that_has_begun(hint: str, when: str, name: str) -> None:
    years = [met(month(2025, 12), at(1, 1)), *(month(2026, number) for number in range(3, 13))]
    life = Life("monthly", T, (*years, THURSDAY, month(2027, 1), month(2027, 2)))
    assert target.of(life, hint, datetime.fromisoformat(f"{when}+08:00")) == name


def test_rest_is_not_open() -> None:
    resting = replace(N1, paused_by="completion")
    assert target.of(Life("general", T, (resting, N3)), None, T + timedelta(hours=1)) == "N3"


MISSING = [
    ("M09", "M2026-09"),
    ("M2026-09", "M2026-09"),
    ("W04-16", "W2026-04-16"),
    ("W02-31", "W2026-02-31"),
    ("REWORK", "REWORK"),
    ("CUSTOM03-21", "CUSTOM"),
]


@pytest.mark.parametrize(("hint", "node"), MISSING)
def test_a_node_the_matter_does_not_have_is_asked_back(hint: str, node: str) -> None:
    life = Life("general", T, (N1, N3, N7, NM, replace(W9, opens_at=T), W23, LIMIT))
    with pytest.raises(errors.Refused) as refusal:
        target.of(life, hint, at(3, 2, 12))
    assert (refusal.value.code, refusal.value.facts) == ("no_such_node", {"node": node})


def test_after_a_reassignment_the_old_units_answer_is_not_the_new_ones() -> None:
    life = Life("general", T, (met(N3, at(3, 3)), replace(N3, ordinal=1)))
    assert target.of(life, None, at(3, 4)) == "N3"
    assert life.find("N3") == replace(N3, ordinal=1)
