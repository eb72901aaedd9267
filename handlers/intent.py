"""That a message files one thing and means it: what else it wants, or asks, is asked back (R33, A60)."""

from __future__ import annotations

from bot import errors
from handlers import acknowledgement, doubt, which, words
from handlers.turn import Turn
from models.matter import Matter

REQUESTS = frozenset({"extension", "completion", "recall", "assign", "objection"})
"""What is asked for by a word of its own, never by a feedback."""


async def expect_report(said: words.Command, matter: Matter, turn: Turn) -> None:
    """Asked back rather than filed: 进展 1 申请延期1个月, 进展 1 这个怎么报？"""
    other = words.command(said.rest)
    if other and other.word in REQUESTS:
        raise errors.Refused("two_commands", word=said.said, other=other.said, code=matter.code)
    await expect_one(said.said, said.rest, matter, turn)
    if doubt.asks(said.rest):
        raise errors.Refused("question", code=matter.code)


async def expect_one(word: str, text: str, matter: Matter, turn: Turn) -> None:
    """Refused two_commands when something else stands behind what is filed: …，申请延期一个月; …；进展 2 …"""
    if other := doubt.also(text):
        raise errors.Refused("two_commands", word=word, other=other, code=matter.code)
    sentences = doubt.sentences(text)
    acknowledged = [each for each in sentences if acknowledgement.acknowledgement(each)]
    again = doubt.another(sentences, which.known(await which.his(turn)), matter.number) if sentences[1:] else ""
    if again or acknowledged[1:]:
        raise errors.Refused("two_commands", word=word, other=again or acknowledged[1], code="")
