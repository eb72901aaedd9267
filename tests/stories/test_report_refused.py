"""The pages under attack and by mistake: strangers, forged forms, foreign files, broken uploads (A63, A76)."""

from __future__ import annotations

import asyncio
from http.cookies import SimpleCookie

import pytest
from yarl import URL

from bot.documents import filetype
from models.completion import Completion
from models.document import Document
from models.people import Person
from tests.documents import samples
from tests.stories import browser
from tests.stories.theatre import Story

FORM = "/m/2026-0001/completion"
EVIL = '"><script>alert(1)</script>'


@pytest.mark.requirement("A63")
async def test_only_the_unit_files_and_only_who_may_reads(story: Story) -> None:
    await story.matter()
    async with browser.opened(story.stage, "张三") as mine:
        page = await mine.get(FORM)
        kept = await mine.post(FORM, {"csrf": page.token, "do": "upload"}, [("报告.pdf", samples.PDF)])
        assert kept.status == 200
        policy = kept.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert (kept.headers["X-Frame-Options"], kept.headers["Cache-Control"]) == ("DENY", "no-store")
        file = f"/m/2026-0001/documents/{(await Document.get()).id}"
        assert (await mine.get(file)).body == samples.PDF
        assert (await mine.get(file.replace("0001", "0099"))).status == 404
    async with browser.opened(story.stage, "王芳") as office:
        assert (await office.get(file)).status == 404
        refused = await office.get(FORM)
        assert refused.status == 403
        assert "水资源处" in refused.text
        assert "取水许可核查" not in refused.text
        assert (await office.post(FORM, {"csrf": "x"})).status == 403
    async with browser.opened(story.stage, "张三") as nobody:
        seen = await nobody.post(FORM, {"csrf": "x", "do": "check"})
        assert seen.status == 401
        assert "内容未提交" in seen.text
        assert (await nobody.get(FORM, follow=False)).status == 302
        assert (await nobody.get("/m/2026-0077/completion")).status == 404
        await Person.filter(name="张三").update(active=False)
        assert (await nobody.get(FORM, follow=False)).status == 302
        assert "/login/wecom" in (await nobody.get(FORM, follow=False)).headers["Location"]


async def test_forged_forms_change_nothing(story: Story) -> None:
    await story.matter()
    async with browser.opened(story.stage, "张三") as phone:
        token = (await phone.get(FORM)).token
        fields = {"csrf": token, "reason": "全部整改到位", "talked": "1", "all_done": "1", "do": "check"}
        files = [("报告.pdf", samples.PDF)]
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            assert (await phone.post(FORM, fields, files, **headers)).status == 403
        assert (await phone.post(FORM, {**fields, "csrf": "forged"}, files)).status == 403
        late = {key: value for key, value in fields.items() if key != "csrf"}
        assert (await phone.post(FORM, {**late, "csrf": token}, files)).status == 403
        assert (await phone.post(FORM, {**fields, "csrf": token[:-1]}, files)).status == 403
        assert await Document.all().count() == await Completion.all().count() == 0
        assert not list(story.stage.settings.storage_path.rglob("*"))
        own = {"Origin": story.stage.url, "Sec-Fetch-Site": "same-origin"}
        assert (await phone.post(FORM, {**fields, "do": "upload"}, files, **own)).status == 200
        assert await Document.all().count() == 1


