"""Facts → the words a person reads: replies, refusals, cards and short messages, from `templates/`.

One strict environment: a missing fact is an error (`jinja2.UndefinedError`), an unknown template
`jinja2.TemplateNotFound`. What people wrote is data; it never becomes a template.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jinja2

from bot import wording
from bot.channels import Action, Card, Choice

SMS_LIMIT = 70
TITLE_LIMIT = 16

_DEFAULTS: dict[str, Any] = {
    "audience": "unit",
    "caught_up": False,
    "cooperating": (),
    "done": "",
    "handler": "",
    "handler_id": "",
    "instead": "",
    "later_at": None,
    "n7_needs": "feedback",
    "nm_met_by": "completion",
    "nth": 0,
    "people": (),
    "reopened": "",
    "scored": True,
    "scoring": "episode",
    "url": "",
    "urgent": False,
    "waits": "",
}

_TABLES = (
    *("source", "category", "kind", "field", "point", "avoid", "grade"),
    *("lane", "state", "verdict", "effect", "progress", "rule", "broken", "post"),
)
"""Tables of words.toml with a filter of their name."""


@jinja2.pass_context
def _instant(context: jinja2.runtime.Context, value: datetime | str) -> str:
    return wording.instant(value, context.get("now"))


@jinja2.pass_context
def _day(context: jinja2.runtime.Context, value: Any) -> str:
    return wording.day(value, context.get("now"))


@jinja2.pass_context
def _duty(context: jinja2.runtime.Context, node: str, own: Mapping[str, Any] | None = None) -> str:
    """What is owed, as the matter's rules have it met (A6, A7); `own` are its facts where a list names several."""
    met_by = (own or context).get({"N7": "n7_needs", "NM": "nm_met_by"}.get(node, ""))
    return wording.named(f"{node}_{met_by}" if (node, met_by) in _OTHERWISE else node, "duty")


_OTHERWISE = {("N7", "completion"), ("NM", "feedback")}


