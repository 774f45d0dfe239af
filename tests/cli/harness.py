"""Runs the command line in this process: streams, environment, clock and network are all handed in."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from gumnut_tui.cli.main import run
from gumnut_tui.cli.runtime import Output, Runtime, Talk
from gumnut_tui.demo.http.library_world import LibraryWorld
from tests.demo.faults import FaultPlan
from tests.demo.servers import connect
from tests.demo.worlds import NOW, still_world

NOWHERE = Path("/nonexistent/config.toml")
FAMILY = "Family Photos"


@dataclass(frozen=True)
class Ran:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.splitlines()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.lines]


async def no_sleep(_seconds: float) -> None:
    """A pause without its length."""


def runtime(
    environ: Mapping[str, str] | None = None, *, terminal: bool = False, talks: bool = False, **changes: Any
) -> Runtime:
    """Surroundings without a network, a config file or a keyring, at a fixed time in UTC."""
    plain = Runtime(
        environ={"TZ": "UTC", **(environ or {})},
        output=Output(io.BytesIO(), is_terminal=terminal, columns=100),
        talk=Talk(io.StringIO(), is_terminal=talks, elapsed=lambda: 0.0),
        has_terminal=terminal,
        clock=lambda: NOW,
        sleep=no_sleep,
        config_path=lambda: NOWHERE,
        journal_folder=lambda: NOWHERE.parent,
        localtime=NOWHERE,
        keyring=lambda: None,
        demo_events=2_000,
    )
    return replace(plain, **changes)


def service(
    world: LibraryWorld | None = None,
    *,
    key: str = "demo",
    library: str | None = FAMILY,
    generation: str = "current",
    faults: FaultPlan | None = None,
    live: bool = False,
    clock: Callable[[], datetime] = lambda: NOW,
    environ: Mapping[str, str] | None = None,
    **changes: Any,
) -> Runtime:
    """Surroundings in which the demo library is the configured service."""
    demo = connect(world or still_world(), clock=clock, generation=generation, faults=faults, live=live)
    known = {"GUMNUT_BASE_URL": demo.base_url, "GUMNUT_API_KEY": key, **(environ or {})}
    if library is not None:
        known["GUMNUT_TUI_LIBRARY"] = library
    return runtime(known, transport=demo.transport, clock=clock, **changes)


def gumnut(around: Runtime, *arguments: str) -> Ran:
    """Run the command line and collect what it printed."""
    code = run(arguments, around)
    stream, talk = around.output.stream, around.talk._stream
    assert isinstance(stream, io.BytesIO)
    assert isinstance(talk, io.StringIO)
    return Ran(code, stream.getvalue().decode(), talk.getvalue())


def events(*arguments: str, **changes: Any) -> Ran:
    """`gumnut-tui events …` against the demo library as the configured service."""
    return gumnut(service(**changes), "events", *arguments)


class Ticking:
    """A clock that moves on when one sleeps, and ends the program with ctrl+c after some pauses."""

    def __init__(self, pauses: int) -> None:
        self.now = NOW
        self.pauses_left = pauses
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    @property
    def sleep(self) -> Callable[[float], Awaitable[None]]:
        """Move on by that much."""

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            self.now += timedelta(seconds=seconds)
            self.pauses_left -= 1
            if self.pauses_left < 0:
                raise KeyboardInterrupt

        return sleep
