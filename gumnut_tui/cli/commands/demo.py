"""`gumnut-tui demo`: the demo library for other clients."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import click

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.help import HelpfulCommand, HelpfulGroup
from gumnut_tui.cli.options import collect, option
from gumnut_tui.cli.session import runtime_of
from gumnut_tui.domain.defaults import DEMO_EVENTS, DEMO_SEED
from gumnut_tui.domain.errors import UsageProblem

EXAMPLES = (
    "gumnut-tui demo serve --port 8600 --live",
    "GUMNUT_BASE_URL=http://127.0.0.1:8600 GUMNUT_API_KEY=demo gumnut-tui",
    "gumnut-tui demo serve --generation seed1 --events 1000 --seed 1",
)
GENERATIONS = ("current", "seed2", "seed1", "b")
DEFAULT_PORT = 8600
SERVER = "The server"


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Options of `demo serve`; it reads no settings."""

    port: int = DEFAULT_PORT
    seed: int = DEMO_SEED
    events: int = DEMO_EVENTS
    generation: Literal["current", "seed2", "seed1", "b"] = "current"
    live: bool = False
    writable: bool = False


command = HelpfulGroup("demo", help="Serve the demo library to other clients.")


@command.command("serve", cls=HelpfulCommand, examples=EXAMPLES)
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    group=SERVER,
    help="0 picks a free port.",
)
@option(
    "--seed", type=int, default=DEMO_SEED, show_default=True, group=SERVER, help="Each seed makes a different library."
)
@option(
    "--events",
    type=click.IntRange(1, 1_000_000),
    default=DEMO_EVENTS,
    show_default=True,
    metavar="N",
    group=SERVER,
    help="Number of events.",
)
@option(
    "--generation",
    type=click.Choice(GENERATIONS),
    default="current",
    show_default=True,
    group=SERVER,
    help="Generation of the API to serve.",
)
@option("--live", is_flag=True, group=SERVER, help="Keep generating new activity.")
@option(
    "--writable", is_flag=True, group=SERVER, help="Accept writes as well, as the service does; they are lost at exit."
)
@click.pass_context
def serve(context: click.Context, /, **_values: Any) -> int:
    """Serve the demo library over HTTP on this machine, until ctrl+c. The key is `demo`.

    The address is printed once the server answers. The key `demo-read` is read-only.
    """
    from gumnut_tui.demo.http.serve import run

    runtime, options = runtime_of(context), collect(context, ServeOptions)

    def announce(base_url: str) -> None:
        runtime.output.line(base_url)
        runtime.talk.warn(f"Serving the demo library: GUMNUT_BASE_URL={base_url} GUMNUT_API_KEY=demo (ctrl+c to stop)")

    try:
        run(**asdict(options), announce=announce)
    except OSError as error:
        raise UsageProblem(
            f"port {options.port} cannot be used: {error.strerror}; choose another with --port."
        ) from error
    return Exit.DONE
