"""Refusals and start-up errors: what a person did wrong, with the facts a template needs to say it well."""

from __future__ import annotations


class Refused(Exception):
    """An action was refused; nothing was changed.

    `code` names the template `templates/replies/refused/<code>.txt`, `facts` are its variables. The edge
    (`bot.router`) catches it once and answers with the rendered sentence, which always says what to do next.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class ConfigError(Exception):
    """The configuration can't be used. The message is one line that names the key and says what to do."""
