"""Exit codes, and which error ends with which."""

from __future__ import annotations

from enum import IntEnum

from gumnut_tui.domain.errors import (
    GumnutError,
    KeyMissing,
    KeyRefused,
    NetworkProblem,
    RefusedAddress,
    UsageProblem,
)


class Exit(IntEnum):
    """What a script can tell apart."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NETWORK = 3
    KEY = 4
    RULE_MET = 5
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """The code in words, for the help."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done",
    Exit.FAILED: "the API or this program failed",
    Exit.USAGE: "wrong usage or configuration",
    Exit.NETWORK: "no answer from the network",
    Exit.KEY: "the API key is missing or was refused",
    Exit.RULE_MET: "a rule of `watch --fail-on` was met",
    Exit.HUNG_UP: "the terminal is gone (SIGHUP)",
    Exit.INTERRUPTED: "interrupted (ctrl+c, SIGINT)",
    Exit.TERMINATED: "terminated (SIGTERM)",
}


def exit_code(error: GumnutError) -> Exit:
    """The exit code of an error."""
    match error:
        case UsageProblem() | RefusedAddress():
            return Exit.USAGE
        case NetworkProblem():
            return Exit.NETWORK
        case KeyMissing() | KeyRefused():
            return Exit.KEY
        case _:
            return Exit.FAILED
