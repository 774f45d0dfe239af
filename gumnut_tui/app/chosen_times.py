"""The time range of the screen: a preset or one's own words, settled to bounds once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from gumnut_tui.domain.models import to_us
from gumnut_tui.domain.when import PRESETS, day_span, parse_range, parse_range_words
from gumnut_tui.formatting.times import date_time


@dataclass(frozen=True, slots=True)
class ChosenRange:
    """Bounds in µs, half-open, and the words that chose them."""

    words: str
    """As one may write them again: `24h`, `yesterday`, `24 Nov 10:30 – 11:00`."""
    since_us: int | None
    until_us: int | None
    chosen_at_us: int
    """An open end is shown up to here, or to the last event."""

    @property
    def preset(self) -> str | None:
        """The preset in force; None for a custom range."""
        return self.words if self.words in PRESETS else None


def choose_range(words: str, *, now: datetime, zone: tzinfo) -> ChosenRange:
    """Settle a range in words, in which a day means all of it; raises `UsageProblem` for words that mean no time."""
    chosen = parse_range_words(words, now=now, zone=zone)
    return ChosenRange(" ".join(words.split()), _us(chosen.since), _us(chosen.until), to_us(now))


def range_between(since: str, until: str | None, *, now: datetime, zone: tzinfo) -> ChosenRange:
    """Settle a range between two moments, of which a day means its beginning; raises `UsageProblem`."""
    chosen = parse_range(since, until, now=now, zone=zone)
    is_day = [word is not None and day_span(word, now=now, zone=zone) is not None for word in (since, until)]
    if until is not None:
        words = f"{since} – {until} 00:00" if is_day[1] else f"{since} – {until}"
    else:
        words = f"{since} .." if is_day[0] else since
    return ChosenRange(words, _us(chosen.since), _us(chosen.until), to_us(now))


def span_range(since_us: int, until_us: int, zone: tzinfo) -> ChosenRange:
    """A range chosen by its bounds, on the histogram."""
    words = f"{date_time(since_us, zone)} – {date_time(until_us, zone)}"
    return ChosenRange(words, since_us, until_us, until_us)


def _us(moment: datetime | None) -> int | None:
    return None if moment is None else to_us(moment)


class ZoneChoice:
    """Turned by a key."""

    def __init__(self, own: tzinfo) -> None:
        self._own = own
        self._is_utc = False

    def now(self) -> tzinfo:
        """The zone in force."""
        return UTC if self._is_utc else self._own

    def turn(self) -> None:
        """From one's own to UTC, or back."""
        self._is_utc = not self._is_utc
