"""The web chat: the sandbox's people and their phones in a browser, drawn here, kept alive by the news."""
