"""Pictures fetched from the platform: later, lost, dropped meanwhile, by two at once, out of order (R40, R42)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import errors
from bot.actions import completion, document
from bot.channels import ChannelDown, Unreachable
from bot.channels.wecom.media import Media
from bot.documents import filetype, storage
from bot.engine import notify, pictures
from handlers import reception
from models import roster
from models.document import Document
from models.inbound import Inbound
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.roster import Seated
from tests import department
from tests.department import T, World
from tests.documents import samples
from tests.faults import disks


class Platform:
    """Answers downloads from a list; an exception is raised, a callable is called first."""

    def __init__(self, *answers: bytes | Exception | Callable[[], object]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, media_id: str) -> Media:
        self.asked.append(media_id)
        answer = self.answers.pop(0)
        if callable(answer):
            found = answer()
            if asyncio.iscoroutine(found):
                await found
            answer = samples.JPEG
        if isinstance(answer, Exception):
            raise answer
        return Media("", "text/html", answer)


@pytest.fixture
async def world(db: str) -> World:
    return await department.found()


async def officer(user: str = "a") -> Seated:
    found = await roster.sender("wecom", user, notify.today(T))
    assert found
    return found


async def picture(by: Seated, media_id: str = "m1", at: datetime = T) -> Document:
    said = {"channel": "wecom", "corp": "c", "agent": "1", "user": "a", "kind": "image"}
    when = {"answered_at": at, "received_at": at, "received_wall": at}
    row = await Inbound.create(key=f"picture-{media_id}", person_id=by.id, **said, **when)
    return await document.receive(row.id, media_id, by, at, T)


def fetcher(platform: Platform, folder: Path, wall: list[datetime]) -> pictures.Fetcher:
    return pictures.Fetcher(platform, folder, lambda: wall[0])


async def test_a_platform_that_is_down_is_asked_again(world: World, tmp_path: Path) -> None:
    wall = [T]
    platform = Platform(ChannelDown("busy"), ChannelDown("busy"), samples.JPEG)
    job = fetcher(platform, tmp_path, wall)
    row = await picture(await officer())
    tries = []
    for seconds in (0, 14, 15, 74, 75, 76):
        wall[0] = T + timedelta(seconds=seconds)
        tries.append(await job.fetch(T))
    assert tries == [1, 0, 1, 0, 1, 0]
    await row.refresh_from_db()
    assert (row.state, row.media_type, row.size, row.tried) == ("kept", "image/jpeg", len(samples.JPEG), 3)
    assert storage.path(tmp_path, row.sha256).read_bytes() == samples.JPEG


async def test_what_never_comes_is_told_to_who_gave_it_to_a_matter(world: World, tmp_path: Path) -> None:
    matter = await world.matter()
    by = await officer()
    given, loose, _ = [await picture(by, f"m{n}", T - timedelta(days=4) * (n == 2)) for n in range(3)]
    await document.place(given.id, matter.id, by, T)
    platform = Platform(Unreachable("40007"), b"GIF89a", ChannelDown("busy"))
    assert await fetcher(platform, tmp_path, [T]).fetch(T) == 3
    assert {each.state for each in await Document.all()} == {"lost"}
    notices = await Notice.filter(kind="picture_lost")
    assert [each.seq for each in notices] == [given.id]
    with pytest.raises(errors.Refused, match=r"^picture_lost$"):
        await document.place(loose.id, matter.id, by, T)
    assert await document.waiting(matter) == []


async def test_dropped_while_it_was_on_its_way(world: World, tmp_path: Path) -> None:
    by = await officer()
    row = await picture(by)
    job = fetcher(Platform(lambda: document.decline(row.id, by)), tmp_path, [T])
    assert await job.fetch(T) == 1
    assert [(each.state, each.sha256) for each in await Document.all()] == [("dropped", "")]
    assert await job.fetch(T + timedelta(days=1)) == 0


async def test_given_to_a_matter_while_it_was_lost(world: World, tmp_path: Path) -> None:
    matter = await world.matter()
    by = await officer()
    row = await picture(by)

    async def late() -> None:
        await document.place(row.id, matter.id, by, T)
        raise Unreachable("40007")

    assert await fetcher(Platform(late), tmp_path, [T]).fetch(T) == 1
    assert [each.facts["code"] for each in await Notice.filter(kind="picture_lost")] == ["2026-0001"]
    assert await document.waiting(matter) == []


async def test_two_that_fetch_at_once_share_the_work(world: World, tmp_path: Path) -> None:
    by = await officer()
    for number in range(6):
        await picture(by, f"m{number}")
    one, other = (Platform(*[samples.JPEG] * 6) for _ in range(2))
    await asyncio.gather(fetcher(one, tmp_path, [T]).fetch(T), fetcher(other, tmp_path, [T]).fetch(T))
    assert sorted(one.asked + other.asked) == [f"m{number}" for number in range(6)]
    assert await Document.filter(state="kept").count() == 6


async def test_it_is_not_filed_before_it_is_here(world: World, tmp_path: Path) -> None:
    matter = await world.matter()
    by = await officer()
    row = await picture(by)
    for other in ("b", "zhang"):
        with pytest.raises(errors.Refused, match="stale_card"):
            await document.place(row.id, matter.id, await officer(other), T)
    with pytest.raises(errors.Refused, match="other_unit"):
        await document.place(row.id, matter.id, await officer("gui"), T)
    assert (await document.place(row.id, matter.id, by, T))[1] == 1
    with pytest.raises(errors.Refused, match="stale_card"):
        await document.place(row.id, matter.id, by, T)
    draft = await completion.draft(matter.id, "已全部整改到位", by, T)
    with pytest.raises(errors.Refused, match="pictures_arriving"):
        await completion.submit(draft.row.id, by, T)
    await fetcher(Platform(samples.JPEG), tmp_path, [T]).fetch(T)
    await completion.submit(draft.row.id, by, T)
    with pytest.raises(errors.Refused) as caught:
        await document.drop(matter.id, row.id, by, T)
    assert (caught.value.code, caught.value.facts) == ("already_in_review", {"code": "2026-0001", "since": T})
    assert (await Document.get(id=row.id)).completion_id == draft.row.id


async def test_two_matters_are_asked_about(world: World) -> None:
    await world.matter()
    await world.matter(department.PROPOSE.replace("取水许可", "河道采砂"), 1)
    said = {"raw": {"MediaId": "m1"}}
    asked = (await reception.receive(world.message("a", "image", 2, **said))).card
    assert len(asked.choice.options) == 2
    key = asked.actions[0].key
    assert "请" in (await world.press("a", key, 2)).text
    chosen = {"matter": [asked.choice.options[1][0]]}
    assert "2026-0002" in (await world.press("a", key, 2, chosen)).text
    assert "已过期" in (await world.press("a", asked.actions[1].key, 2)).text
    again = (await reception.receive(world.message("a", "image", 3, **said))).card
    assert (await world.press("a", again.actions[1].key, 3)).replace.done == "未使用"
    assert [each.state for each in await Document.all().order_by("id")] == ["fetching", "dropped"]


def kept(folder: Path) -> list[str]:
    return [each.name for each in folder.rglob("*") if each.is_file()]


async def test_a_disk_that_is_full_is_a_reason_to_ask_again(world: World, tmp_path: Path) -> None:
    wall = [T]
    job = fetcher(Platform(samples.LARGE, samples.JPEG, samples.LARGE), tmp_path / "files", wall)
    large, small = await picture(await officer()), await picture(await officer(), "m2")
    with disks.full():
        assert await job.fetch(T) == 2
    assert [(await Document.get(id=each.id)).state for each in (large, small)] == ["fetching", "kept"]
    assert kept(tmp_path / "files") == [(await Document.get(id=small.id)).sha256]
    wall[0] += timedelta(seconds=15)
    assert await job.fetch(T) == 1
    assert (await Document.get(id=large.id)).state == "kept"


async def test_two_hundred_a_day_of_one_person(world: World) -> None:
    by = await officer()
    midnight = T - timedelta(hours=9)
    said = {"person_id": by.id, "kind": "picture", "state": "dropped", "at": midnight}
    today = [Document(**said) for _ in range(document.MOST_A_DAY - 1)]
    news = ({"at": midnight - timedelta(seconds=1)}, {"kind": "upload"}, {"person_id": world.people["b"]})
    await Document.bulk_create([*today, *[Document(**{**said, **each}) for each in news]])
    await picture(by, "the last")
    with pytest.raises(errors.Refused) as caught:
        await picture(by, "one more", T + timedelta(hours=14))
    assert (caught.value.code, caught.value.facts) == ("too_many_today", {"most": 200})
    await picture(by, "tomorrow", midnight + timedelta(days=1))


async def test_the_same_bytes_are_one_page(world: World, tmp_path: Path) -> None:
    matter = await world.matter()
    await world.hand_in("a")
    await Matter.filter(id=matter.id).update(cycle=2)  # what was handed in is the old cycle's
    by = await officer()
    for number in range(3):
        await picture(by, f"m{number}")
    platform = Platform(samples.JPEG, samples.JPEG, samples.png())
    assert await fetcher(platform, tmp_path, [T]).fetch(T) == 3
    for number in (3, 4):  # still at the platform
        await picture(by, f"m{number}")
    found = await Document.filter(kind="picture").order_by("id")
    assert [(await document.place(each.id, matter.id, by, T))[1] for each in found] == [1, 1, 2, 3, 4]
    states = [each.state for each in await Document.filter(kind="picture").order_by("id")]
    assert states == ["kept", "dropped", "kept", "fetching", "fetching"]
    pages = await document.waiting(await Matter.get(id=matter.id))
    assert [each.media_id for each in pages] == ["m0", "m2", "m3", "m4"]
    await picture(by, "m5")  # nobody has placed it: it is asked about as ever
    platform = Platform(ChannelDown("busy"), samples.png(16), samples.png(16))
    job, later = fetcher(platform, tmp_path, [T]), T + timedelta(minutes=1)
    assert await job.fetch(T) == 3
    platform.answers, job.wall = [samples.png(16)], lambda: later
    assert await job.fetch(later) == 1  # the first page comes last, and is the one too many
    assert [each.media_id for each in await document.waiting(await Matter.get(id=matter.id))] == ["m0", "m2", "m4"]
    assert [each.state for each in await Document.filter(media_id__in=("m3", "m5")).order_by("id")] == [
        "dropped",
        "kept",
    ]
    line = await Ledger.get(verb="drop_document")
    said = json.loads(line.body)
    assert (line.actor_id, line.at, said["facts"]) == (None, later, {"document": found[3].id})


async def test_twenty_files_of_a_report(world: World) -> None:
    matter = await world.matter()
    for number in range(20):
        await world.hand_in("a", number)
    with pytest.raises(errors.Refused) as caught:
        await world.hand_in("a", 20)
    assert (caught.value.code, caught.value.facts) == ("too_many_files", {"most": 20})
    assert len(await document.waiting(matter)) == 20
    by = await officer()
    last = (await document.waiting(matter))[-1]
    await document.drop(matter.id, last.id, by, T)
    new = [document.Kept(f"{n}.pdf", str(n) * 64, 9, filetype.PDF) for n in (1, 2)]
    with pytest.raises(errors.Refused, match=r"^too_many_files$"):
        await document.attach_all(matter.id, new, by, T)
    assert len(await document.waiting(matter)) == 19
    await document.attach_all(matter.id, new[:1], by, T)
    found = (await document.waiting(matter))[-1]
    assert (found.name, found.sha256, found.person_id, found.at) == ("1.pdf", "1" * 64, by.id, T)
