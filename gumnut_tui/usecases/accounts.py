"""What a key opens: whose account it is, and which libraries it may list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumnut_tui.domain.errors import Forbidden, NotFound
from gumnut_tui.domain.models import Library

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client


async def account_id(client: Client) -> str:
    """The id of the key's user; empty when the key may not ask, or the server cannot tell.

    Any other failure is raised: a library must not be journaled under a second account because of an outage.
    """
    try:
        return (await client.me()).id
    except (Forbidden, NotFound):
        return ""


async def listed_libraries(client: Client, state: str = "live") -> list[Library] | None:
    """The account's libraries; None when the key is limited to some of them and may not list any."""
    try:
        return await client.libraries(state)
    except Forbidden:
        return None
