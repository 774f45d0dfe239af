"""Reading query parameters the way the service does, with its 422 for what does not fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from starlette.datastructures import QueryParams

from gumnut_tui.demo.http.refusals import Problem, invalid
from gumnut_tui.demo.world.instants import microseconds

_TRUE = frozenset({"true", "1", "on", "yes", "t", "y"})
_FALSE = frozenset({"false", "0", "off", "no", "f", "n"})


def whole(query: QueryParams, name: str, *, default: int, low: int, high: int) -> int:
    """An integer between ``low`` and ``high``, both allowed."""
    text = query.get(name)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError:
        raise invalid(
            name, "int_parsing", "Input should be a valid integer, unable to parse string as an integer", text
        ) from None
    if value < low:
        message = f"Input should be greater than or equal to {low}"
        raise invalid(name, "greater_than_equal", message, text, ge=low)
    if value > high:
        message = f"Input should be less than or equal to {high}"
        raise invalid(name, "less_than_equal", message, text, le=high)
    return value


def choice(query: QueryParams, name: str, allowed: Sequence[str], default: str) -> str:
    """One of ``allowed``."""
    value = query.get(name, default)
    if value not in allowed:
        expected = ", ".join(f"'{word}'" for word in allowed[:-1]) + f" or '{allowed[-1]}'"
        raise invalid(name, "literal_error", f"Input should be {expected}", value, expected=expected)
    return value


def flag(query: QueryParams, name: str, default: bool) -> bool:
    """A boolean in one of its usual spellings."""
    text = query.get(name)
    if text is None:
        return default
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise invalid(name, "bool_parsing", "Input should be a valid boolean, unable to interpret input", text)


def words(query: QueryParams, name: str, *, commas: bool = True) -> list[str]:
    """A list given by repeating the parameter or, with ``commas``, joined in one value; each word once."""
    values = query.getlist(name)
    parts = [part.strip() for value in values for part in value.split(",")] if commas else values
    return list(dict.fromkeys(part for part in parts if part))


def ids(query: QueryParams, name: str, *, most: int, commas: bool = True) -> list[str]:
    """A list of at most ``most`` ids; more is a 422 worded as text."""
    found = words(query, name, commas=commas)
    if len(found) > most:
        raise Problem(422, f"Too many {name}: {len(found)} given, at most {most} allowed per request")
    return found


def include(query: QueryParams, allowed: Collection[str]) -> frozenset[str]:
    """The groups asked for; an unknown one is a 422 worded as text."""
    asked = words(query, "include")
    unknown = [word for word in asked if word not in allowed]
    if unknown:
        supported = ", ".join(sorted(allowed))
        raise Problem(422, f"Unknown include value(s): {', '.join(unknown)}. Supported values: {supported}")
    return frozenset(asked)


def moment(query: QueryParams, name: str) -> datetime | None:
    """An ISO 8601 date and time, with or without an offset."""
    text = query.get(name)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = "Input should be a valid datetime or date, invalid character in input"
        raise invalid(name, "datetime_from_date_parsing", message, text) from None


def moment_us(query: QueryParams, name: str) -> int | None:
    """As :func:`moment`, in µs since the epoch; without an offset it is UTC."""
    value = moment(query, name)
    if value is None:
        return None
    return microseconds(value if value.tzinfo else value.replace(tzinfo=UTC))


def rating(word: str) -> int:
    """One of the star ratings 0 to 5."""
    if word not in ("0", "1", "2", "3", "4", "5"):
        raise invalid("ratings", "int_parsing", "Input should be an integer from 0 through 5", word)
    return int(word)
