"""What handlers give back keeps within WeCom's limits: pressed cards and cards to push."""

from __future__ import annotations

from bot.channels import Card
from bot.channels.wecom import card_limits, cards, passive
from models.matter import Approval
from tests.department import PROPOSE, World

LONG = "取水许可" * 40


def fits(card: Card) -> bool:
    return not card_limits.check(cards.build(card, "duban-1"))


async def test_cards_fit(world: World) -> None:
    await world.say("ban", PROPOSE.replace("取水许可", LONG))
    pressed = await world.press("wang", f"approve:{(await Approval.get()).id}")
    assert "已同意" in passive.update_card("corp", "wang", pressed.replace)
    back = await world.say("a", "收到")
    assert fits(back.card)
    await world.matter(PROPOSE.replace("取水许可", LONG[1:]))
    asked = await world.say("a", "进展 " + "已完成现场核查" * 30, 1)
    assert fits(asked.card)
    chosen = {"matter": [asked.card.choice.options[0][0]]}
    picked = await world.press("a", asked.card.actions[0].key, 1, chosen)
    assert "已选择" in passive.update_card("corp", "a", picked.replace)
    told = await world.press("a", back.card.actions[0].key, 2, {"person": [str(world.people["zhang"])]})
    assert "已由他人办理" in passive.update_card("corp", "a", told.replace)
    assert len(picked.text.encode()) <= 2048
