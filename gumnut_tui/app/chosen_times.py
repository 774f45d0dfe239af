"""The time range of the screen: a preset or one's own words, settled to bounds once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from gumnut_tui.domain.models import to_us
from gumnut_tui.domain.when import PRESETS, parse_range


@dataclass(frozen=True, slots=True)
class ChosenRange:
    """Bounds in µs, half-open, and the words that chose them."""

    since: str
    until: str
    since_us: int | None
    until_us: int | None
    chosen_at_us: int
    """An open end is shown up to here, or to the last event."""

    @property
    def preset(self) -> str | None:
        """The preset in force; None for a custom range."""
        return self.since if self.since in PRESETS and not self.until else None

    @property
    def words(self) -> str:
        """The range as it was asked for: `24h`, `yesterday – today`."""
        return f"{self.since} – {self.until}" if self.until else self.since


def choose_range(since: str, until: str, *, now: datetime, zone: tzinfo) -> ChosenRange:
    """Settle a range; raises `UsageProblem` for words that mean no time."""
    chosen = parse_range(since, until or None, now=now, zone=zone)
    return ChosenRange(since, until, _us(chosen.since), _us(chosen.until), to_us(now))


def span_range(since_us: int, until_us: int, words: tuple[str, str]) -> ChosenRange:
    """A range chosen by its bounds, on the histogram."""
    return ChosenRange(words[0], words[1], since_us, until_us, until_us)


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
