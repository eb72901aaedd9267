"""What people write beside feedback: 分办, 待办, 帮助; what the bot can't read; the greeting."""

from __future__ import annotations

import base64
from datetime import timedelta

from models.feedback import Feedback
from models.inbound import Inbound
from models.matter import Matter
from tests.stories.theatre import ACK, PROPOSE, Story, T, at


async def test_passing_it_on(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    told = await story.say("张三", "分办 1 陈晨")
    assert "2026-0001 已分办给陈晨，并已通知本人" in told
    assert "1天节点尚未反馈，3月3日 09:00截止" in told
    assert any("张三分办给您一件事项" in words for words in await story.shown("陈晨"))
    assert "名单中没有“林涛”" in await story.say("张三", "分办 林涛")
    assert "没有看清承办人" in await story.say("张三", "分办 1")
    assert "承办处室是水资源处" in await story.say("钱进", "分办 2026-0001 林涛")
    assert await story.met(matter) == []
    # the handler is reminded with A from now on (A37)
    await story.until(at("03-03 05:00"))
    assert [line.split()[3] for line in await story.sent("remind")] == sorted(["张三", "陈晨"])
    assert "1天：研究部署，明确承办人；3月3日 09:00截止" in await story.say("陈晨", "待办")


async def test_what_is_to_do(story: Story) -> None:
    await story.until(T)
    assert "您目前没有待办事项" in await story.say("张三", "待办")
    await story.matter()
    await story.matter(PROPOSE.replace("取水许可", "水源地"))
    await story.say("王芳", PROPOSE.replace("取水许可", "地下水"))
    todo = await story.say("张三", "／待办")
    assert "2项待办" in todo
    assert todo.index("2026-0001") < todo.index("2026-0002")
    assert "拟-3" in await story.say("郑强", "待办")
    assert "目前没有待办" in await story.say("钱进", "待办")
    await story.say("张三", f"1 {ACK}")
    await story.until(T + timedelta(hours=30))
    todo = await story.say("张三", "待办")
    assert "已逾期6小时" in todo
    assert "3天" in todo


async def test_help_for_each_post(story: Story) -> None:
    await story.until(T)
    assert "【承办】" in (officer := await story.say("张三", "帮助"))
    assert "/立项" not in officer
    assert "/立项" in await story.say("王芳", "help")
    assert "/批准" in await story.say("郑强", "帮助")
    assert "【批示】" in await story.say("周正", "/帮助")


async def test_opening_the_window(story: Story) -> None:
    await story.until(T)
    await story.matter()
    assert "张三，您好" in (greeting := await story.act("enter", "张三"))
    assert "1项待办" in greeting
    await story.until(T + timedelta(minutes=5))
    assert await story.act("enter", "张三") == ""
    assert "目前没有待办事项" in await story.act("enter", "周正")
    await story.until(at("03-03 00:00"))
    assert "张三，您好" in await story.act("enter", "张三")


async def test_what_cannot_be_read(story: Story) -> None:
    await story.until(T)
    await story.matter()
    picture = base64.b64encode(b"\xff\xd8\xff\xe0 a picture").decode()
    answer = await story.stage.post("image", person=story.stage.ids["王芳"], data=picture)
    assert "图片已收到，但不知对应哪件事项" in answer["reply"]["text"]
    assert "没有看懂" in await story.say("张三", "{{ 7*7 }} <xml> ]]> \\ \" '")
    assert "没有看懂" in await story.say("张三", "？")
    assert "密级标志" in await story.say("张三", "进展 1 机密★1年 会议纪要内容如下")
    assert not await Inbound.filter(text__contains="机密").exists()
    assert not await Feedback.exists()
    assert await Matter.filter(state="running").count() == 1
