"""Where a command may go that is printed or copied: it carries the key, so a journal has no say in it."""

from __future__ import annotations

from gumnut_tui.domain.errors import RefusedAddress


def command_address(configured: str, journaled: str) -> str:
    """The configured address when a journal's library was read from there; empty for any other, which gets no command.

    Empty also for a configured address the key is never sent to: plain http beyond this machine.
    """
    from gumnut_tui.api.address import base_address

    try:
        address = base_address(configured)
    except RefusedAddress:
        return ""
    return address if journaled == address else ""


def foreign_words(configured: str, journaled: str) -> str:
    """Why there is no command: whose journal it is, and what would have to be said for one."""
    return (
        f"this library was read from {journaled}, not from the configured server {configured}, "
        "so no command sends the key there. If you trust it, set GUMNUT_BASE_URL to it."
    )
