"""How deep a JSON text is, without reading it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import DEEPEST, is_shallow


def nested(depth: int, opening: str, closing: str, inside: str = "1") -> bytes:
    """Containers inside each other."""
    return (opening * depth + inside + closing * depth).encode()


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ("[1,[2],", "]"), ('{"[[[":', "}")])
def test_the_limit_is_exact(opening: str, closing: str) -> None:
    """However the containers are written, and whatever brackets stand in texts."""
    depth = DEEPEST - (1 if "[2]" in opening else 0)
    assert is_shallow(nested(depth, opening, closing))
    assert not is_shallow(nested(DEEPEST + 1, opening, closing))
    assert not is_shallow(nested(5000, opening, closing))


def test_width_is_no_depth() -> None:
    """Thousands beside each other, and brackets in texts that never close."""
    assert is_shallow(json.dumps([[], {"a": [1]}] * 5000).encode())
    assert is_shallow(json.dumps(["[{" * 500, '\\"' * 300]).encode())


def depth_of(value: Any) -> int:
    """The depth by looking into the value."""
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@given(
    st.recursive(
        st.text(alphabet='[]{}"\\a', max_size=90),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='[]{}"'), inner, max_size=4),
        max_leaves=30,
    )
)
def test_it_agrees_with_the_value(value: Any) -> None:
    """A value that is not deep is never taken for one that is."""
    assert is_shallow(json.dumps(value).encode()) == (depth_of(value) <= DEEPEST)
