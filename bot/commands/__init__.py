"""What the commands do, one module a group. `bot.cli` declares them and loads only the one that is asked for."""
