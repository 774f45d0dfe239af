"""`events --format jsonl` as a process of its own: from the journal, and from a server over loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gumnut_tui.demo.http.auth import KEY
from tests.bench.data import MILLION
from tests.bench.measure import Figure, Group
from tests.bench.reading import rate
from tests.bench.server import serving
from tests.bench.terminal import environment

GROUP = Group()


class Account(NamedTuple):
    """A server, and a folder for the journal and what is printed."""

    base_url: str
    folder: str

    def run(self, *arguments: str) -> bytes:
        """What a command prints, by way of a file; raises when it fails."""
        path = Path(self.folder, "printed")
        environ = environment(self.folder) | {"GUMNUT_BASE_URL": self.base_url, "GUMNUT_API_KEY": KEY}
        with path.open("wb") as printed:
            subprocess.run([sys.executable, "-m", "gumnut_tui", *arguments], env=environ, stdout=printed, check=True)
        return path.read_bytes()

    def events(self, library: str, *options: str) -> int:
        """Print all events of a library; returns how many."""
        return self.run("events", "--since", "all", "--format", "jsonl", "--library", library, *options).count(b"\n")


@GROUP.benchmark(at_least=5)
def journal_jsonl_vs_service() -> Figure:
    """Events per second that `events --format jsonl` prints from the journal, over those it prints from the service.

    Of a million, starting the process and bringing the journal up to date included.
    """
    with serving(MILLION) as base_url, TemporaryDirectory() as folder:
        account = Account(base_url, folder)
        library = json.loads(account.run("libraries", "--format", "jsonl").splitlines()[0])["id"]
        account.run("sync", "--no-snapshots", "--library", library)
        # The first reading is when the server makes its answers; the sync asks other questions.
        account.events(library, "--no-journal")
        service = rate(partial(account.events, library, "--no-journal"))
        journal = rate(partial(account.events, library))
    return Figure(journal / service, f"{journal:,.0f} / {service:,.0f} events/s")
