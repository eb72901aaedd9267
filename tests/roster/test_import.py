"""The import against both databases: one transaction, idempotent, nothing deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.actions import roster as action
from bot.documents import roster, seating
from models import database
from models.people import Person, Seat, Unit

pytestmark = pytest.mark.usefixtures("db")
Sheet = Callable[..., Path]
DAY = date(2026, 3, 2)
NEXT = date(2026, 6, 1)
OFFICE = (
    "王主任,办公室,办公室主任,,13800138000,wangzr,,",
    "赵厅,,厅领导,,,zhaot,,水资源处、水保处",
)
UNITS = (
    "张三,水资源处,负责人,,13800138001,ZhangSan,,",
    "张三,水资源处,操作员,A,,,,",
    "李四,水资源处,系统管理员,B,13800138002,lisi,,",
    "孙七,水保处,负责人,,,sunqi,,",
)


async def bring(path: Path, on: date = DAY, **more: bool) -> list[str]:
    """Import a file, as the command does."""
    rows, problems = roster.read(path)
    return await action.apply(seating.people(rows, problems), seating.units(rows), on=on, **more)


async def seats(on: date) -> set[tuple[str, str, str]]:
    """Who sits where on a day."""
    return {(row.name, unit, role) for row in await action.current(on) for unit, role in seating.seats(row)}


async def test_a_first_import_makes_persons_units_and_seats(sheet: Sheet) -> None:
    changes = await bring(sheet(*OFFICE, *UNITS))
    assert changes[:2] == ["+ 处室 水资源处", "+ 处室 水保处"]
    assert "+ 张三: 水资源处 操作员 A" in changes
    assert await seats(DAY) == {
        ("王主任", "", "office_director"),
        ("赵厅", "水资源处", "leader_in_charge"),
        ("赵厅", "水保处", "leader_in_charge"),
        ("张三", "水资源处", "head"),
        ("张三", "水资源处", "operator_a"),
        ("李四", "水资源处", "operator_b"),
        ("孙七", "水保处", "head"),
    }
    person = await Person.get(name="张三")
    assert (person.wecom_id, person.phone, person.dingtalk_id, person.active) == ("zhangsan", "13800138001", None, True)
    assert await Seat.filter(since__isnull=False).count() == 0


async def test_a_second_import_changes_nothing(sheet: Sheet) -> None:
    path = sheet(*OFFICE, *UNITS)
    await bring(path)
    before = await Person.all().order_by("id").values(), await Seat.all().order_by("id").values()
    assert await bring(path, NEXT) == []
    assert before == (await Person.all().order_by("id").values(), await Seat.all().order_by("id").values())


MORE = ("钱十,办公室,办公室,,,,,", "吴厅,,厅领导,,,,,水资源处")


async def test_the_roster_of_a_day_by_unit_and_post(sheet: Sheet) -> None:
    """The department's own posts first, then unit by unit in the file's latest order; a last day counts."""
    await bring(sheet(*OFFICE, *UNITS, *MORE))
    await bring(sheet(UNITS[3], *OFFICE, *UNITS[:3], *MORE), NEXT)
    await Seat.filter(person__name="李四").update(until=NEXT)
    assert [(row.line, row.name, row.unit, row.role, row.covers) for row in await action.current(NEXT)] == [
        (2, "王主任", "", "office_director", ()),
        (3, "钱十", "", "office", ()),
        (4, "赵厅", "", "leader_in_charge", ("水保处", "水资源处")),
        (5, "吴厅", "", "leader_in_charge", ("水资源处",)),
        (6, "孙七", "水保处", "head", ()),
        (7, "张三", "水资源处", "head", ()),
        (8, "张三", "水资源处", "operator_a", ()),
        (9, "李四", "水资源处", "operator_b", ()),
    ]
    assert len(await action.current(date(2026, 6, 2))) == 7


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
async def test_an_export_imports_as_no_change(sheet: Sheet, tmp_path: Path, name: str) -> None:
    # 吴八 has nothing but a name and an office-wide role: the export has no unit to tell him by
    await bring(sheet(*OFFICE, *UNITS, "吴八,办公室,办公室,,,,,"))
    roster.write(tmp_path / name, await action.current(DAY))
    assert await bring(tmp_path / name, NEXT) == []


async def test_a_dry_run_tells_and_stores_nothing(sheet: Sheet) -> None:
    path = sheet(*OFFICE, *UNITS)
    told = await bring(path, dry_run=True)
    assert await Person.all().count() + await Unit.all().count() + await Seat.all().count() == 0
    assert told == await bring(path)


async def test_who_left_the_file_is_retired_not_deleted(sheet: Sheet) -> None:
    await bring(sheet(*OFFICE, *UNITS))
    changes = await bring(sheet(*OFFICE, *UNITS[:2], UNITS[3]), NEXT)
    assert changes == ["- 李四: 水资源处 操作员 B", "- 李四"]
    left = await Person.get(name="李四")
    assert not left.active
    assert (await Seat.get(person=left)).until == date(2026, 5, 31)
    assert ("李四", "水资源处", "operator_b") not in await seats(NEXT)


async def test_a_person_with_another_row_stays_active(sheet: Sheet) -> None:
    await bring(sheet(*OFFICE, *UNITS))
    changes = await bring(sheet(*OFFICE, UNITS[0], *UNITS[2:]), NEXT)
    assert changes == ["- 张三: 水资源处 操作员 A"]
    assert (await Person.get(name="张三")).active


async def test_a_successor_begins_today_and_a_return_is_a_new_seat(sheet: Sheet) -> None:
    await bring(sheet(*OFFICE, *UNITS))
    await bring(sheet(*OFFICE, *UNITS[:2], "周九,水资源处,操作员,B,,zhoujiu,,", UNITS[3]), NEXT)
    assert (await Seat.get(person__name="周九")).since == NEXT
    later = date(2026, 9, 1)
    await bring(sheet(*OFFICE, *UNITS), later)
    spans = await Seat.filter(person__name="李四").order_by("id").values_list("since", "until")
    assert [tuple(span) for span in spans] == [(None, date(2026, 5, 31)), (later, None)]
    assert (await Person.get(name="李四")).active


MOVES = [
    # the line that replaces 李四's, what is reported
    ("李四,水资源处,系统管理员,B,13800138009,lisi,,", ["~ 李四: 手机 13800138002 → 13800138009"]),
    ("李四,水资源处,系统管理员,B,13800138002,lisi2,,", ["~ 李四: 企业微信 lisi → lisi2"]),
    ("李思,水资源处,系统管理员,B,13800138002,lisi,,", ["~ 李四: 姓名 李四 → 李思"]),
    ("李四,水保处,系统管理员,B,13800138002,lisi,,", ["+ 李四: 水保处 操作员 B", "- 李四: 水资源处 操作员 B"]),
    (
        "李四,水保处,系统管理员,B,13800138002,,ding4,",
        ["~ 李四: 企业微信 lisi → –、钉钉 – → ding4", "+ 李四: 水保处 操作员 B"],
    ),
    (  # the only one of that name, in the file and here
        "李四,水保处,系统管理员,B,,,ding4,",
        [
            "~ 李四: 手机 13800138002 → –、企业微信 lisi → –、钉钉 – → ding4",
            "+ 李四: 水保处 操作员 B",
            "- 李四: 水资源处 操作员 B",
        ],
    ),
    (
        "李四,水保处,系统管理员,B,13800138007,other,,",
        ["+ 李四", "+ 李四: 水保处 操作员 B", "- 李四: 水资源处 操作员 B", "- 李四"],
    ),
]


@pytest.mark.parametrize(("line", "expected"), MOVES)
async def test_a_person_is_found_again(sheet: Sheet, line: str, expected: list[str]) -> None:
    await bring(sheet(*OFFICE, *UNITS))
    before = await Person.all().count()
    changes = await bring(sheet(*OFFICE, *UNITS[:2], line, UNITS[3]), NEXT)
    assert changes[: len(expected)] == expected
    assert await Person.all().count() == before + ("+ 李四" in expected)


async def test_namesakes_are_not_told_apart_by_name(sheet: Sheet) -> None:
    await bring(sheet(*OFFICE, *UNITS))
    two = ("李四,水保处,操作员,A,13900000001,,,", "李四,规划处,操作员,B,13900000002,,,")
    changes = await bring(sheet(*OFFICE, *UNITS[:2], UNITS[3], *two), NEXT)
    assert changes == [
        "+ 处室 规划处",
        "+ 李四",
        "+ 李四: 水保处 操作员 A",
        "+ 李四",
        "+ 李四: 规划处 操作员 B",
        "- 李四: 水资源处 操作员 B",
        "- 李四",
    ]
    changes = await bring(sheet(*OFFICE, *UNITS[:2], UNITS[3], "李四,财务处,操作员,A,,,,"), NEXT)
    assert changes[:3] == ["+ 处室 财务处", "+ 李四", "+ 李四: 财务处 操作员 A"]


async def test_two_who_swap_accounts_keep_their_records(sheet: Sheet) -> None:
    both = [line.removesuffix(",,") + f",{_ding(line)}," for line in UNITS]
    await bring(sheet(*both))
    ids = {person.name: person.id for person in await Person.all()}
    swapped = [_swapped(_swapped(line, "lisi", "sunqi"), "d4", "d7") for line in both]
    changes = await bring(sheet(*swapped), NEXT)
    assert changes == [
        "~ 李四: 企业微信 lisi → sunqi、钉钉 d4 → d7",
        "~ 孙七: 企业微信 sunqi → lisi、钉钉 d7 → d4",
    ]
    assert {person.name: person.id for person in await Person.all()} == ids


def _ding(line: str) -> str:
    return {"李四": "d4", "孙七": "d7"}.get(line.split(",")[0], "")


def _swapped(line: str, one: str, other: str) -> str:
    return line.replace(one, "?").replace(other, one).replace("?", other)


async def test_an_account_passed_on_to_a_newcomer(sheet: Sheet) -> None:
    await bring(sheet(*UNITS))
    passed = [line.replace("lisi", "lisi-new") for line in UNITS]
    await bring(sheet(*passed, "郑十,水保处,操作员,A,,lisi,,"), NEXT)
    assert (await Person.get(name="李四")).wecom_id == "lisi-new"
    assert (await Person.get(name="郑十")).wecom_id == "lisi"


async def test_stand_ins_stay_with_the_seat_and_end_with_it(sheet: Sheet) -> None:
    await bring(sheet(*OFFICE, *UNITS))
    seat = await Seat.get(person__name="李四")
    other = await Person.get(name="孙七")
    await Seat.create(person=other, unit_id=seat.unit_id, role=seat.role, until=date(2026, 7, 1), stands_in_for=seat)
    assert await bring(sheet(*OFFICE, *UNITS), NEXT) == []
    assert ("孙七", "水资源处", "operator_b") not in await seats(NEXT)
    await bring(sheet(*OFFICE, *UNITS[:2], UNITS[3]), NEXT)
    assert (await Seat.get(stands_in_for_id=seat.id)).until == date(2026, 5, 31)


async def test_an_import_that_fails_leaves_nothing(sheet: Sheet) -> None:
    rows, _ = roster.read(sheet(*OFFICE, *UNITS))
    people = seating.people(rows)
    with pytest.raises(KeyError):
        await action.apply(people, [], on=DAY)  # no unit is known: the seats can't be made
    assert await Person.all().count() == 0


async def test_two_imports_at_once_make_one_roster(sheet: Sheet) -> None:
    path = sheet(*OFFICE, *UNITS)
    both = await asyncio.gather(
        database.retrying(lambda: bring(path)), database.retrying(lambda: bring(path)), return_exceptions=True
    )
    assert sorted(len(changes) for changes in both if isinstance(changes, list))[0] == 0
    assert await Person.all().count() == 5


@pytest.mark.requirement("A39")
async def test_gaps_of_the_stored_roster(sheet: Sheet) -> None:
    assert await action.gaps(DAY) is None
    await bring(sheet(*OFFICE, *UNITS))
    found = await action.gaps(DAY)
    assert found is not None
    assert {each.text for each in found if each.post} == {"水保处 has no 操作员 A", "水保处 has no 操作员 B"}
    assert "孙七 has no 手机: no SMS reaches this person" in [each.text for each in found]
