"""The score in tenths (R53–R58, A12–A14, A49)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.model import Episode, Matter

TENTHS = {"overdue": -1, "returned": -1, "urge_episode": -1, "supervise": -5, "fail": -1, "excellent": 1}


def score(matter: Matter) -> dict[str, Any]:
    """{"items": {item: how often}, "total": "-2.8"}; items that never happened are left out."""
    counts: Counter[str] = Counter(matter.counts)
    for one in (each for each in matter.owed if each.family != "limit"):  # A57
        for episode in one.episodes:
            if not _excused(matter, episode):
                counts.update(_items(matter, episode))
    items = {item: counts[item] for item in TENTHS if counts[item]}
    total = sum(TENTHS[item] * times for item, times in items.items())
    return {"items": items, "total": f"{total / 10:.1f}"}


def _items(matter: Matter, episode: Episode) -> dict[str, int]:
    per_message = matter.config.get("urge_scoring") == "message"
    urged = episode.urges if per_message else min(episode.urges, 1)
    items = {"supervise": int(episode.supervised), "urge_episode": urged, "overdue": int(episode.late)}
    if matter.config.get("scoring") != "highest":
        return items
    worst = min(items, key=lambda item: TENTHS[item] * items[item])
    return {worst: items[worst]}


def forgive(matter: Matter) -> None:
    """A supervise notice about what is excused is taken out of the count, a proposal that rested on it falls (A49)."""
    for one in (each for each in matter.owed if each.family != "limit"):
        for episode in one.episodes:
            if episode.supervised and not episode.forgiven and _excused(matter, episode):
                episode.forgiven = True
                matter.supervise_count -= 1
                matter.proposal_open = matter.proposal_open and matter.supervise_count >= 2


def _excused(matter: Matter, episode: Episode) -> bool:
    """Our own outage covered the deadline and the answer came within min(outage, 24 h) of recovery, not counting what
    of that time we were down again (A49)."""
    answered = episode.answered_at
    return answered is not None and any(
        down <= episode.due <= up and answered <= _grace_end(matter, down, up) for down, up in matter.outages
    )


def _grace_end(matter: Matter, down: datetime, up: datetime) -> datetime:
    left, now = min(up - down, timedelta(hours=24)), up
    for again, over in sorted(matter.outages):
        if again >= up and again - now <= left:
            left, now = left - (again - now), over
    return now + left
