"""A worked scenario lived through the running bot: people write and press where the scenario has events."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.actions import setting
from bot.rules import calendar, ruleset, scoring
from models.delivery import Delivery
from models.notice import Notice
from models.score import ScoreEvent
from tests.stories.theatre import Story

SCENARIOS = Path(__file__).parents[1] / "oracle" / "scenarios"
KINDS = ("initiate", "remind", "urge", "supervise", "accountability_proposal")
CATEGORIES = {"general": "一般", "major": "重大", "monthly": "月报"}
NODES = {"N1": "1天", "N3": "3天", "N7": "7天", "NM": "1个月", "CUSTOM": "限期", "REWORK": "退回重报"}
GRADES = {"excellent": "优秀", "good": "良好", "pass": "合格", "fail": "不合格"}
FAR = "2027-12-31"
"""A plan's day beyond every scenario: in chat a plan must name one, a scenario need not."""


def names() -> list[str]:
    """C04, C06, S01 …"""
    return sorted(path.name.partition("_")[0] for path in SCENARIOS.glob("*.json"))


def load(name: str) -> dict[str, Any]:
    """The scenario whose file begins with `name`."""
    found: dict[str, Any] = json.loads(next(SCENARIOS.glob(f"{name}_*.json")).read_text(encoding="utf-8"))
    return found


def node(name: str) -> str:
    """The obligation as people name it: N3 → 3天, W2026-04-09 → 4月9日周报, M2026-04 → 4月月报."""
    if name in NODES:
        return NODES[name]
    _, month, *day = re.split(r"-", name)
    return f"{int(month)}月{int(day[0])}日周报" if day else f"{int(month)}月月报"


@dataclass
class Conductor:
    """Plays events in chat; `said` are the replies, in order."""

    story: Story
    said: list[str] = field(default_factory=list)

    async def play(self, scenario: Mapping[str, Any]) -> None:
        """Everything up to the scenario's `until`, which itself still goes out."""
        setting.use(replace(setting.current(), rules=ruleset.parse(scenario.get("config", {}))))
        for event in scenario["inputs"]:
            at = datetime.fromisoformat(event["at"])
            if event["event"] == "apply_completion":  # filing is the press; the words come a minute before
                await self.story.until(at - timedelta(minutes=1))
                await self.story.say("张三", "完结 1 理由：已全部整改到位，群众满意")
                await self.story.photograph("张三")
                await self.story.say("张三", "完结 1")
            await self.story.until(at)
            self.said.append(await getattr(self, event["event"])(event))
        await self.story.until(datetime.fromisoformat(scenario["until"]))
        await self.story.stage.settle()

    async def initiate(self, event: Mapping[str, Any]) -> str:
        due = f" 截止:{event['deadline']}" if "deadline" in event else ""
        text = f"/立项 取水许可核查 来源:省政府13710 类别:{CATEGORIES[event['category']]} 处室:水资源处{due}"
        return (await self.story.matter(text)).code

    async def feedback(self, event: Mapping[str, Any]) -> str:
        return await self.story.say("张三", f"进展 1 {node(event['node'])} 已完成现场核查，形成问题清单。")

    async def apply_extension(self, event: Mapping[str, Any]) -> str:
        until = event.get("plan_until", FAR)
        text = f"延期 1 时限：{until} 理由：汛期不能施工 责任人：陈晨 方案：分两段推进，先主体后附属"
        return await self.story.say("张三", text)

    async def approve_extension(self, event: Mapping[str, Any]) -> str:
        return await self.story.say("王芳", "/同意延期 1")

    async def reject_extension(self, event: Mapping[str, Any]) -> str:
        return await self.story.say("王芳", "/不同意延期 1 时间过长，请压缩")

    async def apply_completion(self, event: Mapping[str, Any]) -> str:
        return await self.story.press("张三", "请确认两项", "确认两项并提交")

    async def accept(self, event: Mapping[str, Any]) -> str:
        grade = GRADES.get(event.get("grade", ""), "")
        return await self.story.say("王芳", f"/同意办结 1 {grade}")

    async def send_back(self, event: Mapping[str, Any]) -> str:
        flag = "未落实 " if event.get("kind") == "not_done" else ""
        return await self.story.say("王芳", f"/退回 1 {flag}附件不全，请补充")


setattr(Conductor, "return", Conductor.send_back)


async def notices() -> list[dict[str, Any]]:
    """What really went out, as a scenario lists it."""
    sent = {
        each.notice_id
        for each in await Delivery.filter(state__in=("accepted", "delivered", "read")).exclude(lane="update")
    }
    rows = await Notice.filter(kind__in=KINDS).prefetch_related("obligation").order_by("at", "id")
    return [_listed(each) for each in rows if each.id in sent]


def _listed(each: Notice) -> dict[str, Any]:
    row = {"at": calendar.local(each.at).isoformat(), "kind": each.kind, "obligation": each.obligation.name}
    return row | ({"seq": each.seq} if each.kind == "urge" else {})


def in_time(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By instant; what leaves at one instant is listed by name."""
    return sorted(rows, key=lambda one: (one["at"], one["obligation"], one["kind"]))


async def score() -> dict[str, Any]:
    """The net of all entries, as a scenario writes it."""
    total: Counter[str] = Counter()
    for each in await ScoreEvent.all():
        total[each.rule] += each.tenths
    items = {rule: total[rule] // tenths for rule, tenths in scoring.TENTHS.items() if total[rule]}
    return {"items": items, "total": scoring.written(sum(total.values()))}
