"""One card of each of the five kinds, with everything that its kind can show."""

from __future__ import annotations

from typing import Any

LINK = "http://127.0.0.1:9/page"
FACTS = [{"keyname": "编号", "value": "2026-0001"}, {"keyname": "详情", "value": "查看", "type": 1, "url": LINK}]
ABROAD = "https://pictures.example/one.png"


def _options(*texts: str) -> list[dict[str, Any]]:
    return [{"id": f"o{n}", "text": text} for n, text in enumerate(texts)]


TEXT_NOTICE: dict[str, Any] = {
    "card_type": "text_notice",
    "task_id": "text",
    "source": {"desc": "督办·提醒", "desc_color": 2},
    "action_menu": {"desc": "更多", "action_list": [{"text": "不再接收", "key": "stop"}]},
    "main_title": {"title": "剩余5小时", "desc": "农业水价综合改革"},
    "emphasis_content": {"title": "5小时", "desc": "距截止"},
    "quote_area": {"type": 1, "url": LINK, "title": "批示", "quote_text": "请抓紧研究"},
    "sub_title_text": "请按时反馈",
    "horizontal_content_list": FACTS,
    "jump_list": [{"type": 1, "title": "查看事项", "url": LINK}],
    "card_action": {"type": 1, "url": LINK},
}
NEWS_NOTICE: dict[str, Any] = {
    "card_type": "news_notice",
    "source": {"desc": "督办·通报"},
    "main_title": {"title": "三月通报"},
    "card_image": {"url": ABROAD, "aspect_ratio": 1.8},
    "image_text_area": {"type": 1, "url": LINK, "title": "按时率", "desc": "96%", "image_url": ABROAD},
    "vertical_content_list": [{"title": "新立项", "desc": "12件"}],
    "card_action": {"type": 1, "url": LINK},
}
BUTTONS: dict[str, Any] = {
    "card_type": "button_interaction",
    "task_id": "buttons",
    "main_title": {"title": "请安排承办人"},
    "button_selection": {"question_key": "person", "title": "承办人", "option_list": _options("张三", "李四")},
    "button_list": [
        {"text": "收到", "key": "yes", "style": 1},
        {"text": "不收", "key": "no", "style": 3},
        {"text": "看看", "type": 1, "url": LINK, "style": 2},
    ],
}
VOTE: dict[str, Any] = {
    "card_type": "vote_interaction",
    "task_id": "vote",
    "main_title": {"title": "例会时间"},
    "checkbox": {"question_key": "when", "mode": 1, "option_list": _options("周一", "周三", "周五")},
    "submit_button": {"text": "提交", "key": "vote"},
}
MULTIPLE: dict[str, Any] = {
    "card_type": "multiple_interaction",
    "task_id": "multiple",
    "main_title": {"title": "请评价"},
    "select_list": [
        {"question_key": "time", "title": "办理时间", "selected_id": "o0", "option_list": _options("优秀", "良好")},
        {"question_key": "text", "title": "报送质量", "option_list": _options("优秀", "良好")},
    ],
    "submit_button": {"text": "提交评价", "key": "grade"},
}
ALL = (TEXT_NOTICE, NEWS_NOTICE, BUTTONS, VOTE, MULTIPLE)
