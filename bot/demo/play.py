"""The headless demo: two matters live their first week; the transcript is held against what the story expects."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import clock, wording
from bot.demo import paper, stage
from bot.demo.stage import Stage
from bot.rules import calendar
from models.delivery import Delivery
from models.people import Person

STORY = wording.TEMPLATES / "demo" / "story.json"
Line = tuple[str, str, str, str]
"""(instant, channel, person, what): one thing that one person received."""


async def headless(folder: Path) -> int:
    """Play the story, print who received what, when, on which channel; 1 when it is not what the story expects."""
    story = json.loads(STORY.read_text(encoding="utf-8"))
    started = clock.monotonic()
    async with stage.raised(folder, datetime.fromisoformat(story["start"]), stepped=True) as here:
        for act in story["acts"]:
            await here.play_until(datetime.fromisoformat(act["at"]))
            await perform(here, act)
        await here.play_until(datetime.fromisoformat(story["until"]))
        got = await transcript(here)
        problems = [*compare(got, expected(story)), *await _cards(here, story["cards"])]
    _print(got, problems, clock.monotonic() - started)
    return 1 if problems else 0


async def perform(here: Stage, act: Mapping[str, Any]) -> None:
    """One act of a story: somebody says something or presses a card; RuntimeError when the answer is another one."""
    if "say" in act:
        answer = await here.say(act["who"], act["say"])
    elif "photo" in act:
        answer = await here.picture(act["who"], paper.page(act["photo"]))
    else:
        entry = await _card(here, act["who"], act["card"])
        button = next(each["key"] for each in entry["buttons"] if each["text"] == act["press"])
        chosen = {key: [await _option(entry, text)] for key, text in act.get("choose", {}).items()}
        answer = await here.press(act["who"], entry["id"], button, chosen)
    if answer["status"] != 200:
        raise RuntimeError(f"{act['at']} {act['who']}: the bot answered {answer['status']} ({answer['error']})")
    text = (answer["reply"] or {}).get("text", "")
    if act.get("reply", "") not in text:
        raise RuntimeError(f"{act['at']} {act['who']}: the reply {text!r} does not hold {act['reply']!r}")
    await here.engine.drain()


async def _card(here: Stage, who: str, words: str) -> dict[str, Any]:
    """The latest card on a person's screen that shows these words."""
    found = [each for each in await here.inbox(here.ids[who]) if words in each["shown"] and each["buttons"]]
    if not found:
        raise RuntimeError(f"{who} has no card that shows {words!r}")
    return found[-1]


async def _option(entry: Mapping[str, Any], text: str) -> str:
    options = entry["card"]["button_selection"]["option_list"]
    return str(next(each["id"] for each in options if each["text"] == text))


async def transcript(here: Stage) -> list[Line]:
    """Everything pushed to everybody, cards named by the notice that they carry; replies are left out."""
    lines = []
    for person in await Person.all().order_by("id"):
        for entry in await here.inbox(person.wecom_id or ""):
            if entry["via"] != "reply":
                what = entry["shown"] if entry["platform"] == "sms" else await _what(entry)
                lines.append((_at(entry["virtual"]), entry["platform"], person.name, what))
    return sorted(lines)


def _at(text: str) -> str:
    """An instant as the story writes it."""
    return calendar.local(datetime.fromisoformat(text)).isoformat()


async def _what(entry: Mapping[str, Any]) -> str:
    """`kind obligation seq` of the notice behind a card, found by the number that the card carries on the wire."""
    number = str((entry["card"] or entry["payload"]).get("task_id", "")).rpartition("-")[2]
    sent = await Delivery.get(id=int(number)).prefetch_related("notice__obligation", "notice__matter")
    if sent.notice is None:
        return "reply"
    notice = sent.notice
    seq = f" {notice.seq}" if notice.kind == "urge" else ""
    return f"{notice.matter.code} {notice.kind} {notice.obligation.name}{seq}"


def expected(story: Mapping[str, Any]) -> list[Line]:
    """The story's own list, spelt out: each notice to each person on each channel."""
    lines: list[Line] = []
    for each in story["expected"]:
        for channel, people in (each.get("to") or story["to"][each["matter"]][each["kind"]]).items():
            lines += [(each["at"], channel, person, _written(story, each, channel)) for person in people]
    return sorted(lines)


def _written(story: Mapping[str, Any], each: Mapping[str, Any], channel: str) -> str:
    if channel == "sms":
        return str(each["sms"])
    seq = f" {each['seq']}" if "seq" in each else ""
    return f"{story['codes'][each['matter']]} {each['kind']} {each['obligation']}{seq}"


def compare(got: list[Line], wanted: list[Line]) -> list[str]:
    """What came and was not expected, what was expected and did not come: another instant is both."""
    extra, missing = Counter(got) - Counter(wanted), Counter(wanted) - Counter(got)
    words = [("extra", extra), ("missing", missing)]
    return [f"{word}: {' '.join(line)}" for word, lines in words for line in sorted(lines.elements())]


async def _cards(here: Stage, wanted: list[Mapping[str, Any]]) -> list[str]:
    """Cards that must have turned into their result."""
    problems = []
    for each in wanted:
        shown = [entry["shown"] for entry in await here.inbox(here.ids[each["who"]]) if entry["state"] == "updated"]
        if not any(re.search(each["shows"], text) for text in shown):
            problems.append(f"card: no card of {each['who']} turned into {each['shows']!r}")
    return problems


def _print(got: list[Line], problems: list[str], seconds: float) -> None:
    for line in got:
        sys.stdout.write("  ".join(line).replace("\n", " ") + "\n")
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    verdict = "as the rules say" if not problems else f"{len(problems)} differences"
    sys.stdout.write(f"{len(got)} messages, {verdict}, {seconds:.1f} s\n")
