"""A labelled line of text with its tone: what a detail pane or a terminal prints, without its colours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gumnut_tui.domain.models import Operation


class Tone(Enum):
    """How a line is meant; who draws it chooses the colour, and the words never depend on it."""

    NORMAL = "normal"
    DIM = "dim"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line; an empty label means the value takes the whole width. Both are escaped."""

    label: str
    value: str
    tone: Tone = Tone.NORMAL


def tone_of(operation: Operation) -> Tone:
    """The tone of an operation: gone for good, gone but not for good, come or come back, anything else."""
    if operation is Operation.DELETED:
        return Tone.BAD
    if operation.is_destructive:
        return Tone.WARN
    return Tone.GOOD if operation in _ARRIVALS else Tone.NORMAL


_ARRIVALS = frozenset({Operation.CREATED, Operation.ADDED, Operation.RESTORED, Operation.MOVED_IN})
