"""Every documented limit, at its edge and one past it, for every message type and all five cards."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom import card_limits, limits
from bot.channels.wecom.schema import Problem

Path = tuple[str | int, ...]
LINK = {"type": 1, "url": "https://a/"}
OPTIONS = [{"id": "1", "text": "一"}, {"id": "2", "text": "二"}]
SELECT = {"question_key": "q", "title": "t", "option_list": OPTIONS, "selected_id": "1"}
CARDS: dict[str, dict[str, Any]] = {
    "text_notice": {
        "card_type": "text_notice",
        "task_id": "t-1",
        "source": {"icon_url": "u", "desc": "s", "desc_color": 1},
        "action_menu": {"desc": "d", "action_list": [{"text": "a", "key": "1"}, {"text": "b", "key": "2"}]},
        "main_title": {"title": "t", "desc": "d"},
        "quote_area": {**LINK, "title": "t", "quote_text": "q"},
        "emphasis_content": {"title": "1", "desc": "d"},
        "sub_title_text": "s",
        "horizontal_content_list": [
            {"keyname": "k", "value": "v"},
            {"type": 1, "keyname": "k", "value": "v", "url": "u"},
            {"type": 2, "keyname": "k", "value": "v", "media_id": "m"},
            {"type": 3, "keyname": "k", "value": "v", "userid": "u"},
        ],
        "jump_list": [{"type": 1, "title": "t", "url": "u"}, {"type": 2, "title": "t", "appid": "a"}],
        "card_action": LINK,
    },
    "news_notice": {
        "card_type": "news_notice",
        "main_title": {"title": "t"},
        "card_image": {"url": "u", "aspect_ratio": 1.3},
        "image_text_area": {**LINK, "title": "t", "desc": "d", "image_url": "i"},
        "vertical_content_list": [{"title": "t", "desc": "d"}],
        "card_action": {"type": 2, "appid": "a", "pagepath": "p"},
    },
    "button_interaction": {
        "card_type": "button_interaction",
        "task_id": "t-1",
        "main_title": {"title": "t"},
        "button_selection": SELECT,
        "button_list": [{"text": "a", "style": 1, "key": "1"}, {"type": 1, "text": "b", "url": "u"}],
    },
    "vote_interaction": {
        "card_type": "vote_interaction",
        "task_id": "t-1",
        "main_title": {"title": "t"},
        "checkbox": {"question_key": "q", "mode": 1, "option_list": [{"id": "1", "text": "一", "is_checked": True}]},
        "submit_button": {"text": "提交", "key": "k"},
    },
    "multiple_interaction": {
        "card_type": "multiple_interaction",
        "task_id": "t-1",
        "main_title": {"title": "t"},
        "select_list": [SELECT, {**SELECT, "question_key": "r"}],
        "submit_button": {"text": "提交", "key": "k"},
    },
}
DROP = object()


def message(kind: str, body: Any) -> dict[str, Any]:
    return {"touser": "U1", "agentid": 1000002, "msgtype": kind, kind: body}


def changed(tree: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy in which the member at `path` is `value`, or gone."""
    made = json.loads(json.dumps(tree))  # unlike deepcopy, nothing stays shared
    node: Any = made
    for step in path[:-1]:
        node = node[step]
    if value is DROP:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return made


def shown(path: Path) -> str:
    return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path).lstrip(".")


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())
def test_a_good_card_of_each_kind(card: dict[str, Any]) -> None:
    assert limits.check(message("template_card", card)) == []


