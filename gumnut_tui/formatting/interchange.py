"""Values for CSV, JSON and Markdown files that other programs open."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from gumnut_tui.formatting.escape import visible

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""At the start of a CSV file, these bytes make Excel read it as UTF-8."""


def utc_time(moment: datetime) -> str:
    """A time, which has to be in UTC, as the service writes it: `2026-11-20T12:00:00.604913Z`."""
    return moment.isoformat().replace("+00:00", "Z")


def path_text(path: str | os.PathLike[str]) -> str:
    """A path for JSON, which is Unicode: a byte that is not UTF-8 becomes its escape, `\\xe9`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def csv_cell(value: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def csv_lines(rows: Iterable[Iterable[str]], shown: Callable[[str], str] = str) -> Iterator[str]:
    """Lines of comma-separated values in which a spreadsheet finds no formula; `shown` escapes each value before."""
    return (csv_line(csv_cell(shown(value)) for value in row) for row in rows)


def csv_line(values: Iterable[str]) -> str:
    """A line of comma-separated values, ended by a line feed; a line end inside a value is quoted."""
    line = io.StringIO()
    # Ended by both, the writer quotes either inside a value.
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return f"{line.getvalue()[:-2]}\n"


def encoded(lines: Iterable[str], *, bom: bool = False) -> Iterator[bytes]:
    """The lines in UTF-8; a lone surrogate becomes the escape it is written as in JSON."""
    if bom:
        yield BYTE_ORDER_MARK
    for line in lines:
        yield line.encode("utf-8", "backslashreplace")


def json_line(raw: bytes, *, for_terminal: bool) -> bytes:
    """JSON on one line, without its end: white space between its parts may change, fields and values do not.

    For a terminal, characters it would obey or that mislead, bidi overrides among them, become `\\u` escapes.
    """
    if b"\n" in raw or b"\r" in raw:
        # JSON has no line ends inside strings, so these are between its parts.
        raw = raw.replace(b"\r", b" ").replace(b"\n", b" ")
    if not for_terminal or (raw.isascii() and b"\x7f" not in raw):
        return raw
    return "".join(map(_json_safe, raw.decode("utf-8", "replace"))).encode()


def with_member(line: bytes, name: str, value: str | None) -> bytes:
    """The JSON of an object on one line with one more member at its end; any other JSON stays as it is."""
    if not line.lstrip().startswith(b"{"):
        return line
    body = line.rstrip()[:-1].rstrip()
    member = json.dumps({name: value}, ensure_ascii=False).encode("utf-8", "backslashreplace")[1:]
    return body + (b"" if body.endswith(b"{") else b",") + member


def _json_safe(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    if unicodedata.combining(character) or visible(character) == character:
        return character
    pairs = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pairs[start : start + 4]}" for start in range(0, len(pairs), 4))


_MARKDOWN = re.compile(r"[\\`*\[\]<>|~&]|^[#+-]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown would not take literally; an underscore inside a word is taken literally."""


def markdown_text(value: str) -> str:
    """The text as Markdown that shows it as it is, on one line and inside a table too."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(value.splitlines()))


LINE_LIMIT = 4000
"""Characters of one line of JSON that are shown."""

DEPTH_MAX = 60


def json_lines(value: Any) -> list[str]:
    """The value as indented JSON, line by line; a picture's address loses its signed query."""
    text = json.dumps(without_signatures(value), indent=2, ensure_ascii=False, default=str)
    return [visible(line, LINE_LIMIT) for line in text.split("\n")]


def compact_json(value: Any, limit: int = LINE_LIMIT) -> str:
    """The value on one line; a text without its quotes."""
    safe = without_signatures(value)
    return visible(safe if isinstance(safe, str) else json.dumps(safe, ensure_ascii=False, default=str), limit)


def without_signatures(value: Any, depth: int = DEPTH_MAX) -> Any:
    """The value with the query of every web address left out: whoever holds it can fetch the file.

    What is nested deeper than `depth` levels is an ellipsis.
    """
    match value:
        case dict() | list() | tuple() if not depth:
            return "…"
        case dict():
            return {key: without_signatures(inner, depth - 1) for key, inner in value.items()}
        case list() | tuple():
            return [without_signatures(inner, depth - 1) for inner in value]
        case str() if value.startswith(("https://", "http://")) and "?" in value:
            return value.partition("?")[0] + "?…"
        case _:
            return value
