"""The sandbox talks to this machine only."""

from __future__ import annotations

from yarl import URL

from bot import sections


def is_loopback(url: str) -> bool:
    """Is this an http(s) address on loopback?"""
    try:
        found = URL(url)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and sections.is_loopback(found.host or "")
