"""The pages' doors: headers on every answer, links that preview, sessions, forged forms, names that lie."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot import health, wording
from bot.documents import filetype
from bot.pages import link, site
from models.document import Document
from models.matter import Matter
from models.people import Person
from models.system import Meta
from tests.documents import samples
from tests.stories import browser
from tests.stories.theatre import Story

FORM = "/m/2026-0001/completion"
EVIL = "<script>alert(1)</script>"
PAGES = wording.TEMPLATES / "pages"


def site_of(story: Story) -> site.Site:
    return story.stage.app[site.SITE]


async def test_every_answer_carries_the_headers(story: Story) -> None:
    await story.matter()
    addresses = ["/", "/healthz", "/static/page.css", "/static/absent", "/absent", FORM, "/login/wecom", "/login/link"]
    addresses += [
        "/m/2026-0099/completion",
        "/login/wecom?code=x&state=y",
        "/wecom/callback",
        "/m/2026-0001/documents/1",
    ]
    for address in addresses:
        async with story.stage.session.get(story.stage.url + address, allow_redirects=False) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), address
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert "Server" not in answer.headers
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert "Traceback" not in await answer.text()
    async with story.stage.session.post(story.stage.url + "/", data=b"x") as answer:
        assert (answer.status, "Content-Security-Policy" in answer.headers) == (405, True)


def test_templates_hold_nothing_that_the_policy_forbids() -> None:
    inline = r"<style|<script(?![^>]*\bsrc=)|\son\w+\s*=|\sstyle\s*=|javascript:|\|\s*safe\b|autoescape\s+false"
    looked = sorted(PAGES.rglob("*.html"))
    assert len(looked) > 10
    assert not [path.name for path in looked if re.search(inline, path.read_text("utf-8"), re.IGNORECASE)]


async def test_a_defect_of_ours_is_a_page_without_a_trace(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    matter = await story.matter()
    async with browser.opened(story.stage, "张三") as phone:
        await Matter.filter(id=matter.id).update(source="zzz")
        capsys.readouterr()
        seen = await phone.get(FORM)
        assert (seen.status, "暂时打不开" in seen.text) == (500, True)
        assert not re.search(r"Traceback|KeyError|\.py", seen.text)
        assert "frame-ancestors 'none'" in seen.headers["Content-Security-Policy"]
        assert "page_failed" in capsys.readouterr().out
        await Matter.filter(id=matter.id).update(source=matter.source)


async def test_addresses_are_ours_whatever_host_is_asked_for(story: Story) -> None:
    await story.matter()
    for address in (FORM, "/login/wecom", "/login/wecom?next=//evil.example", "/login/wecom?next=https://evil.example"):
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        async with story.stage.session.get(story.stage.url + address, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 302
            place = answer.headers["Location"]
            assert "evil.example" not in place
            if address.startswith("/login"):
                assert parse_qs(urlsplit(place).query)["redirect_uri"] == [f"{story.stage.url}/login/wecom"]


async def test_files_outside_are_out_of_reach(story: Story) -> None:
    folder = story.stage.settings.folder
    assert (folder / "config.toml").exists()
    for base in (story.stage.url, story.stage.platform.url):
        for path in ("..%2f..%2fconfig.toml", "%2e%2e/config.toml", "%2fetc%2fpasswd", "..", "....//config.toml"):
            url = URL(f"{base}/static/{path}", encoded=True)
            async with aiohttp.ClientSession() as http, http.get(url) as answer:
                assert answer.status in (403, 404), path


def ticket_of(text: str) -> str:
    found = re.search(r"http\S+", text)
    assert found, text
    return found[0]


async def redeem(story: Story, url: str, http: aiohttp.ClientSession, **headers: str) -> aiohttp.ClientResponse:
    value = parse_qs(urlsplit(url).query)
    form = {"ticket": value["ticket"][0], "next": value["next"][0]}
    answer = await http.post(story.stage.url + link.PATH, data=form, headers=headers, allow_redirects=False)
    await answer.read()
    return answer


async def test_a_link_that_is_only_opened_changes_nothing(story: Story) -> None:
    """Previews, scanners, and whoever looks over a shoulder: GET tells whose it is, the button signs in, once."""
    await story.matter()
    url = ticket_of(await story.say("张三", "登录 1"))
    before = await Meta.all().order_by("key").values_list("key", "value")
    async with browser.opened(story.stage, "李四") as other:
        for _ in range(3):
            seen = await other.get(url)
            assert (seen.status, "张三" in seen.text) == (200, True)
            assert "Set-Cookie" not in seen.headers
        assert await Meta.all().order_by("key").values_list("key", "value") == before
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await redeem(story, url, other.http, **headers)).status == 403
        both = await asyncio.gather(*(redeem(story, url, other.http) for _ in range(2)))
        assert sorted(each.status for each in both) == [303, 400]
        assert next(each for each in both if each.status == 303).headers["Location"] == FORM
        assert (await other.get(FORM)).status == 200
        assert (await other.get(url)).status == 400
    await story.stage.settle()
    assert [text for text in await story.shown("张三") if "一次性链接已于" in text]


async def test_a_link_ends_after_ten_minutes_and_with_its_person(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    here = site_of(story)
    wall = here.wall()
    late = ticket_of(await story.say("张三", "登录"))
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        for minutes, status in ((-2, 400), (11, 400)):
            object.__setattr__(here, "wall", lambda minutes=minutes: wall + timedelta(minutes=minutes))
            assert (await redeem(story, ticket_of(await story.say("张三", "登录")), http)).status == status
        object.__setattr__(here, "wall", lambda: wall + timedelta(minutes=9))
        gone = ticket_of(await story.say("张三", "登录"))
        await Person.filter(name="张三").update(active=False)
        assert (await redeem(story, gone, http)).status == 400
        await Person.filter(name="张三").update(active=True)
        assert (await redeem(story, late, http)).headers["Location"] == "/"
        forged = late.replace("next=/", "next=//evil.example")
        assert (await redeem(story, forged, http)).status == 400
        again = ticket_of(await story.say("张三", "登录")).replace("next=/", "next=//evil.example")
        assert (await redeem(story, again, http)).headers["Location"] == "/"
        for value in ("", "x", "甲" * 90, "%00", "../../etc"):
            async with http.get(story.stage.url + link.PATH, params={"ticket": value}) as answer:
                assert answer.status == 400
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            async with http.post(
                story.stage.url + link.PATH, data=b"--x\r\n\xff\xfe", headers={"Content-Type": kind}
            ) as answer:
                assert answer.status == 400


async def test_a_session_ends_with_the_seat_the_person_and_the_day(story: Story) -> None:
    await story.matter()
    here = site_of(story)
    wall = here.wall()
    async with browser.opened(story.stage, "张三") as phone:
        page = await phone.get(FORM)
        assert page.status == 200
        await Person.filter(name="张三").update(active=False)
        fields = {
            "csrf": page.token,
            "reason": "全部整改到位，群众满意",
            "talked": "1",
            "all_done": "1",
            "do": "upload",
        }
        sent = await phone.post(FORM, fields, [("报告.pdf", samples.PDF)])
        assert (sent.status, await Document.all().count()) == (401, 0)
        await Person.filter(name="张三").update(active=True)
        assert (await phone.get(FORM, follow=False)).status == 200
        object.__setattr__(here, "wall", lambda: wall + timedelta(seconds=site.SESSION_SECONDS + 61))
        assert (await phone.get(FORM, follow=False)).status == 302
        # a cookie of another installation, or one that was written by hand
        phone.http.cookie_jar.clear()
        phone.extra["Cookie"] = 'duban-session=eyJwZXJzb24iOjF9.xxxx; duban-login="; DROP"'
        assert (await phone.get(FORM, follow=False)).status == 302


async def test_words_can_not_break_out_of_a_page(story: Story) -> None:
    matter = await story.matter()
    await Matter.filter(id=matter.id).update(title=f'取水"{EVIL}')
    await Person.filter(name="张三").update(name=f"张三{EVIL}")
    story.stage.ids[f"张三{EVIL}"] = story.stage.ids["张三"]
    async with browser.opened(story.stage, "张三") as phone:
        page = await phone.get(FORM)
        evil = {"csrf": page.token, "do": "upload", "title": f"</textarea>{EVIL}", "addressee": f'">{EVIL}'}
        seen = await phone.post(FORM, evil, [(f"{EVIL}.pdf", samples.PDF), ("'\"&<b>.docx", samples.PDF)])
        link_page = await phone.get(ticket_of(await story.say("张三", "登录")))
    await story.stage.say("李四", f"待办{EVIL}]]>")
    async with story.stage.session.get(f"{story.stage.platform.url}/?people=lisi,zhangsan") as answer:
        desk = await answer.text()
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "&lt;script&gt;alert(1)" in desk
    assert EVIL not in desk
    for each in (page, seen, link_page):
        assert each.status == 200
        assert EVIL not in each.text
        assert each.text.count("<script") == 1


async def test_a_form_keeps_nothing_before_its_token(story: Story) -> None:
    """The first part decides, be it a file."""
    await story.matter()
    async with browser.opened(story.stage, "张三") as phone:
        token = (await phone.get(FORM)).token
        form = aiohttp.FormData()
        form.add_field("files", samples.PDF, filename="a.pdf", content_type="application/pdf")
        form.add_field("csrf", token)
        form.add_field("do", "upload")
        async with phone.http.post(story.stage.url + FORM, data=form) as answer:
            assert answer.status == 403
    assert not list(story.stage.settings.storage_path.rglob("*"))
    assert not await Document.exists()


async def test_names_of_files_lead_nowhere(story: Story) -> None:
    await story.matter()
    names = (
        "../../../config.toml.pdf",
        "..\\..\\config.toml.pdf",
        "/etc/passwd.pdf",
        "a\u202efdp.exe",
        "完结报告.hta",
        ".pdf",
        "x" * 300 + ".pdf",
    )
    async with browser.opened(story.stage, "张三") as phone:
        token = (await phone.get(FORM)).token
        for number, name in enumerate(names):
            sent = samples.PDF + b"%" * number + b"%%EOF"
            await phone.post(FORM, {"csrf": token, "do": "upload"}, [(name, sent)])
        kept = await Document.all()
        assert len(kept) == len(names)
        for row in kept:
            got = await phone.get(f"/m/2026-0001/documents/{row.id}")
            assert got.headers["Content-Disposition"].startswith("attachment; ")
            assert got.headers["Content-Disposition"].endswith(".pdf")
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert not re.search(r"[/\\\r\n\u202e]", row.name)
            assert row.name.endswith(".pdf")
            assert got.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    places = [path for path in story.stage.settings.storage_path.rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"[0-9a-f]{64}", path.name) for path in places)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in places)


async def test_one_person_takes_neither_the_disk_nor_the_doors(story: Story) -> None:
    await story.matter()
    here = site_of(story)
    async with browser.opened(story.stage, "张三") as phone:
        token = (await phone.get(FORM)).token
        fields = {"csrf": token, "do": "upload"}
        many = [(f"{n}.pdf", samples.PDF + b"%d%%%%EOF" % n) for n in range(filetype.MOST_FILES + 5)]
        seen = await phone.post(FORM, fields, many)
        assert (seen.status, "最多20个文件" in seen.text) == (422, True)
        assert not await Document.exists()
        stored = len([path for path in here.files.rglob("*") if path.is_file()])
        for _ in range(site.MOST_A_DAY):
            here.spend((await Person.get(name="张三")).id)
        seen = await phone.post(FORM, fields, [("z.pdf", samples.PDF + b"z%%EOF")])
        assert (seen.status, "达到上限" in seen.text) == (422, True)
        assert len([path for path in here.files.rglob("*") if path.is_file()]) == stored

        # four forms that come in drops: the fifth is another person's, and is read at once
        begun = asyncio.Event()
        slow = [asyncio.create_task(dripping(phone, token, begun)) for _ in range(site.UPLOADS + 1)]
        await begun.wait()
        async with browser.opened(story.stage, "李四") as other:
            own = (await other.get(FORM)).token
            async with asyncio.timeout(10):
                sent = await other.post(FORM, {"csrf": own, "do": "upload"}, [("b.pdf", samples.PDF)])
            assert sent.status == 200
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)


async def dripping(phone: browser.Browser, token: str, begun: asyncio.Event) -> None:
    async def drops() -> object:
        yield f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n--b\r\n'.encode()
        begun.set()
        await asyncio.Event().wait()

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    async with phone.http.post(phone.stage.url + FORM, data=drops(), headers=headers) as answer:
        await answer.read()


def test_the_admin_port_of_production_moves_nothing() -> None:
    key: web.AppKey[object] = web.AppKey("engine", object)
    shown = {(each.method, each.path) for each in health.admin_routes(key, sandbox=False)}
    assert shown == {("GET", "/readyz")}
    assert ("POST", "/drain") in {(each.method, each.path) for each in health.admin_routes(key, sandbox=True)}
