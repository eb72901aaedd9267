"""The rules of 13710, pure: standard library only, no I/O, no clock, no ORM. Instants are aware datetimes."""
