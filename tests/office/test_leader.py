"""Leaders: 批示, 已阅, 限期, 转办, by word and by the buttons of their cards; each for his own units (A57)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.router import Reply
from bot.rules.calendar import local
from handlers import leader
from models.delivery import Delivery
from models.inbound import Inbound
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from tests.department import ACK
from tests.office.days import Days

SUPERVISED = 73
"""Hours after T: N1's supervise notice left at 72."""


async def press(
    days: Days, user: str, key: str, hours: float | None = None, selected: dict[str, list[str]] | None = None
) -> Reply:
    days.now = days.now if hours is None else hours
    answer = await days.world.press(user, key, days.now, selected)
    await days.turn(days.now)
    return answer


def keys(days: Days, user: str = "fen") -> list[str]:
    """The buttons of the last card with buttons that a person got."""
    return next(each["keys"] for each in reversed(days.wecom.sent) if each["user"] == user and each.get("keys"))


async def line(verb: str) -> dict[str, Any]:
    """The facts of the only ledger line of this verb."""
    found = json.loads((await Ledger.get(verb=verb)).body)["facts"]
    assert isinstance(found, dict)
    return found


async def limits() -> list[tuple[str, str]]:
    """(D, how it ended) of every leader's date."""
    rows = await Obligation.filter(origin="leader").order_by("id")
    return [(f"{local(each.due_at):%m-%d %H:%M}" if each.due_at else "", each.ended) for each in rows]


async def test_words_of_a_leader(days: Days) -> None:
    await days.matter()
    assert "没有看到批示的内容" in await days.said("fen", "/批示 1")
    assert "转水资源处和厅办公室办理" in await days.said("fen", "/批示 1 请于本周内拿出方案")
    assert await days.told("instruction") == ["a", "b", "ban", "chu"]
    assert "请于本周内拿出方案" in (await days.cards("a"))[0]
    assert (await line("instruct"))["words"] == "请于本周内拿出方案"
    assert "已记录" in await days.said("ting", "批示 1 同意，抓紧办理")
    assert await Notice.filter(kind="instruction").count() == 2
    assert "不能使用" in await days.said("a", "/批示 1 请抓紧")
    await Matter.all().update(unit_id=days.world.units["规划处"])
    assert "承办处室是规划处，不在您分管范围" in await days.said("fen", "/批示 1 请抓紧")
    assert await days.world.intact()


async def test_the_supervise_card_has_the_leaders_buttons_and_nobody_elses(days: Days) -> None:
    matter = await days.silent(SUPERVISED)
    assert [key.split(":")[0] for key in keys(days)] == ["instruct", "seen", "limit", "pass"]
    assert keys(days)[0] == f"instruct:{matter.id}"
    office = next(each for each in days.wecom.sent if each["user"] == "ban" and "督办：" in each["title"])
    assert office["keys"] == []


async def test_seen_is_kept_once_and_told(days: Days) -> None:
    await days.silent(SUPERVISED)
    seen = keys(days)[1]
    days.forget()
    turned = (await press(days, "fen", seen, 74)).replace
    assert (turned.done, turned.tone) == ("已阅", 3)
    assert "督办：" in turned.title
    assert await days.told("seen") == ["a", "ban"]
    assert "分管已阅：督办" in (await days.cards("a"))[0]
    delivery = await Delivery.get(id=int(seen.split(":")[1]))
    assert (delivery.state, await line("see")) == ("read", {"delivery": delivery.id, "seen": "supervise"})
    assert "已过期" in (await press(days, "fen", seen)).text
    assert "已过期" in (await press(days, "ting", seen)).text  # not his card
    assert "不在您分管范围" in (await press(days, "a", seen)).text
    assert await Ledger.filter(verb="see").count() == 1
    assert await days.score() == -7  # the notice was sent all the same
    assert await days.world.intact()


async def test_only_a_card_that_asks_for_it_is_seen(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 2)
    await days.until(217)  # N3 and N7 were supervised
    mine = Delivery.filter(person_id=days.world.people["fen"]).order_by("id")
    first, last = await mine.filter(kind="supervise", lane="chat")
    await Delivery.filter(id=last.id).update(kind="decision")
    assert "已过期" in (await press(days, "fen", f"seen:{last.id}", 218)).text
    await Delivery.filter(id=last.id).update(kind="supervise")
    for each, before, after in ((first, "overtaken", "overtaken"), (last, "delivered", "read")):
        await Delivery.filter(id=each.id).update(state=before)
        assert (await press(days, "fen", f"seen:{each.id}")).replace.done == "已阅"
        assert (await Delivery.get(id=each.id)).state == after


