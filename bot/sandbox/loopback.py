"""The sandbox talks to this machine only."""

from __future__ import annotations

import ipaddress

from yarl import URL


def is_loopback_host(host: str) -> bool:
    """Is this host name or address one of this machine's loopback?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback(url: str) -> bool:
    """Is this an http(s) address on loopback?"""
    try:
        found = URL(url)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and is_loopback_host(found.host or "")
