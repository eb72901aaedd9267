"""Where the bot of the demo is started and stopped: in one context, whoever asks for it.

Tortoise keeps its connections in a context variable. A reset asked for by a page runs in that request's task, whose
context ends with it: the next one could not close what it had opened.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Keeper:
    """One context for as long as the demo lives."""

    def __init__(self) -> None:
        self._context = contextvars.copy_context()

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do `work` in the kept context and return what it returns."""
        return await asyncio.get_running_loop().create_task(work, context=self._context)