@pytest.mark.requirement("A76")
async def test_uploads_that_are_not_what_they_seem(story: Story) -> None:
    await story.matter()
    async with browser.opened(story.stage, "张三") as phone:
        token = (await phone.get(FORM)).token
        fields = {"csrf": token, "title": EVIL, "reason": EVIL, "do": "upload"}
        bomb = samples.docx(word__media=bytes(8 << 20))
        bad = [("a.pdf", b"MZ"), ("b.docx", bomb), ("c.jpg", b""), ("d.png", samples.png()[:40])]
        bad.append(("e.docx", samples.docx(["【机密】不得外传"])))
        bad.append(("f.docx", samples.docx(word__header1_xml=samples.margin("机密★1年"))))
        bad.append(("g.docx", samples.docx(["机密★1年"], space=samples.STRICT)))
        bad += [(name, samples.PDF) for name in ("机密★1年 h.pdf", "i110101199003070695.pdf", "秘密.pdf")]
        bad.append(("j.pdf", samples.PDF.replace(b">>\n%", b"/Encrypt 5 0 R>>\n%")))
        seen = await phone.post(FORM, fields, bad)
        assert seen.status == 422
        for words in ("“a.pdf”不是PDF", "“b.docx”含宏", "“c.jpg”是空文件", "“d.png”不完整", "“e.docx”带有密级"):
            assert words in seen.text
        for name in ("f.docx", "g.docx", "机密★1年 h.pdf", "i110101199003070695.pdf", "秘密.pdf"):
            assert f"“{name}”带有密级标志或身份证号" in seen.text
        assert "“j.pdf”设有密码" in seen.text
        assert await Document.all().count() == 0

        name = "../../../etc/<img src=x onerror=alert(1)>.pdf"
        for _ in range(2):
            seen = await phone.post(FORM, fields, [(name, samples.PDF)])
        assert "<script>alert" not in seen.text
        assert "<img" not in seen.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seen.text
        row = await Document.get()
        stored = [each for each in story.stage.settings.storage_path.rglob("*") if each.is_file()]
        assert [each.name for each in stored] == [row.sha256]
        assert "/" not in row.name

        large = await phone.post(FORM, fields, [("大.pdf", b"%PDF-" + bytes(filetype.MOST_BYTES))])
        assert "“大.pdf”超过20 MB" in large.text
        many = [(f"{n}.pdf", samples.PDF + str(n).encode()) for n in range(filetype.MOST_FILES + 1)]
        typed = {**fields, "reason": "全部\0整改到位", "done": "写了很久"}
        for sent in (many, many[1:]):  # too many in themselves; too many with the one that waits
            seen = await phone.post(FORM, typed, sent)
            assert (seen.status, await Document.all().count()) == (422, 1)
            for words in ("最多20个文件，本次发来的都没有接收", "已有1个，还可加19个", ">写了很久<", ">全部整改到位<"):
                assert words in seen.text
        assert (await phone.post(FORM, {**fields, "do": f"drop:{row.id}"}, many[1:])).status == 200
        assert (await Document.get(id=row.id)).state == "dropped"
        assert await Document.filter(state="kept").count() == filetype.MOST_FILES
        assert (await phone.post(FORM, {**fields, "do": f"drop:{'9' * 5000}"})).status == 200
        report = {"do": "check", "done": "一\0二", "talked": "1", "all_done": "1"}
        assert (await phone.post(FORM, {**typed, **report})).status == 200
        assert (await Completion.get()).form["done"] == "一二"


async def test_half_an_upload_is_nothing(story: Story) -> None:
    await story.matter()
    async with browser.opened(story.stage, "张三") as phone:
        token = (await phone.get(FORM)).token
        cookies = "; ".join(f"{each.key}={each.value}" for each in phone.http.cookie_jar)
    head = f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
    head += '--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.4 half of'
    for length in (len(head.encode()), len(head.encode()) + 9999):
        reader, writer = await asyncio.open_connection("127.0.0.1", story.stage.settings.server.port)
        lines = [f"POST {FORM} HTTP/1.1", "Host: h", f"Cookie: {cookies}", f"Content-Length: {length}"]
        lines += ["Content-Type: multipart/form-data; boundary=b", "Connection: close", "", head]
        writer.write("\r\n".join(lines).encode())
        if length > len(head.encode()):
            writer.write_eof()
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 400") if length == len(head.encode()) else b" 200 " not in answer[:20]
    assert await Document.all().count() == 0


async def test_signing_in_belongs_to_the_browser_that_began(story: Story) -> None:
    async with browser.opened(story.stage, "张三") as phone, browser.opened(story.stage, "李四") as other:
        left = await phone.get("/login/wecom?next=//evil.example", follow=False)
        assert "/connect/oauth2/authorize" in left.headers["Location"]
        place = URL(left.headers["Location"]).update_query(person="zhangsan")
        back = (await phone.get(str(place), follow=False)).headers["Location"]
        stolen = await other.get(back, follow=False)
        assert stolen.status == 400
        assert "登录没有完成或已过期" in stolen.text
        assert (await phone.get(back.replace("state=", "state=x"), follow=False)).status == 400
        spent = await phone.get(back.replace("code=", "code=x"), follow=False)
        assert spent.status == 400
        ended = await phone.get(back, follow=False)
        assert (ended.status, ended.headers["Location"]) == (302, "/")
        flags = SimpleCookie(ended.headers.getall("Set-Cookie")[-1])["duban-session"]
        assert (flags["httponly"], flags["samesite"], flags["path"], flags["secure"]) == (True, "Lax", "/", "")
        assert 0 < int(flags["max-age"]) <= 8 * 3600
        assert (await phone.get(back, follow=False)).status == 400  # the code and the state work once

        desk = browser.Browser(story.stage, other.http, "李四", agent="Mozilla/5.0")
        assert "/wwlogin/sso/login" in (await desk.get("/login/wecom", follow=False)).headers["Location"]
        await story.stage.post("people", id="guest", name="客人", platform="wecom")
        story.stage.ids["客人"] = "guest"
        guest = await browser.Browser(story.stage, other.http, "客人").get("/login/wecom")
        assert guest.status == 403
        for path in ("/static/../page.css", "/static/..%2f..%2fwords.toml", "/static/none.css"):
            assert (await phone.get(path)).status == 404
        assert (await phone.get("/static/page.css")).headers["Content-Type"].startswith("text/css")
