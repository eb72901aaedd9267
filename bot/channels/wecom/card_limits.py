"""The five template cards: which fields each has, which it must have, and how long they may be (document 90236)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.wecom.schema import Flag, Many, Number, Object, Problem, Ratio, Spec, Text, walk

BAD_PARAM, NO_TITLE, BAD_TASK, NO_ACTION = 40058, 41016, 42014, 42045
KEY_BYTES, ID_BYTES, TASK_BYTES = 1024, 128, 128
TASK_PATTERN = r"[0-9A-Za-z_@-]+"
TITLE, DESC, SOURCE, EMPHASIS, EMPHASIS_DESC = 36, 44, 20, 14, 22  # recommended lengths in characters
SUBTITLE, FACT_NAME, FACT_VALUE, BUTTON, OPTION, VOTE_OPTION = 160, 5, 30, 10, 16, 17
FACTS, BUTTONS, OPTIONS, VOTE_OPTIONS, SELECTS, JUMPS, VERTICALS, MENU_ACTIONS = 6, 6, 10, 20, 3, 3, 4, 3

_KEY, _ID = Text(need=True, bytes=KEY_BYTES), Text(need=True, bytes=ID_BYTES)
_LINK: dict[str, Spec] = {"url": Text(), "appid": Text(), "pagepath": Text()}
_TITLE = Object({"title": Text(chars=TITLE), "desc": Text(chars=DESC)})
_OPTION = Object({"id": _ID, "text": Text(need=True, chars=OPTION)})
_SELECT = Object(
    {
        "question_key": _KEY,
        "title": Text(),
        "option_list": Many(_OPTION, 1, OPTIONS, unique="id", need=True),
        "selected_id": Text(bytes=ID_BYTES),
        "disable": Flag(update_only=True),
    }
)
_VOTE = Object(
    {
        "question_key": _KEY,
        "mode": Number((0, 1)),
        "option_list": Many(
            Object({"id": _ID, "text": Text(need=True, chars=VOTE_OPTION), "is_checked": Flag()}),
            1,
            VOTE_OPTIONS,
            unique="id",
            need=True,
        ),
        "disable": Flag(update_only=True),
    },
    need=True,
)
_BUTTON = Object(
    {
        "type": Number((0, 1)),
        "text": Text(need=True, chars=BUTTON),
        "style": Number((1, 2, 3, 4)),
        "key": Text(bytes=KEY_BYTES),
        "url": Text(),
    }
)
_MENU_ACTION = Object({"text": Text(need=True), "key": _KEY})
_FACT = Object(
    {
        "type": Number((0, 1, 2, 3)),
        "keyname": Text(need=True, chars=FACT_NAME),
        "value": Text(chars=FACT_VALUE),
        "url": Text(),
        "media_id": Text(),
        "userid": Text(),
    }
)
_COMMON: dict[str, Spec] = {
    "card_type": Text(need=True),
    "source": Object({"icon_url": Text(), "desc": Text(chars=SOURCE), "desc_color": Number((0, 1, 2, 3))}),
    "main_title": _TITLE,
    "task_id": Text(bytes=TASK_BYTES, pattern=TASK_PATTERN, code=BAD_TASK, missing=BAD_TASK),
}
_NOTICE: dict[str, Spec] = {
    "action_menu": Object(
        {"desc": Text(), "action_list": Many(_MENU_ACTION, 1, MENU_ACTIONS, unique="key", need=True)}
    ),
    "quote_area": Object({"type": Number((0, 1, 2)), **_LINK, "title": Text(), "quote_text": Text()}),
    "horizontal_content_list": Many(_FACT, 0, FACTS),
    "card_action": Object({"type": Number((0, 1, 2)), **_LINK}),
}
_JUMPS: dict[str, Spec] = {
    "jump_list": Many(Object({"type": Number((0, 1, 2)), "title": Text(need=True, chars=18), **_LINK}), 0, JUMPS)
}
_SUBMIT = Object({"text": Text(chars=BUTTON), "key": _KEY}, need=True)
_IMAGE_AREA = Object(
    {"type": Number((0, 1, 2)), "title": Text(), "desc": Text(), "image_url": Text(need=True), **_LINK}
)
_VERTICAL = Object({"title": Text(need=True, chars=38), "desc": Text(chars=160)})
CARDS: dict[str, Object] = {
    "text_notice": Object(
        {
            **_COMMON,
            **_NOTICE,
            **_JUMPS,
            "emphasis_content": Object({"title": Text(chars=EMPHASIS), "desc": Text(chars=EMPHASIS_DESC)}),
            "sub_title_text": Text(chars=SUBTITLE),
        }
    ),
    "news_notice": Object(
        {
            **_COMMON,
            **_NOTICE,
            **_JUMPS,
            "card_image": Object({"url": Text(need=True), "aspect_ratio": Ratio(1.3, 2.25)}),
            "image_text_area": _IMAGE_AREA,
            "vertical_content_list": Many(_VERTICAL, 0, VERTICALS),
        }
    ),
    "button_interaction": Object(
        {
            **_COMMON,
            **_NOTICE,
            "sub_title_text": Text(chars=SUBTITLE),
            "button_selection": _SELECT,
            "button_list": Many(_BUTTON, 1, BUTTONS, unique="key", need=True),
            "replace_text": Text(),
        }
    ),
    "vote_interaction": Object({**_COMMON, "checkbox": _VOTE, "submit_button": _SUBMIT, "replace_text": Text()}),
    "multiple_interaction": Object(
        {
            **_COMMON,
            "select_list": Many(_SELECT, 1, SELECTS, unique="question_key", need=True),
            "submit_button": _SUBMIT,
            "replace_text": Text(),
        }
    ),
}
INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")


def check(card: Mapping[str, Any], *, update: bool = False) -> list[Problem]:
    """Every limit a template card breaks; `update`: it stands in an update, where the task id is not needed."""
    kind = card.get("card_type")
    if not isinstance(kind, str) or kind not in CARDS:
        return [Problem("template_card.card_type", f"unknown type {kind!r}", BAD_PARAM)]
    problems = list(walk(CARDS[kind], card, "template_card"))
    problems += _titles(kind, card) + _actions(kind, card) + _buttons(card)
    return problems if update else problems + _task(kind, card) + _update_only(card)


def _member(card: Mapping[str, Any], *path: str) -> Any:
    node: Any = card
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def _items(card: Mapping[str, Any], field: str) -> list[Any]:
    value = card.get(field)
    return value if isinstance(value, list) else []


def _titles(kind: str, card: Mapping[str, Any]) -> list[Problem]:
    titled = bool(_member(card, "main_title", "title"))
    if kind == "text_notice":
        titled = titled or bool(card.get("sub_title_text"))
    elif kind in ("vote_interaction", "multiple_interaction"):
        titled = titled or bool(_member(card, "main_title", "desc"))
    return [] if titled else [Problem("template_card.main_title.title", "missing", NO_TITLE)]


def _actions(kind: str, card: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for field in ("card_action", "quote_area", "image_text_area"):
        area = card.get(field)
        if isinstance(area, Mapping):
            problems += _target(area, f"template_card.{field}", NO_ACTION if field == "card_action" else BAD_PARAM)
    if kind.endswith("notice") and _member(card, "card_action", "type") not in (1, 2):
        problems.append(Problem("template_card.card_action", "a notice needs type 1 or 2", NO_ACTION))
    if kind == "news_notice" and not (card.get("card_image") or card.get("image_text_area")):
        problems.append(Problem("template_card.card_image", "card_image or image_text_area", BAD_PARAM))
    for field in ("jump_list", "horizontal_content_list"):
        for number, item in enumerate(_items(card, field)):
            if isinstance(item, Mapping):
                problems += _target(item, f"template_card.{field}[{number}]", BAD_PARAM)
    return problems


def _target(area: Mapping[str, Any], path: str, code: int) -> list[Problem]:
    facts = "horizontal" in path
    kind = area.get("type")
    by_kind = {1: "url", 2: "media_id" if facts else "appid", 3: "userid"}
    needed = by_kind.get(kind) if isinstance(kind, int) else None
    return [Problem(f"{path}.{needed}", "missing", code)] if needed and not area.get(needed) else []


def _buttons(card: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for number, button in enumerate(_items(card, "button_list")):
        field = "url" if _member(button, "type") == 1 else "key"
        if not _member(button, field):
            problems.append(Problem(f"template_card.button_list[{number}].{field}", "missing", BAD_PARAM))
    return problems


def _task(kind: str, card: Mapping[str, Any]) -> list[Problem]:
    needed = kind in INTERACTIVE or bool(card.get("action_menu"))
    return [Problem("template_card.task_id", "missing", BAD_TASK)] if needed and not card.get("task_id") else []


def _update_only(card: Mapping[str, Any]) -> list[Problem]:
    places = ["replace_text"] if card.get("replace_text") else []
    for field in ("button_selection", "checkbox"):
        places += [f"{field}.disable"] if _member(card, field, "disable") is not None else []
    for number, select in enumerate(_items(card, "select_list")):
        places += [f"select_list[{number}].disable"] if _member(select, "disable") is not None else []
    return [Problem(f"template_card.{place}", "has effect in an update only", 0, hard=False) for place in places]
