"""Reading request bodies the way the service does, with its 422 for what does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import Message
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from gumnut_tui.demo.http.refusals import Problem, invalid

T = TypeVar("T")

MOST_IDS = 200

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_ESCAPED = re.compile(r"%22|%[01][0-9A-F]|\\\\")


class Body:
    """A JSON object somebody sent. Fields nobody knows are passed over, as the service does."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    @classmethod
    async def read(cls, request: Request) -> Body:
        """The body of a request."""
        try:
            return cls(msgspec.json.decode(await request.body(), type=dict[str, Any]))
        except msgspec.DecodeError as error:
            raise _wrong("", "json_invalid", f"JSON decode error: {error}", None) from None

    def text(self, name: str) -> str:
        """A text that has to be there."""
        return text(name, self._required(name))

    def ids(self, name: str, *, least: int = 0) -> list[str]:
        """A list of ids that has to be there, of at most 200."""
        value = self._required(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise _wrong(name, "list_type", "Input should be a valid list of strings", value)
        if len(value) > MOST_IDS:
            raise _wrong(name, "too_long", f"List should have at most {MOST_IDS} items", len(value))
        if len(set(value)) < least:
            raise _wrong(name, "too_short", f"List should have at least {least} items", len(value))
        return value

    def items(self, name: str) -> list[Body]:
        """A list of objects that has to be there, of at most 200."""
        value = self._required(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise _wrong(name, "list_type", "Input should be a valid list of objects", value)
        if len(value) > MOST_IDS:
            raise _wrong(name, "too_long", f"List should have at most {MOST_IDS} items", len(value))
        return [Body(one) for one in value]

    def part(self, name: str) -> Body:
        """An object that has to be there."""
        value = self._required(name)
        if not isinstance(value, dict):
            raise _wrong(name, "dict_type", "Input should be a valid dictionary", value)
        return Body(value)

    def optional(self, name: str) -> str | None:
        """A text; None when it is null or not there."""
        value = self._fields.get(name)
        return None if value is None else text(name, value)

    def given(self, readers: Mapping[str, Callable[[str, Any], object]]) -> dict[str, Any]:
        """Those fields that were sent, each as its reader takes it; null stays null."""
        return {
            name: None if self._fields[name] is None else reader(name, self._fields[name])
            for name, reader in readers.items()
            if name in self._fields
        }

    def refuse_null(self, names: Collection[str]) -> None:
        """Refuse null for fields that may only be left out."""
        for name in names:
            if name in self._fields and self._fields[name] is None:
                raise _wrong(name, "type_error", "Input should not be null", None)

    def _required(self, name: str) -> Any:
        if name not in self._fields:
            raise _wrong(name, "missing", "Field required", self._fields)
        return self._fields[name]


def text(name: str, value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise _wrong(name, "string_type", "Input should be a valid string", value)
    return value


def flag(name: str, value: Any) -> bool:
    """A boolean."""
    if not isinstance(value, bool):
        raise _wrong(name, "bool_type", "Input should be a valid boolean", value)
    return value


def day(name: str, value: Any) -> str:
    """A date as `YYYY-MM-DD`."""
    try:
        return date.fromisoformat(text(name, value)).isoformat()
    except ValueError:
        raise _wrong(name, "date_from_datetime_parsing", "Input should be a valid date", value) from None


def moment(name: str, value: Any) -> str:
    """A date and time, with its offset or without one."""
    try:
        return datetime.fromisoformat(text(name, value)).isoformat()
    except ValueError:
        raise _wrong(name, "datetime_parsing", "Input should be a valid datetime", value) from None


def stars(name: str, value: Any) -> int:
    """A rating from 0 to 5."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 5:
        raise _wrong(name, "less_than_equal", "Input should be an integer from 0 through 5", value)
    return value


def degrees(most: float) -> Callable[[str, Any], float]:
    """Reads a latitude or longitude."""

    def read(name: str, value: Any) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not -most <= value <= most:
            raise _wrong(name, "less_than_equal", f"Input should be between -{most:g} and {most:g}", value)
        return float(value)

    return read


def whole(name: str, value: Any) -> int:
    """An integer."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "int_type", "Input should be a valid integer", value)
    return value


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart body: its texts, and its one file."""

    fields: dict[str, str]
    file_name: str
    file: bytes

    def text(self, name: str) -> str:
        """A text that has to be there."""
        if name not in self.fields:
            raise _wrong(name, "missing", "Field required", None)
        return self.fields[name]


async def read_form(request: Request, file_field: str) -> Form:
    """The multipart body of a request with a file under that name."""
    told = Message()
    told["content-type"] = request.headers.get("content-type", "")
    boundary = told.get_param("boundary")
    if told.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise Problem(422, "A multipart/form-data body is expected")
    fields: dict[str, str] = {}
    found: tuple[str, bytes] | None = None
    for part in (b"\r\n" + await request.body()).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name, file_name = _disposition(head)
        if name == file_field and file_name is not None:
            found = file_name, content
        else:
            fields[name] = content.decode("utf-8", "replace")
    if found is None:
        raise _wrong(file_field, "missing", "Field required", None)
    return Form(fields, *found)


def _disposition(head: bytes) -> tuple[str, str | None]:
    """The name of a part, and of the file in it; clients write quotes and control characters in them as browsers do."""
    lines = head.decode("utf-8", "replace").split("\r\n")
    line = next((one for one in lines if one.lower().startswith("content-disposition:")), "")
    values = {key: _ESCAPED.sub(_unescaped, value) for key, value in _PARAMETER.findall(line)}
    return values.get("name", ""), values.get("filename")


def _unescaped(found: re.Match[str]) -> str:
    written = found.group()
    return "\\" if written == "\\\\" else chr(int(written[1:], 16))


def _wrong(name: str, kind: str, message: str, value: Any) -> Problem:
    return invalid(name, kind, message, value, where="body")
