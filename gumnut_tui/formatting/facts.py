"""Lines as a person reads them: labelled facts with their tone, and errors with what to do next."""

from __future__ import annotations

from enum import Enum

import msgspec

from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.models import Operation


class Tone(Enum):
    """The sense of a line, from which its colour is chosen; the words never depend on the colour."""

    NORMAL = "normal"
    DIM = "dim"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    HEAD = "head"


class Fact(msgspec.Struct, frozen=True):
    """One line; an empty label means the value takes the whole width. Both are escaped."""

    label: str
    value: str
    tone: Tone = Tone.NORMAL


def tone_of(operation: Operation) -> Tone:
    """The tone of an operation: gone for good, gone but recoverable, added or restored, anything else."""
    if operation is Operation.DELETED:
        return Tone.BAD
    if operation.is_destructive:
        return Tone.WARN
    return Tone.GOOD if operation in _ARRIVALS else Tone.NORMAL


_ARRIVALS = frozenset({Operation.CREATED, Operation.ADDED, Operation.RESTORED, Operation.MOVED_IN})


LONGEST_LINE = 1000
"""Characters of a line; a longer one holds a server's words and is cut."""


def in_words(error: GumnutError) -> list[str]:
    """What happened and what to do next; at least one line."""
    # Imported late: the command line loads this module before the screen's first frame.
    from gumnut_tui.formatting.escape import visible

    return [visible(line, LONGEST_LINE) for line in str(explain(error)).split("\n")]
