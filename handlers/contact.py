"""The address book's own callbacks: change_contact, sent by the platform itself (document 96302)."""

from __future__ import annotations

from bot.actions import contacts
from bot.router import Message

PLATFORM = "sys"
OPEN = "1"
CLOSED = ("2", "5")
"""Status of an account: in use; disabled, left. Others (4: not activated yet) say nothing about the person."""
LONGEST = 64


async def serve(message: Message) -> None:
    """delete_user, and what update_user says of status and id; whatever else it says is the roster file's."""
    raw = message.raw
    change, user, new, status = (_said(raw.get(name)) for name in ("ChangeType", "UserID", "NewUserID", "Status"))
    if message.user != PLATFORM or not user:
        return
    if change == "delete_user" or (change == "update_user" and status in CLOSED):
        await contacts.close(user, message.at)
    elif change == "update_user":
        if new:
            await contacts.rename(user, new)
        if status == OPEN:
            await contacts.reopen(new or user, message.at)


def _said(value: object) -> str:
    return value.strip() if isinstance(value, str) and len(value) <= LONGEST else ""
