"""An error of ours as lines for a terminal: what happened, then what to do next, escaped."""

from __future__ import annotations

from gumnut_tui.domain.errors import GumnutError, explain

LONGEST_LINE = 1000
"""Characters of a line; what is longer holds a server's words and is cut."""


def in_words(error: GumnutError) -> list[str]:
    """What happened and what to do next; at least one line."""
    # What measures text loads late: the command line knows this module before the screen's first frame.
    from gumnut_tui.formatting.escape import visible

    return [visible(line, LONGEST_LINE) for line in str(explain(error)).split("\n")]
