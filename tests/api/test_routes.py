"""Which kinds can be read, and where."""

from __future__ import annotations

import pytest

from gumnut_tui.api.routes import ROUTES, route_of


@pytest.mark.parametrize("kind", sorted({*ROUTES, "metadata", "exif"}))
def test_known_kinds_are_readable(kind: str) -> None:
    """Every kind with a route, and the entity types that name one."""
    assert route_of(kind) in ROUTES.values()
