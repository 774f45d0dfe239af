"""Which kinds can be read, and where."""

from __future__ import annotations

import pytest

from gumnut_tui.api.routes import route_of
from gumnut_tui.domain.kinds import KINDS


@pytest.mark.parametrize("kind", sorted({*KINDS, "metadata", "exif"}))
def test_known_kinds_are_readable(kind: str) -> None:
    """Every kind with a route, and the entity types that name one."""
    assert route_of(kind) in KINDS.values()
