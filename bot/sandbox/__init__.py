"""A loopback WeCom and SMS platform for any bot: real HTTP, state in memory, people, faults and time at hand."""
