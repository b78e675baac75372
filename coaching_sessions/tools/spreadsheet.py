"""Sheets of plain values as one .xlsx file, whole and harmless."""

import io
import re
from datetime import date, datetime
from typing import NamedTuple

import xlsxwriter

# what a cell and a sheet hold at most
CELL_LENGTH = 32767
SHEET_ROWS = 1048576
NAME_LENGTH = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


class Sheet(NamedTuple):
    """One sheet: its name, the titles of its columns, and rows of values.

    A value is a text, a number, a date, a naive datetime in the zone that the title
    says, a boolean, or nothing.
    """

    name: str
    columns: list
    rows: list


def make_workbook(sheets):
    """Return sheets as the content of an .xlsx file.

    Nothing is left out: text too long for a cell goes on in the row below, rows too
    many for a sheet on a further one. Text stays text, whatever it begins with.

    :param sheets: iterable of ``Sheet``
    :return: bytes
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    formats = {
        "title": workbook.add_format({"bold": True, "bottom": 1}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        # the two formats that spreadsheets show as the reader's system writes dates
        "date": workbook.add_format({"num_format": 14, "valign": "top"}),
        "time": workbook.add_format({"num_format": 22, "valign": "top"}),
    }
    names = set()
    for sheet in sheets:
        rows = [part for row in sheet.rows for part in _split_row(row)]
        size = SHEET_ROWS - 1
        for start in range(0, len(rows) or 1, size):
            worksheet = workbook.add_worksheet(_get_name(sheet.name, names))
            _write_rows(worksheet, sheet.columns, rows[start : start + size], formats)
    workbook.close()
    return buffer.getvalue()


def _split_row(row):
    """Return a row as several where a text is too long for one cell."""
    parts = max(
        (-(-len(value) // CELL_LENGTH) for value in row if isinstance(value, str)),
        default=1,
    )
    if parts <= 1:
        return [row]
    return [
        [
            value[part * CELL_LENGTH : (part + 1) * CELL_LENGTH]
            if isinstance(value, str)
            else (None if part else value)
            for value in row
        ]
        for part in range(parts)
    ]


def _get_name(name, taken):
    """Return a name that a sheet can have and no other has; it is added to those."""
    name = NOT_IN_NAMES.sub(" ", name).strip() or "-"
    result, number = name[:NAME_LENGTH], 1
    while result.lower() in taken:
        number += 1
        suffix = f" ({number})"
        result = name[: NAME_LENGTH - len(suffix)] + suffix
    taken.add(result.lower())
    return result


def _write_rows(worksheet, columns, rows, formats):
    """Write titles and rows, with what makes them readable."""
    widths = [len(title) for title in columns]
    for column, title in enumerate(columns):
        worksheet.write_string(0, column, title, formats["title"])
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_value(worksheet, number, column, value, formats)
            length = 16 if isinstance(value, date) else len(str(value or ""))
            widths[column] = max(widths[column], length)
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, min(width + 2, 60))
    worksheet.freeze_panes(1, 0)
    if rows and columns:
        worksheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_value(worksheet, row, column, value, formats):
    """Write one value by its type: the library would guess formulas and links."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        worksheet.write_boolean(row, column, value, formats["text"])
    elif isinstance(value, int | float):
        worksheet.write_number(row, column, value, formats["text"])
    elif isinstance(value, datetime):
        worksheet.write_datetime(row, column, value, formats["time"])
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, value, formats["date"])
    else:
        worksheet.write_string(row, column, str(value), formats["text"])
