"""What several parts of the program must agree on: what holds unless configured, and what the API allows."""

from __future__ import annotations

import msgspec

DEFAULT_BASE_URL = "https://api.gumnut.ai"
"""The service itself."""

PAGE_LIMIT = 200
"""Events or entities the API gives in one page, and ids it takes in one request; lists hold 20 when not asked."""

SLACK_SECONDS = 600.0
"""How late an event may appear in the feed after its timestamp: `created_at` is the start of a transaction."""

MOST_BREAKS = 3
"""Refused cursors, one after the other, after which reading again is given up."""

POLL_SECONDS = 2.0
"""Time between two requests for new events while there are some."""


class Pace(msgspec.Struct, frozen=True):
    """How often to poll the newer end, in seconds."""

    poll: float = POLL_SECONDS
    slowest_poll: float = 15.0
    """The slowest pace, while nothing comes."""
    slowdown: float = 1.3
    first_retry: float = 2.0
    """After a failure; doubles up to `slowest_retry`."""
    slowest_retry: float = 60.0


OVERDUE_SECONDS = 3.0
"""Seconds after which an answer is overdue: most take a tenth of one."""

LONGEST_WAIT_SECONDS = 900.0
"""How long we wait when the service asks to."""

RETENTION_DAYS = 90
"""How long the service keeps what is in the trash; a server may be configured otherwise, and does not say."""

INCIDENT_PAUSE = 30.0
"""Seconds: the longest pause between two destructive events of one incident."""
INCIDENT_SIZE = 10
"""How many destructive events make an incident."""

DEMO_EVENTS = 20_000
"""Events of the demo library."""
DEMO_LIBRARIES = ("Family Photos", "Studio Archive", "Guesthouse Porto")
"""The libraries of the demo, the one shown first in front."""
DEMO_SEED = 7
"""The seed of the demo library: another number makes another library."""

ENDING_SIGNALS = (
    "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU", "SIGIO",
    "SIGPWR",
)  # fmt: skip
"""Signals that would end the program at once: they end it in order, where the platform has them, as SIGINT does."""
