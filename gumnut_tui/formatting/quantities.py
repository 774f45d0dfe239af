"""Numbers and amounts as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence

_BYTE_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")


def number(value: int) -> str:
    """A count with its thousands separated: `1,204`."""
    return f"{value:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count and its noun: `1 photo`, `1,204 photos`, `2 people`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def byte_size(size: int) -> str:
    """A size in bytes in decimal units, as cameras and disks are labelled: `2.1 MB`."""
    if size < 1000:
        return plural(size, "byte")
    step = 0
    amount = size / 1000
    while amount >= 999.5 and step < len(_BYTE_UNITS) - 1:
        amount /= 1000
        step += 1
    unit = _BYTE_UNITS[step]
    return f"{amount:.0f} {unit}" if amount >= 99.5 else f"{amount:.1f} {unit}"


def duration(seconds: float) -> str:
    """The length of a video: `0:42`, `1:02:03`; below a second `0.4 s`."""
    if seconds < 1:
        return f"{max(seconds, 0):.1f} s"
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def megapixels(width: int, height: int) -> str:
    """`12.2 MP`; small pictures keep two decimals."""
    millions = width * height / 1_000_000
    return f"{millions:.1f} MP" if millions >= 1 else f"{millions:.2f} MP"


def exposure(seconds: float) -> str:
    """An exposure time as cameras write it: `1/125 s`, `0.8 s`, `2 s`; empty when it makes no sense."""
    if seconds < 1e-7:
        return ""
    if seconds <= 0.5:
        return f"1/{round(1 / seconds)} s"
    return f"{seconds:.1f}".removesuffix(".0") + " s"


def join_names(names: Sequence[str], limit: int = 4) -> str:
    """`Ana`, `Ana and Bo`, `Ana, Bo and 3 more`: at most `limit` names are spelled out."""
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {number(len(names) - limit)} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
