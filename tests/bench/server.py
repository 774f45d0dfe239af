"""The demo library in a process of its own: `python -m tests.bench.server EVENTS` prints where it answers.

Each answer is remembered, so that after a first reading the readers are measured and not the making of answers.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gumnut_tui.demo.http.server import create_api
from gumnut_tui.demo.world.world import World


class Remembering:
    """An app that asks another one each question once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers: dict[tuple[str, bytes], list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        question = scope["path"], scope["query_string"]
        if question not in self._answers:
            answer: list[Message] = []

            async def keep(message: Message) -> None:
                answer.append(message)

            await self._app(scope, receive, keep)
            self._answers[question] = answer
        for message in self._answers[question]:
            await send(message)


@contextmanager
def serving(events: int) -> Iterator[str]:
    """The base URL of a demo library that runs during the block."""
    command = [sys.executable, "-m", "tests.bench.server", str(events)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main(events: int) -> None:
    """Serve until ended."""
    # With the protocol named, asyncio switches off Nagle's algorithm, which would hold back each answer 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    api = create_api(World(now=datetime.now(UTC), events=events), pictures_origin=origin)
    config = uvicorn.Config(Remembering(api), lifespan="off", loop="asyncio", log_config=None, access_log=False)
    print(origin, flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]))
