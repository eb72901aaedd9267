"""Dates in people's words (A60): a date means 24:00 of that day, 前 includes the day, 5月底 is the month's last, and
3日内 is counted from today."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from handlers import plain

# A day without a year that has just gone by is taken as gone, so that it is asked again and not moved a year on.
JUST_PAST = dt.timedelta(days=60)
LONGEST = 40

_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORDS = {"昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "当天": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 6}
_WEEKS = {"": 0, "本": 0, "这": 0, "这个": 0, "下": 1, "下个": 1, "下下": 2, "上": -1}
_MONTHS = {"": 0, "本": 0, "这个": 0, "当": 0, "下": 1, "下个": 1, "上": -1, "上个": -1}
_YEARS = {"本": 0, "今": 0, "当": 0, "明": 1, "去": -1}
_THIRDS = {"上": 10, "中": 20}

_NAMED_YEAR = re.compile(rf"^[{''.join(_YEARS)}](?=年)")
FRONT = re.compile(r"^(?:最[迟晚]|预计|争取|延?[至到]|于)+\s*")
"""What may stand before the day by which: 最迟, 延至."""
_COURTESY = re.compile(
    r"[\s,.。，;；!！]*(?:(?:谢谢|感谢|(?:妥否,?)?(?:恳?请|望)(?:领导|厅?办公室)?(?:予以)?(?:批准|批示|审批|同意|支持))"
    r"(?:您|领导)?[\s,.。，;；!！]*)+$"
)
_WEEKDAY = r"\s*\(?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])\)?"
_TAIL = re.compile(
    rf"(?:{_WEEKDAY})?"
    r"\s*(?:24[:点时](?:00)?|24时整)?\s*(?:之前|以前|前|止|截止|[之以]?内|为止)?(?:完成|办结|落实)?$"
)
# one number: 三五天 and 两三天 are none
_DIGIT = r"(?<![一二两三四五六七八九十])(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_NUMERAL = re.compile(
    rf"{_DIGIT}(?=[月日号天]|个(?:月|周|星期|礼拜)|周|星期|礼拜)|(?<=月){_DIGIT}(?![一二三四五六七八九十])"
)
_WITHIN = re.compile(
    r"(?:(?P<count>[1-9]\d{0,2})\s?(?P<unit>天|日|个?周|个?星期|个?礼拜|个月)|(?P<half>半个?月))"
    r"\s?[之以]?[内后](?:完成|办结|落实)?"
)
# 15号内, 3-5日内: no day of a month
_SPAN = re.compile(r"(?:\d{1,2}\s?[-./~]\s?)?\d{1,2}\s?[日号]?\s?[之以]?内.*")
_ANOTHER = r"\d{1,3}\s?(?:[天日号周月]|个月)|[本下]?个?月[初中底末]"
# what follows makes the head another thing than one day, or a question: 3.5|个月, 15号|之内, 5日|至8日, 月底|或月初,
# 3月10|多号, 3月20日|(周一), 3月10日|可以吗
_GOES_ON = re.compile(
    r"(?<=\d)(?:[\d周月年小星礼万亿元%多]|\s?[天日号个])|(?<=[一二三四五六七八九十])[日号]"
    rf"|[之以]?[内后]|左右|前后|以上|一[报次]|起(?![草诉])|不行|(?:可以|行|好|来得及)?(?:吗|\?)|{_WEEKDAY}|\s?(?:{_ANOTHER})"
    rf"|\s?[-~至到或、]\s?(?:\d|[一二三四五六七八九十]{{1,3}}[月日号]|明|后天|下?周|{_ANOTHER})"
)
_YEAR = r"(?P<year>20\d\d|\d\d(?=年))"

Parts = dict[str, str | None]


def date(text: str, today: dt.date, *, past: bool = False) -> dt.date | None:
    """The day meant, None when the text is no one clear day (a time of day, 5月 alone, Feb 30).

    A day without a year is the next one (`past`: the latest one, for a document's date); one that went by within
    60 days stays in the past, for the caller to refuse.
    """
    if len(text) > LONGEST:
        return None
    said = _COURTESY.sub("", re.sub(r"\s+", " ", plain.normalise(text))).strip(" 。.,，;；")
    said = FRONT.sub("", said, count=1)
    said = _NAMED_YEAR.sub(lambda found: str(today.year + _YEARS[found[0]]), said)
    said = _NUMERAL.sub(lambda found: str(_arabic(found[0])), said)
    if found := _WITHIN.fullmatch(said):
        return _later(found.groupdict(), today)
    said, weekday = ("", None) if _SPAN.fullmatch(said) else _strip_tail(said)
    for pattern, read in _FORMS:
        if found := re.fullmatch(pattern, said):
            try:
                day = read(found.groupdict(), today, past)
                return day if weekday in (None, day.weekday()) else None
            except (ValueError, OverflowError):
                return None
    return None


def leading(text: str, today: dt.date) -> tuple[dt.date | None, str]:
    """The day that `text` begins with, a length alone (3天, 一周) being one within which; and what follows.

    (None, text) when it begins with none, or with more than one day: 3-5天内, 3月20日至25日.
    """
    own = plain.clean(text)
    folded = plain.fold(own)
    for end in range(min(len(own), LONGEST), 1, -1):
        if day := date(own[:end], today) or date(f"{own[:end]}内", today):
            rest = own[end:].lstrip(" :,;.。、，：；!！\n").strip()
            return (None, own) if _GOES_ON.match(folded, end) else (day, rest)
    return None, own


def _strip_tail(said: str) -> tuple[str, int | None]:
    """Without 前, 24:00 and (周六), and the weekday said there; but never without the 周四 that is the whole date."""
    found = _TAIL.search(said)
    cut = said[: found.start() if found else None].strip()
    if found and re.search(r"\d|[一二三四五六七八九十]\S*[日号]|底|末|旬|天|日", cut):
        return cut, _WEEKDAYS.get(found["weekday"])
    return re.sub(r"(?:之前|以前|前|止)$", "", said), None


def _arabic(numeral: str) -> int:
    """三十一 → 31, 十五 → 15, 五 → 5."""
    tens, ten, ones = numeral.rpartition("十")
    return (_CHINESE.get(tens, 1) * 10 if ten else 0) + _CHINESE.get(ones, 0)


def _end_of(year: int, month: int) -> dt.date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _year(said: str) -> int:
    return int(said) + 2000 if len(said) == 2 else int(said)


def _nearest(made: Callable[[int], dt.date], today: dt.date, past: bool) -> dt.date:
    """The year for a day without one."""
    here = made(today.year)
    if past:
        return here if here <= today else made(today.year - 1)
    return here if here >= today - JUST_PAST else made(today.year + 1)


def _day(parts: Parts, today: dt.date, past: bool) -> dt.date:
    month, day = int(parts["month"] or 0), int(parts["day"] or 0)
    if year := parts.get("year"):
        return dt.date(_year(year), month, day)
    dt.date(2000, month, day)
    return _nearest(lambda year: dt.date(year, month, day), today, past)


def _month_end(parts: Parts, today: dt.date, past: bool) -> dt.date:
    month = int(parts["month"] or 0)
    last = _THIRDS.get(parts.get("third") or "")

    def made(year: int) -> dt.date:
        return dt.date(year, month, last) if last else _end_of(year, dt.date(year, month, 1).month)

    return made(_year(year)) if (year := parts.get("year")) else _nearest(made, today, past)


def _this_month(parts: Parts, today: dt.date, past: bool) -> dt.date:
    end = _end_of(today.year, today.month + _MONTHS[parts["which"] or ""])
    day = parts.get("day") or _THIRDS.get(parts.get("third") or "")
    return end.replace(day=int(day)) if day else end


def _day_alone(parts: Parts, today: dt.date, past: bool) -> dt.date:
    day = int(parts["day"] or 0)
    here = today.replace(day=day)
    if past or here >= today:
        return here
    return _end_of(today.year, today.month + 1).replace(day=day)


def _year_end(parts: Parts, today: dt.date, past: bool) -> dt.date:
    return dt.date(_year(parts["year"] or str(today.year)), 12, 31)


def _weekday(parts: Parts, today: dt.date, past: bool) -> dt.date:
    which = parts["which"] or ""
    monday = today - dt.timedelta(days=today.weekday())
    found = monday + dt.timedelta(weeks=_WEEKS[which], days=_WEEKDAYS[parts["weekday"] or ""])
    if not which and found < today and not past:
        return found + dt.timedelta(weeks=1)
    return found


def _word(parts: Parts, today: dt.date, past: bool) -> dt.date:
    return today + dt.timedelta(days=_WORDS[parts["word"] or ""])


def _later(parts: Parts, today: dt.date) -> dt.date:
    """So many days, weeks or months from today; half a month is 15 days."""
    count, unit = int(parts["count"] or 15), parts["unit"] or "天"
    if "月" in unit:
        end = _end_of(today.year, today.month + count)
        return end.replace(day=min(today.day, end.day))
    return today + dt.timedelta(days=count if unit in "天日" else 7 * count)


Reader = Callable[[Parts, dt.date, bool], dt.date]
_FORMS: tuple[tuple[str, Reader], ...] = (
    (r"(?P<year>20\d\d)([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", _day),
    (r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)", _day),
    (rf"(?:{_YEAR}年\s?)?(?P<month>\d{{1,2}})月\s?(?P<day>\d{{1,2}})[日号]?", _day),
    (r"(?P<month>\d{1,2})[./-](?P<day>\d{1,2})[日号]?", _day),
    (rf"(?:{_YEAR}年\s?)?(?P<month>\d{{1,2}})月(?:份)?(?:(?P<third>[上中下])旬|底|末)", _month_end),
    (r"(?P<which>本|这个|当|下个?|上个?|)月(?:底|末|(?P<third>[上中下])旬|(?P<day>\d{1,2})[日号]?)", _this_month),
    (r"(?P<day>\d{1,2})[日号]", _day_alone),
    (rf"(?:{_YEAR})?年(?:底|末)", _year_end),
    (r"(?P<which>本|这个?|下下|下个?|上|)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])", _weekday),
    (rf"(?P<word>{'|'.join(_WORDS)})", _word),
)
