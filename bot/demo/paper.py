"""A page of a sealed report as a picture: white paper, grey lines of text, a red seal; no two pages are the same."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 240, 340
_PAPER, _INK, _SEAL = 0, 1, 2
_COLOURS = bytes((252, 252, 250, 120, 124, 130, 200, 40, 36))


def page(number: int) -> bytes:
    """The PNG of the page with this number."""
    rows = b"".join(b"\x00" + bytes(_pixel(x, y, number) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", _COLOURS), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _pixel(x: int, y: int, number: int) -> int:
    """A ring for the seal, before the lines; the last line is as long as the number says."""
    away = (x - 172) ** 2 + (y - 262) ** 2
    if 34**2 <= away <= 38**2 or away <= 36:
        return _SEAL
    line, ends = y // 18, 210 if y < 216 else 40 + number % 160
    return _INK if 2 <= line <= 12 and y % 18 < 5 and 30 <= x < ends else _PAPER


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
