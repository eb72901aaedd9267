"""Small real files of every kind, made here, and broken ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64) + b"\xff\xd9"
LARGE = JPEG[:-2] + bytes(8 << 20) + JPEG[-2:]
_APP1 = b"Exif\0\0" + bytes(20) + JPEG
PHOTO = (
    b"\xff\xd8\xff\xe1" + struct.pack(">H", len(_APP1) + 2) + _APP1 + b"\xff\xda\x00\x08" + b"\x11" * 600 + b"\xff\xd9"
)
"""With a small picture of its own, whole, at its beginning."""
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REPORT = (
    "山西省水利厅关于取水许可核查情况的报告",
    "省政府办公厅：",
    "一、交办任务",
    "按照省政府“13710”系统交办要求，我处负责开展取水许可核查工作，现将落实情况报告如下。",
    "二、落实情况",
    "共核查取水口48个，其中许可到期12个、超量取水6个，已全部整改到位，整改率100%。制定了取水口日常巡查制度，"
    "落实了属地管理责任，建立了问题台账并逐项销号，取用水秩序明显好转，群众反映的问题得到解决。",
    "水资源处",
    "2026年3月9日",
)


def png(width: int = 8, shade: int = 200) -> bytes:
    """A grey square."""
    rows = (b"\x00" + bytes([shade]) * width) * width
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def margin(line: str, space: str = W) -> bytes:
    """A header, footer or list of notes that holds one line."""
    return f'<w:hdr xmlns:w="{space}"><w:p><w:r><w:t>{line}</w:t></w:r></w:p></w:hdr>'.encode()


def docx(lines: Sequence[str] = REPORT, *, head: str = "", space: str = W, **more: bytes) -> bytes:
    """A document of these paragraphs; `head` goes before its root element, `more` are further parts."""
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", xml)
        for name, data in more.items():
            archive.writestr(name.replace("__", "/").replace("_bin", ".bin").replace("_xml", ".xml"), data)
    return held.getvalue()
