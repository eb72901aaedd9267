"""Representative facts for the completion's report: its form, its files, its pictures, its way up (R39–R49, A51)."""

from __future__ import annotations

from typing import Any

from tests.words import facts
from tests.words.facts import COMPLETION, DECISION, DUE, NEXT, NONE, NOTICE, PAST, SINCE, TITLE

LINK = "https://duban.example.gov.cn/m/2026-0001/completion"
FILE = {"name": "关于取水许可核查情况的报告.docx", "most": 20}
FILES = ["关于取水许可核查情况的报告.docx", "", "盖章页.pdf"]
OPTIONS = [(n, f"2026-{n:04d}", TITLE, n == 2) for n in range(1, 14)]
FROM_ABOVE = {**DECISION, "verdict": "from_above", "object": "completion", "next_node": "REWORK", "tenths": 0}
OF_A_MATTER = ("not_entitled", "unknown_file", "attachment_missing", "pictures_arriving", "not_up_yet")
PLAIN = (
    *("foreign_form", "sign_in_again", "login_expired", "login_down", "form_cut", "form_reason", "picture_lost"),
    "not_kept",
)

CARDS: dict[str, list[dict[str, Any]]] = {
    "completion_form": [{**COMPLETION, **more, "url": url} for more in (NEXT, NONE) for url in ("", LINK)],
    "picture": [{**NOTICE, "document": 5, "options": options} for options in (OPTIONS[:1], OPTIONS[:3], OPTIONS)],
    "picture_lost": [{**NOTICE, "sent_at": PAST}],
    "reported_up": [
        {**COMPLETION, "filer": "王五", "files": FILES[:n], "url": url} for n in (1, 3) for url in ("", LINK)
    ],
    "completion": [*facts.CARDS["completion"], {**COMPLETION, "url": LINK}],
    "decision": [*facts.CARDS["decision"], FROM_ABOVE],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "paged": [{**NOTICE, "pages": 2, "reason": reason} for reason in (True, False)],
    "returned_from_above": [{**FROM_ABOVE, "next_due_at": DUE}],
    "accepted": [{**row, "files": FILES, "url": url} for row in facts.REPLIES["accepted"] for url in ("", LINK)],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {
    **{code: [NOTICE] for code in OF_A_MATTER},
    **{code: [{}] for code in PLAIN},
    **{f"file_{what}": [FILE] for what in ("empty", "large", "type", "cut", "unsafe", "locked", "secret")},
    "too_many_files": [FILE],
    "too_many_today": [{"most": 200}],
    "page_failed": [{}],
    "form_ticks": [
        {"talked": talked, "all_done": done} for talked, done in ((False, False), (True, False), (False, True))
    ],
    "look_back_over": [{**SINCE, "days": 30}],
}
