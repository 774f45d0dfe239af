"""Files as cameras and people name them."""

from __future__ import annotations

from typing import Any

from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.demo.world.world import World
from tests.demo.worlds import still_world


def everything(world: World, kind: str) -> list[dict[str, Any]]:
    """All entities of a kind, trashed ones too."""
    entities = [world.entity(kind, each) for each in world.ids(kind, None, Filters(state="all"))]
    assert None not in entities
    return [entity for entity in entities if entity is not None]


def test_names_exercise_a_terminal() -> None:
    """File names come from cameras and people: some beyond ASCII, some with markup or control characters."""
    names = {asset["original_file_name"] for asset in everything(still_world(events=20_000, days=30), "asset")}
    assert any(name.startswith("IMG_") for name in names)
    assert any(name.endswith(".ARW") for name in names)
    assert "[bold]sale[/bold].jpg" in names
    assert any("日本" in name for name in names)
    assert any("\t" in name for name in names)
    assert any("\u202e" in name for name in names)
