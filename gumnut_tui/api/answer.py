"""What passes between the part that sends requests and the part that understands answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    """Looked up by name in any case."""
    body: bytes

    @property
    def length_was_told(self) -> bool:
        """The transport could check that the body is whole; otherwise it just ended with the connection."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


class Sender(Protocol):
    """Sends requests and follows no redirect; `Http` does it over the network."""

    async def get(self, asked: str, url: str) -> Answer:
        """One GET, one answer; `asked` names it in errors.

        Raises `ConnectionFailed`, `TimedOut`, or `UnexpectedAnswer` for a body that is too long.
        """
        ...
