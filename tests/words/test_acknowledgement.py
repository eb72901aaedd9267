"""The stage-1 sentence of R33 as people give it, and what only looks like it."""

import pytest

from handlers.acknowledgement import acknowledgement

HEAD = "收到此项任务，经处室负责人批示，"
NAMED = [
    (HEAD + "已安排张三处理解决。", ("张三",), None),
    (HEAD + "已安排张三处理解决", ("张三",), None),
    ("收到该项任务，经处室负责人批示，已安排张三处理解决。", ("张三",), None),
    ("收到此项任务,经单位负责人批示,已安排张三处理解决.", ("张三",), None),
    ("收到此项任务，经中心负责人批示，已安排张三处理解决。", ("张三",), None),
    ("收到此项任务，经我处负责人批示，现已安排张三办理。", ("张三",), None),
    ("收到，经处长同意，已安排张三办理", ("张三",), None),
    ("收到任务。经处室领导批示，安排张三负责。", ("张三",), None),
    ("已收到该任务，已安排张三承办", ("张三",), None),
    ("收到，已安排张三处理", ("张三",), None),
    ("收到　此项任务，经处室负责人批示，已安排 张三 处理解决。", ("张三",), None),
    ("收到此项任务\n经处室负责人批示\n已安排张三处理解决", ("张三",), None),
    (HEAD + "已安排张三同志处理解决。", ("张三",), None),
    (HEAD + "已安排张三处长处理解决。", ("张三",), None),
    (HEAD + "已安排张三副处长牵头办理。", ("张三",), None),
    (HEAD + "已安排张工处理解决。", ("张",), None),
    (HEAD + "已安排张处长处理解决。", ("张",), None),
    (HEAD + "已安排张三（A岗）处理解决。", ("张三",), None),
    (HEAD + "已安排水资源处张三处理解决。", ("张三",), None),
    (HEAD + "已安排我处张三处理解决。", ("张三",), None),
    (HEAD + "已安排“张三”处理解决。", ("张三",), None),
    (HEAD + "已安排张三、李四处理解决。", ("张三", "李四"), None),
    (HEAD + "已安排张三，李四处理解决。", ("张三", "李四"), None),
    (HEAD + "已安排张三和李四同志处理解决。", ("张三", "李四"), None),
    (HEAD + "已安排张三 李四 王五处理解决。", ("张三", "李四", "王五"), None),
    (HEAD + "已安排李和平处理解决。", ("李和平",), None),
    (HEAD + "已安排欧阳建国处理解决。", ("欧阳建国",), None),
    (HEAD + "已安排阿卜杜拉·买买提处理解决。", ("阿卜杜拉·买买提",), None),
    (HEAD + "已安排XXX处理解决。", ("XXX",), None),
    (HEAD + "由张三牵头办理。", ("张三",), None),
    (HEAD + "已指定张三负责。", ("张三",), None),
    (HEAD + "已安排张三处理解决。下一步召开专题会研究，安排李四参加。", ("张三",), None),
    ("1 " + HEAD + "已安排张三处理解决。", ("张三",), "1"),
    ("1、" + HEAD + "已安排张三处理解决。", ("张三",), "1"),
    ("2026-0001：" + HEAD + "已安排张三处理解决。", ("张三",), "2026-0001"),
    ("#12 收到，已安排张三办理", ("张三",), "12"),
    ("已安排张三处理", ("张三",), None),
    ("已安排张三处理解决。", ("张三",), None),
]
NOT_NAMED = [
    "收到",
    "收到此项任务",
    "收到此项任务，经处室负责人批示，已安排处理解决。",
    "收到此项任务，经处室负责人批示，已安排专人处理解决。",
    "收到此项任务，尚未安排人员。",
    "收到此项任务，没有安排张三处理。",
    "收到，由于人手紧张，下周再定",
    "已安排专业队伍进场施工，处理完毕",
    "张三",
    "",
    "收到此项任务，经处室负责人批示，将安排张三处理。",
    "本周完成招标，已安排下一步工作",
]


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(("text", "names", "ref"), NAMED)
def test_the_people_put_in_charge_are_found(text, names, ref):
    found = acknowledgement(text)
    assert found is not None
    assert (found.names, found.handler) == (names, names[0])
    assert (str(found.ref) if found.ref else None) == ref


@pytest.mark.parametrize("text", NOT_NAMED)
def test_without_a_person_it_is_no_acknowledgement(text):
    assert acknowledgement(text) is None


def test_a_number_nobody_knows_is_left_in_the_text():
    text = "7 " + HEAD + "已安排张三处理解决。"
    found = acknowledgement(text, lambda ref: False)
    assert found is not None
    assert (found.ref, found.text) == (None, text)