async def test_seen_by_each_leader_and_told_to_who_handles_it(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    await days.until(121)  # N3 was supervised
    assert (await press(days, "fen", keys(days)[1], 122)).replace.done == "已阅"
    assert await days.told("seen") == ["a", "ban", "zhang"]
    await days.until(217)  # and N7
    assert (await press(days, "fen", keys(days)[1], 218)).replace.done == "已阅"
    assert await Ledger.filter(verb="see").count() == 2


async def test_seen_by_word_when_one_card_waits(days: Days) -> None:
    await days.silent(SUPERVISED)
    assert "已登记您阅过 2026-0001" in await days.said("fen", "已阅", 74)
    told = await days.said("fen", "收到")
    assert "没有需要反馈的事项" in told
    assert "补充" not in told
    assert await Ledger.filter(verb="see").count() == 1


async def test_seen_by_word_is_no_guess(days: Days) -> None:
    await days.matter()
    await days.matter()
    await days.until(SUPERVISED)
    assert "您有2张卡片待阅，未登记" in await days.said("fen", "已阅", 74)
    assert await Ledger.filter(verb="see").count() == 0


async def test_free_words_are_offered_and_nothing_is_filed_by_guess(days: Days) -> None:
    await days.silent(SUPERVISED)
    days.forget()
    offered = (await days.world.say("fen", "这件事要抓紧，本周五前报方案", 74)).card
    assert offered.title == "作为对 2026-0001 的批示？"
    assert "本周五前报方案" in offered.text
    assert await Ledger.filter(verb="instruct").count() == 0
    yes, no = (each.key for each in offered.actions)
    assert "已过期" in (await press(days, "ting", yes)).text  # another's words
    done = await press(days, "fen", yes)
    assert "已记录您对 2026-0001 的批示" in done.text
    assert done.replace.done == "已批示"
    assert (await line("instruct"))["words"] == "这件事要抓紧，本周五前报方案"
    for key in (yes, no):
        assert "已过期" in (await press(days, "fen", key)).text
    assert await Ledger.filter(verb="instruct").count() == 1


async def test_no_is_no(days: Days) -> None:
    await days.silent(SUPERVISED)
    offered = (await days.world.say("fen", "晚上一起吃饭吗", 74)).card
    assert (await press(days, "fen", offered.actions[1].key)).replace.done == "未作批示"
    assert "已过期" in (await press(days, "fen", offered.actions[0].key)).text
    assert await Ledger.filter(verb="instruct").count() == 0


async def test_of_several_matters_one_is_chosen_or_was_pressed(days: Days) -> None:
    first = await days.matter()
    second = await days.matter()
    await days.until(SUPERVISED)
    offered = (await days.world.say("fen", "请抓紧落实", 74)).card
    assert offered.title == "作为对哪件事项的批示？"
    assert [int(key) for key, _ in offered.choice.options] == [second.id, first.id]
    assert "没有选择事项" in (await press(days, "fen", offered.actions[0].key)).text
    offered = (await days.world.say("fen", "请抓紧落实", 74)).card
    assert (
        "对 2026-0002 的批示"
        in (await press(days, "fen", offered.actions[0].key, selected={"matter": [str(second.id)]})).text
    )
    assert "/批示 2026-0001 请抓紧落实" in (await press(days, "fen", f"instruct:{first.id}", 75)).text
    assert (await days.world.say("fen", "请抓紧落实", 75)).card.title == "作为对 2026-0001 的批示？"
    assert (await days.world.say("fen", "请抓紧落实", 75)).card.title == "作为对哪件事项的批示？"  # not the last thing
    assert (await Inbound.filter(kind="card").order_by("-id").first()).text == f"instruct:{first.id}"


async def test_without_a_card_free_words_are_not_understood(days: Days) -> None:
    await days.matter()
    told = await days.said("fen", "请抓紧落实")
    assert "没有看懂" in told
    assert "/批示 2026-0001 请抓紧落实" in told
    assert "进展" not in told
    await days.until(SUPERVISED)
    assert "没有看懂" in await days.said("ting", "请抓紧落实", 74)  # he got none
    await Matter.all().update(state="withdrawn")
    assert "没有看懂" in await days.said("fen", "请抓紧落实", 74)


@pytest.mark.requirement("A57")
async def test_a_date_by_word(days: Days) -> None:
    matter = await days.matter()
    await days.until(30)
    nodes = await Obligation.all().order_by("id").values("name", "due_at", "episode")
    said = await days.said("fen", "限期 1 3月20日前 报整改清单", 30)
    assert "已对 2026-0001 设限期：3月20日 24:00前报告" in said
    assert await Obligation.exclude(origin="leader").order_by("id").values("name", "due_at", "episode") == nodes
    assert await limits() == [("03-21 00:00", "")]
    assert await days.told("limit") == ["a", "b", "ban", "chu"]
    card = (await days.cards("a"))[-1]
    assert "分管限期：3月20日 24:00前报告" in card
    assert "报整改清单" in card
    assert "进展 2026-0001 3月20日限期" in card
    assert await line("limit") == {"day": "2026-03-20", "words": "报整改清单"}
    assert "3月10日 24:00前报告" in await days.said("ting", "限期 1 3月10日")  # several on one matter
    assert "当天已有领导限期" in await days.said("fen", "限期 1 3.10 再报一次")
    assert "须晚于当前时间" in await days.said("fen", "限期 1 3月2日")
    assert "看不出是哪一天" in await days.said("fen", "限期 1 尽快")
    assert "没有写明限期是哪一天" in await days.said("fen", "限期 1")
    assert "不能使用" in await days.said("a", "限期 1 3月12日")
    assert "不能使用" in await days.said("ban", "限期 1 3月12日")
    assert len(await limits()) == 2
    assert "3月6日 24:00前报告" in await days.said("fen", "限期 1 3日内报送方案")
    assert "“3-5天内报方案”看不出是哪一天" in await days.said("fen", "限期 1 3-5天内报方案")
    assert "3月31日 24:00前报告" in await days.said("fen", "限期 1 月底前报方案")
    assert "3月25日 24:00前报告" in await days.said("fen", "限期 1号　3月25日")
    assert "没有编号为 3 的事项" in await days.said("fen", "限期 3号 3月25日")
    await days.world.hand_in("a", 31)
    await days.sure("a", "完结 1 理由：已全部整改到位", 31)
    assert "正在厅办公室审核" in await days.said("fen", "限期 1 3月12日", 32)
    assert (await Matter.get(id=matter.id)).state == "review"
    assert await days.world.intact()


@pytest.mark.requirement("A57")
async def test_a_date_by_button(days: Days) -> None:
    matter = await days.silent(SUPERVISED)
    asked = (await press(days, "fen", keys(days)[2], 74)).card
    assert asked.choice.options[0] == ("20260306", "3月6日 周五")
    assert "没有写明限期是哪一天" in (await press(days, "fen", asked.actions[0].key)).text
    for wrong in ("20261399", "99999999"):
        assert "已过期" in (await press(days, "fen", asked.actions[0].key, selected={"day": [wrong]})).text
    chosen = {"day": ["20260308"]}
    done = await press(days, "fen", asked.actions[0].key, selected=chosen)
    assert "3月8日 24:00前报告" in done.text
    assert done.replace.done == "已设限期"
    assert "当天已有" in (await press(days, "fen", asked.actions[0].key, selected=chosen)).text
    assert "须晚于" in (await press(days, "fen", asked.actions[0].key, 170, selected=chosen)).text
    assert "不在您分管范围" in (await press(days, "ban", f"limit:{matter.id}")).text
    assert await limits() == [("03-09 00:00", "")]


@pytest.mark.requirement("A57")
async def test_it_is_urged_and_answered_by_name_or_as_the_next_duty(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    await days.said("a", "进展 1 7天 已完成现场核查，形成问题清单", 2)
    await days.said("fen", "限期 1 3月3日", 3)
    await days.said("ting", "限期 1 3月20日 报整改报告", 3)
    days.forget()
    await days.until(24 * 5)
    told = [each["title"] for each in days.wecom.sent if each["user"] == "a"]
    assert "此为领导限定时限，已逾期" in next(each for each in await days.cards("a") if "催办" in each)
    assert len([each for each in told if "催办" in each]) == 19
    assert any(each.startswith("督办：领导限期反馈") for each in told)
    assert await days.score() == 0
    assert "领导限期" in await days.said("a", "待办", 120)
    said = await days.said("a", "进展 1 3月20日限期 整改报告已经完成并报送", 121)
    assert said.startswith("已登记 2026-0001 的3月20日领导限期反馈，")
    assert "同时补上的节点：3月3日领导限期（已逾期的仍计逾期）。" in said
    # an answer to the later date settles the one before it
    assert await limits() == [("03-04 00:00", "met"), ("03-21 00:00", "met")]
    assert await days.score() == 0
    assert "不计分，不作评价" in await days.said("ban", "/评价 1 不合格", 122)
    days.forget()
    assert "退回" in await days.said("ban", "/退回 1 内容过于笼统", 122)
    assert await days.score() == 0
    (card,) = [each for each in await days.cards("a") if "被退回" in each]
    assert "领导限期反馈被退回" in card
    assert "本次退回不计分" in card
    assert await days.world.intact()


@pytest.mark.requirement("A57")
async def test_an_answer_serves_the_next_node_and_without_a_name_the_date_is_due(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    await days.said("fen", "限期 1 3月4日", 2)
    said = await days.said(
        "a", "进展 1 已完成现场核查，形成问题清单", 60
    )  # the 4th at 21:00; N3 is due on the 5th at 09:00
    assert "领导限期反馈" in said
    assert "3天" in said
    owed = {each.name: each.ended for each in await Obligation.exclude(name="MATTER")}
    assert owed == {"N1": "met", "N3": "met", "N7": "", "NM": "", "CUSTOM": "met"}
    # until the day of the date the nodes go on: the next words are for N7
    await days.said("fen", "限期 1 3月30日", 61)
    await days.said("a", "进展 1 限期 已按领导要求专题会商", 62)
    assert await limits() == [("03-05 00:00", "met"), ("03-31 00:00", "met")]
    assert "限定时限" in await days.said(
        "a", "进展 1 3月29日限期 已按领导要求专题会商", 63
    )  # there is none: asked back
    assert "7天反馈" in await days.said("a", "进展 1 已完成整改并复核到位", 64)


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("张三丰 请抓紧", "张三丰", "请抓紧"),
        ("张三丰", "张三丰", ""),
        ("张三丰请抓紧", "张三丰", "请抓紧"),
        ("张三\n请抓紧", "张三", "请抓紧"),
        ("张三　请抓紧", "张三", "请抓紧"),
        ("张三，请抓紧", "张三", "请抓紧"),
        ("张三请抓紧", "张三", "请抓紧"),
        ("张三同志 请抓紧", "张三", "请抓紧"),
        ("张三同志请抓紧", "张三", "请抓紧"),
        ("李处长：请抓紧", "李安", "请抓紧"),
        ("王主任 请抓紧", "王主任", "请抓紧"),
        ("张三风 请抓紧", "", "请抓紧"),
        ("张处长 请抓紧", "", "请抓紧"),
        ("规划处张三 请抓紧", "", "请抓紧"),
        ("孙贝 请抓紧", "", "请抓紧"),
    ],
)
def test_to_whom_and_with_what_words(text: str, name: str, rest: str) -> None:
    known = ["张三", "张三丰", "李安", "王主任", "孙贝", "孙贝"]
    assert leader.addressee(text, known)[1:] == (name, rest)


async def test_passed_on_to_a_person(days: Days) -> None:
    matter = await days.silent(SUPERVISED)
    asked = (await press(days, "fen", keys(days)[3], 74)).card
    names = [name for _, name in asked.choice.options]
    assert names == ["张三", "李安", "孙贝", "陈处长", "王主任", "办公员"]
    assert "转办 2026-0001 张三" in (await press(days, "fen", asked.actions[0].key)).text
    days.forget()
    done = await press(days, "fen", asked.actions[0].key, selected={"person": [str(days.world.people["zhang"])]})
    assert "已把 2026-0001 转张三办理" in done.text
    assert done.replace.done == "已转办"
    assert await days.told("passed_on") == ["a", "b", "ban", "chu", "zhang"]
    assert (await line("pass_on"))["person"] == days.world.people["zhang"]
    now = await Matter.get(id=matter.id)
    assert (now.unit_id, now.handler_id) == (matter.unit_id, matter.handler_id)
    again = {"person": [str(days.world.people["b"])]}
    assert "已过期" in (await press(days, "fen", asked.actions[0].key, selected=again)).text
    assert "已过期" in (await press(days, "fen", f"passed:{matter.id}", selected=again)).text  # an old card's
    asked = (await press(days, "fen", f"pass:{matter.id}")).card
    stranger = {"person": [str(days.world.people["gui"])]}
    assert "已过期" in (await press(days, "fen", asked.actions[0].key, selected=stranger)).text
    assert "转办公员办理" in await days.said("ting", "转办 1 办公员 请核实情况")
    assert "请核实情况" in (await days.cards("ban"))[-1]
    assert "名单中没有“李四”" in await days.said("fen", "转办 1 李四 请核实")
    assert "分办" in await days.said("a", "转办 1 张三")  # the unit's own: 分办
    assert await Ledger.filter(verb="pass_on").count() == 2
    assert await days.world.intact()


async def test_what_came_up_accepted_takes_a_word_but_no_date(days: Days) -> None:
    await days.matter()
    await days.world.hand_in("a", 2)
    await days.sure("a", "完结 1 理由：已全部整改到位", 2)
    await days.said("ban", "/同意办结 1", 4)
    assert "已记录" in await days.said("fen", "/批示 1 继续巩固成效", 5)
    assert "已于" in await days.said("fen", "限期 1 3月20日", 5)
    assert "已于" in await days.said("fen", "转办 1 张三", 5)
    await Matter.all().update(state="withdrawn")
    assert "已于" in await days.said("fen", "/批示 1 继续巩固成效", 6)
