"""Readers of each setting's value, from a string or a TOML value; ValueError says what was expected."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from types import MappingProxyType

from gumnut_tui.domain.defaults import DEFAULT_BASE_URL
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.when import EXAMPLES, parse_when
from gumnut_tui.domain.zones import named_zone

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ?([smhd]?)", re.ASCII)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_OF_THE_CONNECTION = frozenset({"content-length", "transfer-encoding"})
"""Headers that say how much is sent: as nothing is, a connection would wait for what never comes."""
_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Order(Enum):
    """Which end of the feed comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"


class ViewMode(Enum):
    """What the rows of the screen are at first."""

    EVENTS = "events"
    ACTIONS = "actions"


def text(raw: object) -> str:
    """Text that is not blank."""
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("text")
    return raw.strip()


def base_url(raw: object) -> str:
    """An address; the client decides whether the key may be sent there."""
    address = text(raw)
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"an address like {DEFAULT_BASE_URL}")
    return address.rstrip("/")


def key(raw: object) -> Key:
    """An API key."""
    try:
        return Key(text(raw))
    except (ValueError, UsageProblem):
        raise ValueError("an API key on one line, as it was given to you") from None


def key_command(raw: object) -> tuple[str, ...]:
    """A command as a list of words, or a string that is split into words; no shell is involved."""
    try:
        words = shlex.split(raw) if isinstance(raw, str) else raw
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError('a command like "pass show gumnut" or ["pass", "show", "gumnut"]')
    return tuple(words)


def headers(raw: object) -> tuple[tuple[str, str], ...]:
    """Lines of `Name: value`, as the official SDK reads them."""
    lines = text(raw).splitlines()
    pairs = [tuple(part.strip() for part in line.partition(":")[::2]) for line in lines if line.strip()]
    if not all(_HEADER_NAME.fullmatch(name) and value.isprintable() for name, value in pairs):
        raise ValueError("lines like Name: value")
    if odd := next((name for name, value in pairs if not value.isascii()), None):
        raise ValueError(f"values of ASCII characters, as headers allow no others; {odd} has another")
    if own := next((name for name, _ in pairs if name.lower() in _OF_THE_CONNECTION), None):
        raise ValueError(f"headers of a request; {own} is one of the connection")
    return tuple((name, value) for name, value in pairs)


def since(raw: object) -> str:
    """A WHEN, kept as written: `24h` is relative to the time of use."""
    try:
        when = text(raw)
        parse_when(when, now=_ANY_MOMENT, zone=UTC)
    except (ValueError, UsageProblem):
        raise ValueError(f"a time ({EXAMPLES})") from None
    return when


def order(raw: object) -> Order:
    """`newest` or `oldest`."""
    try:
        return Order(raw)
    except ValueError:
        raise ValueError("newest or oldest") from None


def view(raw: object) -> ViewMode:
    """`events` or `actions`."""
    try:
        return ViewMode(raw)
    except ValueError:
        raise ValueError("events or actions") from None


def timezone(raw: object) -> str:
    """`local`, `UTC` or an IANA name that exists."""
    name = text(raw)
    if name.lower() == "local":
        return "local"
    try:
        named_zone(name)
    except UsageProblem as problem:
        raise ValueError(f"a time zone like Europe/Lisbon, UTC or local ({str(problem).rstrip('.')})") from None
    return name


def boolean(raw: object) -> bool:
    """True or false; as a string also 1, 0, yes and no."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in words:
        return words[raw.strip().lower()]
    raise ValueError("true or false")


def poll_interval(raw: object) -> float:
    """Seconds between two requests for new events."""
    return _seconds(raw, 0.5, 3600, "a time between 0.5s and 1h, like 2 or 10s")


def longest_wait(raw: object) -> float:
    """Seconds we wait when the service asks to."""
    return _seconds(raw, 0, 7 * 86400, "a time up to 7d, like 15m")


def slack(raw: object) -> float:
    """How late an event may appear in the feed after its timestamp, in seconds."""
    return _seconds(raw, 0, 7 * 86400, "a time up to 7d, like 10m")


def incident_pause(raw: object) -> float:
    """Seconds that may lie between two destructive events of one incident."""
    return _seconds(raw, 0.1, 86400, "a time between 0.1s and 1d, like 30 or 2m")


def incident_size(raw: object) -> int:
    """How many destructive events make an incident."""
    return _whole(raw, 2, 1_000_000, "a whole number from 2 on, like 10")


def retention(raw: object) -> int:
    """Days the service keeps what is in the trash."""
    days = raw.strip().removesuffix("d") if isinstance(raw, str) else raw
    return _whole(days, 1, 36_500, "days from 1 on, like 90")


def key_table(raw: object) -> Mapping[str, str]:
    """Action names with the keys that trigger them: one key, several with commas, or a list."""
    if not isinstance(raw, dict):
        raise ValueError('a table like [keys] with lines like quit = "q"')
    return MappingProxyType({name: _keys(name, given) for name, given in raw.items()})


def _keys(name: str, given: object) -> str:
    keys = given.split(",") if isinstance(given, str) else given
    if not isinstance(keys, list) or not all(isinstance(one, str) and one.strip() for one in keys) or not keys:
        raise ValueError(f'keys like "q" or ["q", "ctrl+q"] for the action {name}')
    return ",".join(one.strip() for one in keys)


def _whole(raw: object, least: int, most: int, expected: str) -> int:
    if isinstance(raw, str) and raw.strip().isascii() and raw.strip().isdecimal() and len(raw) < 20:
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
        raise ValueError(expected)
    return raw


def _seconds(raw: object, least: float, most: float, expected: str) -> float:
    if isinstance(raw, bool):
        raise ValueError(expected)
    if isinstance(raw, (int, float)):
        seconds = float(raw)
    elif isinstance(raw, str) and (span := _SPAN.fullmatch(raw.strip())):
        seconds = float(span[1]) * _SECONDS[span[2]]
    else:
        raise ValueError(expected)
    if not least <= seconds <= most:
        raise ValueError(expected)
    return seconds
