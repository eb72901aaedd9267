"""Callbacks sealed by hand, and what is in the database."""

from __future__ import annotations

import importlib
import itertools
from dataclasses import dataclass, field, replace
from typing import Any

import xmltodict
from tortoise.models import Model

import models
from bot.demo.stage import Stage
from bot.sandbox import envelope
from bot.sandbox.platform import Platform
from bot.sandbox.settings import Settings


@dataclass
class Line:
    """A line to the bot: `seal` makes a callback's query and body, `post` sends it, `send` does both."""

    stage: Stage
    numbers: Any = field(default_factory=lambda: itertools.count(9_000_000_000))

    @property
    def platform(self) -> Platform:
        return self.stage.platform.platform

    @property
    def settings(self) -> Settings:
        return self.platform.settings

    @property
    def url(self) -> str:
        return f"{self.stage.url}/wecom/callback"

    def text(self, person: str, words: str) -> str:
        """The plain XML of a text with a MsgId of its own."""
        return envelope.text(self.platform, self.stage.ids.get(person, person), words)[0]

    def seal(self, plain: str, **change: Any) -> tuple[dict[str, str], str]:
        """Query and body of a callback; `change` are settings of another sender, a wall clock for instance."""
        settings = replace(self.settings, **change)
        encrypted = envelope.encrypt(settings, plain)
        return envelope.query(settings, encrypted, str(next(self.numbers))), envelope.sealed(settings, encrypted)

    async def post(self, query: dict[str, str], body: str | bytes, **more: Any) -> tuple[int, str]:
        """Status and body of the answer."""
        data = body.encode() if isinstance(body, str) else body
        async with self.stage.session.post(self.url, params=query, data=data, **more) as response:
            return response.status, await response.text()

    async def send(self, plain: str) -> tuple[int, str]:
        """One callback under a nonce of its own; status and words of the answer."""
        status, body = await self.post(*self.seal(plain))
        return status, self.opened(body) if status == 200 else body

    def opened(self, body: str) -> str:
        """The words of an encrypted reply, "" of an empty one."""
        if not body:
            return ""
        outer = xmltodict.parse(body)["xml"]
        signed = (outer["MsgSignature"], str(outer["TimeStamp"]), outer["Nonce"])
        plain = envelope.crypto(self.settings).decrypt_message({"Encrypt": outer["Encrypt"]}, *signed)
        return str(xmltodict.parse(plain)["xml"].get("Content", ""))


def tables() -> list[type[Model]]:
    """Every model of the product."""
    modules = [importlib.import_module(name) for name in models.MODELS]
    return [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Model) and each.__module__ == module.__name__
    ]


async def counts() -> dict[str, int]:
    """Rows of every table."""
    return {each._meta.db_table: await each.all().count() for each in tables()}
