"""What nobody does in chat: a file of the roster, an address book's callback, a page's button, the clock, an outage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.actions import document, roster, takeover
from bot.documents import seating
from bot.engine import digest, heartbeat, notify
from bot.router import Reply
from handlers import reception
from models.document import Document
from models.roster import sender
from tests.engine.desk import at as instant
from tests.office.days import Days

Doing = Callable[[Days, float], Awaitable[Reply]]


async def wait(days: Days, hours: float) -> Reply:
    """What falls due at this instant."""
    await days.plan(hours)
    return Reply()


async def morning(days: Days, hours: float) -> Reply:
    """The digest of that morning."""
    await digest.plan(instant(hours))
    return Reply()


async def outage(days: Days, hours: float) -> Reply:
    """The bot was down for the five hours before."""
    await heartbeat.recorded(instant(hours - 5), instant(hours))
    return Reply()


async def new_people(days: Days, hours: float) -> Reply:
    """A new file: another main leader, 张三 at A instead of 李安, who leaves, a new phone of 孙贝, another 规划员."""
    news: Mapping[str, Mapping[str, Any]] = {
        "厅长": {"name": "新厅长", "wecom": "xin"},
        "李安": {"name": "张三", "wecom": "zhang"},
        "孙贝": {"phone": "13900000001"},
        "规划员": {"unit": "财务处", "role": "operator_b", "wecom": "gui2", "phone": "13900000002"},
    }
    on = notify.today(instant(hours))
    rows = [replace(row, **news.get(row.name, {})) for row in await roster.current(on)]
    units = list(dict.fromkeys(row.unit for row in rows if row.unit))
    changes = await roster.apply(seating.people(rows), [*units, "人事处"], on=on)
    await takeover.advance(instant(hours))
    return Reply("\n".join(changes))


async def gaps(days: Days, hours: float) -> Reply:
    """What the roster lacks."""
    found = await roster.gaps(notify.today(instant(hours))) or []
    return Reply("\n".join(str(each) for each in found))


async def hand_in(days: Days, hours: float) -> Reply:
    """李安 hands another report in on the form's page."""
    await days.world.hand_in("a", hours)
    return Reply()


async def drop_page(days: Days, hours: float) -> Reply:
    """李安 takes the file out again on the form's page."""
    row, when = await Document.get(), instant(hours)
    by = await sender("wecom", "a", notify.today(when))
    assert row.matter_id
    assert by
    await document.drop(row.matter_id, row.id, by, when)
    return Reply()


async def account(days: Days, hours: float, **raw: Any) -> Reply:
    """The address book's callback about an account."""
    return await reception.receive(days.world.message("sys", "contact", hours, raw={"Event": "change_contact", **raw}))


async def closed(days: Days, hours: float) -> Reply:
    """李安's account is gone."""
    return await account(days, hours, UserID="a", ChangeType="delete_user")


async def opened(days: Days, hours: float) -> Reply:
    """李安's account was closed, and is open again."""
    await closed(days, hours - 1)
    await days.plan(hours)
    return await account(days, hours, UserID="a", ChangeType="update_user", Status="1")


async def renamed(days: Days, hours: float) -> Reply:
    """李安's account has another id."""
    return await account(days, hours, UserID="a", ChangeType="update_user", NewUserID="an")


DOINGS: Mapping[str, Doing] = {
    each.__name__: each
    for each in (wait, morning, outage, new_people, gaps, hand_in, drop_page, closed, opened, renamed)
}