def _environment() -> jinja2.Environment:
    # The output is chat text and JSON, never HTML: escaping would put entities into what people read.
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(wording.TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    made.filters |= {"instant": _instant, "day": _day, "left": wording.left, "node": wording.named}
    made.filters |= {"duty": _duty, "owed": lambda node: wording.named(node, "owed")}
    made.filters |= {
        name: getattr(wording, name) for name in ("code", "brief", "points", "period", "short", "plain", "severest")
    }
    for table in _TABLES:
        made.filters[table] = _table(table)
    made.filters["choice"] = wording.choice
    made.filters["seat"] = lambda post: wording.short(post["unit"], 16) + wording.word("post", post["role"])
    made.globals["done_words"] = lambda state, **values: wording.word("done", state, **values)
    return made


def _table(table: str) -> Any:
    return lambda key: wording.word(table, key)


_ENVIRONMENT = _environment()


_PAGES = _ENVIRONMENT.overlay(autoescape=True)


def _text(path: str, facts: Mapping[str, object]) -> str:
    return _ENVIRONMENT.get_template(path).render(facts).strip()


def reply(code: str, /, **facts: object) -> str:
    """The answer to what a person did: `templates/replies/<code>.txt`."""
    return _text(f"replies/{code}.txt", facts)


def refusal(code: str, /, **facts: object) -> str:
    """What is wrong and what to do next: `templates/replies/refused/<code>.txt` (see `bot.errors.Refused`)."""
    return _text(f"replies/refused/{code}.txt", facts)


def card(kind: str, /, **facts: object) -> Card:
    """The neutral card of a kind: `templates/cards/<kind>.json.j2`, no part longer than platforms show well.

    Notice cards (initiate remind urge supervise accountability_proposal assigned feedback) share one dict of facts;
    the kinds are written to the templates' head where they take more. `*` may be left out (default in brackets).

    code        "2026-0001"                     title       the matter's title, any length
    unit        the responsible unit's name     source      provincial_13710 province meeting unit
    category    general major monthly           sensitive   True shows the number only (A76)
    node        the obligation's name: N1 N3 N7 NM CUSTOM REWORK W2026-04-09 M2026-03 MATTER
    due_at      its deadline, aware UTC or ISO  now         the instant of sending (business time)
    seq         nth urge or supervise notice    handler*    the handler's name (""), handler_id* his id
    matter                                      its id, for the buttons of a leader's card
    obligation_id, episode, delivery            make the button's key `ack:<obligation>:<episode>:<delivery>`
    people*     [(id, name)] of the unit for the pull-down `person`, the likeliest first; ten are shown
    audience*   "unit" (who files), "leader", "office": the latter two get no button ("unit")
    scored*     False: a leader's date that costs no points (A57)
    scoring*    how it is scored: episode, message (each urge, A12), highest (only what costs most, A13)
    n7_needs*, nm_met_by*   what meets N7 and NM by the matter's rules: feedback or completion (A6, A7)
    caught_up*  True: one catch-up after an outage (A43)
    done*       "" or a key of [done] in words.toml: the answered form, green, buttons replaced by words
    waits*      "" or what T waits for, delivery or acceptance: no node and no due_at then (A1)
    url*        the matter's page               urgent*     marked urgent     cooperating* names of units
    later_at*   an approval's other instant of dispatch (None), nth* the reminder that its card is (0)
    reopened*   why a closed matter begins again, on the card of its initiation ("")
    """
    return _build(json.loads(_text(f"cards/{kind}.json.j2", {**_DEFAULTS, **facts, "kind": kind})))


def sms(kind: str, /, **facts: object) -> str:
    """A short message of at most 70 characters with its sign (A73); only the title is shortened to fit.

    Facts: sign, and as the kind needs code, title, sensitive, node, due_at, now, count. ValueError when even the
    shortest title does not fit, which means the sign is too long.
    """
    title = (
        wording.word("form", "hidden") if facts.get("sensitive", True) else wording.plain(str(facts.get("title", "")))
    )
    for limit in range(min(TITLE_LIMIT, max(len(title), 2)), 1, -1):
        text = _text(f"sms/{kind}.txt", {**facts, "title": wording.short(title, limit)})
        if len(text) <= SMS_LIMIT:
            return text
    raise ValueError(f"an SMS of kind {kind} does not fit {SMS_LIMIT} characters: shorten the sign")


def _build(made: Mapping[str, Any]) -> Card:
    """JSON → Card. Facts without a value are left out; the clip is the net under long unit and person names."""
    choice = made.get("choice")
    facts = [(wording.short(key, 5), wording.short(value, 30)) for key, value in made.get("facts", []) if value]
    return Card(
        title=wording.short(made["title"], 36),
        desc=wording.short(made.get("desc", ""), 44),
        source=wording.short(made.get("source", ""), 20),
        tone=made.get("tone", 1),
        quote=made.get("quote", ""),
        text=_clip(made.get("text", ""), 160),
        facts=facts[:6],
        choice=_choice(choice) if choice else None,
        actions=[Action(wording.short(a["text"], 10), a["key"], a.get("style", 1)) for a in made.get("actions", [])],
        url=made.get("url", ""),
        done=wording.short(made.get("done", ""), 10),
    )


def _choice(made: Mapping[str, Any]) -> Choice:
    options = [(str(key), wording.short(text, 16)) for key, text in made["options"][:10]]
    return Choice(made["key"], made["title"], options, str(made.get("selected", "")))


def _clip(text: str, limit: int) -> str:
    """Keeps line breaks, unlike `wording.short`."""
    return text if len(text) <= limit else text[: limit - 1] + wording.word("form", "more")


def page(name: str, **facts: object) -> str:
    """An H5 page, every fact escaped: `templates/pages/<name>.html`."""
    return _PAGES.get_template(f"pages/{name}.html").render(facts)
