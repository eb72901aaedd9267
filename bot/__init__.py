"""duban: the 13710 supervision system as a chat-bot."""
