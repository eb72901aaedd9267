"""/事项 /推演 /口径 /未达."""

from __future__ import annotations

import dataclasses

from bot.actions import setting
from bot.channels import Unreachable
from bot.rules.ruleset import Ruleset
from models.matter import Matter
from models.obligation import Obligation
from models.people import Seat
from tests import department
from tests.department import KEY, PROPOSE
from tests.office.days import Days


async def test_matters(days: Days) -> None:
    assert "目前没有在办事项" in await days.said("ban", "/事项")
    await days.silent(30)
    await days.matter(PROPOSE.replace("取水许可核查", "堤防检查").replace("水资源处", "规划处"), 30)
    text = await days.said("ban", "/事项")
    assert "在办事项2件" in text
    assert "2026-0001 关于开展取水许可核查的… 水资源处 办理中 1天已逾期6小时" in text
    assert "含“堤防”的事项1件" in await days.said("wang", "/事项 堤防")
    assert "没有含“水库”" in await days.said("ting", "/事项 水库")
    assert "在办事项1件" in await days.said("fen", "/事项")
    await Matter.filter(number=2).update(sensitive=True)
    assert "堤防" not in (await days.said("ban", "/事项")) + (await days.said("ban", "/事项 2"))
    await days.sure("wang", "/撤销 1 任务取消")
    assert "2026-0001" not in await days.said("ban", "/事项")
    assert "已撤销" in await days.said("ban", "/事项 取水")
    assert "目前没有在办事项" in await days.said("a", "/事项")
    assert "2026-0002" in await days.said("gui", "/事项")


async def test_forecast(days: Days) -> None:
    await days.silent(1)
    text = await days.said("ban", "/推演 1")
    assert "·1天 3月3日 09:00到期；提醒3月3日 04:00；催办19次，3月3日 12:00起至3月5日 07:00；督办3月5日 09:00" in text
    await days.until(73)
    assert "·1天 3月3日 09:00到期；已督办，不再发通知" in await days.said("ban", "/推演 1")
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 74)).card
    await days.world.press("a", card.actions[0].key, 74)
    assert "（暂停，不发通知）" in await days.said("ban", "/推演", 75)
    await days.sure("wang", "/撤销 1 任务取消")
    assert "没有后续时限" in await days.said("ban", "/推演 1")


async def test_the_ruleset_in_words(days: Days) -> None:
    keys = len(dataclasses.fields(Ruleset))
    setting.use(setting.Setting(KEY, Ruleset(quiet_mode="defer", score_base=100)))
    first, rest = await days.said("ban", "/口径"), await days.said("wang", "/口径 续")
    assert "*免打扰：顺延" in first
    assert "*考核基准分：100" in first
    assert "1天节点：24小时" in first
    lines = [line for line in (first + "\n" + rest).splitlines()[1:] if "：" in line]
    assert len(lines) == keys
    assert max(len(text.encode()) for text in (first, rest)) < 2048


async def test_every_value_has_its_words(days: Days) -> None:
    for entry in dataclasses.fields(Ruleset):
        for value in entry.metadata["choices"] or ():
            setting.use(setting.Setting(KEY, Ruleset(**{entry.name: value})))
            text = await days.said("ban", "/口径") + await days.said("ban", "/口径 续")
            assert "_" not in text, (entry.name, value)


async def test_what_did_not_arrive(days: Days) -> None:
    assert "都已送达" in await days.said("ban", "/未达")
    await days.matter()
    days.wecom.always = days.sms.always = Unreachable("81013 user is not visible")
    await days.until(20)
    days.wecom.always = days.sms.always = None
    text = await days.said("ban", "/未达")
    assert "近30天未达3条" in text  # A's, then B's, then the head's (A64)
    assert (
        "2026-0001 提醒 1天 3月3日 04:00 李安：企业微信、短信均未达（81013 user is not visib…），已转孙贝，无人收到"
        in text
    )
    await Obligation.filter(name="N3").update(fault="ValueError: x", next_notice_at=None)
    assert "2026-0001 3天计划出错" in await days.said("wang", "/未达")
    assert "不能使用" in await days.said("a", "/未达")


async def test_a_notice_without_anybody_to_tell(days: Days) -> None:
    await days.matter()
    await Seat.all().delete()
    await days.until(20)
    await department.seat("wang", "王主任", None, "office_director", days.world)
    assert "无接收人：名单缺负责人和操作员" in await days.said("wang", "/未达")
