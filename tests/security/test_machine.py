"""Validly signed messages in any order, from anybody, mutated: never a 5xx, never an effect that the matrix forbids.

`DUBAN_FUZZ` multiplies the runs (`make soak`).
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from bot import app as application
from bot import clock
from bot.actions import setting
from handlers import words
from models import audit, database
from tests.security import said
from tests.security.bot import Bot, Snapshot, snapshot
from tests.security.matrix import Scene, Sender, judged, reads
from tests.stories.theatre import ACK

SCALE = int(os.environ.get("DUBAN_FUZZ", "1"))
BOUNDED = settings(
    max_examples=6 * SCALE,
    stateful_step_count=30,
    deadline=None,
    derandomize=SCALE == 1,
    database=None,
    report_multiple_bugs=False,
    phases=(Phase.generate,) if SCALE == 1 else (Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
person = st.sampled_from(said.PEOPLE)
some = st.integers(0, 6)
change = st.tuples(st.sampled_from(said.CHANGES), some, st.sampled_from(said.WEIRD))

READ = ("inbound", "ledger")
Rows = list[dict[str, Any]]


class Machine(RuleBasedStateMachine):
    """One department, any order of messages; `seen` counts what the runs reached."""

    bot: ClassVar[Bot]
    seen: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.bot.call(self.bot.empty())
        self.before = self.bot.call(snapshot())
        self.titles = itertools.count()
        self.sent: list[tuple[dict[str, str], str, str]] = []

    @initialize(source=st.sampled_from(said.SOURCES), unit=st.sampled_from(said.UNITS[:2]))
    def a_matter(self, source: str, unit: str) -> None:
        self.say("wangfang", f"/立项 {self.title()} 来源:{source} 类别:一般 处室:{unit} 配合:河湖管理处")
        for login in ("zhengqiang", "wumin"):
            self.say(login, "/批准 拟-1")
        operator, handler = said.OPERATORS[unit]
        self.say(operator, ACK.replace("陈晨", handler))

    @rule(what=st.lists(st.sampled_from(said.LIKELY), min_size=2, max_size=4))
    def in_their_places(self, what: list[tuple[str, str]]) -> None:
        for each in what:
            self.say(*each)

    @rule(what=st.sampled_from(said.LIKELY), login=person)
    def out_of_place(self, what: tuple[str, str], login: str) -> None:
        self.say(login, what[1])

    @rule(word=st.sampled_from(sorted(words.COMMANDS)), login=person, rest=st.sampled_from(said.RESTS), ref=said.REF)
    def command(self, word: str, login: str, rest: str, ref: str) -> None:
        self.say(login, f"/{words.COMMANDS[word][0]} {ref} {rest}")

    @rule(
        source=st.sampled_from(said.SOURCES), unit=st.sampled_from(said.UNITS), login=st.sampled_from(said.PEOPLE[2:5])
    )
    def proposal(self, source: str, unit: str, login: str) -> None:
        self.say(login, f"/立项 {self.title()} 来源:{source} 类别:重大 处室:{unit} 配合:水资源处")

    @rule(key=st.sampled_from(sorted(said.KEYS)), login=person, picks=st.tuples(some, some), data=st.data())
    def press(self, key: str, login: str, picks: tuple[int, int], data: st.DataObject) -> None:
        parts = [str(self.some_id(table, pick)) for table, pick in zip(said.KEYS[key], picks, strict=False)]
        rest = data.draw(st.sampled_from((*said.TAILS, self.line_of())))
        question = data.draw(st.sampled_from(("person", "matter", "grade", "zzz")))
        chosen = data.draw(st.sampled_from(said.CHOICES))
        self.deliver(self.button(login, ":".join([key, *parts]) + rest, {question: chosen}), login)

    @rule(login=person, picture=st.sampled_from(said.PICTURES))
    def photograph(self, login: str, picture: str) -> None:
        fields = [("MsgType", "image"), ("PicUrl", "http://169.254.169.254/x.jpg"), ("MediaId", picture)]
        self.deliver(self.message(login, [*fields, ("MsgId", self.fresh())]), login)

    @rule(login=person, name=st.sampled_from(said.EVENTS))
    def event(self, login: str, name: str) -> None:
        self.deliver(self.message(login, [("MsgType", "event"), ("Event", name), ("EventKey", "待办")]), login)

    @rule(login=person | st.sampled_from(said.STRANGERS), pressed=st.booleans(), changes=st.lists(change, max_size=3))
    def mutated(self, login: str, pressed: bool, changes: list[tuple[str, int, str]]) -> None:
        """The inner XML with elements missing, twice, in another order, with other values."""
        button, text = self.button(login, "approve:1", {"person": "1"}), self.text(login, "进展 1 已完成现场核查")
        self.deliver(said.changed(button if pressed else text, changes), None)

    @rule(which=some, login=person)
    def again(self, which: int, login: str) -> None:
        """The same bytes again change nothing; the same message under another's name is his."""
        query, body, plain = self.sent[-1 - which % len(self.sent)]
        status, _ = self.bot.call(self.bot.line.post(query, body))
        assert status == 200
        assert self.bot.call(snapshot()) == self.before
        own = f"<FromUserName>{login}</FromUserName>"
        self.deliver(re.sub("<FromUserName>.*?</FromUserName>", own, plain, count=1), None)

    @rule(body=said.BYTES, query=said.QUERIES, signed=st.booleans())
    def unsigned(self, body: bytes, query: dict[str, str], signed: bool) -> None:
        """Bytes that nobody signed, and a signature that belongs to others."""
        own = self.bot.line.seal(self.text("zhengqiang", "/批准 拟-1"))[0] if signed else query
        status, words_ = self.bot.call(self.bot.line.post(own, body))
        assert status in (400, 403), status
        assert words_ == ""
        assert self.bot.call(snapshot()) == self.before

    @rule(login=person, active=st.booleans())
    def suspend(self, login: str, active: bool) -> None:
        self.bot.call(database.execute("UPDATE person SET active = ? WHERE wecom_id = ?", [active, login]))
        self.before = self.bot.call(snapshot())

    @rule(hours=st.sampled_from((1, 5, 20, 60, 400)))
    def time_goes_on(self, hours: int) -> None:
        self.bot.call(self.bot.stage.post("clock", step=hours * 3600))
        self.bot.call(self.bot.stage.engine.drain())
        self.before = self.bot.call(snapshot())

    def teardown(self) -> None:
        assert self.bot.call(audit.Audit(setting.current().ledger_key).first()) is None

    # what the rules are made of

    def say(self, login: str, text: str) -> None:
        self.deliver(self.text(login, text), login)

    def text(self, login: str, text: str) -> str:
        return self.message(login, [("MsgType", "text"), ("Content", text), ("MsgId", self.fresh())])

    def button(self, login: str, key: str, chosen: dict[str, str]) -> str:
        rows = "".join(
            f"<SelectedItem><QuestionKey>{name}</QuestionKey><OptionIds><OptionId>{value}</OptionId></OptionIds>"
            "</SelectedItem>"
            for name, value in chosen.items()
        )
        fields = [("MsgType", "event"), ("Event", "template_card_event"), ("EventKey", key), ("TaskId", "t")]
        items = f"<SelectedItems>{rows}</SelectedItems><ResponseCode>{self.fresh()}</ResponseCode>"
        return self.message(login, fields).replace("</xml>", f"{items}</xml>")

    def message(self, login: str, fields: list[tuple[str, str]]) -> str:
        own = self.bot.line.settings
        head = [("ToUserName", own.corp_id), ("FromUserName", login)]
        head.append(("CreateTime", str(int(clock.now().timestamp()))))
        rows = [*head, *fields, ("AgentID", str(own.agent_id))]
        return "<xml>" + "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in rows) + "</xml>"

    def title(self) -> str:
        """One of its own for each: whoever reads it has seen that matter."""
        return f"河道清淤{chr(0x4E00 + next(self.titles))}段"

    def fresh(self) -> str:
        return str(next(self.bot.line.numbers))

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return self.bot.call(database.rows(sql, values))

    def some_id(self, table: str, pick: int) -> int:
        found = self.rows(f"SELECT id FROM {table} ORDER BY id DESC LIMIT 5")
        return found[pick % len(found)]["id"] if found and pick < 6 else 99

    def line_of(self) -> str:
        """The ledger line that a button to confirm is bound to."""
        return f":{self.rows('SELECT ledger_n FROM matter ORDER BY id DESC LIMIT 1')[0]['ledger_n']}"

    def deliver(self, plain: str, login: str | None) -> None:
        """Post a signed message and judge what came of it. `login`: who sends it, None: as the XML says."""
        status, came, people, scenes, lines, after = self.bot.call(self.delivered(plain))
        assert status in (200, 400, 403), (status, plain)
        self.seen[str(status)] += 1
        user = came[0]["user"] if came else ""
        if came and login:
            assert user == login.lower()
        assert not came or f">{escape(user)}<" in plain.lower()
        self.judge(people.get(user), scenes, lines, after)
        words_ = json.dumps(came, ensure_ascii=False, default=str) if came else ""
        for title in {scene.matter["title"] for scene in scenes.values() if scene.matter}:
            if title in words_:  # a family has one title: who reads one of it reads it
                family = [scene for scene in scenes.values() if scene.matter and scene.matter["title"] == title]
                assert user in people, came
                assert any(reads(people[user], scene) for scene in family), (came, family)

    async def delivered(self, plain: str) -> tuple[int, Rows, dict[str, Sender], dict[int, Scene], Rows, Snapshot]:
        """Status, the message as stored, who was who and what was before, and what is after."""
        people, scenes = await self.bot.senders(), await self.scenes()
        last = [(await database.rows(f"SELECT coalesce(max(id), 0) AS last FROM {name}"))[0]["last"] for name in READ]
        query, body = self.bot.line.seal(plain)
        status, _ = await self.bot.line.post(query, body)
        await self.bot.stage.app[application.ENDPOINT].drain()
        if status == 200:
            self.sent.append((query, body, plain))
        new = [
            await database.rows(f"SELECT * FROM {name} WHERE id > ? ORDER BY id", [since])
            for name, since in zip(READ, last, strict=True)
        ]
        return status, new[0], people, scenes, new[1], await snapshot()

    def judge(self, by: Sender | None, scenes: dict[int, Scene], lines: Rows, after: Snapshot) -> None:
        """Every row that changed belongs to a matter with a line by the sender, of a verb that is his."""
        for line in lines:
            self.seen[line["verb"]] += 1
            assert by is not None, line
            assert line["actor_id"] == by.id, line
            scene = scenes.get(line["matter_id"]) or self.born(line["matter_id"], scenes)
            assert judged(line["verb"], by, scene), (line, by, scene)
        touched = {line["matter_id"] for line in lines}
        for table, row in after.keys() | self.before.keys():
            new, old = after.get((table, row)), self.before.get((table, row))
            if new != old:
                self.allowed(table, (new or old or ("", None))[1], by, touched)
        self.before = after

    def born(self, matter: int, scenes: dict[int, Scene]) -> Scene:
        """What was before for a matter that is new: its parent's, when it is a child (A62)."""
        parent = self.rows("SELECT parent_id FROM matter WHERE id = ?", matter)[0]["parent_id"]
        return scenes.get(parent) or Scene(None, said.office(scenes))

    def allowed(self, table: str, matter: int | None, by: Sender | None, touched: set[int]) -> None:
        """A row of a matter changes with a line of its ledger, a seat by the office's word."""
        assert by is not None, table
        if table == "seat":
            assert by.has("office", "office_director"), by
        elif matter is None:
            assert table == "document", table
        else:
            assert matter in touched, (table, matter, touched)

    async def scenes(self) -> dict[int, Scene]:
        sits = "SELECT DISTINCT unit_id FROM seat WHERE role IN ('office', 'office_director') AND unit_id IS NOT NULL"
        units = frozenset(row["unit_id"] for row in await database.rows(sits))
        found = {}
        for row in await database.rows("SELECT * FROM matter"):
            for name in ("cooperating", "leads"):
                row[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name]
            found[row["id"]] = Scene(row, units)
        return found


def test_signed_messages_do_what_their_senders_may(db_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "stage"
    folder.mkdir()
    bot = Bot(folder, db_url)
    try:
        made = type("Bound", (Machine,), {"bot": bot, "seen": Counter()})
        run_state_machine_as_test(made, settings=BOUNDED)
    finally:
        bot.close()
    # the runs are of use only if they reach something
    reached = {name for name, count in made.seen.items() if count}
    assert {"200", "400", "propose", "approve", "initiate", "acknowledge"} <= reached
    assert len(reached) >= 9, made.seen