HARD: list[tuple[str, Path, Any, int]] = [
    ("text_notice", ("card_type",), "slogan", 40058),
    ("text_notice", ("card_action",), DROP, 42045),
    ("text_notice", ("card_action", "type"), 0, 42045),
    ("text_notice", ("card_action", "url"), DROP, 42045),
    ("text_notice", ("task_id",), DROP, 42014),
    ("text_notice", ("task_id",), "a" * 129, 42014),
    ("text_notice", ("task_id",), "任务", 42014),
    ("text_notice", ("task_id",), "a b", 42014),
    ("text_notice", ("task_id",), 7, 40058),
    ("text_notice", ("source", "desc_color"), 4, 40058),
    ("text_notice", ("action_menu", "action_list"), [], 40058),
    ("text_notice", ("action_menu", "action_list"), [{"text": "a", "key": str(n)} for n in range(4)], 40058),
    ("text_notice", ("action_menu", "action_list", 1, "key"), "1", 40058),
    ("text_notice", ("action_menu", "action_list", 0, "key"), "k" * 1025, 40058),
    ("text_notice", ("action_menu", "action_list", 0, "text"), "", 40058),
    ("text_notice", ("horizontal_content_list",), [{"keyname": "k"}] * 7, 40058),
    ("text_notice", ("horizontal_content_list", 0, "keyname"), DROP, 40058),
    ("text_notice", ("horizontal_content_list", 1, "url"), DROP, 40058),
    ("text_notice", ("horizontal_content_list", 2, "media_id"), DROP, 40058),
    ("text_notice", ("horizontal_content_list", 3, "userid"), DROP, 40058),
    ("text_notice", ("jump_list",), [{"title": "t"}] * 4, 40058),
    ("text_notice", ("jump_list", 0, "title"), "", 40058),
    ("text_notice", ("jump_list", 0, "url"), DROP, 40058),
    ("text_notice", ("jump_list", 1, "appid"), DROP, 40058),
    ("text_notice", ("quote_area", "url"), DROP, 40058),
    ("text_notice", ("main_title",), "t", 40058),
    ("news_notice", ("main_title", "title"), "", 41016),
    ("news_notice", ("card_action",), DROP, 42045),
    ("news_notice", ("card_action", "appid"), DROP, 42045),
    ("news_notice", ("card_image", "url"), DROP, 40058),
    ("news_notice", ("card_image", "aspect_ratio"), 1.29, 40058),
    ("news_notice", ("card_image", "aspect_ratio"), 2.25, 40058),
    ("news_notice", ("card_image", "aspect_ratio"), "2", 40058),
    ("news_notice", ("image_text_area", "image_url"), DROP, 40058),
    ("news_notice", ("image_text_area", "url"), DROP, 40058),
    ("news_notice", ("vertical_content_list",), [{"title": "t"}] * 5, 40058),
    ("news_notice", ("vertical_content_list", 0, "title"), "", 40058),
    ("button_interaction", ("task_id",), DROP, 42014),
    ("button_interaction", ("main_title", "title"), "", 41016),
    ("button_interaction", ("button_list",), DROP, 40058),
    ("button_interaction", ("button_list",), [], 40058),
    ("button_interaction", ("button_list",), [{"text": "a", "key": str(n)} for n in range(7)], 40058),
    ("button_interaction", ("button_list", 0, "key"), DROP, 40058),
    ("button_interaction", ("button_list", 0, "key"), "k" * 1025, 40058),
    ("button_interaction", ("button_list", 0, "text"), "", 40058),
    ("button_interaction", ("button_list", 0, "style"), 5, 40058),
    ("button_interaction", ("button_list", 1, "url"), DROP, 40058),
    ("button_interaction", ("button_list", 1, "key"), "1", 40058),
    ("button_interaction", ("button_selection", "question_key"), DROP, 40058),
    ("button_interaction", ("button_selection", "option_list"), [], 40058),
    (
        "button_interaction",
        ("button_selection", "option_list"),
        [{"id": str(n), "text": "o"} for n in range(11)],
        40058,
    ),
    ("button_interaction", ("button_selection", "option_list", 0, "id"), "2", 40058),
    ("button_interaction", ("button_selection", "option_list", 0, "id"), "i" * 129, 40058),
    ("button_interaction", ("button_selection", "option_list", 0, "text"), DROP, 40058),
    ("vote_interaction", ("task_id",), DROP, 42014),
    ("vote_interaction", ("main_title",), DROP, 41016),
    ("vote_interaction", ("checkbox",), DROP, 40058),
    ("vote_interaction", ("checkbox", "mode"), 2, 40058),
    ("vote_interaction", ("checkbox", "option_list"), [{"id": str(n), "text": "o"} for n in range(21)], 40058),
    ("vote_interaction", ("checkbox", "option_list", 0, "is_checked"), 1, 40058),
    ("vote_interaction", ("submit_button",), DROP, 40058),
    ("vote_interaction", ("submit_button", "key"), "", 40058),
    ("multiple_interaction", ("task_id",), DROP, 42014),
    ("multiple_interaction", ("main_title", "title"), DROP, 41016),
    ("multiple_interaction", ("select_list",), [], 40058),
    ("multiple_interaction", ("select_list",), [{**SELECT, "question_key": str(n)} for n in range(4)], 40058),
    ("multiple_interaction", ("select_list", 1, "question_key"), "q", 40058),
    ("multiple_interaction", ("submit_button",), DROP, 40058),
]


@pytest.mark.parametrize(("kind", "path", "value", "errcode"), HARD)
def test_hard_limits_of_cards(kind: str, path: Path, value: Any, errcode: int) -> None:
    found = limits.check(message("template_card", changed(CARDS[kind], path, value)))
    assert {one.errcode for one in found if one.hard} == {errcode}
    assert any(one.field.startswith(f"template_card.{path[0]}") for one in found)


