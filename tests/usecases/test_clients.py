"""Clients for what is configured, and for the demo."""

from __future__ import annotations

from inspect import signature

import pytest

from gumnut_tui.demo.http.serve import run
from gumnut_tui.demo.world.world import World
from gumnut_tui.usecases.clients import DEMO_EVENTS, DEMO_SEED


@pytest.mark.parametrize("maker", [World, run])
def test_the_demo_is_as_large_as_it_makes_itself(maker: object) -> None:
    """The client shares no code with the demo, so its numbers are held together here."""
    parameters = signature(maker).parameters  # type: ignore[arg-type]
    assert (parameters["events"].default, parameters["seed"].default) == (DEMO_EVENTS, DEMO_SEED)
