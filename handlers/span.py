"""A span of days in people's words: 12月1日至5日, 明天到后天, 12.1-12.5, 12月1日起3天, one day alone (A60, A64)."""

from __future__ import annotations

import datetime as dt
import re

from handlers import dates, plain

_BETWEEN = re.compile(r"\s*(?:至|到|~|-{1,2})\s*")
_BARE = re.compile(r"(?P<day>\d{1,2})\s?[日号]?")
_COUNTED = re.compile(r"(?P<first>.+?)(?:起|开始)?[,，]?\s*(?:共|连续)?\s*(?P<days>\d{1,3})天")
_FROM_TODAY = re.compile(r"[今明后昨]|[本这下上个](?:周|星期|礼拜)")
_EDGE = " ,.;:，。；："
_YEAR = dt.timedelta(days=365)

Days = tuple[dt.date, dt.date]


def span(text: str, today: dt.date) -> Days | None:
    """First and last day, as said: the last may lie before the first. None when it is no one clear span."""
    said = plain.normalise(text).strip(_EDGE)
    if len(said) > 2 * dates.LONGEST:
        return None
    for cut in _BETWEEN.finditer(said):
        before, after = said[: cut.start()], said[cut.end() :]
        if found := _both(before, after, today):
            return _begun(before, after, today) or found
    if counted := _COUNTED.fullmatch(said):
        first, days = dates.date(counted["first"], today), int(counted["days"])
        return (first, first + dt.timedelta(days=days - 1)) if first and days else None
    # 3天内, 至12月5日: a day by which, and no span
    one = None if said.endswith("内") or dates.FRONT.match(said) else dates.date(said, today)
    return (one, one) if one else None


def _both(before: str, after: str, today: dt.date) -> Days | None:
    first = dates.date(before, today)
    if first is None:
        return None
    last = _in_month(after, first) or dates.date(after, today if _FROM_TODAY.search(after) else first)
    return (first, last) if last else None


def _begun(before: str, after: str, today: dt.date) -> Days | None:
    """The span that began before New Year and runs today: 12月30日至1月5日 said on 2 January."""
    found = _both(before, after, today - _YEAR)
    is_over_new_year = found is not None and found[0].year < today.year == found[1].year
    return found if found and is_over_new_year and found[0] <= today <= found[1] else None


def _in_month(said: str, first: dt.date) -> dt.date | None:
    """A day alone is one of the first day's month."""
    found = _BARE.fullmatch(said.strip(_EDGE))
    try:
        return first.replace(day=int(found["day"])) if found else None
    except ValueError:
        return None
