"""Files that people exchange with the bot: tables and their vocabulary, read and written."""
