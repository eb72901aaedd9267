"""GET and POST /m/{code}/completion: the sealed report with its form, its check, what was filed (R39–R47, A74)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from bot import clock, errors, render
from bot.actions import completion as completions
from bot.actions import document, rights
from bot.documents import filetype
from bot.documents import report as reports
from bot.pages import forms, guard, matter, report, site
from bot.pages.site import Visitor
from bot.rules import structure
from handlers import secrecy
from models.completion import Completion
from models.matter import Matter
from models.people import Unit
from models.review import Review


async def show(request: web.Request) -> web.StreamResponse:
    """The form for who may file, what was filed for who may read it; else the refusal that the chat gives."""
    visitor, now = await site.visitor(request), clock.now()
    found = await matter.named(request)
    row = await _latest(found)
    try:
        await rights.expect_filing(found, visitor.by)
    except errors.Refused:
        if row is None or not await rights.may_read(found, visitor.by):
            raise
        return await _filed_page(found, row, visitor, now)
    if row and found.completion_at:
        return await _filed_page(found, row, visitor, now)
    draft = await Completion.get_or_none(matter_id=found.id, cycle=found.cycle, state="draft")
    subject = await _subject(found, now)
    values = report.of_draft(draft, subject, returned=row)
    return await _form_page(found, values, visitor, now)


async def send(request: web.Request) -> web.StreamResponse:
    """What the form's buttons do: upload, drop:<document>, check, file (R39, R40, R42). Raises Refused as the chat's
    commands do."""
    visitor, now = await site.visitor(request), clock.now()
    found = await matter.named(request)
    await rights.expect_filing(found, visitor.by)
    if found.completion_at:
        raise errors.Refused("already_in_review", code=found.code, since=found.completion_at)
    form = await forms.read(request, visitor)
    act = form.text("do")
    if act.startswith("drop:") and act[5:].isdecimal() and len(act) < 20:
        await document.drop(found.id, int(act[5:]) % 2**31, visitor.by, now)
    await _attach(found, form, visitor, now)
    subject = await _subject(found, now)
    values = report.sent(form, subject)
    said = [_words(refusal, now) for refusal in form.refused]
    if act not in ("check", "file"):
        return await _form_page(found, values, visitor, now, problems=said, status=422 if said else 200)
    said += [_words(refusal, now) for refusal in await _problems(found, values)]
    if said:
        return await _form_page(found, values, visitor, now, problems=said, status=422)
    return await _file(found, values, visitor, now, anyway=act == "file")


async def _attach(found: Matter, form: forms.Form, visitor: Visitor, now: datetime) -> None:
    """Hand in the files of the form; when they are too many, none of them, and what was typed is not lost (R40)."""
    try:
        await document.attach_all(found.id, form.files, visitor.by, now)
    except errors.Refused as refusal:
        if refusal.code != "too_many_files":
            raise
        form.take_none(refusal)


async def _problems(found: Matter, values: report.Values) -> list[errors.Refused]:
    """What must be there before anything is filed: the reason, both ticks, a file; no marked text (A76)."""
    problems = values.problems(found.code)
    if secrecy.is_secret(f"{values.reason}\n{reports.text(values.report)}"):
        problems.append(errors.Refused("secret"))
    if not await document.waiting(found):
        problems.append(errors.Refused("attachment_missing", code=found.code))
    return problems


async def _file(
    found: Matter, values: report.Values, visitor: Visitor, now: datetime, *, anyway: bool
) -> web.StreamResponse:
    """Keep the draft; file it when nothing is found in the report, or when it is wanted all the same (A74)."""
    subject = await _subject(found, now)
    said = structure.findings(values.report, subject, reports.VOCABULARY)
    text = reports.text(values.report)
    done = await completions.draft(found.id, values.reason, visitor.by, now, form=values.fields(), report=text)
    if said and not anyway:
        sentences = [reports.sentence(each, subject) for each in said]
        return guard.html("review", found=await _head(found), visitor=visitor, values=values, findings=sentences)
    try:
        await completions.submit(done.row.id, visitor.by, now)
    except errors.Refused as refusal:
        if refusal.code != "pictures_arriving":
            raise
        return await _form_page(found, values, visitor, now, problems=[_words(refusal, now)], status=422)
    return web.Response(status=303, headers={"Location": f"/m/{found.code}/completion"})


async def _latest(found: Matter) -> Completion | None:
    """What the unit filed last."""
    return next(reversed(await Completion.filed(found)), None)


async def _form_page(
    found: Matter,
    values: report.Values,
    visitor: Visitor,
    now: datetime,
    *,
    problems: Sequence[str] = (),
    status: int = 200,
) -> web.Response:
    facts = {"found": await _head(found), "visitor": visitor, "values": values, "now": now, "problems": problems}
    limits = {"most_files": filetype.MOST_FILES, "most_bytes": filetype.MOST_BYTES >> 20, "endings": filetype.ENDINGS}
    files, returned = await document.waiting(found), await _latest(found)
    opinion = await Review.filter(completion_id=returned.id).order_by("-id").first() if returned else None
    return guard.html("completion", status, **facts, **limits, files=files, returned=returned, opinion=opinion)


async def _filed_page(found: Matter, row: Completion, visitor: Visitor, now: datetime) -> web.Response:
    """What was filed, for the unit and for those who decide on it or read it."""
    subject = await _subject(found, row.at)
    values = report.of_draft(row, subject)
    said = structure.findings(values.report, subject, reports.VOCABULARY) if row.form else []
    told = await completions.shown(found, row)
    sentences = [reports.sentence(each, subject) for each in said]
    facts = {"found": await _head(found), "visitor": visitor, "values": values, "now": now, "row": row, "told": told}
    signed = reports.dated(values.report.signed_on) if values.report.signed_on else ""
    return guard.html("filed", **facts, files=await document.filed(row), findings=sentences, signed=signed)


async def _head(found: Matter) -> dict[str, Any]:
    """What stands at the top of every page of a matter; a sensitive one shows its number only (A76)."""
    unit = await Unit.get(id=found.unit_id)
    return {"code": found.code, "title": "" if found.sensitive else found.title, "unit": unit.name}


async def _subject(found: Matter, now: datetime) -> structure.Subject:
    unit = await Unit.get(id=found.unit_id)
    return report.subject(found, unit.name, now)


def _words(refusal: errors.Refused, now: datetime) -> str:
    return render.refusal(refusal.code, **{"now": now, **refusal.facts})
