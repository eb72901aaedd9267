"""Signed values, own addresses, cookies: what a browser brings back is believed only when it is ours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.pages import guard, site
from bot.pages.seal import Seal

OLD, NEW = "o" * 40, "n" * 40


def test_a_seal_holds_by_purpose_and_survives_rotation() -> None:
    token = Seal(OLD).seal("session", {"person": 7, "token": "甲"})
    assert Seal(OLD).open("session", token) == {"person": 7, "token": "甲"}
    assert Seal(NEW, OLD).open("session", token) == {"person": 7, "token": "甲"}
    assert Seal(OLD).open("login", token) is None
    assert Seal(NEW).open("session", token) is None
    assert Seal(OLD, NEW).open("session", Seal(NEW, OLD).seal("session", {})) == {}


@pytest.mark.parametrize("change", ["", ".", "a", "a.b", "甲.乙", "x" * 5000, ".eyJ9"])
def test_what_is_not_ours_is_nothing(change: str) -> None:
    assert Seal(OLD).open("session", change) is None
    token = Seal(OLD).seal("session", {"person": 7})
    body, _, mac = token.partition(".")
    other = Seal(OLD).seal("session", {"person": 1}).partition(".")[0]
    for forged in (f"{other}.{mac}", f"{body}.{mac[:-1]}", f"{body}.{mac}x", body, f"{body}=.{mac}"):
        assert Seal(OLD).open("session", forged) is None


def test_a_seal_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        Seal("", OLD)


@pytest.mark.parametrize("place", ["/", "/m/2026-0001/completion", "/m/2026-0001-2/completion?a=1&b=%E4"])
def test_own_places(place: str) -> None:
    assert guard.own_path(place) == place


@pytest.mark.parametrize(
    "place",
    [
        "",
        "//evil",
        "/\\evil",
        "https://evil",
        "javascript:alert(1)",
        "/a\r\nb: c",
        "/a b",
        "/a#b",
        "/@evil",
        "/" + "a" * 400,
    ],
)
def test_every_other_place_is_the_front_page(place: str) -> None:
    assert guard.own_path(place) == "/"


async def _nobody(code: str) -> str:
    return ""


@pytest.mark.parametrize(
    ("base", "secure", "name"),
    [
        ("https://duban.example.cn", True, "__Host-duban-session"),
        ("http://duban.example.cn", True, "__Host-duban-session"),
        ("http://127.0.0.1:8713", False, "duban-session"),
    ],
)
def test_cookies_want_tls_except_on_loopback(base: str, secure: bool, name: str) -> None:
    here = site.Site(base, Seal(OLD), _nobody, "c", 1, Path(), wall=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    response = web.Response()
    site.begin(here, response, 7)
    cookie = response.cookies[name]
    assert (bool(cookie["secure"]), cookie["httponly"], cookie["samesite"]) == (secure, True, "Lax")
    found = here.seal.open("session", cookie.value)
    assert found
    assert (found["person"], found["at"]) == (7, 1772409600)