EDGES: list[tuple[str, Path, Any]] = [
    ("text_notice", ("task_id",), "aZ09_@-" + "a" * 121),
    ("text_notice", ("main_title",), DROP),
    ("text_notice", ("sub_title_text",), DROP),
    ("text_notice", ("horizontal_content_list",), [{"keyname": "k"}] * 6),
    ("text_notice", ("action_menu", "action_list", 0, "key"), "键" * 341 + "k"),
    ("news_notice", ("card_image",), DROP),
    ("news_notice", ("image_text_area",), DROP),
    ("news_notice", ("card_image", "aspect_ratio"), 2.2499),
    ("button_interaction", ("button_list",), [{"text": "a", "key": str(n)} for n in range(6)]),
    ("button_interaction", ("button_selection", "option_list"), [{"id": str(n), "text": "o"} for n in range(10)]),
    ("vote_interaction", ("checkbox", "option_list"), [{"id": str(n), "text": "o"} for n in range(20)]),
    ("multiple_interaction", ("select_list",), [{**SELECT, "question_key": str(n)} for n in range(3)]),
]


@pytest.mark.parametrize(("kind", "path", "value"), EDGES)
def test_at_the_edge(kind: str, path: Path, value: Any) -> None:
    assert limits.check(message("template_card", changed(CARDS[kind], path, value))) == []


def test_both_titles_missing_from_a_notice() -> None:
    card = changed(changed(CARDS["text_notice"], ("main_title",), DROP), ("sub_title_text",), DROP)
    assert [one.errcode for one in card_limits.check(card)] == [41016]


def test_both_images_missing_from_news() -> None:
    card = changed(changed(CARDS["news_notice"], ("card_image",), DROP), ("image_text_area",), DROP)
    assert [one.field for one in card_limits.check(card)] == ["template_card.card_image"]


CLIPPED: list[tuple[str, Path, int]] = [
    ("text_notice", ("source", "desc"), 20),
    ("text_notice", ("main_title", "title"), 36),
    ("text_notice", ("main_title", "desc"), 44),
    ("text_notice", ("emphasis_content", "title"), 14),
    ("text_notice", ("emphasis_content", "desc"), 22),
    ("text_notice", ("sub_title_text",), 160),
    ("text_notice", ("horizontal_content_list", 0, "keyname"), 5),
    ("text_notice", ("horizontal_content_list", 0, "value"), 30),
    ("text_notice", ("jump_list", 0, "title"), 18),
    ("news_notice", ("vertical_content_list", 0, "title"), 38),
    ("news_notice", ("vertical_content_list", 0, "desc"), 160),
    ("button_interaction", ("button_list", 0, "text"), 10),
    ("button_interaction", ("button_selection", "option_list", 0, "text"), 16),
    ("vote_interaction", ("checkbox", "option_list", 0, "text"), 17),
    ("vote_interaction", ("submit_button", "text"), 10),
    ("multiple_interaction", ("select_list", 0, "option_list", 0, "text"), 16),
]


@pytest.mark.parametrize(("kind", "path", "most"), CLIPPED)
def test_recommended_lengths_are_told_but_not_refused(kind: str, path: Path, most: int) -> None:
    assert limits.check(message("template_card", changed(CARDS[kind], path, "字" * most))) == []
    found = limits.check(message("template_card", changed(CARDS[kind], path, "字" * (most + 1))))
    field = "template_card." + shown(path)
    assert found == [Problem(field, f"longer than {most} characters, clipped", 0, hard=False)]


def test_a_member_of_another_kind_is_ignored_by_the_platform() -> None:
    card = changed(CARDS["button_interaction"], ("emphasis_content",), {"title": "1"})
    assert [(one.field, one.hard) for one in card_limits.check(card)] == [("template_card.emphasis_content", False)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.floats(allow_nan=True) | st.text("aé字", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(kind=st.sampled_from([*CARDS]), data=st.data(), value=JSON)
def test_the_check_never_fails_itself(kind: str, data: st.DataObject, value: Any) -> None:
    """Whatever stands in a member, the answer is a list of problems."""
    name = data.draw(st.sampled_from([*card_limits.CARDS[kind].members]))
    assert isinstance(limits.check(message("template_card", CARDS[kind] | {name: value})), list)
    inner = CARDS[kind].get(name)
    if isinstance(inner, dict):
        broken = CARDS[kind] | {name: inner | {data.draw(st.sampled_from([*inner])): value}}
        assert isinstance(limits.check(message("template_card", broken)), list)
    for field in ("touser", "agentid", "safe", "msgtype", "template_card"):
        assert isinstance(limits.check(message("template_card", CARDS[kind]) | {field: value}), list)
    for field in ("userids", "template_card", "button", "response_code"):
        body = {"userids": ["U1"], "agentid": 1, "response_code": "rc", "button": {"replace_name": "已办"}}
        assert isinstance(limits.check_update(body | {field: value}), list)
