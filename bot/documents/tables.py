"""Tables of text in CSV and xlsx files, read and written; nothing in them is ever a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

MAX_BYTES = 20 * 2**20
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class TableError(Exception):
    """The file can't be read as a table; the message says what to do."""


def read(path: Path) -> list[list[str]]:
    """The rows of a .csv (UTF-8 with or without BOM, else GB18030) or the first sheet of an .xlsx, as trimmed texts.

    Row n of the file is element n - 1; empty rows stay. TableError when it can't be read.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise TableError(f"{path}: neither .csv nor .xlsx; save it as one of them")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TableError(f"{path}: larger than {MAX_BYTES // 2**20} MB; split it")
        return _read_csv(path) if suffix == ".csv" else _read_xlsx(path)
    except OSError as error:
        raise TableError(f"{path}: can't be read: {error.strerror or error}") from None


def _read_csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(f"{path}: saved as UTF-16; save it as CSV UTF-8")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableError(f"{path}: neither UTF-8 nor GB18030; save it as CSV UTF-8")
    try:
        return [[_plain(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        raise TableError(f"{path}: not CSV: {error}; save it as CSV UTF-8") from None


def _read_xlsx(path: Path) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise TableError(f"{path}: not a readable xlsx ({error}); open it and save it again as .xlsx") from None
    return [[_plain(_text(cell)) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    """A cell as a person sees it: 13800138000.0 is a phone number, not a float."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def _plain(text: str) -> str:
    text = text.strip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def escape(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before = + - @; `read` takes it off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of text to a .csv (UTF-8 with BOM, as spreadsheets want it) or an .xlsx, first row a header."""
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise TableError(f"{path}: neither .csv nor .xlsx; name it one of them")
    escaped = [[escape(cell) for cell in row] for row in rows]
    try:
        _write_csv(path, escaped) if suffix == ".csv" else _write_xlsx(path, escaped)
    except OSError as error:
        raise TableError(f"{path}: can't be written: {error.strerror or error}") from None


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: list[list[str]]) -> None:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell, None if number else bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max((len(row) for row in rows), default=1) - 1, 16)
    book.close()
    path.write_bytes(content.getvalue())
