"""What is drawn: screens and widgets that show what they are given and say what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.message_pump import MessagePump


def later(pump: MessagePump, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
    """Call something between two messages of `pump`, once, after so many seconds; never if it is gone by then.

    Textual's own one-shot timer skips ticks that are overdue when it starts, and it has only one: if the process is
    held up just then for as long as the timer lasts, its callback never runs.
    """
    return asyncio.get_running_loop().call_later(seconds, pump.call_next, call)
