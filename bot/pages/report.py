"""The values of the completion form: as proposed, as drafted, as sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from bot import errors
from bot.actions import completion as completions
from bot.documents import report as reports
from bot.engine import notify
from bot.pages.forms import Form
from bot.rules.structure import Report, Subject
from models.completion import Completion
from models.matter import Matter

LONGEST = {"reason": 500, "title": 200, "addressee": 60, "signer": 60, "task": 8000, "done": 8000, "difficulties": 8000}
"""Characters of a field."""
WRITTEN = ("title", "addressee", "task", "done", "difficulties", "signer")


@dataclass(frozen=True, slots=True)
class Values:
    """What stands in the form; the ticks are the talk with the office (R47) and that all is done (A74)."""

    reason: str = ""
    report: Report = field(default_factory=Report)
    talked: bool = False
    all_done: bool = False

    def problems(self, code: str) -> list[errors.Refused]:
        """What must be mended before it is filed."""
        found = [
            errors.Refused("too_long", field=name, most=most)
            for name, most in LONGEST.items()
            if len(self.reason if name == "reason" else getattr(self.report, name)) > most
        ]
        if len("".join(self.reason.split())) < completions.SHORTEST:
            found.append(errors.Refused("form_reason"))
        if not (self.talked and self.all_done):
            found.append(errors.Refused("form_ticks", talked=self.talked, all_done=self.all_done))
        return found

    def fields(self) -> dict[str, str]:
        """The report as JSON values."""
        on = self.report.signed_on
        return {**{name: getattr(self.report, name) for name in WRITTEN}, "signed_on": on.isoformat() if on else ""}


def subject(found: Matter, unit: str, now: datetime) -> Subject:
    """What the report is about, on the day of `now`; no page names the title of a sensitive matter (A76)."""
    begun = found.initiated_at or found.proposed_at
    return Subject("" if found.sensitive else found.title, found.source, unit, notify.today(begun), notify.today(now))


def of_draft(row: Completion | None, about: Subject, *, returned: Completion | None = None) -> Values:
    """What was drafted or filed; without a draft, or for one that was written in chat alone, the report that was
    returned (R49), else what is proposed (R43, R44, R46)."""
    own = row or returned
    if own is None:
        return Values(report=reports.proposed(about))
    form = own.form or (returned and returned.form)
    written = _report(form) if form else reports.proposed(about)
    return Values(own.reason, written, own.talked if row else False, own.all_done if row else False)


def sent(form: Form, about: Subject) -> Values:
    """What was sent; a docx that came along fills what was left empty or as it was proposed."""
    typed = {name: form.text(name) for name in (*WRITTEN, "signed_on")}
    values = Values(form.text("reason"), _report(typed), bool(form.text("talked")), bool(form.text("all_done")))
    if not form.paragraphs:
        return values
    offered, read = asdict(reports.proposed(about)), asdict(reports.read(form.paragraphs))
    own = asdict(values.report)
    filled = {name: read[name] for name in own if read[name] and own[name] in ("", None, offered[name])}
    return replace(values, report=replace(values.report, **filled))


def _report(said: Mapping[str, str]) -> Report:
    written = {name: said.get(name, "") for name in WRITTEN}
    return Report(**written, signed_on=_day(said.get("signed_on", "")))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
