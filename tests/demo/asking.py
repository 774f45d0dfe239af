"""How tests ask the demo server: short ways to a connected client."""

from __future__ import annotations

from typing import Any

import httpx

from gumnut_tui.demo.http.library_world import LibraryWorld
from tests.demo.faults import FaultPlan
from tests.demo.little_world import NOW
from tests.demo.servers import connect


def client(
    world: LibraryWorld,
    *,
    generation: str = "current",
    key: str | None = "demo",
    live: bool = False,
    faults: FaultPlan | None = None,
) -> httpx.AsyncClient:
    """A client of ``world`` in this process, carrying ``key``."""
    connection = connect(world, clock=lambda: NOW, generation=generation, live=live, faults=faults)
    headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
    return httpx.AsyncClient(transport=connection.transport, base_url=connection.base_url, headers=headers)


async def ask(http: httpx.AsyncClient, path: str, **params: Any) -> Any:
    """The JSON of a successful GET."""
    response = await http.get(path, params=params)
    assert response.status_code == 200, response.text
    return response.json()


async def refusal(http: httpx.AsyncClient, path: str, **params: Any) -> tuple[int, Any]:
    """Status and ``detail`` of a refused GET."""
    response = await http.get(path, params=params)
    return response.status_code, response.json()["detail"]
