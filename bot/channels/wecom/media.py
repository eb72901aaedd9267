"""Temporary media: the upload form and the answer of a download (documents 90253, 90254)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

import aiohttp

from bot.channels import Unreachable
from bot.channels.wecom import limits, wire

_NAME = re.compile(r"filename\*?=(?:utf-8'')?\"?([^\";]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Media:
    """A downloaded medium; `name` is the platform's file name, "" when it gives none."""

    name: str
    type: str
    data: bytes


def form(kind: str, filename: str, data: bytes) -> Callable[[], aiohttp.FormData]:
    """A maker of the multipart body: a form can be sent only once, a call may be made twice.

    ValueError when the kind is unknown or the size outside what the platform takes.
    """
    most = limits.MEDIA_BYTES.get(kind)
    if most is None:
        raise ValueError(f"unknown kind of medium: {kind}")
    if not limits.MEDIA_MIN_BYTES <= len(data) <= most:
        raise ValueError(f"{kind}: {len(data)} bytes, {limits.MEDIA_MIN_BYTES} to {most} allowed")
    name = re.sub(r'[\x00-\x1f"\\/]', "_", filename)

    def make() -> aiohttp.FormData:
        # The name is shown to people as it is sent: percent-quoting would spoil Chinese ones.
        made = aiohttp.FormData(quote_fields=False)
        made.add_field("media", data, filename=name, content_type="application/octet-stream")
        return made

    return make


def is_file(answer: wire.Answer) -> bool:
    """Whether a download's answer is the medium; an error comes as JSON without a file name."""
    return answer.status == 200 and "Content-Disposition" in answer.headers


def read(answer: wire.Answer) -> Media:
    """The medium in an answer. Raises Unreachable when there is none."""
    if not is_file(answer):
        raise Unreachable("no medium in the answer")
    found = _NAME.search(answer.headers["Content-Disposition"])
    kind = answer.headers.get("Content-Type", "application/octet-stream")
    return Media(unquote(found[1]) if found else "", kind, answer.body)
